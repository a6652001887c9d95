"""Trouble on purpose: injected failures, and Telegram's limits on sending."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from .errors import Loss, Refused

#: Words for the statuses worth injecting.
WORDS: Final = {
    400: "chat not found",
    401: "Unauthorized",
    403: "bot was blocked by the user",
    404: "Not Found",
    409: "terminated by other getUpdates request; make sure that only one bot instance is running",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
}
#: Methods that Telegram counts as sending a message.
SENDING: Final = frozenset(
    {
        "sendMessage",
        "sendDocument",
        "sendPhoto",
        "sendPoll",
        "copyMessage",
        "forwardMessage",
        "editMessageText",
        "editMessageCaption",
        "editMessageReplyMarkup",
    }
)


@dataclass
class Fault:
    """The next ``times`` calls of ``method`` (``*``: any) fail in this way."""

    method: str
    times: int
    kind: int | Loss
    chat_id: int | None = None
    retry_after: int = 1
    description: str = ""

    def hits(self, method: str, chat_id: str) -> bool:
        """Whether this call is one of those that fail."""
        same = self.method in {"*", method}
        return self.times > 0 and same and self.chat_id in {None, _number(chat_id)}

    def refusal(self) -> Refused:
        """What the caller is told."""
        status = int(self.kind)
        if status == 429:  # noqa: PLR2004 - HTTP's own number
            wait = self.retry_after
            return Refused(status, f"retry after {wait}", retry_after=wait)
        return Refused(status, self.description or WORDS.get(status, "injected failure"))


def _number(chat_id: str) -> int | None:
    return int(chat_id) if chat_id.lstrip("-").isdigit() else None


@dataclass
class Window:
    """At most ``most`` events in any ``seconds``."""

    most: int
    seconds: float
    times: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Seconds until one more is welcome; 0 when it is now."""
        while self.times and now - self.times[0] >= self.seconds:
            self.times.popleft()
        return 0.0 if len(self.times) < self.most else self.times[0] + self.seconds - now


@dataclass
class Flood:
    """Telegram's published limits: 30 a second in all, 1 a second a chat, 20 a minute a group.

    A private chat takes a burst of three, as the real one takes a small, unspecified one.
    """

    now: Callable[[], float]
    overall: Window = field(default_factory=lambda: Window(30, 1.0))
    chats: dict[int, Window] = field(default_factory=dict)

    def check(self, method: str, params: dict[str, Any]) -> None:
        """Count one sending; 429 when it comes too early."""
        chat_id = _number(str(params.get("chat_id", "")))
        if method not in SENDING or chat_id is None:
            return
        if chat_id not in self.chats:
            self.chats[chat_id] = Window(3, 3.0) if chat_id > 0 else Window(20, 60.0)
        now = self.now()
        windows = (self.overall, self.chats[chat_id])
        wait = max(window.wait(now) for window in windows)
        if wait > 0:
            seconds = max(1, math.ceil(wait))
            raise Refused(429, f"retry after {seconds}", retry_after=seconds)
        for window in windows:
            window.times.append(now)
