"""Leadership: which one of the processes on a database sends, polls and keeps time."""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from models.db import connect, dialect_of, file_of
from models.errors import Refusal

if TYPE_CHECKING:
    import asyncpg

log = logging.getLogger(__name__)

#: "dgmi" in ASCII: whoever holds this advisory lock leads.
_LEADER_LOCK: Final = 0x64676D69

#: What the leader does until the event it is given is set; it returns soon after.
Work = Callable[[asyncio.Event], Awaitable[None]]


class DatabaseInUse(Refusal):
    """Another process already runs on this SQLite file; ``path`` names it."""

    code = "database_in_use"


@contextmanager
def alone(url: str) -> Iterator[None]:
    """The only run on a SQLite file: :class:`DatabaseInUse` when there is one already.

    The lock is SQLite's own, on a file beside the database: it ends with the process, however
    that ends. PostgreSQL serves many processes, so there it does nothing.
    """
    path = _file_of(url)
    if path is None:
        yield
        return
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    lock = sqlite3.connect(f"{path}-lock", timeout=0, isolation_level=None)
    try:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise DatabaseInUse(path=path) from error
            raise
        yield
    finally:
        lock.close()


def _file_of(url: str) -> str | None:
    file = file_of(url)
    return None if file is None else str(file)


async def lead(url: str, work: Work, stop: asyncio.Event, *, every: float = 1.0) -> None:
    """Do ``work`` whenever this process leads, until ``stop``; a failed work is begun again.

    On PostgreSQL an advisory lock on a connection of its own makes the leader. It is looked at
    ``every`` seconds; when it cannot be, the work is over at once and another may take its
    place. On SQLite there is one process, the leader.
    """
    while not stop.is_set():
        try:
            async with _reign(url, every) as lost:
                if lost is not None:
                    await _until_over(work, stop, lost)
        except Exception:
            log.exception("the leader's work failed; it is begun again")
        await _sleep(stop, every)


@asynccontextmanager
async def _reign(url: str, every: float) -> AsyncIterator[asyncio.Event | None]:
    """The event that ends this leadership; None when another process leads."""
    if dialect_of(url) == "sqlite":
        yield asyncio.Event()
        return
    try:
        connection = await connect(url)
    except Exception as error:  # noqa: BLE001 - whatever it is, the next try may succeed
        log.warning("cannot ask who leads: %s", type(error).__name__)
        yield None
        return
    try:
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", _LEADER_LOCK):
            yield None
            return
        log.info("leading")
        lost = asyncio.Event()
        pulse = asyncio.create_task(_watch(connection, lost, every))
        try:
            yield lost
        finally:
            pulse.cancel()
            await asyncio.wait([pulse])
            log.info("leading no more")
    finally:
        with contextlib.suppress(Exception):
            await connection.close(timeout=2)


async def _watch(connection: "asyncpg.Connection[Any]", lost: asyncio.Event, every: float) -> None:
    """Set ``lost`` as soon as the connection that holds the lock does not answer."""
    try:
        while True:
            await asyncio.sleep(every)
            await connection.fetchval("SELECT 1", timeout=2)
    except Exception:  # noqa: BLE001 - however it fails, the lock may be gone
        log.warning("the leader's connection does not answer")
        lost.set()


async def _until_over(work: Work, stop: asyncio.Event, lost: asyncio.Event) -> None:
    """Do ``work`` until it ends, ``stop`` or ``lost``; it is always waited for."""
    over = asyncio.Event()
    doing = asyncio.ensure_future(work(over))
    signals = [asyncio.ensure_future(event.wait()) for event in (stop, lost)]
    try:
        await asyncio.wait([doing, *signals], return_when=asyncio.FIRST_COMPLETED)
    finally:
        over.set()
        for signal in signals:
            signal.cancel()
        await doing


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
