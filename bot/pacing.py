"""Pacing: how soon a chat, and the bot as a whole, may be written to. Pure: it is told the time.

All times are seconds of one monotonic clock.
"""

from collections import deque
from typing import Final

from models.outbox import Lane

_WINDOW: Final = 1.0
_GROUP_WINDOW: Final = 60.0
#: Reminders and broadcasts leave this part of the whole to those who wait for an answer.
_BULK_SHARE: Final = 0.8
_MANY_CHATS: Final = 3
_MANY_WITHIN: Final = 5.0


class Pacing:
    """At most ``per_second`` messages in any second, ``per_chat`` a second and chat on average.

    A private chat may get ``burst`` at once; a group gets ``per_group`` in any minute. Bulk is
    spread evenly, so that a card never waits behind it.
    """

    def __init__(
        self, *, per_second: int = 30, per_chat: float = 1.0, burst: int = 3, per_group: int = 20
    ) -> None:
        self._per_second, self._per_group, self._burst = per_second, per_group, burst
        self._chat_step = 1.0 / per_chat
        self._bulk_step = 1.0 / (per_second * _BULK_SHARE)
        self._recent: deque[float] = deque()
        self._chats: dict[int, float] = {}
        self._groups: dict[int, deque[float]] = {}
        self._held: dict[int, float] = {}
        self._refusals: dict[int, float] = {}
        self._all_held = 0.0
        self._bulk_at = 0.0

    def delay(self, now: float, lane: Lane = Lane.TAP) -> float:
        """Seconds until the next message of ``lane`` may leave, whatever its chat."""
        while self._recent and self._recent[0] <= now - _WINDOW:
            self._recent.popleft()
        at = self._all_held
        if len(self._recent) >= self._per_second:
            at = max(at, self._recent[0] + _WINDOW)
        if lane >= Lane.REMINDER:
            at = max(at, self._bulk_at)
        return max(0.0, at - now)

    def resting(self, now: float) -> dict[int, float]:
        """The chats that must be left alone, and the seconds for which."""
        self._forget(now)
        ends = {chat: at - self._slack for chat, at in self._chats.items()}
        for chat, times in self._groups.items():
            if len(times) >= self._per_group:
                ends[chat] = times[0] + _GROUP_WINDOW
        for chat, at in self._held.items():
            ends[chat] = max(ends.get(chat, 0.0), at)
        return {chat: at - now for chat, at in ends.items() if at > now}

    @property
    def _slack(self) -> float:
        return (self._burst - 1) * self._chat_step

    def _forget(self, now: float) -> None:
        self._chats = {chat: at for chat, at in self._chats.items() if at > now}
        self._held = {chat: at for chat, at in self._held.items() if at > now}
        for times in self._groups.values():
            while times and times[0] <= now - _GROUP_WINDOW:
                times.popleft()
        self._groups = {chat: times for chat, times in self._groups.items() if times}

    def spend(self, chat: int, lane: Lane, now: float) -> None:
        """Note that a message leaves for ``chat``."""
        self._recent.append(now)
        if lane >= Lane.REMINDER:
            self._bulk_at = max(self._bulk_at, now) + self._bulk_step
        if chat < 0:
            self._groups.setdefault(chat, deque()).append(now)
        else:
            self._chats[chat] = max(self._chats.get(chat, 0.0), now) + self._chat_step

    def give_back(self, chat: int, now: float) -> None:
        """Note that nothing left for ``chat`` after all."""
        if self._recent:
            self._recent.pop()
        if chat < 0 and self._groups.get(chat):
            self._groups[chat].pop()
        elif chat in self._chats:
            self._chats[chat] = max(now, self._chats[chat] - self._chat_step)

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
        self._all_held = max(self._all_held, now + seconds)
