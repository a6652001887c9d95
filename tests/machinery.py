"""What the tests of intake and delivery share: a small cast, a clock that runs ahead, and death."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any

import time_machine
from telegram import Bot
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionWrapper

from bot.rendered import Rendered, Text
from bot.sandbox import Telegram
from bot.sandbox.inprocess import SandboxRequest
from bot.sender import Clock, Sender
from models.inbox import InboxUpdate
from models.levels import Level
from models.office import now
from models.outbox import Message, MessageState
from models.people import Department, Person
from models.proposal import Proposal, State

MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
_numbers = itertools.count(1)


async def make_person(telegram_id: int | None = None, **what: Any) -> Person:
    department, _ = await Department.get_or_create(name="综合处")
    number = next(_numbers)
    return await Person.create(
        code=f"P{number:04}",
        name=f"人{number}",
        department=department,
        telegram_id=telegram_id,
        **what,
    )


async def make_case(drafter: Person, head: Person, state: State = State.WAITING_HEAD) -> Proposal:
    number = next(_numbers)
    return await Proposal.create(
        number=f"2026-{number:06}",
        document_no=f"科工〔2026〕{number}号",
        level=Level.UNCLASSIFIED,
        department_id=drafter.department_id,
        drafter=drafter,
        head=head,
        state=state,
        created_at=now(),
        waiting_since=now(),
    )


def said(update_id: int, sender: int, text: str = "你好") -> dict[str, Any]:
    """An update: somebody wrote."""
    person = {"id": sender, "is_bot": False, "first_name": "A"}
    chat = {"id": sender, "type": "private", "first_name": "A"}
    message = {"message_id": update_id, "date": 1, "chat": chat, "from": person, "text": text}
    return {"update_id": update_id, "message": message}


async def until(fact: Callable[[], Awaitable[bool] | bool], seconds: float = 15.0) -> None:
    """Wait until ``fact`` is true; fail when it does not become true."""
    async with asyncio.timeout(seconds):
        while True:
            answer = fact()
            if answer if isinstance(answer, bool) else await answer:
                return
            await asyncio.sleep(0.005)


async def all_settled() -> bool:
    return not await Message.filter(state=MessageState.OWED).exists()


async def all_handled() -> bool:
    return not await InboxUpdate.filter(done_at=None, parked_at=None).exists()


@asynccontextmanager
async def at_work(*workers: Any) -> AsyncIterator[None]:
    """Each worker's ``run`` beside the test; stopped in order afterwards."""
    tasks = [asyncio.create_task(worker.run()) for worker in workers]
    try:
        yield
    finally:
        for worker in workers:
            await worker.stop()
        await asyncio.gather(*tasks)


async def plain(message: Message) -> Rendered | None:
    """The words of a message of the tests: its fact ``text``."""
    return Text(str(message.facts.get("text", message.kind)))


class Ahead(Clock):
    """A clock that jumps to the next moment of interest as soon as nothing is under way."""

    def __init__(self, traveller: Any) -> None:
        self.at, self._traveller = 1000.0, traveller
        self.busy: Callable[[], int] = lambda: 0

    def monotonic(self) -> float:
        return self.at

    def shift(self, seconds: float) -> None:
        self.at += seconds
        self._traveller.shift(seconds)

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        await asyncio.sleep(0)
        while self.busy() and not event.is_set():
            await asyncio.sleep(0.001)
        if not event.is_set():
            self.shift(max(seconds, 0.001))


@contextmanager
def running_ahead() -> Iterator[Ahead]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield Ahead(traveller)


class Post:
    """Telegram's side, its bot, and a sender between the outbox and it."""

    def __init__(self, telegram: Telegram, bot: Bot, clock: Ahead) -> None:
        self.telegram, self.bot, self.clock = telegram, bot, clock

    def sender(self, render: Any = plain, **options: Any) -> Sender:
        sender = Sender(self.bot, render, clock=self.clock, **options)
        earlier = self.clock.busy
        self.clock.busy = lambda: sender.in_hand + earlier()
        return sender

    async def deliver(self, render: Any = plain, **options: Any) -> Sender:
        """Deliver all that is owed."""
        sender = self.sender(render, **options)
        async with at_work(sender):
            await until(all_settled)
        return sender

    def texts(self, chat: int | None = None, method: str = "sendMessage") -> list[str]:
        """What was sent, in order, failures left out."""
        return [
            str(call.params.get("text"))
            for call in self.telegram.calls_to(method)
            if call.status == 200 and chat in {None, int(call.params["chat_id"])}
        ]


@asynccontextmanager
async def post_office(people: int = 10) -> AsyncIterator[Post]:
    """A Telegram on which ``people`` accounts have started the bot, at a clock that runs ahead."""
    with running_ahead() as clock:
        telegram = Telegram(strict=True, now=clock.monotonic)
        request = SandboxRequest(telegram)
        async with Bot(telegram.bot_token, request=request, get_updates_request=request) as bot:
            for number in range(1, people + 1):
                telegram.add_person(number, f"P{number}")
                telegram.press_start(number)
            await bot.get_updates()
            telegram.calls.clear()
            yield Post(telegram, bot, clock)


class Died(BaseException):
    """The process is gone."""


class Life:
    """Dies at the n-th step: a statement, a commit, a call to Telegram, or its answer.

    From then on no step is taken any more, as in a process that was killed; only the roll-back
    of the open transaction goes through, for the database does that by itself.
    """

    def __init__(self) -> None:
        self.steps: list[str] = []
        self._last: int | None = None

    def dies_at(self, step: int | None) -> None:
        """Begin a life that ends at ``step``; None: it does not."""
        self.steps, self._last = [], step

    @property
    def is_over(self) -> bool:
        return self._last is not None and len(self.steps) >= self._last

    def step(self, what: str) -> None:
        if self.is_over:
            raise Died
        self.steps.append(what)
        if self.is_over:
            raise Died

    async def live(self, *workers: Any, fact: Callable[[], Awaitable[bool]]) -> None:
        """Let the workers work until ``fact``, or until death ends them where they stand."""
        tasks = [asyncio.create_task(worker.run()) for worker in workers]
        try:
            async with asyncio.timeout(15):
                while not self.is_over:
                    try:
                        if await fact():
                            break
                    except Died:
                        break
                    await asyncio.sleep(0.002)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


STATEMENTS = ("execute_query", "execute_query_dict", "execute_insert", "execute_many")


@contextmanager
def mortal(monkeypatch: Any) -> Iterator[Life]:
    """Counts every step that leaves the process, and can end it there."""
    life = Life()

    def before(owner: type, name: str, what: str, *, after: bool = False) -> None:
        original = getattr(owner, name)

        async def stepping(self: Any, *arguments: Any, **named: Any) -> Any:
            life.step(f"{what}: {arguments[0][:60]}" if name in STATEMENTS else what)
            answer = await original(self, *arguments, **named)
            if after:
                life.step(f"{what} done")
            return answer

        patches.setattr(owner, name, stepping)

    with monkeypatch.context() as patches:
        for owner in (SqliteClient, SqliteTransactionWrapper, AsyncpgDBClient, TransactionWrapper):
            for name in STATEMENTS:
                if name in owner.__dict__:
                    before(owner, name, "sql")
        for owner in (SqliteTransactionWrapper, TransactionWrapper):
            before(owner, "commit", "commit", after=True)
        before(SandboxRequest, "do_request", "http", after=True)
        yield life
