"""A Tortoise backend: PostgreSQL whose transactions always give their connection back.

Where ``BEGIN`` fails (the server was restarted) or is cancelled, Tortoise keeps the connection: ten
such moments, and every later transaction waits for ever.
"""

from typing import Any

from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import TransactionalDBClient, TransactionContextPooled
from tortoise.connection import get_connections


class PooledContext(TransactionContextPooled):
    """Holds a connection of the pool for exactly as long as the transaction lasts."""

    async def __aenter__(self) -> TransactionalDBClient:
        await self.ensure_connection()
        pool = self.client._parent._pool  # noqa: SLF001 - as the class it mends does
        connection = await pool.acquire()
        self.client._connection = connection  # noqa: SLF001 - as the class it mends does
        try:
            await self.client.begin()
        except BaseException:
            await pool.release(connection)
            raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client


class PooledPostgresClient(AsyncpgDBClient):
    """The asyncpg client with :class:`PooledContext`."""

    def _in_transaction(self) -> Any:
        return PooledContext(TransactionWrapper(self), self._pool_init_lock)


client_class = PooledPostgresClient
