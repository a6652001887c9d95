"""The composition root: every part is made here, handed what it needs, and ended in order."""

import asyncio
import logging
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from telegram import Bot
from telegram.error import InvalidToken
from telegram.ext import Application

from api.app import WEBHOOK_PATH, create_app
from bot.alongside import alongside, first_of
from bot.app import Chat, build_application
from bot.connect import Listening, TokenRefused, make_bot
from bot.database import opened
from bot.intake import Intake
from bot.leader import Leader, Reception, persist, polling, webhook
from bot.sender import Sender
from bot.settings import Settings
from models import calendar, catalogue, db, leadership, office, wakeup
from models.errors import Refusal
from scheduler.app import LEADERS, everywhere, timetable

log = logging.getLogger(__name__)

#: Seconds without an answer to a long poll (50 s at most) after which Telegram counts as lost.
SILENCE = 120.0


class PortTaken(Refusal):
    """The HTTP side cannot bind ``host``:``port``."""

    code = "port_taken"


class StoppedEarly(Exception):
    """Told to stop before everything had started."""


@dataclass(slots=True)
class Running:
    """What runs: where HTTP answers, the bot, and an event set when a part has failed."""

    settings: Settings
    bot: Bot
    listening: Listening
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    failed: asyncio.Event = field(default_factory=asyncio.Event)
    connected: bool = False
    http: str = ""


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Run until ``stop``, or until a part fails: then what it raised is raised."""
    with suppress(StoppedEarly):
        async with running(settings, stop) as parts:
            log.info("ready, HTTP at %s", parts.http)
            await first_of(stop, parts.failed)
    log.info("stopped")


@asynccontextmanager
async def running(settings: Settings, stop: asyncio.Event) -> AsyncIterator[Running]:
    """Everything, up and connected; on the way out, ended in the opposite order.

    No new updates are taken, what is in hand is finished, messages under way are waited for, and
    the database is closed last. A start that fails half way is taken back the same way.
    """
    office.use(settings.office())
    listening = Listening()
    bot = make_bot(settings.token, settings.bot_api_url, listening)
    parts = Running(settings, bot, listening)
    application = build_application(parts.bot)
    chat = Chat(application)
    intake = Intake(chat.handle, chat.refuse, chat.apologise)
    url, zone = settings.database_url, ZoneInfo(settings.time_zone)
    with leadership.alone(url):
        async with AsyncExitStack() as stack:
            enter = stack.enter_async_context
            await enter(opened(url))
            await enter(wakeup.hearing(url))
            server = await enter(_http(parts, intake))
            await enter(_connected(application, parts, stop))
            await catalogue.refresh()
            await asyncio.to_thread(
                calendar.is_working_day, office.today()
            )  # else the first tap waits
            await enter(timetable(everywhere(catalogue.refresh), zone))
            leader = Leader(
                sender=lambda: Sender(parts.bot, chat.render),
                clock=lambda: timetable(LEADERS, zone),
                reception=_reception(parts),
                closing=parts.closing,
            )
            retired = asyncio.Event()
            leading = leadership.lead(url, leader.work, retired)
            await enter(alongside(leading, retired.set, parts.failed))
            await enter(alongside(intake.run(), intake.stop, parts.failed))
            stack.push_async_callback(server.cleanup)
            stack.callback(parts.closing.set)
            yield parts


@asynccontextmanager
async def _connected(
    application: "Application[Any, Any, Any, Any, Any, Any]", parts: Running, stop: asyncio.Event
) -> AsyncIterator[None]:
    """The bot known to Telegram; an unreachable Telegram is asked again until ``stop`` is set."""
    try:
        try:
            if not await persist(application.initialize, stop):
                raise StoppedEarly
        except InvalidToken as unknown:
            raise TokenRefused from unknown
        parts.connected = True
        yield
    finally:
        parts.connected = False
        await application.shutdown()
        await parts.bot.shutdown()  # the application leaves a bot open that never answered


def _reception(parts: Running) -> Reception:
    url, secret = webhook_url(parts.settings), parts.settings.secret
    return webhook(parts.bot, url, secret) if url and secret else polling(parts.bot)


def webhook_url(settings: Settings) -> str | None:
    """Where Telegram is to send updates; None: they are asked for."""
    return f"{settings.public_url}{WEBHOOK_PATH}" if settings.public_url else None


@asynccontextmanager
async def _http(parts: Running, intake: Intake) -> AsyncIterator[web.AppRunner]:
    settings = parts.settings
    app = create_app(
        accept=intake.accept if settings.public_url else None,
        webhook_secret=settings.secret,
        readiness={
            "database": _database_answers,
            "migrations": _is_migrated,
            "telegram": _truth(lambda: parts.connected and parts.listening.heard_within(SILENCE)),
            "running": _truth(lambda: not parts.closing.is_set() and not parts.failed.is_set()),
        },
    )
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=3)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, settings.http_host, settings.http_port).start()
        except OSError as error:
            raise PortTaken(host=settings.http_host, port=settings.http_port) from error
        host, port = runner.addresses[0][:2]
        parts.http = f"http://{host}:{port}"
        yield runner
    finally:
        await runner.cleanup()


async def _database_answers() -> bool:
    return bool(await db.sql("SELECT 1 AS one"))


async def _is_migrated() -> bool:
    return not await db.pending_migrations()


def _truth(fact: Callable[[], bool]) -> Callable[[], Awaitable[bool]]:
    async def check() -> bool:
        return fact()

    return check


@contextmanager
def signals(stop: asyncio.Event) -> Iterator[None]:
    """Set ``stop`` at the first Ctrl-C or SIGTERM; a second one ends the process as usual."""
    loop = asyncio.get_running_loop()
    names = (signal.SIGINT, signal.SIGTERM)

    def told() -> None:
        stop.set()
        for name in names:
            loop.remove_signal_handler(name)

    if sys.platform == "win32":  # where event loops hear no signals
        signal.signal(signal.SIGINT, lambda *_: loop.call_soon_threadsafe(stop.set))
        yield
        return
    for name in names:
        loop.add_signal_handler(name, told)
    try:
        yield
    finally:
        for name in names:
            loop.remove_signal_handler(name)
