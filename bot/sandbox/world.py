"""What Telegram remembers: the state behind both sides of the wire."""

import asyncio
import copy
import itertools
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from .cast import Chat, InlineQuery, Person, PollState, Post, StoredFile, TapQuery
from .errors import CannotDo
from .updates import UpdateQueue
from .webhook import Webhook

Json = dict[str, Any]

TOKEN: Final = re.compile(r"(\d+):[\w-]{20,}")
#: Shaped like a token and plainly not one.
DEMO_TOKEN: Final = "1000000001:" + "sandbox-demo-" * 2 + "bot"
SUBSCRIBER_BUFFER: Final = 1000


@dataclass(eq=False)
class Bot:
    """One bot account: its chats, its queue, and what it told Telegram about itself."""

    token: str
    username: str
    first_name: str
    queue: UpdateQueue
    webhook: Webhook
    chats: dict[int, Chat] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    menu_button: Json = field(default_factory=lambda: {"type": "commands"})
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    taps: dict[str, TapQuery] = field(default_factory=dict)
    inline: dict[str, InlineQuery] = field(default_factory=dict)
    inline_cache: dict[tuple[str, str, int], tuple[float, Json]] = field(default_factory=dict)
    polls: dict[str, PollState] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """The bot's user id: what its token begins with."""
        return int(self.token.partition(":")[0])

    def user(self) -> Json:
        """The bot as the Bot API's User."""
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": self.first_name,
            "username": self.username,
        }


@dataclass(eq=False, kw_only=True, repr=False)
class World:
    """The state of the sandbox. One bot is there from the start; people talk to it."""

    bot_token: str = DEMO_TOKEN
    bot_username: str = "dingmi_demo_bot"
    bot_name: str = "定密"
    now: Callable[[], float] = time.time
    strict: bool = False  #: refuse parameters the Bot API does not know, not only record them
    flood: bool = False  #: keep Telegram's limits on sending
    inline_feedback: bool = False  #: send chosen_inline_result
    answer_within: float = 60.0  #: seconds after which a tap or inline query is "too old"
    latency: float = 0.0  #: seconds added to each call
    hint: dict[str, str] = field(default_factory=dict)  #: language -> what a visitor should try
    people: dict[int, Person] = field(default_factory=dict)
    bots: dict[str, Bot] = field(default_factory=dict, init=False)
    warnings: list[str] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self._numbers = itertools.count(int(self.now()) * 1000)
        self._message_ids = itertools.count(1)
        self._subscribers: set[asyncio.Queue[Json]] = set()
        self.bot = self.add_bot(self.bot_token, self.bot_username, self.bot_name)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} with @{self.bot_username}, {len(self.people)} people>"

    def add_bot(self, token: str, username: str, name: str = "") -> Bot:
        """Register another bot; people go on talking to the first."""
        if not TOKEN.fullmatch(token):
            words = "a bot token is digits, a colon, and 20 or more letters, digits, _ or -"
            raise ValueError(words)
        bot = Bot(token, username, name or username, UpdateQueue(self.now), Webhook())
        self.bots[token] = bot
        return bot

    def add_person(
        self, person_id: int, first_name: str, *, started: bool = False, **more: Any
    ) -> Person:
        """Somebody joins Telegram, or changes: a second call updates the first one's fields.

        ``started``: they pressed Start before, and nothing of that is left to see.
        """
        person = self.people.get(person_id)
        if person is None:
            person = self.people[person_id] = Person(person_id, first_name, **more)
        else:
            for name, value in ({"first_name": first_name} | more).items():
                setattr(person, name, value)
        if started:
            self.private(person_id).started = True
        self.changed("people")
        return person

    def person(self, user_id: int) -> Person:
        """Who has this id; CannotDo when nobody has."""
        try:
            return self.people[user_id]
        except KeyError:
            words = f"nobody here has the id {user_id}"
            raise CannotDo(words) from None

    def private(self, user_id: int) -> Chat:
        """The chat between this person and the first bot."""
        self.person(user_id)
        chat = Chat(user_id, "private")
        return self.bot.chats.setdefault(user_id, chat)

    def chat_wire(self, chat: Chat) -> Json:
        """The Bot API's Chat, with a private chat's names."""
        return chat.wire(self.people[chat.id] if chat.type == "private" else None)

    def number(self) -> str:
        """A fresh identifier for queries, files and polls."""
        return str(next(self._numbers))

    def compose(self, chat: Chat, sender: Json | None, content: Json) -> Json:
        """A new Message in ``chat``; channels have no sender."""
        origin = {"from": sender} if sender else {"sender_chat": self.chat_wire(chat)}
        return {
            "message_id": next(self._message_ids),
            **origin,
            "chat": self.chat_wire(chat),
            "date": int(self.now()),
            **content,
        }

    def keep(self, chat: Chat, post: Post) -> Json:
        """Put a message into its chat and show it; the wire form is returned as a copy."""
        chat.posts[post.id] = post
        self.changed("message", chat=chat.id, message=post.id)
        return copy.deepcopy(post.wire)

    def changed(self, kind: str, **facts: Any) -> None:
        """Tell the pages that something is different now."""
        for queue in self._subscribers:
            if queue.full():  # a page that stopped reading; it reloads when it comes back
                continue
            queue.put_nowait({"kind": kind, **facts})

    @contextmanager
    def subscription(self) -> Iterator["asyncio.Queue[Json]"]:
        """A queue of everything that changes from here on."""
        queue: asyncio.Queue[Json] = asyncio.Queue(SUBSCRIBER_BUFFER)
        self._subscribers.add(queue)
        try:
            yield queue
        finally:
            self._subscribers.discard(queue)
