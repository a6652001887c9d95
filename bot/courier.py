"""The courier hands one rendered message over to Telegram and has the outcome written down."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from enum import Enum, auto
from typing import Any, Final

from telegram import (
    Bot,
    BotCommandScopeChat,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.delivery_errors import Verdict, verdict_on
from bot.rendered import Commands, Delete, Leave, Rendered, Text
from models import delivery
from models.delivery import Place
from models.outbox import CARD, RETIRE, Message
from models.trouble import passes

_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)


class Handed(Enum):
    """What it took to deliver a message."""

    NEEDLESS = auto()
    """Nothing: it shows already what it should, or there was nothing left to say."""
    UNCOUNTED = auto()
    """A call that Telegram does not count as a message."""
    SENT = auto()
    """A message sent or edited."""


class Courier:
    """Makes the calls. TelegramError: nothing was settled."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def hand_over(self, messages: Sequence[Message], rendered: Rendered | None) -> Handed:
        """Deliver what ``messages`` owe, and settle them."""
        first, handed = messages[0], Handed.UNCOUNTED
        if isinstance(rendered, Text):
            return await self._text(messages, rendered)
        if first.kind == RETIRE:
            await self._retire(first)
            handed = Handed.SENT
        elif rendered is None:
            handed = Handed.NEEDLESS
        elif isinstance(rendered, Delete):
            await self._passing(self._bot.delete_message(first.chat_id, rendered.message_id))
        elif isinstance(rendered, Commands):
            scope = BotCommandScopeChat(first.chat_id)
            await self._bot.set_my_commands(rendered.commands, scope=scope)
        elif isinstance(rendered, Leave):
            await self._passing(self._bot.leave_chat(first.chat_id))
        await written_down(lambda: delivery.sent(messages, None))
        return handed

    async def _text(self, messages: Sequence[Message], text: Text) -> Handed:
        first, digest = messages[0], ""
        if first.kind == CARD:
            digest = digest_of(text)
            stands_at, shows = await self._place(messages)
        else:
            stands_at, shows = text.edit, ""
        place = Place(0, digest, text.version, text.slot, text.retired, gone=stands_at)
        if stands_at is not None:
            there = replace(place, message_id=stands_at)
            needless = bool(digest) and shows == digest
            if needless or await self._edited(first.chat_id, stands_at, text):
                await written_down(lambda: delivery.delivered(messages, there))
                return Handed.NEEDLESS if needless else Handed.SENT
        new = await self._bot.send_message(
            first.chat_id,
            text.text,
            parse_mode=ParseMode.HTML,
            reply_markup=text.markup,
            link_preview_options=_NO_PREVIEW,
            protect_content=text.protect,
        )
        here = replace(place, message_id=new.message_id)
        await written_down(lambda: delivery.delivered(messages, here))
        return Handed.SENT

    async def _place(self, messages: Sequence[Message]) -> tuple[int | None, str]:
        """The card to edit and what it shows; (None, "") when a new one is to be sent."""
        if any(message.facts.get("fresh") for message in messages):
            return None, ""
        card = await delivery.living_card(messages[0])
        return (card.message_id, card.digest) if card else (None, "")

    async def _edited(self, chat_id: int, message_id: int, text: Text) -> bool:
        """Whether the older message shows ``text`` now; False when it cannot be edited."""
        if not isinstance(text.markup, InlineKeyboardMarkup | None):
            return False  # Telegram edits no other kind of keyboard
        return await self._passing(
            self._bot.edit_message_text(
                text.text,
                chat_id=chat_id,
                message_id=message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=text.markup,
                link_preview_options=_NO_PREVIEW,
            )
        )

    async def _retire(self, message: Message) -> None:
        older, text = int(str(message.facts["message_id"])), message.facts.get("text")
        if text:
            await self._edited(message.chat_id, older, Text(str(text)))
        else:
            await self._passing(
                self._bot.edit_message_reply_markup(chat_id=message.chat_id, message_id=older)
            )

    @staticmethod
    async def _passing(call: Any) -> bool:
        """Make a call about an older message. Whether that message exists; other errors rise."""
        try:
            await call
        except BadRequest as error:
            verdict = verdict_on(error)
            if verdict not in {Verdict.DONE, Verdict.GONE}:
                raise
            return verdict is Verdict.DONE
        return True


async def written_down(work: Callable[[], Awaitable[None]]) -> None:
    """Write the outcome, also past a moment of trouble: else the message would be sent again."""
    for pause in (0.05, 0.3, 1.0, 3.0):
        try:
            return await work()
        except Exception as error:
            if not passes(error):
                raise
        await asyncio.sleep(pause)
    return await work()


def digest_of(text: Text) -> str:
    """What the message shows, in 64 characters: equal digests need no edit."""
    keyboard = text.markup.to_json() if text.markup else ""
    return hashlib.sha256(f"{text.text}\0{keyboard}".encode()).hexdigest()
