"""The sender in trouble: outages, blocked people, messages that are wrong."""

import logging

import asyncpg
import pytest
from telegram.error import BadRequest
from tortoise.backends.asyncpg.client import TransactionWrapper

from bot.rendered import Text
from bot.sender import growing
from models import db, outbox
from models.outbox import Lane, Message, MessageState
from models.people import Person
from models.sqlite_immediate import ImmediateTransaction
from tests.machinery import (
    all_settled,
    at_work,
    make_case,
    make_person,
    plain,
    post_office,
    until,
)


@pytest.fixture
async def post(database):
    async with post_office() as office:
        yield office


async def owe(text: str, chat: int = 1, lane: Lane = Lane.TAP) -> None:
    await outbox.owe("said", chat_id=chat, lane=lane, text=text)


@pytest.mark.parametrize("kind", [429, 500, 502, 401, 409, "reset", "timeout"])
async def test_14_a_message_is_not_lost_at_the_first_failure_nor_at_the_twelfth(post, kind):
    post.telegram.fail("sendMessage", times=12, kind=kind, retry_after=2)
    await owe("important")
    await owe("and this")

    await post.deliver()

    assert post.texts() == ["important", "and this"]
    assert (await Message.get(id=1)).state is MessageState.SENT


async def test_14_a_lost_answer_costs_at_most_a_repetition(post):
    post.telegram.fail("sendMessage", times=1, kind="lost_answer")
    await owe("x")
    await post.deliver()
    assert len(post.telegram.private(1).posts) - 1 == 2  # and the person's own /start


def test_pauses_grow_to_five_minutes_and_differ_a_little():
    pauses = [growing(attempt) for attempt in range(1, 30)]
    assert 1.6 <= pauses[0] <= 2.4
    assert all(pause <= 300 for pause in pauses)
    assert pauses[-1] == 300
    assert len({growing(3) for _ in range(10)}) > 1


async def test_in_an_outage_one_message_knocks_and_after_it_all_go_out_at_once(post):
    for chat in range(1, 9):
        await owe("x", chat)
    post.telegram.fail("*", times=10_000, kind="reset")
    sender = post.sender(concurrency=4)
    async with at_work(sender):
        start = post.clock.at
        await until(lambda: post.clock.at > start + 600)
        knocked, back = len(post.telegram.calls), post.clock.at
        post.telegram.faults.clear()
        await until(all_settled)
    # though their own pauses had grown to minutes
    assert max(call.when for call in post.telegram.calls) - back < 30
    assert 30 < knocked < 15 + (back - start) / 15
    assert await Message.filter(state=MessageState.SENT).count() == 8


async def test_15_a_blocked_person_is_flagged_and_the_administrators_told(post):
    bo, admin = await make_person(2), await make_person(3, is_admin=True)
    post.telegram.block(2)
    await outbox.owe("said", to=bo, text="one")
    await outbox.owe("said", to=bo, text="two")
    await owe("elsewhere")

    sender = await post.deliver()

    assert post.texts(1) == ["elsewhere"]
    assert post.texts(3) == ["person_unreachable"]
    assert (await Person.get(id=bo.id)).unreachable_since is not None
    dead = await Message.filter(state=MessageState.NEVER)
    assert [m.person_id for m in dead] == [bo.id, bo.id]
    assert sender.counts["unreachable"] == 2
    assert (await Message.get(person_id=admin.id)).facts == {"code": bo.code}


async def test_15_the_cards_come_again_when_the_person_is_back(post):
    bo = await make_person(2)
    case = await make_case(await make_person(1), bo)
    post.telegram.block(2)
    await outbox.owe_card(case, bo.id, fresh=True)
    await post.deliver()
    assert post.texts(2) == []

    post.telegram.unblock(2)
    await outbox.reachable(await Person.get(id=bo.id))
    await post.deliver()
    assert post.texts(2) == ["card"]


async def test_our_mistake_harms_one_message_only_and_flags_nobody(post):
    bo = await make_person(2)
    await outbox.owe("said", to=bo, text="<b>unclosed")
    await outbox.owe("said", to=bo, text="fine")

    sender = await post.deliver()

    assert post.texts(2) == ["fine"]
    assert (await Message.get(id=1)).state is MessageState.NEVER
    assert (await Person.get(id=bo.id)).unreachable_since is None
    assert sender.counts["mistake"] == 1


async def test_what_cannot_be_worded_harms_only_itself_and_is_given_up_in_the_end(post, caplog):
    caplog.set_level(logging.INFO)
    await owe("机密 bad")
    await owe("good")
    await owe("elsewhere", 2)
    tries = 0

    async def render(message: Message) -> Text:
        nonlocal tries
        if "bad" in str(message.facts["text"]):
            tries += 1
            raise KeyError(message.facts["text"])
        return Text(str(message.facts["text"]))

    await post.deliver(render)

    assert sorted(post.texts()) == ["elsewhere", "good"]
    dead = await Message.get(id=1)
    assert (dead.state, tries) == (MessageState.NEVER, 10)
    assert dead.error == "render 10: KeyError"
    assert "机密" not in caplog.text


async def test_the_log_and_the_verdict_do_not_repeat_what_telegram_said(post, caplog):
    caplog.set_level(logging.INFO)
    await owe("x")

    async def render(message: Message) -> Text:
        raise BadRequest("机密★10年")

    await post.deliver(render)
    assert "机密" not in caplog.text


async def test_the_database_s_moment_is_nobody_s_fault(post):
    """A message that meets a deadlock or a lost connection is neither lost nor given up."""
    await owe("x")
    troubles = iter([asyncpg.DeadlockDetectedError("x"), ConnectionResetError("x")])

    async def render(message: Message) -> Text:
        error = next(troubles, None)
        if error:
            raise error
        return Text("x")

    await post.deliver(render)

    assert post.texts() == ["x"]
    message = await Message.get()
    assert (message.state, message.attempts, message.error) == (MessageState.SENT, 3, "")


async def test_what_was_sent_is_not_sent_again_because_the_database_stumbled(post, monkeypatch):
    await owe("once")
    stumbles = 3

    def stumbling(begin):
        async def stumble(self):
            nonlocal stumbles
            if stumbles and post.telegram.calls:
                stumbles -= 1
                raise ConnectionResetError
            await begin(self)

        return stumble

    for owner in (ImmediateTransaction, TransactionWrapper):
        monkeypatch.setattr(owner, "begin", stumbling(owner.begin))
    await post.deliver()

    assert (post.texts(), stumbles) == (["once"], 0)


async def test_the_sender_outlives_an_unreadable_outbox(post):
    await owe("x")
    await db.sql("ALTER TABLE outbox RENAME TO elsewhere")
    sender = post.sender(plain)
    async with at_work(sender):
        start = post.clock.at
        await until(lambda: post.clock.at > start + 3)
        await db.sql("ALTER TABLE elsewhere RENAME TO outbox")
        await until(all_settled)
    assert post.texts() == ["x"]
