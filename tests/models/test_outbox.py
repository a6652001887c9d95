"""The outbox: what is owed, to whom, in which order, and what became of it."""

import asyncio

import pytest
from tortoise.transactions import in_transaction

from models import db, delivery, outbox, wakeup
from models.outbox import CARD, Lane, Message, MessageState
from models.people import Person
from models.proposal import State
from tests.machinery import make_case, make_person, until


async def owed() -> list[tuple[str, int]]:
    rows = await Message.filter(state=MessageState.OWED).order_by("id")
    return [(row.kind, row.chat_id) for row in rows]


async def ready(**how) -> list[str]:
    return [str(row.facts.get("text")) for row in await delivery.due(50, **how)]


async def owe(text: str, chat: int = 1, lane: Lane = Lane.TAP, **what) -> None:
    await outbox.owe("said", chat_id=chat, lane=lane, text=text, **what)


async def test_who_has_no_account_is_owed_nothing(database):
    await outbox.owe("hello", to=await make_person())
    await outbox.owe("hello", to=await make_person(5), case=None, name="x")

    message = await Message.get()
    assert (message.chat_id, message.facts, message.lane) == (5, {"name": "x"}, Lane.TAP)


async def test_what_a_chat_can_say_an_outbox_can_hold(database):
    await outbox.owe("said", chat_id=1, text="a\x00b\ud800c🙂密", page=3)

    assert (await Message.get()).facts == {"text": "abc🙂密", "page": 3}


async def test_a_second_message_with_the_same_key_falls_out(database):
    ann = await make_person(5)
    for _ in range(2):
        async with in_transaction():
            await outbox.owe("reminder", to=ann, key="case:1:rung:2")
            await outbox.owe("other", to=ann)

    assert await owed() == [("reminder", 5), ("other", 5), ("other", 5)]


async def test_a_message_comes_and_goes_with_the_transaction_that_owes_it(database):
    async with in_transaction() as transaction:
        await owe("never")
        await transaction.rollback()

    assert await owed() == []


async def test_whoever_listens_is_woken_at_the_commit_and_not_before(database):
    async with wakeup.hearing(database):
        woken = asyncio.Event()
        stop = outbox.listen(woken.set)
        await until(lambda: woken.is_set() or db.dialect() == "sqlite")
        woken.clear()
        async with in_transaction():
            await owe("news")
            if db.dialect() == "postgres":
                await asyncio.sleep(0.05)
                assert not woken.is_set()
        await asyncio.wait_for(woken.wait(), 5)
        assert await ready() == ["news"]
        stop()


async def test_a_listener_is_back_after_the_connection_was_cut(database):
    if db.dialect() == "sqlite":
        pytest.skip("no connection to cut")
    async with wakeup.hearing(database):
        woken = asyncio.Event()
        stop = outbox.listen(woken.set)
        await asyncio.wait_for(woken.wait(), 5)
        woken.clear()
        await db.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
            " current_database() AND query LIKE 'LISTEN%' AND pid <> pg_backend_pid()"
        )
        await asyncio.wait_for(woken.wait(), 5)  # rung on the way back: something may be missed
        stop()


async def test_one_waiting_card_is_enough_and_a_new_message_beats_an_edit(database):
    ann, bo = await make_person(1), await make_person(2)
    case = await make_case(ann, bo)

    await outbox.owe_card(case, bo.id, fresh=False)
    await outbox.owe_card(case, bo.id, fresh=False)
    await outbox.owe_card(case, ann.id, fresh=False)
    assert await owed() == [(CARD, 2), (CARD, 1)]

    await outbox.owe_card(case, bo.id, fresh=True)
    await outbox.owe_card(case, bo.id, fresh=False)
    assert await owed() == [(CARD, 2), (CARD, 1)]
    assert (await Message.get(person_id=bo.id)).facts == {"fresh": True}


async def test_a_card_in_flight_is_not_enough_for_it_shows_the_past(database):
    bo = await make_person(2)
    case = await make_case(await make_person(1), bo)
    await outbox.owe_card(case, bo.id, fresh=True)
    [seen] = await delivery.due(1)
    await delivery.claim(seen)

    await outbox.owe_card(case, bo.id, fresh=False)

    assert len(await owed()) == 2


async def test_15_an_unreachable_person_is_flagged_and_the_administrators_told_once(database):
    gone, admin = await make_person(1), await make_person(2, is_admin=True)
    await make_person(is_admin=True)  # has no account

    await outbox.unreachable(gone)
    await outbox.unreachable(gone)

    assert (await Person.get(id=gone.id)).unreachable_since is not None
    told = await Message.get()
    assert (told.kind, told.person_id, told.facts) == (
        "person_unreachable",
        admin.id,
        {"code": gone.code},
    )


async def test_15_whoever_is_back_is_owed_the_cards_that_wait_for_them(database):
    ann, bo = await make_person(1), await make_person(2)
    hers = await make_case(ann, bo, State.RETURNED)
    his = await make_case(ann, bo)
    await outbox.unreachable(bo)
    await outbox.unreachable(ann)

    await outbox.reachable(bo)
    await outbox.reachable(bo)
    assert [(m.case_id, m.person_id) for m in await Message.all()] == [(his.id, bo.id)]
    await outbox.reachable(ann)
    assert (await Message.filter(person_id=ann.id).get()).case_id == hers.id


async def test_a_broadcast_is_owed_in_one_go(database):
    people = [await make_person(n or None) for n in range(4)]

    assert await outbox.owe_all("notice", people, lane=Lane.BROADCAST, notice=7) == 3
    assert [m.facts for m in await Message.all()] == [{"notice": 7}] * 3
