"""The sender: what is owed is delivered, once, in order, and the registry knows where it stands."""

import asyncio

import pytest
from telegram import BotCommand, ForceReply, InlineKeyboardButton, InlineKeyboardMarkup
from tortoise.transactions import in_transaction

from bot.rendered import Commands, Delete, Leave, Text
from bot.sender import Clock, Sender
from models import db, outbox, wakeup
from models.outbox import Lane, Message, MessageState
from tests.machinery import (
    all_settled,
    at_work,
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


def keyboard(*data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(d, callback_data=d)] for d in data])


async def test_a_message_is_sent_with_html_without_preview_and_protected(post):
    await owe("<b>你好</b>")
    sender = await post.deliver()

    [call] = post.telegram.calls_to("sendMessage")
    assert call.params["parse_mode"] == "HTML"
    assert call.params["protect_content"] in {True, "true"}
    assert "is_disabled" in str(call.params["link_preview_options"])
    message = await Message.get()
    assert message.state is MessageState.SENT
    assert message.message_id is not None
    assert message.settled_at is not None
    assert sender.counts == {"sent": 1}


async def test_messages_of_a_chat_arrive_in_order_and_the_higher_lane_first(post):
    for number in range(4):
        await owe(f"card {number}", 1, Lane.CARD)
        await owe(f"tap {number}", 1)

    await post.deliver()

    expected = [f"{lane} {n}" for lane in ("tap", "card") for n in range(4)]
    assert post.texts(1) == expected


class Unhurried(Clock):
    """Never looks by itself: only a wake-up makes it look."""

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        await (event.wait() if seconds else asyncio.sleep(0))


async def test_what_is_owed_is_sent_after_the_commit_without_a_poll(post, database):
    async with wakeup.hearing(database):
        if db.dialect() == "postgres":
            heard = asyncio.Event()
            stop = outbox.listen(heard.set)
            await asyncio.wait_for(heard.wait(), 5)
            stop()
        async with at_work(Sender(post.bot, plain, clock=Unhurried())):
            await asyncio.sleep(0.05)
            async with in_transaction():
                await owe("news")
                await asyncio.sleep(0.05)
                assert post.telegram.calls == []
            await until(all_settled, 5)


async def test_nothing_to_say_any_more_is_settled_without_a_call(post):
    await owe("x")

    async def silent(message: Message) -> None:
        return None

    sender = await post.deliver(silent)

    assert post.telegram.calls == []
    assert (await Message.get()).state is MessageState.SENT
    assert sender.counts == {"needless": 1}


async def test_a_prompt_that_takes_a_draft_s_buttons_strips_the_older_one(post):
    from models.draft import Draft

    ann = await make_person(1)
    await Draft.create(person=ann)

    async def ask(message: Message) -> Text:
        return Text(str(message.facts["text"]), keyboard("x"), slot="draft")

    for text in ("one", "two"):
        await outbox.owe("ask", to=ann, text=text)
        await post.deliver(ask)

    first, second = (
        post.telegram.private(1).posts[call.result["result"]["message_id"]].wire
        for call in post.telegram.calls_to("sendMessage")
    )
    assert "reply_markup" not in first
    assert "reply_markup" in second
    assert (await Draft.get()).message_id == second["message_id"]


async def test_a_message_that_cannot_carry_its_keyboard_by_an_edit_is_sent(post):
    await owe("one")
    await post.deliver()
    [shown] = post.telegram.calls_to("sendMessage")
    await owe("why?")

    async def ask(message: Message) -> Text:
        return Text("why?", ForceReply(), edit=shown.result["result"]["message_id"])

    await post.deliver(ask)
    assert post.texts(1) == ["one", "why?"]


@pytest.mark.parametrize(
    ("rendered", "method"),
    [
        (Commands((BotCommand("new", "new"),)), "setMyCommands"),
        (Delete(99), "deleteMessage"),
        (Leave(), "leaveChat"),
    ],
)
async def test_other_calls_are_made_too_and_their_vain_repetition_is_success(
    post, rendered, method
):
    group = post.telegram.add_group("G", 1, kind="group")
    chat = group if method == "leaveChat" else 1
    for _ in range(2):
        await owe("x", chat)

    async def render(message: Message):
        return rendered

    await post.deliver(render)

    assert len(post.telegram.calls_to(method)) >= 1


async def test_one_message_at_a_time_in_a_chat_but_many_chats_at_once(post):
    post.telegram.latency = 0.02
    for chat in range(1, 9):
        await owe("a", chat)
        await owe("b", chat)
    most, now = {}, set()

    async def watch(message: Message) -> Text:
        assert message.chat_id not in now
        now.add(message.chat_id)
        most[message.chat_id] = len(now)
        await asyncio.sleep(0.01)
        now.discard(message.chat_id)
        return await plain(message)

    await post.deliver(watch)
    assert max(most.values()) > 1


async def test_stopping_finishes_what_is_in_hand_and_begins_nothing_new(post):
    for text in ("one", "two"):
        await owe(text)
    begun = asyncio.Event()

    async def slow(message: Message) -> Text:
        begun.set()
        await asyncio.sleep(0.05)
        return Text(str(message.facts["text"]))

    sender = post.sender(slow)
    async with at_work(sender):
        await begun.wait()
    assert post.texts() == ["one"]
    states = await Message.all().order_by("id").values_list("state", flat=True)
    assert states == [MessageState.SENT, MessageState.OWED]

    async with at_work(sender):  # the same one may be put to work again
        await until(all_settled)
    assert post.texts() == ["one", "two"]
