"""Living cards: one message a person and case, edited through every step."""

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.rendered import Text
from models import delivery, outbox
from models.outbox import LivingCard, Message, MessageState
from models.proposal import Proposal
from tests.machinery import make_case, make_person, post_office


@pytest.fixture
async def post(database):
    async with post_office() as office:
        yield office


def keyboard(*data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(d, callback_data=d)] for d in data])


async def card(message: Message) -> Text:
    """The case's state in words, and one button that carries its version."""
    case = await Proposal.get(id=message.case_id)
    return Text(
        f"<b>{case.state}</b>", keyboard(f"v{case.version}"), retired="old", version=case.version
    )


async def test_a_card_is_sent_once_and_edited_ever_after(post):
    bo = await make_person(2)
    case = await make_case(await make_person(1), bo)
    await outbox.owe_card(case, bo.id, fresh=True)
    await post.deliver(card)
    await Proposal.filter(id=case.id).update(version=2)
    await outbox.owe_card(case, bo.id, fresh=False)
    await post.deliver(card)

    sent, edited = (post.telegram.calls_to(m)[0] for m in ("sendMessage", "editMessageText"))
    stands_at = sent.result["result"]["message_id"]
    assert int(edited.params["message_id"]) == stands_at
    place = await LivingCard.get()
    assert (place.message_id, place.version) == (stands_at, 2)


async def test_a_new_card_retires_the_older_one(post):
    bo = await make_person(2)
    case = await make_case(await make_person(1), bo)
    for _ in range(2):
        await outbox.owe_card(case, bo.id, fresh=True)
        await post.deliver(card)

    first, second = (
        post.telegram.private(2).posts[c.result["result"]["message_id"]].wire
        for c in post.telegram.calls_to("sendMessage")
    )
    assert (first["text"], "reply_markup" in first) == ("old", False)
    assert second["text"] == "waiting_head"
    assert (await LivingCard.get()).message_id == second["message_id"]


async def test_6_a_card_that_shows_it_already_needs_no_call(post):
    bo = await make_person(2)
    case = await make_case(await make_person(1), bo)
    await outbox.owe_card(case, bo.id, fresh=True)
    await post.deliver(card)
    await outbox.owe_card(case, bo.id, fresh=False)
    sender = await post.deliver(card)

    assert len(post.telegram.calls) == 1
    assert sender.counts == {"needless": 1}


async def test_6_message_is_not_modified_is_success_and_nothing_is_sent_again(post):
    bo = await make_person(2)
    case = await make_case(await make_person(1), bo)
    await outbox.owe_card(case, bo.id, fresh=True)
    await post.deliver(card)
    await LivingCard.all().update(digest="")  # we do not know what it shows; it shows the same
    await outbox.owe_card(case, bo.id, fresh=False)
    await post.deliver(card)

    assert [call.status for call in post.telegram.calls_to("editMessageText")] == [400]
    assert len(post.telegram.calls_to("sendMessage")) == 1
    assert await Message.filter(state=MessageState.SENT).count() == 2
    assert (await LivingCard.get()).digest != ""


async def test_a_card_that_is_gone_is_sent_anew(post):
    bo = await make_person(2)
    case = await make_case(await make_person(1), bo)
    await outbox.owe_card(case, bo.id, fresh=True)
    await post.deliver(card)
    old = (await LivingCard.get()).message_id
    post.telegram.delete(2, old)
    await Proposal.filter(id=case.id).update(version=2)
    await outbox.owe_card(case, bo.id, fresh=False)
    await post.deliver(card)

    assert len(post.telegram.calls_to("sendMessage")) == 2
    assert (await LivingCard.get()).message_id != old
    assert not await Message.filter(kind=outbox.RETIRE).exists()


async def test_several_cards_owed_of_one_case_become_one_message(post):
    bo = await make_person(2)
    case = await make_case(await make_person(1), bo)
    await outbox.owe_card(case, bo.id, fresh=False)
    [seen] = await delivery.due(1)
    await delivery.later(await delivery.claim(seen), "flood", 0)
    await outbox.owe_card(case, bo.id, fresh=True)
    assert await Message.all().count() == 2

    await post.deliver(card)

    assert len(post.telegram.calls_to("sendMessage")) == 1
    assert {m.message_id for m in await Message.all()} == {(await LivingCard.get()).message_id}


async def test_another_message_in_a_card_s_place_makes_the_next_card_go_out(post):
    bo = await make_person(2)
    case = await make_case(await make_person(1), bo)
    await outbox.owe_card(case, bo.id, fresh=True)
    await post.deliver(card)
    await outbox.owe("reasons", to=bo)

    async def reasons(message: Message) -> Text:
        return Text("why?", keyboard("a", "b"), edit=(await LivingCard.get()).message_id)

    await post.deliver(reasons)
    await outbox.owe_card(case, bo.id, fresh=False)
    await post.deliver(card)

    post_ = post.telegram.private(2).posts[(await LivingCard.get()).message_id]
    assert post_.wire["text"] == "waiting_head"
