"""Two senders on one database, as for a moment when the leader changes."""

import asyncio
from collections import Counter

from models import outbox
from models.outbox import Lane, Message, MessageState
from tests.machinery import all_settled, at_work, make_case, make_person, plain, post_office, until


async def test_two_senders_send_nothing_twice_and_keep_each_chat_s_order(database):
    async with post_office() as post:
        post.telegram.latency = 0.002
        for number in range(60):
            chat = 1 + number % 6
            await outbox.owe("said", chat_id=chat, lane=Lane.CARD, text=f"{chat}/{number:03}")
        async with at_work(post.sender(), post.sender()):
            await until(all_settled, 30)

    sent = post.texts()
    assert len(sent) == len(set(sent)) == 60
    for chat in range(1, 7):
        assert post.texts(chat) == sorted(post.texts(chat))


async def test_two_senders_make_one_card_of_what_a_case_is_owed(database):
    async with post_office() as post:
        post.telegram.latency = 0.002
        bo = await make_person(2)
        cases = [await make_case(await make_person(None), bo) for _ in range(10)]
        for case in cases:
            await outbox.owe_card(case, bo.id, fresh=True)
            await outbox.owe_card(case, bo.id, fresh=False)

        async def render(message: Message):
            await asyncio.sleep(0.001)
            return await plain(message)

        async with at_work(post.sender(render), post.sender(render)):
            await until(all_settled, 30)

    assert Counter(c.params["chat_id"] for c in post.telegram.calls_to("sendMessage")).total() == 10
    assert await Message.filter(state=MessageState.SENT).count() == 10
