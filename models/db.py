"""The database: its configuration, migrations under a lock, and which dialect is spoken."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import asyncpg
from tortoise import Tortoise
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.connection import get_connection
from tortoise.exceptions import OperationalError
from tortoise.migrations.api.migrate import migrate as tortoise_migrate

MODULES: Final = [
    "models.people",
    "models.guide",
    "models.proposal",
    "models.determination",
    "models.draft",
    "models.inbox",
    "models.outbox",
]
#: "migr" in ASCII: whoever holds this advisory lock may change the schema.
_MIGRATION_LOCK: Final = 0x6D696772


class BadDatabaseUrl(ValueError):
    """The URL names no database that Dingmi can open."""


def _connection(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = re.sub(r"^sqlite://", "", url).partition("?")[0]
        return {
            "engine": "models.sqlite_immediate",
            "credentials": {
                "file_path": path or ":memory:",
                "busy_timeout": 10_000,
                "synchronous": "NORMAL" if path == ":memory:" else "FULL",
            },
        }
    if parts.scheme not in {"postgres", "postgresql"} or not parts.hostname:
        raise BadDatabaseUrl(url.partition("@")[2] or url)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    credentials: dict[str, Any] = {
        "host": parts.hostname,
        "port": parts.port or 5432,
        "user": parts.username,
        "password": parts.password,
        "database": parts.path.lstrip("/"),
        "minsize": 1,
        "maxsize": int(options.pop("maxsize", "10")),
        "command_timeout": 60,
    }
    if "sslmode" in options:
        credentials["ssl"] = options["sslmode"]
    return {"engine": "models.postgres_pooled", "credentials": credentials}


def config(url: str) -> dict[str, Any]:
    """Tortoise's configuration for ``url``; :class:`BadDatabaseUrl` when it names none of ours."""
    return {
        "connections": {"default": _connection(url)},
        "apps": {
            "models": {
                "models": MODULES,
                "default_connection": "default",
                "migrations": "models.migrations",
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


#: For ``tortoise makemigrations``, which never opens it.
TORTOISE_ORM: Final = config("sqlite://:memory:")


@asynccontextmanager
async def database(url: str, *, migrated: bool = True) -> AsyncIterator[None]:
    """The database of ``url``, open for this process; brought up to date first, if asked."""
    if migrated:
        await migrate(url)
    EXECUTOR_CACHE.clear()  # keyed by table only: another dialect's placeholders would be reused
    await Tortoise.init(config=config(url), _enable_global_fallback=True)
    try:
        yield
    finally:
        await Tortoise.close_connections()


async def migrate(url: str) -> None:
    """Apply all migrations that are not applied yet; several processes may call it at once."""
    settings = config(url)
    EXECUTOR_CACHE.clear()
    if dialect_of(url) == "sqlite":
        path = settings["connections"]["default"]["credentials"]["file_path"]
        if path != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        await _apply(settings)
        return
    lock = await connect(url)
    try:
        await lock.execute("SELECT pg_advisory_lock($1)", _MIGRATION_LOCK)
        await _apply(settings)
    finally:
        await lock.close()


async def _apply(settings: dict[str, Any]) -> None:
    try:
        await tortoise_migrate(config=settings, direction="forward")
    finally:
        await Tortoise.close_connections()


async def pending_migrations() -> list[str]:
    """The names of the migrations that the open database has yet to go through, in order."""
    names = sorted(file.stem for file in (Path(__file__).parent / "migrations").glob("[0-9]*.py"))
    try:
        applied = {row["name"] for row in await sql("SELECT name FROM tortoise_migrations")}
    except OperationalError:
        applied = set()  # nothing was ever migrated: there is not even the table
    return [name for name in names if name not in applied]


async def connect(url: str) -> "asyncpg.Connection[Any]":
    """A connection of its own to a PostgreSQL ``url``: for advisory locks and LISTEN."""
    plain = url.replace("postgres://", "postgresql://", 1)
    return await asyncio.wait_for(asyncpg.connect(plain.partition("?")[0]), 10)


def file_of(url: str) -> Path | None:
    """The file of a SQLite ``url``; None for a database in memory and for PostgreSQL."""
    path = _connection(url)["credentials"].get("file_path", ":memory:")
    return None if path == ":memory:" else Path(path)


def dialect_of(url: str) -> str:
    """``sqlite`` or ``postgres``, by the URL alone."""
    return "sqlite" if url.startswith("sqlite") else "postgres"


def dialect() -> str:
    """``sqlite`` or ``postgres``: what the open database speaks."""
    return str(get_connection("default").capabilities.dialect)


async def sql(query: str, *values: object) -> list[dict[str, Any]]:
    """The rows of hand-written SQL in the current transaction; ``?`` stands for each value."""
    if dialect() != "sqlite":
        parts = query.split("?")
        query = "".join(f"{part}${n}" for n, part in enumerate(parts[:-1], 1)) + parts[-1]
    rows = await get_connection("default").execute_query_dict(query, list(values))
    return [dict(row) for row in rows]
