"""What ``dingmi check`` looks at: each finding is good, worth a note, or bad and to be mended."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any, Final

import aiohttp
from telegram import WebhookInfo
from telegram.error import TelegramError
from tortoise.functions import Count

from bot.connect import TelegramUnreachable, TokenMissing, TokenRefused, connected, make_bot
from bot.database import DatabaseUnreachable, opened
from bot.settings import Settings, names_set
from models import assignment, db, office
from models.guide import GuideEdition, GuideItem
from models.inbox import InboxUpdate
from models.levels import Level
from models.outbox import CARD, Message, MessageState
from models.people import Person
from models.proposal import State

#: Seconds by which clocks may differ before deadlines and buttons suffer.
TOLERANCE: Final = 5.0
NAMED: Final = 20
#: How far back the messages that were given up are counted.
RECENT: Final = timedelta(days=7)
SOMEBODY_S_TURN: Final = (State.WAITING_HEAD, State.WAITING_OFFICER, State.RETURNED)


class Grade(StrEnum):
    """How bad it is."""

    GOOD = "good"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the answer: the text ``cli-check-KEY`` with its facts."""

    grade: Grade
    key: str
    facts: dict[str, Any] = field(default_factory=dict)


def good(key: str, **facts: Any) -> Finding:
    """As it should be."""
    return Finding(Grade.GOOD, key, facts)


def note(key: str, **facts: Any) -> Finding:
    """Somebody should know."""
    return Finding(Grade.NOTE, key, facts)


def bad(key: str, **facts: Any) -> Finding:
    """Dingmi does not work until it is mended."""
    return Finding(Grade.BAD, key, facts)


async def everything(settings: Settings, webhook_url: str | None) -> AsyncIterator[Finding]:
    """All findings, in an order in which they can be mended. Changes nothing."""
    names = sorted(names_set())
    yield good("settings", names=" ".join(names)) if names else good("settings-none")
    async for finding in _telegram(settings, webhook_url):
        yield finding
    async for finding in _database(settings):
        yield finding


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    url = settings.database_url
    if db.dialect_of(url) == "sqlite":
        path = url.removeprefix("sqlite://").partition("?")[0]
        if not await asyncio.to_thread(os.path.isfile, path):
            yield bad("database-missing", path=path)
            return
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(opened(url, migrated=False))
        except DatabaseUnreachable as unreachable:
            yield bad("database-unreachable", **unreachable.facts)
            return
        yield good("database", version=await _version())
        if pending := await db.pending_migrations():
            yield bad("migrations-pending", names=" ".join(pending))
            return
        yield good("migrations")
        for look in (_database_clock, _people, _signers, _guide, _queues, _given_up):
            for finding in await look():
                yield finding


async def _version() -> str:
    if db.dialect() == "sqlite":
        return f"SQLite {(await db.sql('SELECT sqlite_version() AS v'))[0]['v']}"
    return f"PostgreSQL {(await db.sql('SHOW server_version'))[0]['server_version'].split()[0]}"


async def _database_clock() -> list[Finding]:
    if db.dialect() == "sqlite":
        return []  # it has no clock but this machine's
    before = time.time()
    there = (await db.sql("SELECT extract(epoch FROM clock_timestamp()) AS t"))[0]["t"]
    return [_clock("clock-database", float(there), (before + time.time()) / 2)]


def _clock(key: str, there: float, here: float) -> Finding:
    seconds = round(abs(there - here))
    return (note if seconds > TOLERANCE else good)(key, seconds=seconds)


async def _people() -> list[Finding]:
    count = await Person.all().count()
    if not count:
        return [note("people-none")]
    unbound = await Person.filter(telegram_id__isnull=True).order_by("code")
    lost = await Person.filter(unreachable_since__isnull=False).order_by("code")
    findings = [good("people", count=count)] if not unbound else []
    for key, people in (("people-unbound", unbound), ("people-unreachable", lost)):
        if people:
            findings.append(note(key, count=len(people), codes=_named(p.code for p in people)))
    return findings


