"""Work that runs beside everything else, and is ended in order."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final

log = logging.getLogger(__name__)

#: Seconds that a piece of work has to end by itself once it is told to; all of it is durable.
GRACE: Final = 8.0

Halt = Callable[[], Awaitable[object] | None]


@asynccontextmanager
async def alongside(
    work: Coroutine[Any, Any, object], halt: Halt, failed: asyncio.Event | None = None
) -> AsyncIterator[None]:
    """Run ``work`` until the way out, where ``halt`` tells it to end; then it is waited for.

    Work that raises sets ``failed`` at once; what it raised is raised again on the way out.
    """
    task = asyncio.create_task(work, name=getattr(work, "__qualname__", "work"))

    def ended(done: asyncio.Task[object]) -> None:
        if failed is not None and not done.cancelled() and done.exception():
            failed.set()

    task.add_done_callback(ended)
    try:
        yield
    finally:
        await _end(task, halt)


async def _end(task: asyncio.Task[object], halt: Halt) -> None:
    if not task.done():
        telling = halt()
        told = [asyncio.ensure_future(telling)] if telling is not None else []
        await asyncio.wait([task, *told], timeout=GRACE, return_when=asyncio.ALL_COMPLETED)
        for late in (task, *told):
            if not late.done():
                log.warning("%s did not end in %g s", late.get_name(), GRACE)
                late.cancel()
                await asyncio.wait([late])
    if not task.cancelled():
        task.result()


async def first_of(*events: asyncio.Event) -> None:
    """Return as soon as one of ``events`` is set."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


async def pause(seconds: float, *events: asyncio.Event) -> None:
    """Wait ``seconds``, or less when one of ``events`` is set."""
    try:
        await asyncio.wait_for(first_of(*events), seconds)
    except TimeoutError:
        return
