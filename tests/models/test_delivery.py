"""Delivery: which message goes next, who takes it, and what is written down of it."""

import asyncio
import contextvars
from datetime import timedelta

import pytest
from tortoise.transactions import in_transaction

from models import db, delivery, outbox
from models.delivery import Place
from models.draft import Draft
from models.office import now
from models.outbox import CARD, RETIRE, UNWORDED, Lane, LivingCard, Message, MessageState
from models.proposal import State
from tests.machinery import make_case, make_person


async def owed() -> list[tuple[str, int]]:
    rows = await Message.filter(state=MessageState.OWED).order_by("id")
    return [(row.kind, row.chat_id) for row in rows]


async def ready(**how) -> list[str]:
    return [str(row.facts.get("text")) for row in await delivery.due(50, **how)]


async def owe(text: str, chat: int = 1, lane: Lane = Lane.TAP, **what) -> None:
    await outbox.owe("said", chat_id=chat, lane=lane, text=text, **what)


async def test_the_highest_lane_goes_first_then_the_oldest(database):
    await owe("broadcast", 1, Lane.BROADCAST)
    await owe("card", 2, Lane.CARD)
    await owe("tap", 3)
    await owe("reminder", 4, Lane.REMINDER)
    await owe("second card", 5, Lane.CARD)

    assert await ready() == ["tap", "card", "second card", "reminder", "broadcast"]
    assert await ready(lowest=Lane.CARD, closed={2, 9}) == ["tap", "second card"]


async def test_a_later_message_of_a_chat_and_lane_never_overtakes(database):
    await owe("one")
    await owe("two")
    await owe("elsewhere", 2)
    await owe("card", 1, Lane.CARD)
    [first, *_] = await delivery.due(50)
    claimed = await delivery.claim(first)

    assert await ready() == ["elsewhere", "card"]  # "one" is in flight
    await delivery.later(claimed, "network X", 60)
    assert await ready() == ["elsewhere", "card"]  # "one" is put off
    await delivery.sent(claimed, 77)
    assert await ready() == ["two", "elsewhere", "card"]


async def test_what_cannot_be_worded_is_overtaken(database):
    await owe("broken")
    await owe("fine")
    [first, *_] = await delivery.due(50)
    await delivery.later(await delivery.claim(first), f"{UNWORDED} 1: KeyError", 60)

    assert await ready() == ["fine"]


async def test_what_is_owed_for_tomorrow_holds_nobody_up(database):
    await owe("tomorrow", due_at=now() + timedelta(days=1))
    await owe("today")

    assert await ready() == ["today"]


async def test_of_two_claims_one_wins(database):
    await owe("once")
    [seen] = await delivery.due(1)

    claims = await asyncio.gather(*(delivery.claim(seen) for _ in range(5)))

    assert sorted(map(len, claims)) == [0, 0, 0, 0, 1]
    assert await ready() == []


async def test_a_claim_takes_all_that_the_same_card_is_owed(database):
    bo = await make_person(2)
    case, other = await make_case(await make_person(1), bo), await make_case(bo, bo)
    await outbox.owe_card(case, bo.id, fresh=True)
    [seen] = await delivery.due(1)
    await delivery.later(await delivery.claim(seen), "flood", 0)
    await outbox.owe_card(case, bo.id, fresh=False)
    await outbox.owe_card(other, bo.id, fresh=True)

    [seen, *_] = await delivery.due(10)
    claimed = await delivery.claim(seen)

    assert [row.case_id for row in claimed] == [case.id, case.id]
    assert [row.facts["fresh"] for row in claimed] == [True, False]
    assert claimed[0].case.number == case.number
    assert claimed[0].person.code == bo.code


