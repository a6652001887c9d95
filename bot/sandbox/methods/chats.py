"""Chats and their members."""

from typing import Final

from bot.sandbox.cast import Chat
from bot.sandbox.errors import Refused
from bot.sandbox.members import member

from .base import Json, Request, method, quoted

#: What a bot may say it is doing.
DOING: Final = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


@method("sendChatAction")
async def send_chat_action(request: Request) -> bool:
    """What the bot is doing just now, until its next message."""
    chat = request.open_chat()
    action = request.params.text("action")
    if action not in DOING:
        raise Refused(400, "wrong parameter action in request")
    chat.action = action
    request.world.changed("action", chat=chat.id, action=action)
    return True


@method("getChat")
async def get_chat(request: Request) -> Json:
    """A chat in full."""
    chat = request.chat()
    full = request.world.chat_wire(chat) | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }
    if chat.pinned:
        full["pinned_message"] = quoted(chat.posts[chat.pinned[-1]])
    return full


def _membership(request: Request, chat: Chat, user_id: int) -> str:
    if user_id == request.bot.id:
        gone = chat.blocked or not chat.started
        usual = "administrator" if user_id in chat.administrators else "member"
        return ("kicked" if chat.type == "private" else "left") if gone else usual
    if chat.type == "private" and user_id != chat.id:
        raise Refused(400, "user not found")
    return "administrator" if user_id in chat.administrators else "member"


@method("getChatMember")
async def get_chat_member(request: Request) -> Json:
    """One member of a chat: member, administrator, or gone."""
    chat = request.chat()
    user_id = request.params.integer("user_id")
    if user_id != request.bot.id and user_id not in request.world.people:
        raise Refused(400, "user not found")
    own = user_id == request.bot.id
    user = request.bot.user() if own else request.world.people[user_id].user()
    return member(user, _membership(request, chat, user_id))


@method("leaveChat")
async def leave_chat(request: Request) -> bool:
    """Leave a group or channel."""
    chat = request.open_chat()
    if chat.type == "private":
        raise Refused(400, "chat member status can't be changed in private chats")
    chat.started = False
    request.world.changed("left", chat=chat.id)
    return True
