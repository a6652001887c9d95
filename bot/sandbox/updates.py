"""The queue of updates waiting for one bot, and long polling."""

import asyncio
import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from .errors import Refused

Json = dict[str, Any]

#: How long Telegram keeps an update nobody fetched, in seconds, by kind.
LIFETIME: Final = {"callback_query": 150.0, "inline_query": 30.0, "chosen_inline_result": 600.0}
OTHERWISE: Final = 86_400.0
#: Sent only to a bot that names them in allowed_updates.
ON_REQUEST: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
FIRST_ID: Final = 700_000_001
CONFLICT: Final = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)


@dataclass(eq=False)
class Pending:
    """One update and its place in line: updates of one ``lane`` keep their order."""

    id: int
    kind: str
    body: Json
    at: float
    lane: str
    tries: int = 0
    not_before: float = 0.0


@dataclass
class UpdateQueue:
    """Updates of one bot, oldest first, kept until confirmed or too old."""

    now: Callable[[], float]
    allowed: list[str] = field(default_factory=list)
    pending: list[Pending] = field(default_factory=list)
    duplicates: int = 0  #: how many of the next confirmed updates are delivered once more
    lifetime: dict[str, float] = field(default_factory=lambda: dict(LIFETIME))
    _last_id: int = FIRST_ID - 1
    _hold: int = 0
    _held: list[Pending] = field(default_factory=list)
    _again: list[Pending] = field(default_factory=list)
    _poller: int = 0

    def __post_init__(self) -> None:
        self.bell = asyncio.Event()  #: rung, and replaced, whenever something changes

    def put(self, kind: str, payload: Json, lane: str) -> Json | None:
        """Queue an update; None when this bot did not ask for its kind."""
        if self.allowed and kind not in self.allowed:
            return None
        if not self.allowed and kind in ON_REQUEST:
            return None
        self._last_id += 1
        body = {"update_id": self._last_id, kind: copy.deepcopy(payload)}
        self._add(Pending(self._last_id, kind, body, self.now(), f"{kind}:{lane}"))
        return body

    def reorder(self, count: int) -> None:
        """Hold the next ``count`` updates back and release them in the wrong order."""
        self._hold = count

    def _add(self, update: Pending) -> None:
        if self._hold:
            self._held.append(update)
            self._hold -= 1
            if self._hold:
                return
            self.pending.extend(reversed(self._held))
            self._held.clear()
        else:
            self.pending.append(update)
        self.ring()

    def ring(self) -> None:
        """Wake whoever waits for this queue."""
        bell, self.bell = self.bell, asyncio.Event()
        bell.set()

    def forget_old(self) -> None:
        """Drop what Telegram would have dropped by now."""
        now = self.now()
        self.pending = [
            update
            for update in self.pending
            if now - update.at < self.lifetime.get(update.kind, OTHERWISE)
        ]

    def done(self, updates: list[Pending]) -> None:
        """These were confirmed; injected duplicates come once more."""
        for update in updates:
            if update not in self.pending:
                continue
            self.pending.remove(update)
            if self.duplicates:
                self.duplicates -= 1
                self._again.append(update)
        self.ring()

    def take_again(self) -> list[Pending]:
        """Confirmed updates that come once more, because a fault says so."""
        again, self._again = self._again, []
        return again

    def put_again(self, update: Pending) -> None:
        """Leave a repeated delivery for later."""
        self._again.append(update)

    def confirm(self, offset: int) -> None:
        """What an ``offset`` says: everything before it was received.

        A negative one keeps that many from the end and forgets the rest.
        """
        if offset < 0:
            del self.pending[:offset]
        elif offset:
            self.done([update for update in self.pending if update.id < offset])

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """Long polling. A newer poll ends an older one with a conflict."""
        self._poller += 1
        me = self._poller
        self.ring()
        self.confirm(offset)
        clock = asyncio.get_running_loop().time
        until = clock() + seconds
        while True:
            if me != self._poller:
                raise Refused(409, CONFLICT)
            self.forget_old()
            found = [*self.take_again(), *self.pending][:limit]
            if found or clock() >= until:
                return [copy.deepcopy(update.body) for update in found]
            await self._wait(until - clock())

    async def _wait(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self.bell.wait(), seconds)
        except TimeoutError:
            return
