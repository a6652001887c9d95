"""Whether the process lives, and whether it is ready: for the watchdog and the load balancer."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from aiohttp import web

log = logging.getLogger(__name__)

Check = Callable[[], Awaitable[bool]]
Readiness = Mapping[str, Check]

READINESS: Final = web.AppKey("readiness", Readiness)
#: A part that cannot say within this many seconds is not ready.
PATIENCE: Final = 3.0


async def healthz(_: web.Request) -> web.Response:
    """GET /healthz: the process is alive, whatever else may be."""
    return web.json_response({"alive": True})


async def readyz(request: web.Request) -> web.Response:
    """GET /readyz: each part and whether it is ready; 503 as long as one is not."""
    checks = request.app[READINESS]
    answers = await asyncio.gather(*(_ask(name, check) for name, check in checks.items()))
    parts = dict(zip(checks, answers, strict=True))
    ready = all(answers)
    return web.json_response({"ready": ready, "parts": parts}, status=200 if ready else 503)


async def _ask(name: str, check: Check) -> bool:
    try:
        return await asyncio.wait_for(check(), PATIENCE)
    except Exception as failed:  # noqa: BLE001 - whatever fails, the answer is: not ready
        log.warning("%s is not ready: %s", name, type(failed).__name__)
        return False
