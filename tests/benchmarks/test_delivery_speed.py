"""How fast the transport, intake and delivery are: ``pytest -m benchmark -s tests/benchmarks``."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from telegram import Bot
from telegram.request import BaseRequest, HTTPXRequest

from bot.intake import Intake
from bot.pacing import Pacing
from bot.sandbox import Telegram
from bot.sandbox.inprocess import SandboxRequest
from bot.sender import Sender
from bot.transport import AiohttpRequest
from models import delivery, inbox, outbox, wakeup
from models.inbox import InboxUpdate
from models.outbox import Lane, Message
from tests.machinery import all_handled, all_settled, at_work, make_person, plain, said, until

say = print  # a measurement is there to be read
pytestmark = pytest.mark.benchmark
TOKEN = "123456789:" + "x" * 35
ANSWER = (
    b'{"ok":true,"result":{"message_id":7,"date":1,"chat":{"id":1,"type":"private"},"text":"x"}}'
)


@pytest.fixture
async def stub() -> AsyncIterator[str]:
    """A server that takes every message, and no time."""

    async def take(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(body=ANSWER, content_type="application/json")

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/bot"
    await runner.cleanup()


async def per_second(request: BaseRequest, base: str, together: int, calls: int) -> float:
    async with request:
        bot = Bot(TOKEN, base_url=base, request=request)

        async def worker(number: int) -> None:
            for _ in range(number):
                await bot.send_message(1, "你好")

        await worker(5)
        start = time.perf_counter()
        await asyncio.gather(*(worker(calls // together) for _ in range(together)))
        return calls / (time.perf_counter() - start)


async def test_the_transport_against_the_library_s_own(stub: str):
    makes: dict[str, Callable[[], BaseRequest]] = {
        "aiohttp": AiohttpRequest,
        "httpx": lambda: HTTPXRequest(connection_pool_size=64, pool_timeout=30),
    }
    for together in (1, 50):
        figures = {
            name: statistics.median(
                [await per_second(make(), stub, together, 600) for _ in range(3)]
            )
            for name, make in makes.items()
        }
        ratio = figures["aiohttp"] / figures["httpx"]
        say(f"\n{together:>3} at once: {figures} calls/s, {ratio:.1f} times")
        assert ratio > (1.2 if together == 1 else 2)


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    start = time.perf_counter()
    await work()
    return time.perf_counter() - start


async def test_updates_a_second_through_the_intake(database: str):
    async def handle(row: InboxUpdate) -> None:
        await outbox.owe("effect", chat_id=row.sender, update=row.update_id)

    async def unused(*_: object) -> None:
        raise AssertionError

    number = 1000
    one_by_one = await timed(
        lambda: asyncio.gather(*(inbox.accept(said(n, n % 100)) for n in range(number)))
    )
    async with at_work(Intake(handle, unused, unused)):
        handling = await timed(lambda: until(all_handled, 120))
    say(f"\n{database.partition(':')[0]}: accept {number / one_by_one:.0f}/s,"
          f" handle {number / handling:.0f}/s")  # fmt: skip


async def test_messages_a_second_through_the_sender(database: str):
    telegram = Telegram()
    request = SandboxRequest(telegram)
    for person in range(1, 101):
        telegram.add_person(person, "P")
        telegram.press_start(person)
    async with Bot(telegram.bot_token, request=request) as bot:
        for number in range(1000):
            await outbox.owe("x", chat_id=1 + number % 100, lane=Lane.CARD, text=str(number))
        sender = Sender(bot, plain, pacing=Pacing(per_second=100_000, burst=100_000))
        async with at_work(sender):
            taken = await timed(lambda: until(all_settled, 120))
    say(f"\n{database.partition(':')[0]}: {1000 / taken:.0f} messages/s without pace")


@pytest.mark.parametrize("backlog", [600, 10_000])
async def test_the_choice_of_the_next_message_does_not_slow_down_with_the_backlog(
    database: str, backlog: int
):
    people = [await make_person(n) for n in range(1, 101)]
    for _ in range(backlog // 100):
        await outbox.owe_all("x", people, lane=Lane.BROADCAST)
    await Message.filter(id__lte=50).update(attempts=1, due_at=outbox.now() + outbox.LEASE)
    times = [await timed(lambda: delivery.due(32, closed=range(1, 60))) for _ in range(20)]
    say(f"\n{database.partition(':')[0]}, {backlog} owed: {statistics.median(times) * 1e3:.1f} ms")


async def test_from_owed_to_sent(database: str):
    """The time from the commit to the call, all alone."""
    telegram = Telegram()
    telegram.add_person(1, "P")
    telegram.press_start(1)
    request, times = SandboxRequest(telegram), []
    async with (
        Bot(telegram.bot_token, request=request) as bot,
        wakeup.hearing(database),
        at_work(Sender(bot, plain, pacing=Pacing(per_second=1000, burst=1000))),
    ):
        await asyncio.sleep(0.3)
        for number in range(1, 31):
            start = time.perf_counter()
            await outbox.owe("x", chat_id=1)
            await until(lambda number=number: len(telegram.calls_to("sendMessage")) == number)
            times.append(time.perf_counter() - start)
            await until(all_settled)
    say(f"\n{database.partition(':')[0]}: median {statistics.median(times) * 1e3:.1f} ms,"
          f" worst {max(times) * 1e3:.1f} ms")  # fmt: skip
