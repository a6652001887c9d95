"""The sender's pace and its lanes, against a Telegram that keeps its own limits."""

import pytest

from bot.rendered import Rendered, Text
from models import outbox
from models.outbox import Lane, Message, MessageState
from tests.machinery import all_settled, at_work, make_person, plain, post_office, until


@pytest.fixture
async def post(database):
    async with post_office(people=210) as office:
        yield office


async def owe(text: str, chat: int = 1, lane: Lane = Lane.TAP) -> None:
    await outbox.owe("said", chat_id=chat, lane=lane, text=text)


async def broadcast(chats: int, each: int = 1) -> None:
    people = [await make_person(chat) for chat in range(1, chats + 1)]
    for number in range(each):
        await outbox.owe_all("said", people, lane=Lane.BROADCAST, text=f"notice {number}")


async def test_13_telegram_s_own_limits_are_never_met(post):
    post.telegram.flood = True
    await broadcast(60, each=2)
    for number in range(6):
        await owe(f"card {number}", 7, Lane.CARD)

    sender = await post.deliver()

    assert sender.counts == {"sent": 126}
    assert [call.status for call in post.telegram.calls] == [200] * 126
    assert post.texts(7)[:6] == [f"card {n}" for n in range(6)]


async def test_13_a_broadcast_of_600_does_not_delay_a_card(post):
    await broadcast(200, each=3)
    seen: list[str] = []
    begun: dict[str, float] = {}

    async def render(message: Message) -> Rendered:
        seen.append(message.lane.name)
        if len(seen) in {10, 200, 400}:  # in the middle of the broadcast somebody taps
            chat = 201 + len(begun)
            await outbox.owe("said", chat_id=chat, lane=Lane.CARD, text="card")
            begun[str(chat)] = post.clock.at
        return Text(str(message.facts["text"]))

    sender = post.sender(render)
    async with at_work(sender):
        await until(all_settled, 60)

    assert len(seen) == 603
    places = [place for place, lane in enumerate(seen) if lane == "CARD"]
    # at most those already in hand went before it
    assert all(place - told <= 32 for place, told in zip(places, (10, 200, 400), strict=True))
    for call in post.telegram.calls_to("sendMessage"):
        if call.params["text"] == "card":
            assert call.when - begun[str(call.params["chat_id"])] < 0.2


async def test_13_a_429_in_one_chat_does_not_delay_another(post):
    post.telegram.fail("sendMessage", times=1, kind=429, chat_id=1, retry_after=40)
    await owe("one", 1)
    await owe("two", 1)
    await owe("elsewhere", 2)
    start = post.clock.at

    sender = await post.deliver()

    sent = {
        call.params["text"]: call.when - start for call in post.telegram.calls if call.status == 200
    }
    assert sent["elsewhere"] < 1
    assert 40 <= sent["one"] < 45
    assert post.texts(1) == ["one", "two"]
    assert sender.counts["flood"] == 1


async def test_13_when_several_chats_are_flooded_everybody_waits(post):
    for chat in (1, 2, 3):
        post.telegram.fail("sendMessage", times=1, kind=429, chat_id=chat, retry_after=20)
        await owe("flooded", chat)
    for chat in range(10, 110):
        await owe("other", chat, Lane.BROADCAST)
    start = post.clock.at

    await post.deliver()

    refused = [call for call in post.telegram.calls if call.status == 429]
    third = refused[2].when
    assert all(call.when >= third + 20 for call in post.telegram.calls if call.when > third + 0.1)
    assert third - start < 1
    assert await Message.filter(state=MessageState.SENT).count() == 103


async def test_a_group_gets_twenty_messages_a_minute(post):
    group = post.telegram.add_group("G", 1, kind="group")
    post.telegram.flood = True
    for number in range(30):
        await owe(str(number), group)
    start = post.clock.at
    await post.deliver(plain)

    assert [call.status for call in post.telegram.calls] == [200] * 30
    assert 60 <= post.telegram.calls[-1].when - start < 63


async def test_what_sends_nothing_takes_no_pace(post):
    for number in range(200):
        await owe(str(number), 1 + number)

    moments = [post.clock.at]

    async def silent(message: Message) -> None:
        moments.append(post.clock.at)

    await post.deliver(silent)
    assert len(moments) == 201
    assert moments[-1] - moments[0] < 4  # at thirty a second it would be seven
