"""The process dies between any two steps of delivery: nothing is lost.

Nothing arrives twice either, but what was in flight: Telegram had taken it, and the process died
before it could write that down.
"""

import pytest

from bot.rendered import Text
from models import outbox
from models.outbox import LEASE, LivingCard, Message, MessageState
from models.proposal import Proposal
from tests.machinery import (
    Life,
    all_settled,
    make_case,
    make_person,
    mortal,
    post_office,
)

LONGEST = 80


async def render(message: Message) -> Text | None:
    if message.kind != outbox.CARD:
        return Text(str(message.facts["text"]))
    case = await Proposal.get(id=message.case_id)
    return Text(f"{case.number} v{case.version}", retired="retired", version=case.version)


@pytest.fixture
def life(monkeypatch):
    with mortal(monkeypatch) as life:
        yield life


async def test_a_crash_between_any_two_steps_of_delivery_loses_nothing(database, life: Life):
    async with post_office() as post:
        ann, bo = await make_person(1), await make_person(2)
        deaths = 0
        while deaths < LONGEST:
            case = await make_case(ann, bo)
            await outbox.owe("said", to=ann, text=f"to Ann {deaths}")
            await outbox.owe_card(case, bo.id, fresh=True)
            await post.deliver(render)
            await outbox.owe_card(case, bo.id, fresh=True)  # the older one is to be retired
            await outbox.owe("said", to=ann, text=f"again to Ann {deaths}")
            post.telegram.calls.clear()

            life.dies_at(deaths + 1)
            await life.live(post.sender(render), fact=all_settled)
            survived, steps = not life.is_over, life.steps
            life.dies_at(None)
            post.clock.busy = lambda: 0
            post.clock.shift(LEASE.total_seconds() + 1)
            await post.deliver(render)

            deaths += 1
            in_flight = any(step.startswith("http") for step in steps)
            for text, chat in ((f"again to Ann {deaths - 1}", 1), (f"{case.number} v1", 2)):
                times = post.texts(chat).count(text)
                assert 1 <= times <= (2 if in_flight and not survived else 1), steps
            card = await LivingCard.get(case_id=case.id)
            posts = post.telegram.private(2).posts
            assert posts[card.message_id].wire["text"] == f"{case.number} v1"
            assert not await Message.exclude(state=MessageState.SENT).exists()
            older = await Message.filter(kind=outbox.RETIRE).order_by("-id").first()
            assert posts[older.facts["message_id"]].wire["text"] == "retired"
            if survived:
                break
        assert 15 < deaths < LONGEST
