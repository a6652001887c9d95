"""A Tortoise backend: SQLite whose transactions take the write lock at once.

A deferred ``BEGIN`` that reads first and writes later fails with "database is locked" as soon as
a second process writes; ``BEGIN IMMEDIATE`` waits instead.
"""

from typing import Any

from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
)


class ImmediateTransaction(SqliteTransactionWrapper):
    """A transaction that begins as a writer."""

    async def begin(self) -> None:
        """Take the write lock, waiting up to ``busy_timeout``."""
        await self._connection.commit()
        await self._connection.execute("BEGIN IMMEDIATE")


class ImmediateSqliteClient(SqliteClient):
    """The SQLite client with :class:`ImmediateTransaction`."""

    def _in_transaction(self) -> Any:
        return SqliteTransactionContext(ImmediateTransaction(self), self._lock)


client_class = ImmediateSqliteClient
