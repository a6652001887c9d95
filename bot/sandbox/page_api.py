"""The small JSON API behind the page: what a person can do, one route each."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final, cast

from aiohttp import web

from .errors import CannotDo
from .telegram import Telegram
from .views import chat_view, enriched, person_view, state_view

if TYPE_CHECKING:
    from .person import FileKind

Json = dict[str, Any]

TELEGRAM: Final = web.AppKey("telegram", Telegram)
PERSON_FIELDS: Final = frozenset(
    {
        "id",
        "first_name",
        "last_name",
        "username",
        "language_code",
        "note",
        "start_payload",
        "started",
    }
)
FIRST_PERSON: Final = 700_000
FILE_KINDS: Final = frozenset({"document", "photo", "voice", "video", "sticker"})
HEARTBEAT: Final = 15.0
PATIENCE: Final = 10.0  #: how long the page waits for inline results

routes = web.RouteTableDef()


@web.middleware
async def refusals(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """What cannot be done, or was asked for wrongly, is told in one shape: ``{"error": …}``."""
    if not request.path.startswith("/sandbox/"):
        return await handler(request)
    try:
        return await handler(request)
    except CannotDo as cannot:
        return web.json_response({"error": str(cannot)}, status=409)
    except TimeoutError:
        return web.json_response({"error": "the bot did not answer"}, status=504)
    except (KeyError, TypeError, ValueError) as wrong:
        words = f"cannot read the request: {type(wrong).__name__} {wrong}"
        return web.json_response({"error": words}, status=400)


async def _asked(request: web.Request) -> tuple[Telegram, int, Json]:
    """The telegram, whose phone it is, and the body."""
    body = await request.json() if request.can_read_body else {}
    if not isinstance(body, dict):
        words = "a JSON object is expected"
        raise TypeError(words)
    return request.app[TELEGRAM], int(request.match_info.get("person", 0)), body


@routes.get("/sandbox/state")
async def state(request: web.Request) -> web.Response:
    """The bot, the hint, and everybody."""
    return web.json_response(state_view(request.app[TELEGRAM]))


@routes.post("/sandbox/people")
async def add_person(request: web.Request) -> web.Response:
    """Add somebody, or change their fields; without an id they get a new one."""
    telegram, _, body = await _asked(request)
    fields = {name: value for name, value in body.items() if name in PERSON_FIELDS}
    number = int(fields.pop("id", 0)) or max(telegram.people, default=FIRST_PERSON) + 1
    person = telegram.add_person(number, str(fields.pop("first_name")), **fields)
    return web.json_response(person_view(telegram, person))


@routes.get("/sandbox/people/{person}")
async def conversation(request: web.Request) -> web.Response:
    """Everything in one person's chat."""
    telegram, person, _ = await _asked(request)
    return web.json_response(chat_view(telegram, person))


@routes.post("/sandbox/people/{person}/start")
async def start(request: web.Request) -> web.Response:
    """Press Start, with or without a payload."""
    telegram, person, body = await _asked(request)
    return web.json_response(telegram.press_start(person, body.get("payload") or None))


@routes.post("/sandbox/people/{person}/say")
async def say(request: web.Request) -> web.Response:
    """Write a message."""
    telegram, person, body = await _asked(request)
    return web.json_response(telegram.say(person, str(body["text"]), reply_to=body.get("reply_to")))


@routes.post("/sandbox/people/{person}/tap")
async def tap(request: web.Request) -> web.Response:
    """Tap a button by row and column."""
    telegram, person, body = await _asked(request)
    place = int(body["row"]), int(body["column"])
    return web.json_response({"query": telegram.tap(person, int(body["message"]), place)})


@routes.post("/sandbox/people/{person}/edit")
async def edit(request: web.Request) -> web.Response:
    """Change one's own message."""
    telegram, person, body = await _asked(request)
    return web.json_response(telegram.edit(person, int(body["message"]), str(body["text"])))


@routes.post("/sandbox/people/{person}/delete")
async def delete(request: web.Request) -> web.Response:
    """Delete a message, or the whole chat when none is named."""
    telegram, person, body = await _asked(request)
    if "message" in body:
        telegram.delete(person, int(body["message"]))
    else:
        telegram.clear_history(person)
    return web.json_response({})


