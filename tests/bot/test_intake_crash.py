"""The process dies between any two steps of intake: nothing is lost, nothing happens twice."""

import pytest

from bot.intake import Intake
from models import inbox, outbox
from models.errors import NotAllowed
from models.inbox import InboxUpdate
from models.outbox import Message
from tests.machinery import Died, Life, all_handled, at_work, mortal, said, until

LONGEST = 60


async def handle(row: InboxUpdate) -> None:
    """Two effects that come together or not at all; every third update is refused after one."""
    await outbox.owe("one", chat_id=row.sender, update=row.update_id)
    if row.update_id % 3 == 0:
        raise NotAllowed(needs="officer")
    await outbox.owe("two", chat_id=row.sender, update=row.update_id)


async def refuse(row: InboxUpdate, refusal: object) -> None:
    await outbox.owe("refused", chat_id=row.sender, update=row.update_id)


async def apologise(row: InboxUpdate, reference: str) -> None:
    raise AssertionError(reference)


async def effects() -> list[tuple[str, int]]:
    rows = await Message.all().order_by("id")
    return [(m.kind, int(str(m.facts["update"]))) for m in rows]


def expected(first: int) -> list[tuple[str, int]]:
    numbers = range(first, first + 3)
    return [(kind, n) for n in numbers for kind in (("refused",) if n % 3 == 0 else ("one", "two"))]


@pytest.fixture
def life(monkeypatch, database):
    with mortal(monkeypatch) as life:
        yield life


async def test_2_a_crash_between_any_two_steps_of_handling_loses_and_doubles_nothing(life: Life):
    life.dies_at(None)
    deaths, first = 0, 1
    while deaths < LONGEST:
        await inbox.accept_all([said(first + n, 5) for n in range(3)])
        life.dies_at(deaths + 1)
        await life.live(Intake(handle, refuse, apologise), fact=all_handled)
        survived = not life.is_over
        life.dies_at(None)
        async with at_work(Intake(handle, refuse, apologise)):
            await until(all_handled)
        assert (await effects())[-len(expected(first)) :] == expected(first), f"step {deaths + 1}"
        deaths, first = deaths + 1, first + 3
        if survived:
            break
    assert deaths > 15
    assert len(await effects()) == sum(len(expected(n)) for n in range(1, first, 3))


async def test_2_an_update_not_yet_durable_at_the_crash_is_given_again_by_telegram(life: Life):
    """The webhook answers 200 only after ``accept``; what died before is delivered again."""
    life.dies_at(1)
    with pytest.raises(Died):
        await inbox.accept(said(1, 5))
    life.dies_at(None)
    assert await InboxUpdate.all().count() == 0

    assert await inbox.accept(said(1, 5)) is True
    assert await inbox.accept(said(1, 5)) is False
    assert await InboxUpdate.all().count() == 1
