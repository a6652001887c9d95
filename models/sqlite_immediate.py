"""A Tortoise backend: SQLite whose transactions take the write lock at once, and leave nothing.

A deferred ``BEGIN`` that reads first and writes later fails with "database is locked" as soon as
a second process writes; ``BEGIN IMMEDIATE`` waits instead. And where Tortoise would keep the one
connection's lock for ever (the beginning fails or is cancelled) or leave a transaction open in
it (the commit fails), everything is given back.
"""

from contextlib import suppress
from typing import Any

from tortoise.backends.base.client import ConnectionWrapper, TransactionalDBClient
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
)
from tortoise.connection import get_connections


class ImmediateTransaction(SqliteTransactionWrapper):
    """A transaction that begins as a writer."""

    async def begin(self) -> None:
        """Take the write lock, waiting up to ``busy_timeout``."""
        await self._connection.rollback()
        await self._connection.execute("BEGIN IMMEDIATE")

    async def commit(self) -> None:
        """Commit; if that fails nothing of it stays behind in the connection."""
        try:
            await super().commit()
        except BaseException:
            await self._connection.rollback()
            raise


class ImmediateContext(SqliteTransactionContext):
    """Holds the connection's lock for exactly as long as the transaction lasts."""

    async def __aenter__(self) -> TransactionalDBClient:
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            await self.connection.begin()
        except BaseException:
            with suppress(Exception):
                await self.connection._connection.rollback()  # noqa: SLF001 - the wrapper's own
            self._trxlock.release()
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        client: TransactionalDBClient = self.connection
        return client


class GivenBack(ConnectionWrapper[Any]):
    """The connection for one statement; a file that cannot be opened gives the lock back."""

    async def __aenter__(self) -> Any:
        await self._lock.acquire()
        try:
            await self.ensure_connection()
        except BaseException:
            self._lock.release()
            raise
        return self.connection


class ImmediateSqliteClient(SqliteClient):
    """The SQLite client with :class:`ImmediateTransaction`."""

    async def create_connection(self, with_db: bool) -> None:  # noqa: FBT001 - Tortoise's signature
        """Open the file; what is no database leaves no half-open connection behind."""
        try:
            await super().create_connection(with_db)
        except BaseException:
            await self.close()
            raise

    def acquire_connection(self) -> Any:
        """The connection, for one statement."""
        return GivenBack(self._lock, self)

    def _in_transaction(self) -> Any:
        return ImmediateContext(ImmediateTransaction(self), self._lock)


client_class = ImmediateSqliteClient
