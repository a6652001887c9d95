"""Intake: exactly once, in order per person, failures put off, refusals answered."""

import asyncio
import logging

import asyncpg
import pytest
import time_machine
from tortoise.transactions import in_transaction

from bot.intake import Intake
from models import db, inbox, outbox
from models.errors import NotAllowed
from models.inbox import InboxUpdate
from tests.hands import Hands, effects
from tests.machinery import MORNING, all_handled, at_work, said, until


@pytest.fixture
def hands() -> Hands:
    return Hands()


async def failures_of(update_id: int, number: int) -> bool:
    return (await InboxUpdate.get(update_id=update_id)).attempts == number


async def test_2_and_3_each_update_takes_effect_once_however_often_it_is_delivered(database, hands):
    intake = hands.intake()
    async with at_work(intake):
        for _ in range(3):
            for number in (1, 2, 3):
                await intake.accept(said(number, 5))
            await until(all_handled)
    assert await effects() == [1, 2, 3]
    assert hands.after == ["handled 1", "handled 2", "handled 3"]
    assert intake.counts == {"handled": 3}


async def test_an_update_is_handled_at_once_and_not_at_the_next_poll(database, hands):
    intake = hands.intake()
    async with at_work(intake):
        await asyncio.sleep(0.05)
        start = asyncio.get_running_loop().time()
        for number in range(1, 6):
            await intake.accept(said(number, 5))
            await until(lambda number=number: len(hands.after) == number)
        assert asyncio.get_running_loop().time() - start < 2


async def test_updates_of_one_person_are_handled_in_order_and_people_beside_each_other(
    database, hands
):
    together, most = set(), 0

    async def slow(row: InboxUpdate) -> None:
        nonlocal most
        assert row.sender not in together
        together.add(row.sender)
        most = max(most, len(together))
        await asyncio.sleep(0.01)
        together.discard(row.sender)

    hands.does = slow
    await inbox.accept_all([said(n, n % 5) for n in range(1, 26)])
    async with at_work(hands.intake()):
        await until(all_handled)

    for person in range(5):
        mine = [n for n in hands.seen if n % 5 == person]
        assert mine == sorted(mine)
    assert most > 1 or db.dialect() == "sqlite"


async def test_a_refusal_undoes_the_effects_and_is_answered_once(database, hands):
    async def refuse(row: InboxUpdate) -> None:
        raise NotAllowed(needs="officer")

    hands.does = refuse
    intake = hands.intake()
    async with at_work(intake):
        await intake.accept(said(1, 5))
        await until(all_handled)
    assert (await effects(), await effects("not_allowed")) == ([], [1])
    assert hands.after == ["refused 1"]
    assert intake.counts == {"refused": 1}


async def test_a_failure_is_tried_again_and_parked_at_the_fifth_with_an_apology(
    database, hands, caplog
):
    caplog.set_level(logging.INFO)

    async def fail(row: InboxUpdate) -> None:
        if row.update_id == 1:
            raise KeyError("机密★10年 张三")

    hands.does = fail
    intake = hands.intake()
    with time_machine.travel(MORNING, tick=False) as clock:
        async with at_work(intake):
            await inbox.accept_all([said(1, 5), said(2, 5), said(3, 6)])
            await until(lambda: failures_of(1, 1))
            await until(lambda: hands.after == ["handled 3"])  # others are not held up
            for failures, pause in enumerate((1, 4, 15, 60), 2):
                clock.shift(pause)
                await until(lambda n=failures: failures_of(1, n))
            await until(all_handled)

    assert await effects() == [3, 2]
    assert await effects("sorry") == [1]
    [(_, reference)] = hands.apologies
    parked = await InboxUpdate.get(update_id=1)
    assert parked.error.startswith(f"{reference} KeyError at test_intake.py:")
    assert reference in caplog.text
    assert "机密" not in caplog.text + parked.error
    assert intake.counts["parked"] == 1


async def test_even_without_an_apology_a_failing_update_is_parked(database, hands):
    async def fail(*_: object) -> None:
        raise ValueError

    hands.does = hands.apologise = fail
    with time_machine.travel(MORNING, tick=False) as clock:
        async with at_work(Intake(hands.handle, hands.refuse, fail)):
            await inbox.accept(said(1, 5))

            async def parked() -> bool:
                clock.shift(1)
                return await all_handled()

            await until(parked)
    assert (await InboxUpdate.get()).parked_at is not None


@pytest.mark.parametrize(
    "trouble", [asyncpg.DeadlockDetectedError("x"), asyncpg.ConnectionDoesNotExistError("x")]
)
async def test_the_database_s_moment_is_not_a_failure_of_the_update(database, hands, trouble):
    troubles = [trouble] * 3

    async def trip(row: InboxUpdate) -> None:
        if troubles:
            raise troubles.pop()

    hands.does = trip
    intake = hands.intake()
    async with at_work(intake):
        await intake.accept(said(1, 5))
        await until(all_handled)
    assert await effects() == [1]
    row = await InboxUpdate.get()
    assert (row.attempts, row.parked_at) == (0, None)
    assert intake.counts == {"postponed": 3, "handled": 1}


async def test_5_what_fails_after_the_commit_undoes_nothing(database, hands, caplog):
    async def handle(row: InboxUpdate):
        await outbox.owe("effect", chat_id=row.sender, update=row.update_id)

        async def after() -> None:
            raise RuntimeError("query is too old")

        return after

    async with at_work(Intake(handle, hands.refuse, hands.apologise)):
        await inbox.accept(said(1, 5))
        await until(all_handled)
        await until(lambda: "after an update" in caplog.text)
    assert await effects() == [1]
    assert "too old" not in caplog.text


async def test_a_handler_that_hangs_is_ended_and_counts_as_a_failure(database, hands):
    async def hang(row: InboxUpdate) -> None:
        if len(hands.seen) == 1:
            await asyncio.sleep(60)

    hands.does = hang
    intake = hands.intake(time_limit=0.1)
    async with at_work(intake):
        await intake.accept(said(1, 5))
        await until(all_handled)
    assert intake.counts == {"failed": 1, "handled": 1}
    assert await effects() == [1]


async def test_stopping_finishes_what_is_in_hand_and_begins_nothing_new(database, hands):
    begun = asyncio.Event()

    async def slow(row: InboxUpdate) -> None:
        begun.set()
        await asyncio.sleep(0.05)

    hands.does = slow
    await inbox.accept_all([said(1, 5), said(2, 5)])
    intake = hands.intake()
    async with at_work(intake):
        await begun.wait()
    assert (hands.seen, hands.after) == ([1], ["handled 1"])

    async with at_work(hands.intake()):
        await until(all_handled)
    assert await effects() == [1, 2]


async def test_an_unreadable_inbox_is_read_again(database, hands):
    await inbox.accept(said(1, 5))
    await db.sql("ALTER TABLE inbox RENAME TO elsewhere")
    async with at_work(hands.intake()):
        await asyncio.sleep(0.1)
        async with in_transaction():
            await db.sql("ALTER TABLE elsewhere RENAME TO inbox")
        await until(all_handled)
    assert await effects() == [1]
