"""Several replicas at one inbox, and what an update costs."""

import asyncio
import contextvars

import pytest
from tortoise.transactions import in_transaction

from bot.intake import Intake
from models import db, inbox
from models.inbox import InboxUpdate
from tests.hands import Hands, effects
from tests.machinery import all_handled, at_work, mortal, said, until


@pytest.fixture
def hands() -> Hands:
    return Hands()


async def test_two_replicas_handle_no_update_twice_and_keep_each_person_s_order(database, hands):
    """On SQLite the two are tasks of one process; on PostgreSQL they meet in the database."""
    gate = asyncio.Semaphore(100)

    async def slow(row: InboxUpdate) -> None:
        async with gate:
            await asyncio.sleep(0.001)

    hands.does = slow
    done: list[int] = []

    async def handle(row: InboxUpdate):
        await hands.handle(row)

        async def after() -> None:
            done.append(row.update_id)

        return after

    replicas = [Intake(handle, hands.refuse, hands.apologise, concurrency=8) for _ in range(2)]
    async with at_work(*replicas):
        for number in range(1, 121):
            await replicas[number % 2].accept(said(number, number % 7))
        await until(all_handled)

    found = await effects()
    assert sorted(found) == list(range(1, 121))
    for person in range(7):
        mine = [n for n in found if n % 7 == person]
        assert mine == sorted(mine)
    assert sum(replica.counts["handled"] for replica in replicas) == 120


async def test_an_update_costs_at_most_five_statements(database, hands, monkeypatch):
    async def handle(row: InboxUpdate) -> None:
        hands.seen.append(row.update_id)

    intake = Intake(handle, hands.refuse, hands.apologise)
    async with at_work(intake):
        await asyncio.sleep(0.1)
        with mortal(monkeypatch) as life:
            for number in range(1, 11):
                await intake.accept(said(number, number))
                await until(lambda number=number: len(hands.seen) == number)
            await asyncio.sleep(0.1)
            statements = [step for step in life.steps if step.startswith("sql")]
    # stored, looked for, claimed, emptied, and the next is looked for; two looks were by the clock
    assert len(statements) <= 52


async def test_a_person_in_another_replica_s_hands_is_not_asked_for_again_and_again(
    database, hands, monkeypatch
):
    if db.dialect() == "sqlite":
        pytest.skip("one process")
    await inbox.accept_all([said(1, 5), said(2, 5)])
    async with in_transaction():
        await inbox.claim_next(5)
        with mortal(monkeypatch) as life:
            task = asyncio.get_running_loop().create_task(
                hands.intake().run(), context=contextvars.Context()
            )
            await asyncio.sleep(0.5)
            assert len(life.steps) < 50
            assert hands.seen == []
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
