"""The bot as it runs, against the sandbox, without sockets: a phone for each of the cast."""

import asyncio
from typing import Any

from telegram import Bot

from bot.app import Chat, build_application
from bot.intake import Intake
from bot.pacing import Pacing
from bot.sandbox import Telegram
from bot.sandbox.cast import Post
from bot.sandbox.inprocess import SandboxRequest
from bot.sandbox.views import commands_for
from bot.sender import Sender
from models import inbox
from models.inbox import InboxUpdate
from models.office import now
from models.outbox import Message
from models.people import Person
from models.proposal import Proposal
from tests.factories import Cast

WORK_IN_PROGRESS = "科工〔2026〕12号"


class House:
    """Telegram, the bot, its intake and its sender; ``settle`` lets all that is due happen."""

    def __init__(self, telegram: Telegram) -> None:
        self.telegram = telegram
        self.phones: dict[int, Phone] = {}
        self.errors_expected = False

    async def open(self) -> None:
        request = SandboxRequest(self.telegram)
        self.bot = Bot(self.telegram.bot_token, request=request, get_updates_request=request)
        self.application = build_application(self.bot)
        await self.application.initialize()
        self.chat = Chat(self.application)
        self.intake = Intake(self.chat.handle, self.chat.refuse, self.chat.apologise)
        unhurried = Pacing(per_second=100_000, burst=100_000)
        self.sender = Sender(self.bot, self.chat.render, pacing=unhurried)
        self.offset = 0
        self.work = [
            asyncio.create_task(self.intake.run()),
            asyncio.create_task(self.sender.run()),
        ]

    async def close(self) -> None:
        await self.intake.stop()
        await self.sender.stop()
        await asyncio.gather(*self.work)
        await self.application.shutdown()

    async def restart(self) -> None:
        """As after a crash: nothing is left but the database."""
        await self.close()
        offset = self.offset
        await self.open()
        self.offset = offset

    async def settle(self) -> None:
        """Take in what Telegram has, handle it, send what is owed, until nothing is left."""
        while True:
            status, body = await self.telegram.call(
                self.telegram.bot_token, "getUpdates", {"offset": self.offset, "timeout": 0}
            )
            assert status == 200, body
            for update in body["result"]:
                await inbox.accept(update)
                self.offset = update["update_id"] + 1
            if not body["result"] and not await self._busy():
                return
            await asyncio.sleep(0.003)

    async def _busy(self) -> bool:
        """Whether anything is due or in hand; what waits for a later time does not count."""
        for _ in range(2):
            waiting = InboxUpdate.filter(done_at__isnull=True, parked_at__isnull=True)
            if await waiting.filter(due_at__lte=now()).exists():
                return True
            if await Message.filter(state="owed", due_at__lte=now()).exists():
                return True
            if self.sender.in_hand or self.intake.in_hand:
                return True
        return False

    def phone(self, person: Person, language: str = "zh-hans") -> "Phone":
        assert person.telegram_id is not None
        return self.stranger(person.telegram_id, person.name, language)

    def phones_of(self, *people: Person) -> "list[Phone]":
        return [self.phone(person) for person in people]

    def stranger(self, user: int, name: str = "路人", language: str = "zh-hans") -> "Phone":
        if user not in self.phones:
            self.telegram.add_person(user, name, language_code=language)
            chat = self.telegram.private(user)
            chat.started = True
            self.phones[user] = Phone(self, user)
        return self.phones[user]

    async def submitted(self, cast: Cast, new: str = f"{WORK_IN_PROGRESS} 关键工艺") -> Proposal:
        """A case that waits for the head, sent on its way in the chat."""
        drafter = self.phone(cast.drafter)
        await drafter.says(f"/new {new}")
        await drafter.taps("提交")
        return await Proposal.all().order_by("-id").first()  # type: ignore[return-value]

    async def endorsed(self, cast: Cast, **how: str) -> Proposal:
        """The same, and the head has said yes: it waits for the officer."""
        case = await self.submitted(cast, **how)
        await self.phone(cast.head).taps("同意")
        await case.refresh_from_db()
        return case


