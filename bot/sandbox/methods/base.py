"""What every method needs: its parameters, the chat it names, and the registry."""

import copy
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from bot.sandbox import entities, markup
from bot.sandbox.cast import Chat, Post
from bot.sandbox.errors import Refused
from bot.sandbox.params import Params
from bot.sandbox.world import Bot, World

Json = dict[str, Any]

MAX_TEXT: Final = 4096
MAX_CAPTION: Final = 1024
TWO_DAYS: Final = 48 * 3600


@dataclass(frozen=True)
class Request:
    """One call by one bot."""

    world: World
    bot: Bot
    params: Params

    def chat(self) -> Chat:
        """The chat the call names: by id, or by @username."""
        name = self.params.text("chat_id").strip()
        if not name:
            raise Refused(400, "chat_id is empty")
        if name.startswith("@"):
            found = (c for c in self.bot.chats.values() if c.username == name[1:])
            chat = next(found, None)
        else:
            chat = self._chat_by_id(self.params.integer("chat_id"))
        if chat is None:
            raise Refused(400, "chat not found")
        return chat

    def _chat_by_id(self, number: int) -> Chat | None:
        if number in self.world.people:
            return self.bot.chats.setdefault(number, Chat(number, "private"))
        return self.bot.chats.get(number)

    def open_chat(self) -> Chat:
        """The chat the call names, if the bot may write there."""
        chat = self.chat()
        if chat.type == "private":
            person = self.world.people[chat.id]
            if person.deactivated:
                raise Refused(403, "user is deactivated")
            if chat.blocked:
                raise Refused(403, "bot was blocked by the user")
            if not chat.started:
                raise Refused(403, "bot can't initiate conversation with a user")
        elif chat.blocked or not chat.started:
            kind = "channel" if chat.type == "channel" else f"{chat.type} chat"
            raise Refused(403, f"bot is not a member of the {kind}")
        return chat

    def post(self, chat: Chat, missing: str) -> Post:
        """The message the call names; 400 with the words of ``missing`` when it is gone."""
        if "message_id" not in self.params:
            raise Refused(400, "message identifier is not specified")
        post = chat.posts.get(self.params.integer("message_id"))
        if post is None:
            raise Refused(400, missing)
        return post

    def words(self, name: str = "text", limit: int = MAX_TEXT) -> Json:
        """Text with its entities, under the names of a message or of a caption."""
        prefix = "caption_" if name == "caption" else ""
        given = self.params.array(f"{prefix}entities")
        mode = self.params.text("parse_mode")
        text, found = entities.parse(self.params.text(name), mode, given)
        if len(text) > limit:
            raise Refused(400, f"message {'caption ' if prefix else ''}is too long")
        if not text:
            return {}
        return {name: text} | ({f"{prefix}entities": found} if found else {})

    def markup(self) -> Json | None:
        """The reply markup, of any kind."""
        return markup.checked(self.params.mapping("reply_markup", "reply keyboard markup"))

    def send(self, content: Json) -> Json:
        """Put a new message of the bot into the chat the call names."""
        chat = self.open_chat()
        keyboard = self.markup()
        content |= self._replied(chat)
        if self.params.flag("protect_content"):
            content["has_protected_content"] = True
        if keyboard and "inline_keyboard" in keyboard:
            content["reply_markup"] = keyboard
        elif keyboard:
            chat.keyboard = None if "remove_keyboard" in keyboard else keyboard
        sender = None if chat.type == "channel" else self.bot.user()
        wire = self.world.compose(chat, sender, content)
        chat.action = ""
        return self.world.keep(chat, Post(wire, by_bot=True, markup=keyboard))

    def _replied(self, chat: Chat) -> Json:
        """What the message replies to, as far as it exists."""
        asked = self.params.mapping("reply_parameters")
        number = asked.get("message_id") or self.params.integer("reply_to_message_id")
        if not number:
            return {}
        original = chat.posts.get(int(number))
        if original is None:
            lenient = self.params.flag("allow_sending_without_reply")
            if asked.get("allow_sending_without_reply") or lenient:
                return {}
            raise Refused(400, "message to be replied not found")
        return {"reply_to_message": quoted(original)}


def quoted(post: Post) -> Json:
    """A message as it appears inside a reply to it: never nested further."""
    wire = copy.deepcopy(post.wire)
    wire.pop("reply_to_message", None)
    return wire


Method = Callable[[Request], Awaitable[Any]]

#: The Bot API as the sandbox knows it: method name -> what it does.
METHODS: Final[dict[str, Method]] = {}


def method(name: str) -> Callable[[Method], Method]:
    """Register a function as the Bot API method ``name``."""

    def register(function: Method) -> Method:
        METHODS[name] = function
        return function

    return register
