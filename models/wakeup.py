"""Waking whoever waits for new rows, at the moment they become visible.

On SQLite there is one process and one connection: a listener is called at once, and what it then
reads waits for the writer's commit. On PostgreSQL ``NOTIFY`` does both: it is delivered at the
commit, to every replica that is inside :func:`hearing`. A lost wake-up costs time, never rows:
readers also look once a second.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg

from models.db import connect, dialect, dialect_of, sql

log = logging.getLogger(__name__)

Listener = Callable[[], None]
_RECONNECT_AFTER: Final = 1.0
_HEARTBEAT: Final = 30.0


class Bell:
    """Rung for all who listen. A listener only sets an event: it may run inside a transaction."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` at every ring, until the returned function is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def ring(self) -> None:
        """Wake those who listen in this process."""
        for listener in tuple(self._listeners):
            listener()

    async def announce(self) -> None:
        """Wake those who listen, in every process, once the current transaction is visible."""
        if dialect() == "sqlite":
            self.ring()
        else:
            await sql("SELECT pg_notify(?, '')", self.channel)


INBOX: Final = Bell("dingmi_inbox")
OUTBOX: Final = Bell("dingmi_outbox")


@asynccontextmanager
async def hearing(url: str) -> AsyncIterator[None]:
    """Hear the other replicas of ``url`` too; SQLite has none."""
    if dialect_of(url) == "sqlite":
        yield
        return
    task = asyncio.create_task(_hear_for_ever(url), name="wakeup")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _hear_for_ever(url: str) -> None:
    while True:
        try:
            await _hear(url)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as trouble:
            log.warning(
                "wakeup: not listening (%s); rows are found by polling", type(trouble).__name__
            )
        await asyncio.sleep(_RECONNECT_AFTER)


async def _hear(url: str) -> None:
    """Listen on one connection until it is lost."""
    connection = await connect(url)
    lost = asyncio.Event()
    try:
        connection.add_termination_listener(lambda _: lost.set())
        for bell in (INBOX, OUTBOX):
            await connection.add_listener(bell.channel, _ringer(bell))
            bell.ring()  # something may have been announced while nobody listened
        while not lost.is_set():
            try:
                await asyncio.wait_for(lost.wait(), _HEARTBEAT)
            except TimeoutError:
                await connection.execute("SELECT 1", timeout=5)
    finally:
        connection.terminate()


def _ringer(bell: Bell) -> Callable[..., None]:
    def heard(*_: Any) -> None:
        bell.ring()

    return heard