async def _signers() -> list[Finding]:
    """Departments that lack a signer: bad when not even 非密 could be signed there."""
    if not await Person.exists():
        return []
    missing = await assignment.unsigned_levels()
    return [
        (bad if Level.UNCLASSIFIED in levels else note)(
            "signers-missing", department=name, levels="、".join(level.label for level in levels)
        )
        for name, levels in missing.items()
    ] or [good("signers")]


async def _guide() -> list[Finding]:
    edition = await GuideEdition.in_force()
    if edition is None:
        return [note("guide-none")]
    count = await GuideItem.filter(edition_id=edition.id).count()
    facts = {"edition": edition.name, "count": count, "disclosure": edition.disclosure.value}
    return [good("guide", **facts)]


async def _queues() -> list[Finding]:
    waiting = await InboxUpdate.filter(done_at__isnull=True, parked_at__isnull=True).count()
    owed = await Message.filter(state=MessageState.OWED).count()
    parked = await InboxUpdate.filter(parked_at__isnull=False).order_by("update_id")
    findings = [good("queues", inbox=waiting, outbox=owed)]
    if parked:
        named = _named(f"{row.update_id}:{row.error.partition(' ')[0]}" for row in parked)
        findings.append(note("parked", count=len(parked), references=named))
    return findings


async def _given_up() -> list[Finding]:
    """What was never delivered; bad where a case waits for somebody who has not got its card."""
    lost = Message.filter(state=MessageState.NEVER, settled_at__gte=office.now() - RECENT)
    counted = lost.annotate(count=Count("id")).group_by("kind").order_by("kind")
    kinds = await counted.values_list("kind", "count")
    findings = [note("given-up", kinds=_named(f"{kind}:{count}" for kind, count in kinds))]
    return (findings if kinds else []) + [
        bad("card-given-up", case=card.case.number, code=card.person.code)
        for card in await _blind()
        if card.case and card.person
    ]


async def _blind() -> list[Message]:
    """The cards that were given up, of cases that wait for just that person, and none came since."""
    lost = Message.filter(kind=CARD, state=MessageState.NEVER, case__state__in=SOMEBODY_S_TURN)
    blind = []
    for card in await lost.order_by("id").prefetch_related("case", "person"):
        since = Message.filter(
            kind=CARD, case_id=card.case_id, person_id=card.person_id, id__gt=card.id
        )
        if card.case and card.case.turn_id == card.person_id and not await since.exists():
            blind.append(card)
    return blind


def _named(words: Iterable[str]) -> str:
    every = list(words)
    return " ".join(every[:NAMED]) + ("…" if len(every) > NAMED else "")


async def _telegram(settings: Settings, webhook_url: str | None) -> AsyncIterator[Finding]:
    try:
        async with connected(make_bot(settings.token, settings.bot_api_url)) as bot:
            yield good("token", username=bot.username)
            yield _webhook(await bot.get_webhook_info(), webhook_url)
    except TokenMissing:
        yield bad("token-missing")
    except TokenRefused:
        yield bad("token-refused")
    except TelegramUnreachable as unreachable:
        yield bad("telegram-unreachable", **unreachable.facts)
        return
    except TelegramError as error:
        yield bad("telegram-unreachable", error=str(error))
        return
    if finding := await _telegram_clock(settings.bot_api_url):
        yield finding


def _webhook(info: WebhookInfo, wanted: str | None) -> Finding:
    pending = info.pending_update_count
    if wanted is None:
        return note("webhook-left") if info.url else good("webhook-none", pending=pending)
    if not info.url:
        return note("webhook-unset")
    if info.url != wanted:
        return bad("webhook-other")
    if info.last_error_date and pending:
        return note("webhook-error", at=f"{office.local(info.last_error_date):%Y-%m-%d %H:%M}")
    return good("webhook", pending=pending)


async def _telegram_clock(base: str) -> Finding | None:
    """How far this machine's clock is from the Date that Telegram's server states."""
    patience = aiohttp.ClientTimeout(total=5)
    before = time.time()
    try:
        async with (
            aiohttp.ClientSession(timeout=patience) as session,
            session.get(base, allow_redirects=False) as answer,
        ):
            there = parsedate_to_datetime(answer.headers["Date"]).timestamp()
    except (aiohttp.ClientError, TimeoutError, KeyError, ValueError):
        return None
    return _clock("clock-telegram", there + 0.5, (before + time.time()) / 2)
