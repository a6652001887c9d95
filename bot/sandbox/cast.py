"""Who and what Telegram knows: people, chats, messages, polls, files, queries."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
ChatType = Literal["private", "group", "supergroup", "channel"]


@dataclass
class Person:
    """Somebody with the Telegram app."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "zh-hans"
    note: str = ""  #: what the page says about them, never sent to the bot
    start_payload: str = ""  #: offered on the page as a deep link while nothing is started
    deactivated: bool = False

    def user(self) -> Json:
        """The person as the Bot API's User."""
        optional = {
            "last_name": self.last_name,
            "username": self.username,
            "language_code": self.language_code,
        }
        known = {name: value for name, value in optional.items() if value}
        return {"id": self.id, "is_bot": False, "first_name": self.first_name} | known


@dataclass
class Post:
    """A message as one chat holds it."""

    wire: Json  #: the Bot API's Message
    by_bot: bool
    markup: Json | None = None  #: the reply markup it was sent with, of any kind
    reaction: str = ""  #: the emoji the bot put on it
    hidden: bool = False  #: gone from the person's phone, though not from Telegram

    @property
    def id(self) -> int:
        """The message_id."""
        return int(self.wire["message_id"])

    @property
    def protected(self) -> bool:
        """Whether it may neither be forwarded nor copied."""
        return bool(self.wire.get("has_protected_content"))


@dataclass
class Chat:
    """A conversation the bot may take part in."""

    id: int
    type: ChatType
    title: str = ""
    username: str = ""
    posts: dict[int, Post] = field(default_factory=dict)
    started: bool = False  #: private: the person wrote first; otherwise: the bot is a member
    blocked: bool = False  #: private: by the person; otherwise: the bot was removed
    administrators: set[int] = field(default_factory=set)
    keyboard: Json | None = None  #: the reply keyboard or forced reply in force
    pinned: list[int] = field(default_factory=list)
    menu_button: Json | None = None
    action: str = ""  #: the last chat action: "typing"
    read_to: int = 0  #: the newest message the person has looked at

    def wire(self, person: Person | None = None) -> Json:
        """The Bot API's Chat."""
        if person is None:
            known = {"title": self.title, "username": self.username}
        else:
            known = {
                "first_name": person.first_name,
                "last_name": person.last_name,
                "username": person.username,
            }
        return {"id": self.id, "type": self.type} | {k: v for k, v in known.items() if v}


@dataclass
class StoredFile:
    """A file Telegram keeps; ``size`` may claim more than ``content`` holds."""

    id: str
    unique_id: str
    path: str
    name: str
    content: bytes
    mime: str
    size: int


@dataclass
class TapQuery:
    """A tap on a button, until it is answered."""

    id: str
    user_id: int
    chat_id: int
    message_id: int
    data: str
    at: float
    answer: Json | None = None
    answered: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class InlineQuery:
    """What a person types after ``@bot``, until the bot answers it."""

    id: str
    user_id: int
    chat_id: int
    query: str
    offset: str
    at: float
    answer: Json | None = None
    answered: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class PollState:
    """A poll and who voted for what."""

    wire: Json
    chat_id: int
    message_id: int
    votes: dict[int, list[int]] = field(default_factory=dict)
