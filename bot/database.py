"""The database, opened for a process; one that cannot be opened is a refusal, not a traceback."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from models import db
from models.errors import Refusal


class DatabaseUnreachable(Refusal):
    """The database cannot be opened; ``kind`` names the error, whose words may hold a password."""

    code = "database_unreachable"


@asynccontextmanager
async def opened(url: str, *, migrated: bool = True) -> AsyncIterator[None]:
    """The database of ``url``, brought up to date first if asked."""
    opening = db.database(url, migrated=migrated)
    try:
        await opening.__aenter__()
        await db.sql("SELECT 1")  # the pool connects at its first use
    except Exception as error:
        raise DatabaseUnreachable(kind=type(error.__cause__ or error).__name__) from error
    try:
        yield
    finally:
        await opening.__aexit__(*sys.exc_info())