async def test_the_sender_waits_for_a_transaction_that_counts_on_a_waiting_card(database):
    """Else the card would be drawn from the state before the step, and nothing would be owed."""
    if db.dialect() == "sqlite":
        pytest.skip("one writer at a time")
    bo = await make_person(2)
    case = await make_case(await make_person(1), bo)
    await outbox.owe_card(case, bo.id, fresh=True)
    [seen] = await delivery.due(1)
    outside = contextvars.copy_context()  # a task made inside would inherit the transaction
    async with in_transaction():
        await outbox.owe_card(case, bo.id, fresh=False)
        await type(case).filter(id=case.id).update(state=State.RETURNED)
        claim = asyncio.get_running_loop().create_task(delivery.claim(seen), context=outside)
        await asyncio.sleep(0.1)
        assert not claim.done()
    [drawn] = await claim
    assert drawn.case.state is State.RETURNED


async def test_the_registry_follows_the_card_and_retires_the_older_one(database):
    bo = await make_person(2)
    case = await make_case(await make_person(1), bo)
    for message_id in (100, 200, 200):
        await outbox.owe_card(case, bo.id, fresh=True)
        [seen] = [row for row in await delivery.due(5) if row.kind == CARD]
        place = Place(message_id, digest=f"d{message_id}", version=3, retired="<s>old</s>")
        await delivery.delivered(await delivery.claim(seen), place)

    card = await LivingCard.get()
    assert (card.message_id, card.digest, card.version) == (200, "d200", 3)
    retirement = await Message.get(kind=RETIRE)
    assert (retirement.chat_id, retirement.facts) == (2, {"message_id": 100, "text": "<s>old</s>"})


async def test_an_older_message_known_to_be_gone_is_not_retired(database):
    bo = await make_person(2)
    case = await make_case(await make_person(1), bo)
    for place in (Place(100), Place(200, gone=100)):
        await outbox.owe_card(case, bo.id, fresh=False)
        [seen] = await delivery.due(1)
        await delivery.delivered(await delivery.claim(seen), place)

    assert await owed() == []


async def test_the_draft_knows_which_message_bears_its_buttons(database):
    ann = await make_person(1)
    await Draft.create(person=ann, message_id=50)
    await outbox.owe("ask", to=ann)
    [seen] = await delivery.due(1)

    await delivery.delivered(await delivery.claim(seen), Place(60, slot="draft"))

    assert (await Draft.get()).message_id == 60
    assert (await Message.get(kind=RETIRE)).facts == {"message_id": 50, "text": None}


async def test_when_the_network_is_back_all_that_it_held_up_is_due(database):
    for chat, error in ((1, "network TimedOut"), (2, "flood")):
        await owe(error, chat)
        [seen] = await delivery.due(1)
        await delivery.later(await delivery.claim(seen), error, 300)

    await delivery.network_is_back()

    assert await ready() == ["network TimedOut"]


async def test_14_nothing_is_dropped_but_what_can_never_be_delivered(database):
    await owe("lost")
    for pause in (0, 0, 0):
        [seen] = await delivery.due(1)
        await delivery.later(await delivery.claim(seen), "network", pause)
    [seen] = await delivery.due(1)
    assert seen.attempts == 3

    await delivery.never([seen], "unreachable: Forbidden")

    dead = await Message.get()
    assert (dead.state, dead.error) == (MessageState.NEVER, "unreachable: Forbidden")
    assert dead.settled_at is not None


async def test_the_outbox_is_read_by_its_index(database):
    await outbox.owe_all("n", [await make_person(1)] * 300, lane=Lane.BROADCAST)
    async with in_transaction():
        query, chats = delivery._DUE, "[]"
        if db.dialect() == "sqlite":
            query = query.replace("<> ALL (?::bigint[])", "NOT IN (SELECT value FROM json_each(?))")
            query = f"EXPLAIN QUERY PLAN {query}"
        else:
            await db.sql("SET LOCAL enable_seqscan = off")
            await db.sql("SET LOCAL enable_sort = off")
            query, chats = f"EXPLAIN {query}", []
        rows = await db.sql(query, now(), "render%", 3, now(), chats, 10)
    assert "ix_outbox_owed" in str(rows)