class Phone:
    """One person's private chat with the bot, as they see it."""

    def __init__(self, house: House, user: int) -> None:
        self.house, self.user = house, user
        self.toast = ""

    @property
    def posts(self) -> list[dict[str, Any]]:
        chat = self.house.telegram.private(self.user)
        return [post.wire for post in chat.posts.values() if post.by_bot]

    @property
    def mine(self) -> list[str]:
        """What the person wrote and is still there."""
        chat = self.house.telegram.private(self.user)
        return [p.wire.get("text", "") for p in chat.posts.values() if not p.by_bot]

    @property
    def last(self) -> str:
        """The newest message of the bot, as plain text."""
        return self.posts[-1].get("text", "") if self.posts else ""

    @property
    def texts(self) -> list[str]:
        return [post.get("text", "") for post in self.posts]

    @property
    def buttons(self) -> list[str]:
        """The labels under the newest message."""
        return labels(self.posts[-1])

    @property
    def commands(self) -> dict[str, str]:
        """The command menu."""
        found = commands_for(self.house.telegram, self.user)
        return {one["command"]: one["description"] for one in found}

    async def starts(self, code: str | None = None) -> None:
        self.house.telegram.press_start(self.user, code)
        await self.house.settle()

    async def says(self, *texts: str, reply_to: int | None = None) -> int:
        """Write one message after the other; the id of the last."""
        sent = 0
        for text in texts:
            wire = self.house.telegram.say(self.user, text, reply_to=reply_to)
            sent = int(wire["message_id"])
            await self.house.settle()
        return sent

    async def sends_raw(self, **content: Any) -> None:
        """Send a message of a kind that the sandbox has no function for."""
        telegram, chat = self.house.telegram, self.house.telegram.private(self.user)
        wire = telegram.compose(chat, telegram.person(self.user).user(), content)
        telegram.keep(chat, Post(wire, by_bot=False))
        telegram.bot.queue.put("message", wire, str(chat.id))
        await self.house.settle()

    async def replies(self, text: str, post: dict[str, Any] | None = None) -> None:
        """Answer the newest card, or another message."""
        await self.says(text, reply_to=(post or self.posts[-1])["message_id"])

    def holding(self, label: str) -> dict[str, Any]:
        """The newest message with a button that begins so."""
        for post in reversed(self.posts):
            if any(text.startswith(label) for text in labels(post)):
                return post
        shown = [labels(p) for p in self.posts[-2:]]
        raise AssertionError(f"no button {label!r} on {self.texts[-2:]} {shown}")

    def press(self, label: str, post: dict[str, Any] | None = None) -> str:
        """Tap without waiting for anything; the query's id."""
        post = post or self.holding(label)
        for button in buttons(post):
            if button["text"].startswith(label):
                return self.house.telegram.tap_raw(
                    self.user, post["message_id"], button["callback_data"]
                )
        raise AssertionError(label)

    async def taps(self, *path: str, post: dict[str, Any] | None = None) -> str:
        """Tap one button after the other, let everything happen; what the last toast said."""
        for label in path:
            await self._answered(self.press(label, post))
        return self.toast

    async def forges(self, data: str, message_id: int | None = None) -> str:
        """Send callback data that no button carries."""
        target = message_id if message_id is not None else self.posts[-1]["message_id"]
        return await self._answered(self.house.telegram.tap_raw(self.user, target, data))

    async def _answered(self, query: str) -> str:
        await self.house.settle()
        self.toast = (await self.house.telegram.answer(query)).get("text") or ""
        return self.toast


def buttons(post: dict[str, Any]) -> list[dict[str, Any]]:
    """The buttons under a message."""
    return [b for row in post.get("reply_markup", {}).get("inline_keyboard", []) for b in row]


def labels(post: dict[str, Any]) -> list[str]:
    return [button["text"] for button in buttons(post)]
