"""The gate: who gets an answer at all, and what may not enter the chat (product: the hard limit)."""

from enum import Enum, auto

from telegram import Message, Update
from telegram.constants import ChatType

from models import errors
from models.content import bears_marking
from models.office import REASON_LIMIT
from models.people import Person

#: Kinds of message that carry content: refused whatever they hold (保密法 2024 第29条).
_CONTENT = (
    "animation", "audio", "document", "photo", "video", "video_note", "voice", "story",
    "paid_media", "live_photo", "sticker", "poll", "checklist", "forward_origin", "external_reply",
)  # fmt: skip


class Passage(Enum):
    """What becomes of an update that is not refused."""

    HANDLE = auto()
    IGNORE = auto()


def gate(update: Update, person: Person | None) -> Passage:
    """Whether the update goes on to the handlers; a :class:`Refusal` when it must be answered no.

    Bots, channels and the talk of groups are ignored; groups get one sentence when they address
    the bot. Strangers get nothing but the way to an invitation.
    """
    user, chat = update.effective_user, update.effective_chat
    if user is None or user.is_bot or chat is None or chat.type == ChatType.CHANNEL:
        return Passage.HANDLE if _was_added(update) else Passage.IGNORE
    if chat.type != ChatType.PRIVATE:
        return _in_a_group(update)
    if update.my_chat_member is not None:
        return Passage.HANDLE if person else Passage.IGNORE
    if person is None and not _is_invitation(update.message):
        raise errors.NotBound
    message = update.message or update.edited_message
    if message is not None:
        _refuse_content(message)
    return Passage.HANDLE


def _was_added(update: Update) -> bool:
    """Whether somebody put the bot into a channel."""
    return update.my_chat_member is not None


def _in_a_group(update: Update) -> Passage:
    if update.callback_query is not None:
        raise errors.PrivateOnly
    if update.my_chat_member is not None:
        return Passage.HANDLE
    message = update.message
    if message is None or not (message.text or "").startswith("/"):
        return Passage.IGNORE
    raise errors.PrivateOnly


def _is_invitation(message: Message | None) -> bool:
    words = (message.text or "").split() if message else []
    return len(words) == 2 and words[0].partition("@")[0] == "/start"  # noqa: PLR2004


def is_content(message: Message) -> bool:
    """Whether the message carries more than the person's own few words."""
    return any(getattr(message, kind, None) for kind in _CONTENT)


def _refuse_content(message: Message) -> None:
    if is_content(message):
        raise errors.ContentRefused
    text = message.text or message.caption or ""
    if bears_marking(text):
        raise errors.LooksLikeContent
    if len(text) > REASON_LIMIT:
        raise errors.TextTooLong(limit=REASON_LIMIT)
