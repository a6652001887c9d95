"""Transactions that fail or are cancelled leave nothing behind: no lock, no half, no connection."""

import asyncio
import sqlite3

import asyncpg
import pytest
from tortoise.backends.asyncpg.client import TransactionWrapper
from tortoise.backends.sqlite.client import SqliteTransactionWrapper
from tortoise.transactions import in_transaction

from models import db, inbox
from models.inbox import InboxUpdate
from models.sqlite_immediate import ImmediateTransaction
from models.trouble import passes
from tests.machinery import said


async def work_goes_on() -> None:
    async with asyncio.timeout(5):
        async with in_transaction():
            await inbox.accept(said(1000, 5))
        assert await InboxUpdate.filter(update_id=1000).exists()


async def test_a_beginning_that_fails_gives_everything_back(database, monkeypatch):
    async def broken(self: object) -> None:
        raise ConnectionResetError

    with monkeypatch.context() as patch:
        patch.setattr(ImmediateTransaction, "begin", broken)
        patch.setattr(TransactionWrapper, "begin", broken)
        for _ in range(20):  # more than the pool has connections
            with pytest.raises(ConnectionResetError):
                async with in_transaction():
                    pass
    await work_goes_on()


async def test_a_transaction_cancelled_anywhere_gives_everything_back(database):
    async def work() -> None:
        async with in_transaction():
            await inbox.accept(said(1, 5))
            await inbox.accept(said(2, 5))

    for steps in range(40):
        task = asyncio.create_task(work())
        for _ in range(steps % 20):
            await asyncio.sleep(0 if steps < 20 else 0.0005)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        both = await InboxUpdate.filter(update_id__in=[1, 2]).count()
        assert both in {0, 2}
        await InboxUpdate.all().delete()
    await work_goes_on()


async def test_a_commit_that_fails_leaves_nothing_for_the_next_one(database, monkeypatch):
    async def disk_is_full(self: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(SqliteTransactionWrapper, "commit", disk_is_full)
        patch.setattr(TransactionWrapper, "commit", disk_is_full)
        with pytest.raises(sqlite3.OperationalError):
            async with in_transaction():
                await inbox.accept(said(1, 5))
    await work_goes_on()
    assert not await InboxUpdate.filter(update_id=1).exists()


async def test_the_pool_recovers_from_a_server_that_cut_all_connections(database):
    if db.dialect() == "sqlite":
        pytest.skip("no server")
    for _ in range(3):
        await asyncio.gather(*(db.sql("SELECT pg_sleep(0.02)") for _ in range(10)))
        await db.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        failures: list[Exception] = []
        for _ in range(25):
            try:
                async with asyncio.timeout(5), in_transaction():
                    await db.sql("SELECT 1")
            except (asyncpg.PostgresError, asyncpg.InterfaceError, ConnectionError) as error:
                failures.append(error)
        assert len(failures) < 25
        assert all(map(passes, failures))
    await work_goes_on()


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (asyncpg.SerializationError("x"), True),
        (asyncpg.DeadlockDetectedError("x"), True),
        (asyncpg.LockNotAvailableError("x"), True),
        (asyncpg.AdminShutdownError("x"), True),
        (asyncpg.CannotConnectNowError("x"), True),
        (asyncpg.ConnectionDoesNotExistError("x"), True),
        (asyncpg.InterfaceError("x"), True),
        (ConnectionRefusedError(), True),
        (sqlite3.OperationalError("database is locked"), True),
        (sqlite3.OperationalError("no such table: x"), False),
        (asyncpg.UndefinedTableError("x"), False),
        (asyncpg.UniqueViolationError("x"), False),
        (ValueError("locked"), False),
        (TimeoutError(), False),
    ],
)
def test_which_errors_pass_by_themselves(error: Exception, verdict: bool):
    assert passes(error) is verdict
