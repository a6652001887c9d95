"""Blocking the bot, and the groups and channels it may be put into."""

import itertools

from .cast import Chat, ChatType, Post
from .members import member
from .person import PersonSide
from .world import Json

FIRST_GROUP = -1001000000001


class Membership(PersonSide):
    """Where the bot is welcome, and where it is not."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._group_ids = itertools.count(FIRST_GROUP, -1)

    def block(self, user_id: int) -> None:
        """Stop the bot: it can write no more, and is told so."""
        self._set_blocked(user_id, blocked=True)

    def unblock(self, user_id: int) -> None:
        """Let the bot write again."""
        self._set_blocked(user_id, blocked=False)

    def _set_blocked(self, user_id: int, *, blocked: bool) -> None:
        chat = self.private(user_id)
        if chat.blocked == blocked:
            return
        chat.blocked = blocked
        self.changed("blocked", chat=chat.id)
        if chat.started:
            words = ("member", "kicked") if blocked else ("kicked", "member")
            self._tell_member(chat, user_id, *words)

    def add_group(
        self, title: str, by: int, *, kind: ChatType = "supergroup", username: str = ""
    ) -> int:
        """``by`` puts the bot into a new group or channel; returns the chat's id."""
        chat = Chat(next(self._group_ids), kind, title, username, started=True)
        chat.administrators.add(by)
        self.bot.chats[chat.id] = chat
        self._tell_member(chat, by, "left", "administrator" if kind == "channel" else "member")
        if kind != "channel":
            joined = {"new_chat_members": [self.bot.user()]}
            wire = self.compose(chat, self.person(by).user(), joined)
            self.keep(chat, Post(wire, by_bot=False))
            self.bot.queue.put("message", wire, str(chat.id))
        return chat.id

    def remove_from_group(self, chat_id: int, by: int) -> None:
        """``by`` removes the bot from a group or channel."""
        chat = self.bot.chats[chat_id]
        chat.blocked = True
        self._tell_member(chat, by, "member", "kicked")

    def publish(self, channel_id: int, text: str) -> Json:
        """A post in a channel the bot is in."""
        chat = self.bot.chats[channel_id]
        wire = self.compose(chat, None, {"text": text})
        self.bot.queue.put("channel_post", wire, str(chat.id))
        return self.keep(chat, Post(wire, by_bot=False))

    def _tell_member(self, chat: Chat, by: int, before: str, after: str) -> None:
        update = {
            "chat": self.chat_wire(chat),
            "from": self.person(by).user(),
            "date": int(self.now()),
            "old_chat_member": member(self.bot.user(), before),
            "new_chat_member": member(self.bot.user(), after),
        }
        self.bot.queue.put("my_chat_member", update, str(chat.id))
