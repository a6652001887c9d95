"""Members of chats, as the Bot API describes them."""

from typing import Any, Final

Json = dict[str, Any]

#: What every administrator's description says; here they may do everything but be edited.
RIGHTS: Final = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)


def member(user: Json, status: str) -> Json:
    """A ChatMember with the fields its status needs."""
    more: Json = {}
    if status == "administrator":
        more = {"can_be_edited": False, "is_anonymous": False} | dict.fromkeys(RIGHTS, True)
    elif status == "kicked":
        more = {"until_date": 0}
    return {"user": user, "status": status, **more}
