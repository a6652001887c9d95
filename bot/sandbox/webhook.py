"""Delivery of updates to a bot's webhook."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, Protocol

import aiohttp

from .updates import Pending, UpdateQueue

Json = dict[str, Any]

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
LONGEST_PAUSE: Final = 60.0
LONGEST_RETRY_AFTER: Final = 3600.0


@dataclass(frozen=True)
class Reply:
    """What a webhook answered."""

    status: int
    body: bytes = b""
    retry_after: float = 0.0

    @property
    def phrase(self) -> str:
        """The words that go with the status, empty for one nobody knows."""
        return HTTPStatus(self.status).phrase if self.status in list(HTTPStatus) else ""


class Post(Protocol):
    """How an update reaches a webhook: replaceable, so that a test needs no socket."""

    async def __call__(self, url: str, headers: dict[str, str], body: bytes) -> Reply:
        """Deliver once; OSError, TimeoutError or aiohttp.ClientError when that failed."""


async def post_over_http(url: str, headers: dict[str, str], body: bytes) -> Reply:
    """Deliver over the network; Telegram gives a webhook a minute."""
    limit = aiohttp.ClientTimeout(total=60)
    async with (
        aiohttp.ClientSession(timeout=limit) as session,
        session.post(url, data=body, headers=headers) as answer,
    ):
        wait = answer.headers.get("Retry-After", "0")
        seconds = float(wait) if wait.isdigit() else 0.0
        return Reply(answer.status, await answer.read(), seconds)


@dataclass(eq=False)
class Webhook:
    """A bot's webhook and the deliveries under way.

    Updates of one lane (one person's taps, one chat's messages) are delivered strictly one after
    the other; lanes run side by side, ``max_connections`` at most.
    """

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    ip_address: str = ""
    last_error_date: int = 0
    last_error_message: str = ""
    first_pause: float = 1.0  #: doubles with each failure, up to a minute
    post: Post = post_over_http
    execute: Callable[[Json], Awaitable[None]] | None = None
    _running: "asyncio.Task[None] | None" = None
    _under_way: "dict[str, asyncio.Task[None]]" = field(default_factory=dict)

    def start(self, queue: UpdateQueue) -> None:
        """Begin to deliver what the queue holds, and whatever comes."""
        self._running = asyncio.create_task(self._pump(queue))

    async def stop(self) -> None:
        """End deliveries; what is not acknowledged stays in the queue."""
        tasks = [self._running, *self._under_way.values()]
        self._running = None
        me = asyncio.current_task()  # a webhook's reply body may say deleteWebhook
        for task in tasks:
            if task is None or task is me:
                continue
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        self._under_way.clear()
        self.url = ""

    async def _pump(self, queue: UpdateQueue) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            bell = queue.bell  # taken before looking, so that nothing slips between
            queue.forget_old()
            pause = self._start_due(queue, clock())
            try:
                await asyncio.wait_for(bell.wait(), pause)
            except TimeoutError:
                continue

    def _start_due(self, queue: UpdateQueue, now: float) -> float | None:
        """Start what may go out now; seconds until the next one may, None when none waits."""
        seen: set[str] = set(self._under_way)
        soonest: float | None = None
        again = queue.take_again()
        for update in [*again, *queue.pending]:
            if update.lane in seen or len(self._under_way) >= self.max_connections:
                if update in again:
                    queue.put_again(update)
                continue
            seen.add(update.lane)
            if update.not_before > now:
                wait = update.not_before - now
                soonest = wait if soonest is None else min(soonest, wait)
                continue
            task = asyncio.create_task(self._deliver(queue, update))
            self._under_way[update.lane] = task
        return soonest

    async def _deliver(self, queue: UpdateQueue, update: Pending) -> None:
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers[SECRET_HEADER] = self.secret
        body = json.dumps(update.body, ensure_ascii=False).encode()
        try:
            reply = await self.post(self.url, headers, body)
        except (OSError, TimeoutError, aiohttp.ClientError) as error:
            self._failed(queue, update, f"Connection failed: {type(error).__name__}", 0.0)
        else:
            if HTTPStatus.OK <= reply.status < HTTPStatus.MULTIPLE_CHOICES:
                queue.done([update])
                await self._carry_out(reply.body)
            else:
                words = f"Wrong response from the webhook: {reply.status} {reply.phrase}".strip()
                self._failed(queue, update, words, reply.retry_after)
        finally:
            self._under_way.pop(update.lane, None)
            queue.ring()

    def _failed(self, queue: UpdateQueue, update: Pending, words: str, after: float) -> None:
        self.last_error_date = int(queue.now())
        self.last_error_message = words
        pause = min(self.first_pause * 2**update.tries, LONGEST_PAUSE)
        update.tries += 1
        wait = max(pause, min(after, LONGEST_RETRY_AFTER))
        update.not_before = asyncio.get_running_loop().time() + wait

    async def _carry_out(self, body: bytes) -> None:
        """A webhook may answer with a method to call; its outcome is never told."""
        with suppress(ValueError):
            call = json.loads(body) if body.strip() else None
            if isinstance(call, dict) and "method" in call and self.execute:
                await self.execute(call)
