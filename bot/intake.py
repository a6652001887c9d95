"""Intake: each update takes effect exactly once, in order per person, whenever the process dies.

One transaction holds the claim, every effect of the handler and the done mark. Whatever goes
wrong rolls all three back together.
"""

import asyncio
import logging
import secrets
import traceback
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from tortoise.transactions import in_transaction

from models import inbox
from models.errors import Refusal
from models.inbox import InboxUpdate
from models.trouble import passes

log = logging.getLogger(__name__)

After = Callable[[], Awaitable[object]] | None
"""What remains to be done once the transaction is committed, e.g. answering the tap."""
Handle = Callable[[InboxUpdate], Awaitable[After]]
Refuse = Callable[[InboxUpdate, Refusal], Awaitable[After]]
Apologise = Callable[[InboxUpdate, str], Awaitable[After]]

_POLL: Final = 1.0
#: How long to leave a person alone whom another replica has in hand.
_ELSEWHERE: Final = 0.1
#: So many troubles in a row with one update are not the database's moment any more.
_TROUBLES: Final = 20
_LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class _TakenElsewhere(Exception):
    """Another replica was handed the update between two of our transactions."""


class Intake:
    """Hands the waiting updates to ``handle``, many people at once, each in their own order."""

    def __init__(
        self,
        handle: Handle,
        refuse: Refuse,
        apologise: Apologise,
        *,
        concurrency: int = 32,
        time_limit: float = 30.0,
    ) -> None:
        self._handle, self._refuse, self._apologise = handle, refuse, apologise
        self._concurrency, self._time_limit = concurrency, time_limit
        self._in_hand: dict[int, asyncio.Task[None]] = {}
        self._afterwards: set[asyncio.Task[None]] = set()
        self._ready: deque[int] = deque()
        self._resting: set[int] = set()
        self._troubles: Counter[int] = Counter()
        self._wake = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()
        self._stopping = False
        self.counts: Counter[str] = Counter()
        """How many updates were handled, refused, failed, parked or postponed since the start."""

    @property
    def in_hand(self) -> int:
        """How many updates are being handled, or have an answer under way."""
        return len(self._in_hand) + len(self._afterwards)

    async def accept(self, update: dict[str, Any]) -> bool:
        """Make ``update`` durable; only then may it be confirmed. False: it was here already."""
        return await inbox.accept(update)

    async def run(self) -> None:
        """Handle updates until :meth:`stop`; then finish what is in hand."""
        self._ended.clear()
        quiet = inbox.listen(self._wake.set)
        try:
            while not self._stopping:
                self._wake.clear()
                await self._begin_all()
                await self._until_woken()
        except asyncio.CancelledError:
            for task in (*self._in_hand.values(), *self._afterwards):
                task.cancel()
            raise
        finally:
            quiet()
            self._stopping = False
            await asyncio.gather(*self._in_hand.values(), return_exceptions=True)
            await asyncio.gather(*self._afterwards, return_exceptions=True)
            self._ended.set()

    async def stop(self) -> None:
        """Take nothing new; return when what was in hand is finished."""
        self._stopping = True
        self._wake.set()
        await self._ended.wait()

    async def _until_woken(self) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), _POLL)
        except TimeoutError:
            return

    async def _begin_all(self) -> None:
        """Start as many people as there are hands, asking the database for a batch at a time."""
        if not self._ready and len(self._in_hand) < self._concurrency:
            exclude = self._resting.union(self._in_hand)
            try:
                waiting = await inbox.waiting_senders(4 * self._concurrency, exclude)
            except Exception as error:  # noqa: BLE001 - whatever it is, the next look may succeed
                log.warning("intake: cannot read the inbox (%s)", type(error).__name__)
                return
            self._ready.extend(waiting)
        while self._ready and len(self._in_hand) < self._concurrency:
            sender = self._ready.popleft()
            if sender not in self._in_hand:
                task = asyncio.create_task(self._one_of(sender), name="intake")
                self._in_hand[sender] = task

    async def _one_of(self, sender: int) -> None:
        try:
            if await self._one(sender):
                self._troubles.pop(sender, None)
            else:
                self._rest(sender, _ELSEWHERE)
        except Exception as error:  # noqa: BLE001 - one person's update must not end the others'
            log.warning("intake: an update is left for later (%s)", _where(error))
            self.counts["postponed"] += 1
            self._troubles[sender] += 1
            self._rest(sender, min(0.05 * 2 ** min(self._troubles[sender], 10), 5.0))
        finally:
            del self._in_hand[sender]
            self._wake.set()

    async def _one(self, sender: int) -> bool:
        """Handle the sender's next update; False when there is none for us."""
        row: InboxUpdate | None = None
        try:
            async with asyncio.timeout(self._time_limit), in_transaction():
                row = await inbox.claim_next(sender)
                if row is None:
                    return False
                after = await self._handle(row)
            self.counts["handled"] += 1
        except Refusal as refusal:
            assert row is not None
            after = await self._refused(row, refusal)
        except Exception as error:
            if row is None or (passes(error) and self._troubles[sender] < _TROUBLES):
                raise
            after = await self._failed(row, error)
        self._later(after)
        return True

    async def _refused(self, row: InboxUpdate, refusal: Refusal) -> After:
        """The effects are rolled back; the answer takes their place."""
        try:
            async with asyncio.timeout(self._time_limit), in_transaction():
                again = await inbox.claim_next(row.sender)
                if again is None or again.update_id != row.update_id:
                    raise _TakenElsewhere  # noqa: TRY301 - rolls the claim back
                after = await self._refuse(row, refusal)
        except _TakenElsewhere:
            return None
        except Exception as error:
            if passes(error):
                raise
            return await self._failed(row, error)
        self.counts["refused"] += 1
        return after

    async def _failed(self, row: InboxUpdate, error: Exception) -> After:
        """Put the update off; at the fifth failure park it and tell the person."""
        reference = "".join(secrets.choice(_LETTERS) for _ in range(4))
        what = f"{reference} {_where(error)}"
        log.error("intake: update %d failed: %s", row.update_id, what)
        self.counts["failed"] += 1
        try:
            async with in_transaction():
                if not await inbox.failed(row.update_id, what):
                    return None
                after = await self._apologise(row, reference)
        except Exception as worse:
            if passes(worse):
                raise
            log.warning("intake: no apology for update %d: %s", row.update_id, _where(worse))
            after = None
            await inbox.failed(row.update_id, what)
        self.counts["parked"] += 1
        log.error("intake: update %d is parked, reference %s", row.update_id, reference)
        return after

    def _rest(self, sender: int, pause: float) -> None:
        """Leave the sender alone for so many seconds."""
        self._resting.add(sender)
        asyncio.get_running_loop().call_later(pause, self._rested, sender)

    def _rested(self, sender: int) -> None:
        self._resting.discard(sender)
        self._wake.set()

    def _later(self, after: After) -> None:
        if after is None:
            return
        task = asyncio.create_task(_afterwards(after), name="intake-after")
        self._afterwards.add(task)
        task.add_done_callback(self._afterwards.discard)


async def _afterwards(after: Callable[[], Awaitable[object]]) -> None:
    try:
        await after()
    except Exception as error:  # noqa: BLE001 - the update has taken effect whatever happens here
        log.warning("intake: after an update: %s", _where(error))


def _where(error: BaseException) -> str:
    """The error's kind and place. Its words may quote a title or a name: they stay unsaid."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename] or frames
    place = f" at {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{place}"
