"""The sender: delivers what the outbox owes, in the order of the lanes, at Telegram's pace."""

import asyncio
import logging
import random
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Final

from telegram import Bot
from telegram.error import RetryAfter, TelegramError

from bot.courier import Courier, Handed
from bot.delivery_errors import Verdict, seconds_to_wait, verdict_on
from bot.pacing import Pacing
from bot.rendered import Rendered
from models import delivery, outbox
from models.outbox import RETIRE, UNWORDED, Lane, Message
from models.trouble import passes

log = logging.getLogger(__name__)

Render = Callable[[Message], Awaitable[Rendered | None]]
"""The words and the keyboard of a message owed; None when there is nothing to say any more."""

_POLL: Final = 1.0
_LONGEST_PAUSE: Final = 300.0
_LONGEST_OUTAGE_PAUSE: Final = 15.0
_UNWORDED_TRIES: Final = 10
_jitter: Final = random.SystemRandom()


class Clock:
    """Time as the sender needs it; tests have one that runs ahead."""

    def monotonic(self) -> float:
        """Seconds of a clock that nobody sets."""
        return time.monotonic()

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        """Return when ``event`` is set, or after ``seconds``."""
        with suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), seconds)


class Sender:
    """Several chats at once, one message at a time in each. One sender at work is enough."""

    def __init__(
        self,
        bot: Bot,
        render: Render,
        *,
        pacing: Pacing | None = None,
        concurrency: int = 32,
        clock: Clock | None = None,
    ) -> None:
        self._courier, self._render = Courier(bot), render
        self._pacing, self._clock = pacing or Pacing(), clock or Clock()
        self._concurrency = concurrency
        self._in_hand: dict[int, asyncio.Task[None]] = {}
        self._wake, self._ended = asyncio.Event(), asyncio.Event()
        self._ended.set()
        self._stopping = False
        self._outage = 0
        self.counts: Counter[str] = Counter()
        """How many messages were sent, needed no call, were put off (by cause) or given up."""

    @property
    def in_hand(self) -> int:
        """How many deliveries are under way."""
        return len(self._in_hand)

    async def run(self) -> None:
        """Deliver until :meth:`stop`; then finish what is in hand."""
        self._ended.clear()
        quiet = outbox.listen(self._wake.set)
        try:
            await self._guarded(delivery.reclaim())
            while not self._stopping:
                self._wake.clear()
                pause = await self._dispatch()
                await self._clock.wait(self._wake, pause)
        except asyncio.CancelledError:
            for task in self._in_hand.values():
                task.cancel()
            raise
        finally:
            quiet()
            self._stopping = False
            await asyncio.gather(*self._in_hand.values(), return_exceptions=True)
            self._ended.set()

    async def stop(self) -> None:
        """Begin nothing new; return when what was in hand is finished."""
        self._stopping = True
        self._wake.set()
        await self._ended.wait()

    async def _guarded(self, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - whatever it is, the next look may succeed
            log.warning("sender: the outbox does not answer (%s)", type(error).__name__)

    async def _dispatch(self) -> float:
        """Begin what may be sent now; seconds until it is worth looking again."""
        now = self._clock.monotonic()
        # while Telegram cannot be reached one message at a time knocks
        hands = (1 if self._outage else self._concurrency) - len(self._in_hand)
        if hands <= 0:
            return _POLL
        if delay := self._pacing.delay(now):
            return min(delay, _POLL)
        bulk = self._pacing.delay(now, Lane.BROADCAST)
        resting = self._pacing.resting(now)
        try:
            rows = await delivery.due(
                hands,
                closed=resting.keys() | self._in_hand.keys(),
                lowest=Lane.CARD if bulk else Lane.BROADCAST,
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, the next look may succeed
            log.warning("sender: cannot read the outbox (%s)", type(error).__name__)
            return _POLL
        if sum(self._begin(row) for row in rows):
            return 0.0
        return min([_POLL, *([bulk] if bulk else []), *resting.values()])

    def _begin(self, row: Message) -> bool:
        """Start a delivery, if pace and chat allow it still."""
        now = self._clock.monotonic()
        if row.chat_id in self._in_hand or self._pacing.delay(now, row.lane):
            return False
        self._pacing.begin(row.chat_id, row.lane, now)
        task = asyncio.create_task(self._deliver(row), name="delivery")
        self._in_hand[row.chat_id] = task
        return True

    async def _deliver(self, row: Message) -> None:
        counted = True
        try:
            async with asyncio.timeout(outbox.LEASE.total_seconds() - 5):
                counted = await self._deliver_claimed(row)
        except Exception as error:  # noqa: BLE001 - the lease runs out and the message is due again
            log.warning("sender: message %d is left for later (%s)", row.id, type(error).__name__)
        finally:
            self._pacing.end(row.chat_id, self._clock.monotonic(), counted=counted)
            del self._in_hand[row.chat_id]
            self._wake.set()

    async def _deliver_claimed(self, row: Message) -> bool:
        """Claim, word, call, settle. Whether Telegram counts it as a message."""
        messages = await delivery.claim(row)
        if not messages:
            return False
        try:
            rendered = None if row.kind == RETIRE else await self._render(messages[0])
            handed = await self._courier.hand_over(messages, rendered)
        except TelegramError as error:
            await self._settle(messages, error)
            return True
        except Exception as error:
            if passes(error):
                raise
            await self._unworded(row, messages, error)
            return False
        self.counts[handed.name.lower()] += 1
        if handed is not Handed.NEEDLESS and self._outage:
            self._outage = 0
            await delivery.network_is_back()
        return handed is Handed.SENT

    async def _settle(self, messages: Sequence[Message], error: TelegramError) -> None:
        """Do what the table of errors says."""
        first, verdict, now = messages[0], verdict_on(error), self._clock.monotonic()
        self.counts[verdict.name.lower()] += 1
        log.warning("sender: message %d: %s", first.id, verdict.name.lower())
        if isinstance(error, RetryAfter):
            seconds = seconds_to_wait(error)
            if self._pacing.refused(first.chat_id, seconds, now):
                log.warning("sender: several chats are flooded, everybody waits %.0f s", seconds)
            await delivery.later(messages, "flood", seconds)
        elif verdict is Verdict.NETWORK:
            what = f"{delivery.NETWORK} {type(error).__name__}"
            await delivery.later(messages, what, self._network_failed(first.attempts, now))
        else:
            await delivery.never(messages, f"{verdict.name.lower()}: {error}")
            if verdict is Verdict.UNREACHABLE and first.person is not None:
                await outbox.unreachable(first.person)

    def _network_failed(self, attempts: int, now: float) -> float:
        """Hold everybody, longer each time in a row; seconds until this message may knock again."""
        longest = _LONGEST_OUTAGE_PAUSE if self._outage else _LONGEST_PAUSE
        self._pacing.hold_all(min(0.25 * 2 ** min(self._outage, 10), _LONGEST_OUTAGE_PAUSE), now)
        self._outage += 1
        return min(growing(attempts), longest)

    async def _unworded(self, row: Message, messages: Sequence[Message], error: Exception) -> None:
        """A message that cannot be worded harms only itself."""
        said = re.match(rf"{UNWORDED} (\d+)", row.error)
        tries = 1 + (int(said[1]) if said else 0)
        what = f"{UNWORDED} {tries}: {type(error).__name__}"
        log.error("sender: message %d (%s) cannot be worded: %s", row.id, row.kind, what)
        self.counts["unworded"] += 1
        if tries >= _UNWORDED_TRIES:
            await delivery.never(messages, what)
        else:
            await delivery.later(messages, what, growing(tries))


def growing(attempts: int) -> float:
    """Seconds to wait after so many attempts: doubling, a little random, at most five minutes."""
    return min(2.0 ** min(attempts, 10) * _jitter.uniform(0.8, 1.2), _LONGEST_PAUSE)
