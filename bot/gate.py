"""The gate: who gets an answer at all, and what may not enter the chat (product: the hard limit)."""

from enum import Enum, auto
from typing import Final

from telegram import Message, Update
from telegram.constants import ChatType

from models import errors
from models.content import bears_marking
from models.office import REASON_LIMIT
from models.people import Person

#: What a person's own few words come with. Whatever else a message carries is content and refused
#: (保密法 2024 第29条), kinds that Telegram will invent included.
_ENVELOPE: Final = frozenset({
    "message_id", "message_thread_id", "direct_messages_topic", "from", "sender_chat",
    "sender_boost_count", "sender_business_bot", "business_connection_id", "date", "edit_date",
    "chat", "is_topic_message", "is_automatic_forward", "reply_to_message", "quote",
    "reply_to_story", "reply_to_checklist_task_id", "reply_to_poll_option_id", "via_bot", "has_protected_content",
    "is_from_offline", "is_paid_post", "media_group_id", "author_signature", "paid_star_count",
    "text", "entities", "link_preview_options", "effect_id", "suggested_post_info", "reply_markup",
    "guest_query_id", "sender_tag", "receiver_user", "ephemeral_message_id",
})  # fmt: skip
#: Telegram's own remarks on the chat: nobody said them, nobody is answered.
_REMARKS: Final = frozenset({
    "pinned_message", "message_auto_delete_timer_changed", "write_access_allowed",
    "chat_background_set", "users_shared", "chat_shared", "connected_website", "boost_added",
    "proximity_alert_triggered", "forum_topic_created", "forum_topic_edited", "forum_topic_closed",
    "forum_topic_reopened", "successful_payment", "refunded_payment", "gift",
    "unique_gift", "gift_upgrade_sent", "paid_message_price_changed", "passport_data",
})  # fmt: skip


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
        carried = _carried(message)
        if carried & _REMARKS or (update.edited_message and "location" in carried):
            return Passage.IGNORE  # a remark of Telegram's own, or a place that moves
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
    return bool(_carried(message) - _ENVELOPE - _REMARKS)


def _carried(message: Message) -> set[str]:
    """The names of what the message carries, those that the library does not know included."""
    known = {name for name, value in message.to_dict().items() if value}
    return known.union(message.api_kwargs)


def _refuse_content(message: Message) -> None:
    if is_content(message):
        raise errors.ContentRefused
    text = message.text or message.caption or ""
    if bears_marking(text):
        raise errors.LooksLikeContent
    if len(text) > REASON_LIMIT:
        raise errors.TextTooLong(limit=REASON_LIMIT)
