"""Which errors of the database pass by themselves: try again, and blame nobody."""

import sqlite3
from typing import Final

import asyncpg
from tortoise.exceptions import DBConnectionError, OperationalError

#: Serialisation failure, deadlock, lock not available, the server going down or coming up.
_PASSING_STATES: Final = {"40001", "40P01", "55P03", "57P01", "57P02", "57P03", "53300"}
_PASSING_CLASS: Final = "08"  # the connection was lost


def passes(error: BaseException) -> bool:
    """Whether ``error`` says something about the database's moment, not about our work."""
    if isinstance(error, asyncpg.PostgresError):
        state = getattr(error, "sqlstate", None) or ""
        return state in _PASSING_STATES or state.startswith(_PASSING_CLASS)
    if isinstance(error, OperationalError):
        cause = error.__cause__
        return isinstance(cause, sqlite3.OperationalError) and _is_busy(cause)
    if isinstance(error, sqlite3.OperationalError):
        return _is_busy(error)
    return isinstance(error, asyncpg.InterfaceError | DBConnectionError | ConnectionError)


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return "locked" in str(error) or "busy" in str(error)
