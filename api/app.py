"""The HTTP side: one visible table of routes."""

from aiohttp import web
from aiohttp.typedefs import Handler

from api import health, webhook

#: Where Telegram is told to send updates, below the public URL.
WEBHOOK_PATH = webhook.PATH

#: Everything that answers over HTTP.
ROUTES = (
    web.get("/healthz", health.healthz),
    web.get("/readyz", health.readyz),
    web.post(webhook.PATH, webhook.receive),
)

#: Nothing here is a page to frame, to cache or to guess a type of.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def create_app(
    *,
    accept: webhook.Accept | None = None,
    webhook_secret: str | None = None,
    readiness: health.Readiness | None = None,
) -> web.Application:
    """The application. ``accept`` stores an update durably; without it there is no webhook.

    ``readiness`` names the parts that must work before traffic is welcome, each with its check.
    """
    app = web.Application(middlewares=[_plain_failures], client_max_size=webhook.LARGEST)
    app.on_response_prepare.append(_add_headers)
    app[health.READINESS] = readiness or {}
    if accept and webhook_secret:
        app[webhook.DOOR] = webhook.Door(accept, webhook_secret)
    app.add_routes(ROUTES)
    return app


async def _add_headers(_: web.Request, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = "dingmi"


@web.middleware
async def _plain_failures(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A stranger learns the status and nothing else."""
    try:
        return await handler(request)
    except web.HTTPException as answer:
        return web.json_response({"error": answer.reason}, status=answer.status)
    except Exception:
        request.app.logger.exception("a request failed")
        return web.json_response({"error": "Internal Server Error"}, status=500)
