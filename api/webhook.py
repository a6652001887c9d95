"""The door for Telegram's updates: checked, stored, and only then confirmed."""

import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

PATH: Final = "/telegram/webhook"
SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a name
#: Telegram's updates are far smaller; files never travel in them.
LARGEST: Final = 1024 * 1024

Accept = Callable[[dict[str, Any]], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Door:
    """Who may enter (whoever knows ``secret``), and what becomes of an update."""

    accept: Accept
    secret: str


DOOR: Final = web.AppKey("door", Door)


async def receive(request: web.Request) -> web.Response:
    """POST /telegram/webhook: 200 once the update is durable; nothing is done with it here."""
    door = request.app.get(DOOR)
    if door is None:
        raise web.HTTPNotFound
    sent = request.headers.get(SECRET_HEADER, "")
    if not sent:
        raise web.HTTPUnauthorized
    if not hmac.compare_digest(sent.encode(errors="surrogateescape"), door.secret.encode()):
        raise web.HTTPForbidden
    try:
        await door.accept(_update(await request.read()))
    except ValueError as bad:
        raise web.HTTPBadRequest from bad
    return web.json_response({})


def _update(body: bytes) -> dict[str, Any]:
    try:
        update = json.loads(body)
    except RecursionError as bad:
        raise ValueError from bad
    if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
        raise ValueError  # noqa: TRY004 - to the caller all of it is one kind of nonsense
    return update