@routes.post("/sandbox/people/{person}/forward")
async def forward(request: web.Request) -> web.Response:
    """Forward a message to the bot."""
    telegram, person, body = await _asked(request)
    return web.json_response(telegram.forward(person, int(body["message"]), to=body.get("to")))


@routes.post("/sandbox/people/{person}/file")
async def upload(request: web.Request) -> web.Response:
    """Send a file: the body is its content, the query says the rest."""
    telegram, person = request.app[TELEGRAM], int(request.match_info["person"])
    kind = request.query.get("kind", "document")
    if kind not in FILE_KINDS:
        words = f"unknown kind of file: {kind}"
        raise ValueError(words)
    sent = telegram.send_file(
        person,
        request.query.get("name", "file.bin"),
        await request.read(),
        request.content_type,
        kind=cast("FileKind", kind),
        caption=request.query.get("caption", ""),
    )
    return web.json_response(sent)


@routes.post("/sandbox/people/{person}/inline")
async def inline(request: web.Request) -> web.Response:
    """Ask for inline results and wait for them."""
    telegram, person, body = await _asked(request)
    query = telegram.inline(person, str(body.get("query", "")), str(body.get("offset", "")))
    answer = await telegram.results(query, PATIENCE)
    return web.json_response({"query": query, **answer})


@routes.post("/sandbox/people/{person}/pick")
async def pick(request: web.Request) -> web.Response:
    """Choose an inline result."""
    telegram, person, body = await _asked(request)
    return web.json_response(telegram.pick(person, str(body["query"]), str(body["result"])))


@routes.post("/sandbox/people/{person}/vote")
async def vote(request: web.Request) -> web.Response:
    """Vote in a poll."""
    telegram, person, body = await _asked(request)
    telegram.vote(person, int(body["message"]), [int(option) for option in body["options"]])
    return web.json_response({})


@routes.post("/sandbox/people/{person}/block")
async def block(request: web.Request) -> web.Response:
    """Block the bot, or unblock it."""
    telegram, person, body = await _asked(request)
    change = telegram.block if body.get("blocked", True) else telegram.unblock
    change(person)
    return web.json_response({})


@routes.post("/sandbox/people/{person}/read")
async def read(request: web.Request) -> web.Response:
    """Look at the chat."""
    telegram, person, _ = await _asked(request)
    telegram.read(person)
    return web.json_response({})


@routes.get("/sandbox/files/{file}")
async def file(request: web.Request) -> web.Response:
    """A picture in the chat. Everything else is only ever offered as a download."""
    kept = request.app[TELEGRAM].bot.files.get(request.match_info["file"])
    if kept is None:
        raise web.HTTPNotFound
    shown = kept.mime in {"image/png", "image/jpeg", "image/webp", "image/gif"}
    headers = {
        "Content-Type": kept.mime if shown else "application/octet-stream",
        "Content-Disposition": "inline" if shown else "attachment",
        "Content-Security-Policy": "sandbox",
    }
    return web.Response(body=kept.content, headers=headers)


@routes.get("/sandbox/calls")
async def calls(request: web.Request) -> web.Response:
    """The bot's calls after the one numbered ``after``, and every unknown parameter so far."""
    after = int(request.query.get("after", 0))
    telegram = request.app[TELEGRAM]
    log = [asdict(call) for call in telegram.calls if call.number > after]
    return web.json_response({"calls": log, "warnings": telegram.warnings})


@routes.post("/sandbox/faults")
async def faults(request: web.Request) -> web.Response:
    """Make the next calls fail."""
    telegram, _, body = await _asked(request)
    telegram.fail(**body)
    return web.json_response({})


@routes.get("/sandbox/events")
async def events(request: web.Request) -> web.StreamResponse:
    """Everything that changes, as server-sent events; the first one says hello."""
    telegram = request.app[TELEGRAM]
    headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
    stream = web.StreamResponse(headers=headers)
    await stream.prepare(request)
    with telegram.subscription() as changes:
        await stream.write(b'retry: 1000\ndata: {"kind":"hello"}\n\n')
        while True:
            try:
                event = await asyncio.wait_for(changes.get(), HEARTBEAT)
            except TimeoutError:
                await stream.write(b": still here\n\n")
                continue
            told = json.dumps(enriched(telegram, event), ensure_ascii=False)
            await stream.write(f"data: {told}\n\n".encode())
