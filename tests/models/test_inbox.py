"""The inbox: once each, in order per person, put off and parked."""

import asyncio
from typing import Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from tortoise.transactions import in_transaction

from models import db, inbox
from models.inbox import InboxUpdate, NotAnUpdate
from tests.machinery import MORNING, said


async def test_an_update_is_stored_once_and_exactly_as_telegram_sent_it(database):
    update = said(7, 11, "机密\x00\ud800🙂") | {"from_the_future": {"x": [1, None]}}

    assert await inbox.accept(update) is True
    assert await inbox.accept(said(7, 12, "another")) is False

    stored = await InboxUpdate.get()
    assert (stored.update_id, stored.sender, stored.as_sent()) == (7, 11, update)


async def test_of_a_batch_only_what_is_new_is_stored(database):
    await inbox.accept(said(2, 1))

    await inbox.accept_all([said(1, 1), said(2, 1, "again"), {"ok": True}, said(3, 2)])

    assert await InboxUpdate.all().order_by("update_id").values_list("update_id", flat=True) == [
        1,
        2,
        3,
    ]


@pytest.mark.parametrize("nonsense", [{}, {"update_id": "1"}, {"update_id": True}, [], None, 3])
async def test_what_has_no_update_id_is_refused(nonsense):
    with pytest.raises(NotAnUpdate):
        await inbox.accept(nonsense)


@pytest.mark.parametrize("number", [-1, 2**63, 10**30, 1.5])
async def test_a_number_that_no_update_can_have_is_refused(number):
    with pytest.raises(NotAnUpdate):
        await inbox.accept({"update_id": number})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["from", "chat", "id", "user"]) | st.text(max_size=3), inner, max_size=3
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=5), json_values, max_size=4))
def test_any_json_object_has_a_sender_that_the_database_can_hold(update):
    assert -(2**63) <= inbox.sender_of(update) < 2**63


@pytest.mark.parametrize(
    ("content", "sender"),
    [
        ({"message": {"from": {"id": 5}, "chat": {"id": -9}}}, 5),
        ({"edited_message": {"from": {"id": 5}, "chat": {"id": 5}}}, 5),
        ({"callback_query": {"from": {"id": 6}, "message": {"from": {"id": 1}}}}, 6),
        ({"inline_query": {"from": {"id": 7}}}, 7),
        ({"chosen_inline_result": {"from": {"id": 7}}}, 7),
        ({"my_chat_member": {"chat": {"id": 8}, "from": {"id": 8}}}, 8),
        ({"poll_answer": {"user": {"id": 9}}}, 9),
        ({"channel_post": {"chat": {"id": -100}}}, -100),
        ({"message": {"from": {"id": "5"}, "chat": {"id": 4}}}, 4),
        ({"message": "?"}, 0),
        ({}, 0),
    ],
)
def test_the_sender_is_the_person_else_the_chat_else_nobody(content: dict[str, Any], sender: int):
    assert inbox.sender_of({"update_id": 1, **content}) == sender


async def test_a_claim_takes_the_oldest_and_counts_only_with_the_commit(database):
    await inbox.accept_all([said(1, 5), said(2, 5)])

    async with in_transaction() as transaction:
        claimed = await inbox.claim_next(5)
        await transaction.rollback()
    assert claimed is not None
    assert claimed.update_id == 1

    seen = []
    for _ in range(3):
        async with in_transaction():
            row = await inbox.claim_next(5)
            seen.append(row and row.update_id)
    assert seen == [1, 2, None]


async def test_senders_wait_in_the_order_of_their_oldest_update(database):
    await inbox.accept_all([said(4, 30), said(1, 20), said(3, 10), said(2, 20)])

    assert await inbox.waiting_senders(10) == [20, 10, 30]
    assert await inbox.waiting_senders(1, {20}) == [10]


async def test_failures_are_tried_again_after_growing_pauses_and_parked_at_the_fifth(database):
    with time_machine.travel(MORNING, tick=False) as clock:
        await inbox.accept_all([said(1, 5), said(2, 5)])
        pauses = []
        while not await inbox.failed(1, "E" * 300):
            row = await InboxUpdate.get(update_id=1)
            pauses.append((row.due_at - inbox.now()).total_seconds())
            # the second update of this person waits for the first
            assert await inbox.waiting_senders(10) == []
            async with in_transaction():
                assert await inbox.claim_next(5) is None
            clock.move_to(row.due_at)
            assert await inbox.waiting_senders(10) == [5]

        assert pauses == [1, 4, 15, 60]
        parked = await InboxUpdate.get(update_id=1)
        assert (parked.attempts, parked.done_at, len(parked.error)) == (5, None, 200)
        assert parked.parked_at is not None
        async with in_transaction():
            following = await inbox.claim_next(5)
        assert following is not None
        assert following.update_id == 2


async def test_what_took_effect_cannot_fail_any_more(database):
    await inbox.accept(said(1, 5))
    async with in_transaction():
        await inbox.claim_next(5)

    assert await inbox.failed(1, "too late") is False
    assert (await InboxUpdate.get()).attempts == 0


async def test_while_one_replica_has_a_person_in_hand_another_gets_nothing_of_them(database):
    if db.dialect() == "sqlite":
        pytest.skip("one process")
    await inbox.accept_all([said(1, 5), said(2, 5), said(3, 6)])
    claimed, released = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with in_transaction():
            await inbox.claim_next(5)
            claimed.set()
            await released.wait()

    task = asyncio.create_task(first())
    await claimed.wait()
    async with in_transaction():
        assert await inbox.claim_next(5) is None
        other = await inbox.claim_next(6)
    released.set()
    await task
    async with in_transaction():
        then = await inbox.claim_next(5)
    assert other is not None
    assert then is not None
    assert (other.update_id, then.update_id) == (3, 2)


async def test_the_queue_is_read_by_its_index(database):
    await inbox.accept_all([said(n, n % 50) for n in range(1, 400)])
    query = (
        "EXPLAIN {} SELECT MIN(update_id) FROM inbox"
        " WHERE done_at IS NULL AND parked_at IS NULL GROUP BY sender"
    )
    async with in_transaction():
        if db.dialect() == "sqlite":
            rows = await db.sql(query.format("QUERY PLAN"))
        else:
            await db.sql("SET LOCAL enable_seqscan = off")
            rows = await db.sql(query.format(""))
    assert "ix_inbox_waiting" in str(rows)
