"""The timetable: which sweep runs how often, where, and how it ends."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from scheduler import jobs

log = logging.getLogger(__name__)

Sweep = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the timetable: the sweep, and the seconds from one start to the next."""

    sweep: Sweep
    every: int
    at_start: bool = True

    @property
    def name(self) -> str:
        """How logs call it."""
        return getattr(self.sweep, "__name__", "sweep")


#: What the leader does by the clock.
LEADERS = (
    Entry(jobs.reroute_waiting, every=60),
    Entry(jobs.announce_edition, every=60),
    Entry(jobs.refresh_menus, every=600),
    Entry(jobs.forget_updates, every=3600),
)


def everywhere(reload_guide: Sweep) -> tuple[Entry, ...]:
    """What every replica does by the clock: each holds an index of the guide in its memory."""
    return (Entry(reload_guide, every=30, at_start=False),)


@asynccontextmanager
async def timetable(entries: Iterable[Entry], time_zone: ZoneInfo) -> AsyncIterator[None]:
    """Run ``entries`` by the clock; on the way out every sweep under way is waited for.

    A late or missed run is made up once, two runs of one sweep never overlap, and a failing
    sweep is logged and tried again at its next turn.
    """
    running: set[asyncio.Task[None]] = set()
    scheduler = AsyncIOScheduler(
        timezone=time_zone,
        job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
    )
    for entry in entries:
        scheduler.add_job(
            _tracked(entry, running),
            "interval",
            seconds=entry.every,
            name=entry.name,
            **({"next_run_time": datetime.now(UTC)} if entry.at_start else {}),
        )
    scheduler.start()
    try:
        yield
    finally:
        scheduler.pause()
        if running:
            await asyncio.wait(running)
        scheduler.shutdown(wait=False)


def _tracked(entry: Entry, running: set[asyncio.Task[None]]) -> Callable[[], Awaitable[None]]:
    """The sweep in a task of our own: the scheduler's shutdown cancels those it knows."""

    async def run() -> None:
        task = asyncio.create_task(_isolated(entry), name=entry.name)
        running.add(task)
        task.add_done_callback(running.discard)
        await asyncio.shield(task)

    return run


async def _isolated(entry: Entry) -> None:
    try:
        await entry.sweep()
    except Exception:
        log.exception("the sweep %s failed; it runs again in %d s", entry.name, entry.every)
