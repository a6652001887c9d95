"""The sandbox over HTTP: the Bot API, files, and the page people use."""

import asyncio
import ipaddress
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from aiohttp import web

from .errors import NoAnswer, Refused
from .page_api import TELEGRAM, refusals, routes
from .params import Files
from .telegram import Telegram

PAGE: Final = Path(__file__).with_name("page")
MOST_BYTES: Final = 64 * 1024 * 1024
LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
ALLOW_REMOTE: Final = web.AppKey("allow_remote", bool)
SILENCE: Final = 3600.0  #: how long an injected timeout keeps a connection open
SECURITY: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def create_app(telegram: Telegram, *, allow_remote: bool = False) -> web.Application:
    """The application: ``/bot<token>/<method>``, ``/file/…``, ``/sandbox/…`` and the page."""
    app = web.Application(client_max_size=MOST_BYTES, middlewares=[same_site, refusals])
    app[TELEGRAM] = telegram
    app[ALLOW_REMOTE] = allow_remote
    app.add_routes(routes)
    app.router.add_route("*", r"/bot{token:[^/]+}/{method:\w+}", bot_api)
    app.router.add_get(r"/file/bot{token:[^/]+}/{path:.+}", download)
    app.router.add_get("/", page)
    app.router.add_get(f"/{telegram.bot.username}", page)
    app.router.add_static("/page/", PAGE)
    app.on_response_prepare.append(_secure)
    return app


async def _secure(_: web.Request, response: web.StreamResponse) -> None:
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)


@web.middleware
async def same_site(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn away other web sites.

    A page elsewhere could point its own name at this machine (DNS rebinding) or simply post here;
    the first shows in Host, the second in Origin.
    """
    host = urlsplit(f"//{request.host}").hostname
    if not request.app[ALLOW_REMOTE] and host not in LOOPBACK_NAMES:
        return web.Response(status=403, text="The sandbox answers to localhost only.")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        return web.Response(status=403, text="The sandbox does not answer to other sites.")
    return await handler(request)


async def page(_: web.Request) -> web.FileResponse:
    """The page; also what a deep link opens."""
    return web.FileResponse(PAGE / "index.html")


async def bot_api(request: web.Request) -> web.StreamResponse:
    """One Bot API call."""
    try:
        params, files = await _read(request)
    except ValueError:
        refused = Refused(400, "can't parse the request body")
        return web.json_response(refused.answer(), status=refused.status)
    token, method = request.match_info["token"], request.match_info["method"]
    carried_out = asyncio.ensure_future(
        request.app[TELEGRAM].call(token, method, params, files)
    )  # fmt: skip
    try:
        # A caller that hangs up ends its long poll, but takes back nothing else.
        polling = method.lower() == "getupdates"
        status, body = await (carried_out if polling else asyncio.shield(carried_out))
    except NoAnswer as lost:
        return await _no_answer(request, lost)
    return web.json_response(body, status=status, dumps=_dumps)


def _dumps(body: Any) -> str:
    return json.dumps(body, ensure_ascii=False)


async def _no_answer(request: web.Request, lost: NoAnswer) -> web.Response:
    """Let the connection fail the way the fault says."""
    if lost.kind == "timeout":
        await asyncio.sleep(SILENCE)
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def _read(request: web.Request) -> tuple[dict[str, Any], Files]:
    """Parameters from the query, a form, JSON or a multipart body, and the files with them."""
    params: dict[str, Any] = dict(request.query)
    files: Files = {}
    if request.content_type == "application/json":
        if request.can_read_body:
            body = await request.json()
            params |= body if isinstance(body, dict) else {}
        return params, files
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[name] = (value.filename, value.file.read(), value.content_type)
        else:
            params[name] = value.decode() if isinstance(value, bytes | bytearray) else value
    return params, files


async def download(request: web.Request) -> web.Response:
    """The content of a file, for the bot that may have it."""
    telegram = request.app[TELEGRAM]
    content = telegram.download(request.match_info["token"], request.match_info["path"])
    if content is None:
        raise web.HTTPNotFound
    return web.Response(body=content, content_type="application/octet-stream")


def _check_host(host: str) -> None:
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    if not loopback:
        words = (
            f"the sandbox lets anybody be anybody, so it does not listen on {host!r}: "
            "use 127.0.0.1, or say allow_remote=True if everyone who can reach it may use it"
        )
        raise ValueError(words)


@asynccontextmanager
async def serving(
    telegram: Telegram,
    *,
    host: str = "127.0.0.1",
    port: int = 8081,
    allow_remote: bool = False,
) -> AsyncIterator[str]:
    """Serve while the context lasts; yields the address. Port 0 takes any free one."""
    if not allow_remote:
        _check_host(host)
    app = create_app(telegram, allow_remote=allow_remote)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.5, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        bound = runner.addresses[0][1]
        yield f"http://{f'[{host}]' if ':' in host else host}:{bound}"
    finally:
        await telegram.close()
        await runner.cleanup()
