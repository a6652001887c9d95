"""Pacing: how soon a chat, and the bot as a whole, may be written to. Pure: it is told the time.

All times are seconds of one monotonic clock. A message counts from its start until so long after
its end: whenever between the two Telegram counted it, its own window is kept.
"""

import math
from collections import deque
from typing import Final

from models.outbox import Lane

#: Reminders and broadcasts leave the rest of the whole to those who wait for an answer.
_BULK_SHARE: Final = 0.8
_MANY_CHATS: Final = 3
_MANY_WITHIN: Final = 5.0


class Window:
    """At most ``most`` messages in any ``seconds``."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds
        self._under_way = 0
        self._ended: deque[float] = deque()

    def opens_at(self, now: float) -> float:
        """When one more may begin: in the past, in the future, or (inf) not before one ends."""
        while self._ended and self._ended[0] <= now - self._seconds:
            self._ended.popleft()
        if self._under_way + len(self._ended) < self._most:
            return now
        return self._ended[0] + self._seconds if self._ended else math.inf

    def begin(self) -> None:
        """Note that a message leaves."""
        self._under_way += 1

    def end(self, now: float, *, counted: bool) -> None:
        """Note that its answer is here; not ``counted``: nothing had to be sent after all."""
        self._under_way -= 1
        if counted:
            self._ended.append(now)

    def is_idle(self, now: float) -> bool:
        """Whether it would make no difference if it were forgotten."""
        self.opens_at(now)
        return not self._under_way and not self._ended


class Pacing:
    """At most ``per_second`` messages in any second; to a private chat one a second on average.

    A private chat may get ``burst`` of them at once; a group gets ``per_group`` in any minute.
    Bulk is spread evenly over the second, so that a card never waits behind it.
    """

    def __init__(self, *, per_second: int = 30, burst: int = 3, per_group: int = 20) -> None:
        self._burst, self._per_group = burst, per_group
        self._bulk_step = 1.0 / (per_second * _BULK_SHARE)
        self._bulk_at = -math.inf
        self._whole = Window(per_second, 1.0)
        self._whole_held = -math.inf
        self._chats: dict[int, Window] = {}
        self._held: dict[int, float] = {}
        self._refusals: dict[int, float] = {}

    def delay(self, now: float, lane: Lane = Lane.TAP) -> float:
        """Seconds until the next message of ``lane`` may leave, whatever its chat."""
        at = max(self._whole_held, self._whole.opens_at(now))
        if lane >= Lane.REMINDER:
            at = max(at, self._bulk_at)
        return max(0.0, at - now)

    def resting(self, now: float) -> dict[int, float]:
        """The chats that must be left alone, and the seconds for which."""
        self._chats = {c: window for c, window in self._chats.items() if not window.is_idle(now)}
        self._held = {c: at for c, at in self._held.items() if at > now}
        ends = {chat: window.opens_at(now) for chat, window in self._chats.items()}
        for chat, at in self._held.items():
            ends[chat] = max(ends.get(chat, now), at)
        return {chat: at - now for chat, at in ends.items() if at > now}

    def begin(self, chat: int, lane: Lane, now: float) -> None:
        """Note that a message leaves for ``chat``."""
        self._whole.begin()
        if chat not in self._chats:
            private, group = (self._burst, float(self._burst)), (self._per_group, 60.0)
            self._chats[chat] = Window(*(private if chat > 0 else group))
        self._chats[chat].begin()
        if lane >= Lane.REMINDER:
            self._bulk_at = max(self._bulk_at, now) + self._bulk_step

    def end(self, chat: int, now: float, *, counted: bool) -> None:
        """Note that the delivery to ``chat`` is over; ``counted``: Telegram was sent a message."""
        self._whole.end(now, counted=counted)
        self._chats[chat].end(now, counted=counted)

    def refused(self, chat: int, seconds: float, now: float) -> bool:
        """Telegram said 429: leave the chat alone; everybody, if several chats say so at once.

        True when everybody has to wait.
        """
        self._held[chat] = now + seconds
        self._refusals[chat] = now
        self._refusals = {c: at for c, at in self._refusals.items() if at > now - _MANY_WITHIN}
        if len(self._refusals) < _MANY_CHATS:
            return False
        self.hold_all(seconds, now)
        return True

    def hold_all(self, seconds: float, now: float) -> None:
        """Let nothing leave for so many seconds."""
        self._whole_held = max(self._whole_held, now + seconds)
