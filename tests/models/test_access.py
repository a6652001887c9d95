"""The one door for reading: not theirs looks like not there."""

import pytest

from models import access, errors, workflow
from models.office import now
from models.outbox import LivingCard, Message, MessageState
from models.proposal import Action, Proposal, State
from tests.factories import Cast, appoint, away, make_department, make_person

pytestmark = pytest.mark.usefixtures("november")


@pytest.fixture
async def cast(database):
    return await Cast.gather()


async def may_see(person, case) -> bool:
    try:
        return (await access.case_for(person, case.id)).id == case.id
    except errors.CaseNotFound:
        return False


async def test_the_parties_and_administrators_see_a_case(cast):
    case = await cast.endorsed()
    for person in (cast.drafter, cast.head, cast.officer, cast.admin):
        assert await may_see(person, case)


async def test_an_officer_sees_nothing_before_it_reaches_them(cast):
    assert not await may_see(cast.officer, await cast.propose())


async def test_an_absent_officer_sees_what_the_substitute_was_given(cast):
    other = await make_person("何清")
    await appoint(other)
    await away(cast.officer, other)
    case = await cast.endorsed()
    assert await may_see(cast.officer, case)
    assert await may_see(other, case)


async def test_strangers_colleagues_and_other_departments_see_nothing(cast):
    other = await make_department("财务处")
    case = await cast.endorsed()
    for person in (
        await make_person("同事", "drafter"),
        await make_person("同级", "head"),
        await make_person("保密员", "custodian"),
        await make_person("他处", "drafter", "head", department=other),
        await make_person("无职", department=other),
    ):
        assert not await may_see(person, case)
        for action in Action:
            with pytest.raises(errors.CaseNotFound):
                await workflow.take_step(case.id, action, by=person, seen=case.version)


async def test_a_case_that_does_not_exist_looks_just_the_same(cast):
    with pytest.raises(errors.CaseNotFound) as absent:
        await access.case_for(cast.drafter, 10**9)
    case = await cast.propose()
    with pytest.raises(errors.CaseNotFound) as hidden:
        await access.case_for(cast.officer, case.id)
    assert (absent.value.code, absent.value.facts) == (hidden.value.code, hidden.value.facts)


@pytest.mark.parametrize("case_id", [0, -1, 2**31 - 1])
async def test_any_number_may_be_asked_for(cast, case_id):
    with pytest.raises(errors.CaseNotFound):
        await access.case_for(cast.admin, case_id)


async def test_who_had_a_step_of_it_keeps_sight_of_it(cast):
    case = await cast.endorsed()
    await Proposal.filter(id=case.id).update(head_id=None, officer_id=None)
    await Message.all().update(state=MessageState.SENT)
    assert await may_see(cast.head, case)
    assert not await may_see(cast.officer, case)


@pytest.mark.parametrize("delivered", [True, False])
async def test_who_has_or_is_owed_a_card_of_it_may_read_what_became_of_it(cast, delivered):
    case = await cast.endorsed()
    if delivered:
        await LivingCard.create(person=cast.officer, case=case, message_id=1, updated_at=now())
        await Message.all().update(state=MessageState.SENT)
    other = await make_person("何清")
    await appoint(other)
    await cast.appointment.filter(id=cast.appointment.id).update(trained_on=None)
    assert await workflow.reroute_waiting() == 1
    moved = await access.case_for(cast.officer, case.id)
    assert moved.officer == other
    assert workflow.actions_for(moved, cast.officer) == []


async def test_a_case_comes_with_all_that_a_card_names(cast):
    case = await access.case_for(cast.drafter, (await cast.endorsed()).id)
    assert case.drafter.name == "周文"
    assert case.head
    assert case.officer
    assert case.item
    assert case.edition
    assert case.appointment
    assert (case.head.name, case.officer.name, case.item.code) == ("赵国", "林秀", "KJ-002")
    assert case.department.name == "科技处"


async def test_the_inbox_holds_what_waits_for_one_longest_first(cast):
    cases = [await cast.propose(number=f"{n}号") for n in range(3)]
    assert [c.id for c in await access.inbox_of(cast.head)] == [c.id for c in cases]
    assert [c.id for c in await access.inbox_of(cast.head, limit=2)] == [c.id for c in cases[:2]]
    await cast.take(cases[0], Action.ENDORSE)
    assert await access.how_many_wait(cast.head) == 2
    assert await access.how_many_wait(cast.officer) == 1
    assert await access.how_many_wait(cast.drafter) == 0


async def test_a_substitute_s_inbox_and_the_absent_officer_s_hold_the_same_case(cast):
    other = await make_person("何清")
    await appoint(other)
    await away(cast.officer, other)
    case = await cast.endorsed()
    for person in (cast.officer, other):
        assert [c.id for c in await access.inbox_of(person)] == [case.id]


async def test_what_one_drafted_shows_what_came_back_first_then_what_is_open_then_the_newest(cast):
    done = [await cast.approved(number=f"{n}号") for n in range(2)]
    going = [await cast.returned(number="三号"), await cast.propose(number="四号")]
    listed = [c.id for c in await access.cases_of(cast.drafter)]
    assert listed == [going[0].id, going[1].id, done[1].id, done[0].id]
    assert [c.id for c in await access.cases_of(cast.drafter, limit=2)] == listed[:2]
    assert [c.id for c in await access.cases_of(cast.drafter, limit=3)] == listed[:3]
    assert await access.cases_of(cast.head) == []


async def test_withdrawn_cases_are_no_longer_open(cast):
    case = await cast.take(await cast.propose(), Action.WITHDRAW)
    later = await cast.propose(number="二号")
    assert case.state is State.WITHDRAWN
    assert [c.id for c in await access.cases_of(cast.drafter)] == [later.id, case.id]


async def test_an_officer_is_whoever_holds_an_appointment_not_ended(cast):
    assert await access.is_officer(cast.officer)
    assert not await access.is_officer(cast.head)
    cast.appointment.ended_at = now()
    await cast.appointment.save()
    assert not await access.is_officer(cast.officer)
