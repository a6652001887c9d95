"""Routing fed from the database: who heads, who signs, whom a case waits for in vain."""

import pytest
import time_machine

from models import assignment, workflow
from models.levels import Level
from models.office import now, today
from models.people import Department
from models.proposal import Action, Proposal, State
from models.routing import NoRoute, Route, Unfit
from tests.factories import Cast, appoint, away, make_department, make_person

pytestmark = pytest.mark.usefixtures("november")


@pytest.fixture
async def cast(database):
    return await Cast.gather()


async def stranded() -> list[str]:
    return [case.number for case in await assignment.stranded()]


# --- heads ---------------------------------------------------------------------------------------


async def test_the_head_of_the_drafter_s_department_reviews(cast):
    route = await assignment.head_for(cast.drafter.department_id, cast.drafter.id)
    assert route.head == cast.head


async def test_a_drafter_who_is_the_head_has_the_head_of_the_parent_department(cast):
    top = await Department.get(name="局领导")
    above = await make_person("高远", "head", department=top)
    route = await assignment.head_for(cast.head.department_id, cast.head.id)
    assert route.head == above
    assert route.why == {"code": "head_above", "department": "局领导"}


async def test_a_drafter_who_is_the_only_head_goes_straight_to_the_officer_and_the_record_says_so(
    cast,
):
    cast.head.is_drafter = True
    await cast.head.save()
    case = await cast.propose(by=cast.head)
    assert (case.state, case.head_id, case.officer_id) == (
        State.WAITING_OFFICER, None, cast.officer.id)  # fmt: skip
    assert case.why["direct"] == "drafter_is_head"
    line = await case.steps.all().first()
    assert line
    assert line.record["why"]["direct"] == "drafter_is_head"
    done = await cast.take(case, Action.APPROVE)
    assert done.why["direct"] == "drafter_is_head"


async def test_a_department_without_any_head_goes_straight_to_the_officer(cast):
    cast.head.is_head = False
    await cast.head.save()
    case = await cast.propose()
    assert (case.state, case.why["direct"]) == (State.WAITING_OFFICER, "no_head")


async def test_a_circle_of_departments_ends(cast):
    one = await make_department("甲处")
    two = await make_department("乙处", one)
    one.parent = two
    await one.save()
    route = await assignment.head_for(two.id, cast.drafter.id)
    assert (route.head, route.why) == (None, {"code": "no_head"})
    myself = await make_department("丙处")
    myself.parent = myself
    await myself.save()
    assert (await assignment.head_for(myself.id, cast.drafter.id)).head is None


# --- officers ------------------------------------------------------------------------------------


async def test_whoever_has_fewer_cases_waiting_is_next(cast):
    other = await make_person("何清", code="A003")
    await appoint(other, "科技处")
    turns = [(await cast.endorsed(number=f"科工〔2026〕{n}号")).officer_id for n in range(4)]
    assert turns == [cast.officer.id, other.id, cast.officer.id, other.id]


async def test_an_officer_who_is_away_is_replaced_and_both_stay_entitled(cast):
    other = await make_person("何清", code="A003")
    await appoint(other)
    await away(cast.officer, other)
    case = await cast.endorsed()
    assert (case.officer_id, case.on_behalf_of_id) == (other.id, cast.officer.id)
    assert case.why["on_behalf_of"] == "林秀"
    for who in (other, cast.officer):
        assert workflow.actions_for(case, who) == [Action.APPROVE, Action.RETURN]


async def test_absence_counts_from_its_first_day_to_its_last(cast):
    absence = await away(cast.officer)
    for day, gone in (("21", False), ("22", True), ("23", True), ("24", True), ("25", False)):
        with time_machine.travel(f"2026-11-{day}T02:00:00+00:00", tick=True):
            route = await assignment.officer_for(
                await Proposal.get_or_none() or await cast.propose()
            )
            assert isinstance(route, NoRoute) is gone, day
    absence.cancelled_at = now()
    await absence.save()
    assert isinstance(await assignment.officer_for(await Proposal.get()), Route)


async def test_of_overlapping_absences_the_accepted_one_counts(cast):
    other = await make_person("何清", code="A003")
    await appoint(other)
    await away(cast.officer, other)
    await away(cast.officer, await make_person("未答", code="A009"), accepted=False)
    case = await cast.endorsed()
    assert (case.officer_id, case.on_behalf_of_id) == (other.id, cast.officer.id)


async def test_the_preview_says_who_would_review_and_sign(cast):
    assert await assignment.preview(cast.drafter, Level.TOP_SECRET) == (cast.head, cast.officer)
    cast.appointment.ceiling = Level.SECRET
    await cast.appointment.save()
    assert await assignment.preview(cast.drafter, Level.TOP_SECRET) == (cast.head, None)


async def test_the_power_that_a_case_was_routed_by_is_the_one_used(cast):
    narrow = cast.appointment
    wide = await appoint(cast.officer, "科技处", "财务处")
    case = await cast.endorsed()
    assert case.appointment_id == narrow.id
    assert await assignment.power_of(cast.officer, case) == narrow
    narrow.ended_at = now()
    await narrow.save()
    assert await assignment.power_of(cast.officer, case) == wide
    wide.trained_on = None
    await wide.save()
    assert await assignment.power_of(cast.officer, case) is Unfit.UNTRAINED


async def test_levels_that_nobody_could_sign_are_named_by_department(cast):
    assert await assignment.unsigned_levels() == {}
    cast.appointment.ceiling = Level.SECRET
    await cast.appointment.save()
    assert await assignment.unsigned_levels() == {"科技处": [Level.TOP_SECRET]}


# --- cases that wait in vain ---------------------------------------------------------------------


async def test_nothing_is_stranded_while_everybody_can_act(cast):
    await cast.propose(number="一号")
    await cast.endorsed(number="二号")
    await cast.returned(number="三号")
    await cast.approved(number="四号")
    assert await stranded() == []
    assert await workflow.reroute_waiting() == 0


@pytest.mark.parametrize(
    "change",
    [
        {"trained_on": None}, {"ended_at": "now"}, {"valid_until": "yesterday"},
        {"ceiling": Level.SECRET}, {"departments": ["财务处"]},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
async def test_a_case_leaves_an_officer_who_may_not_sign_it_any_more(cast, change):
    other = await make_person("何清", code="A003")
    await appoint(other)
    case = await cast.endorsed()
    assert case.officer_id == cast.officer.id
    values = {"now": now(), "yesterday": today().replace(day=1)}
    name, value = next(iter(change.items()))
    setattr(cast.appointment, name, values.get(value, value) if isinstance(value, str) else value)
    await cast.appointment.save()
    assert await stranded() == [case.number]
    assert await workflow.reroute_waiting() == 1
    moved = await Proposal.get(id=case.id)
    assert (moved.state, moved.officer_id) == (State.WAITING_OFFICER, other.id)
    assert moved.version == case.version + 1
    assert await workflow.reroute_waiting() == 0


async def test_a_case_stays_with_an_officer_who_has_another_power_for_it(cast):
    case = await cast.endorsed()
    cast.appointment.ended_at = now()
    await cast.appointment.save()
    fresh = await appoint(cast.officer, "科技处")
    assert await stranded() == []
    done = await cast.take(case, Action.APPROVE)
    assert done.appointment_id == fresh.id


async def test_a_case_leaves_an_officer_who_cannot_be_written_to(cast):
    case = await cast.endorsed()
    cast.officer.unreachable_since = now()
    await cast.officer.save()
    assert await workflow.reroute_waiting() == 1
    assert (await Proposal.get(id=case.id)).state is State.UNROUTABLE
    assert await workflow.reroute_waiting() == 0
    cast.officer.unreachable_since = None
    await cast.officer.save()
    assert await workflow.reroute_waiting() == 1
    assert (await Proposal.get(id=case.id)).officer_id == cast.officer.id


async def test_a_case_leaves_a_head_who_heads_the_department_no_more(cast):
    case = await cast.propose()
    cast.head.is_head = False
    await cast.head.save()
    other = await make_person("孙立", "head", department=await Department.get(name="科技处"))
    assert await workflow.reroute_waiting() == 1
    moved = await Proposal.get(id=case.id)
    assert (moved.state, moved.head_id) == (State.WAITING_HEAD, other.id)
    assert await workflow.reroute_waiting() == 0


async def test_a_case_whose_department_lost_its_last_head_goes_on_to_the_officer(cast):
    case = await cast.propose()
    cast.head.department = await make_department("财务处")
    await cast.head.save()
    assert await workflow.reroute_waiting() == 1
    moved = await Proposal.get(id=case.id)
    assert (moved.state, moved.head_id, moved.officer_id) == (
        State.WAITING_OFFICER, None, cast.officer.id)  # fmt: skip
    assert moved.why["direct"] == "no_head"


async def test_a_case_leaves_a_head_out_of_reach_only_for_one_within_reach(cast):
    case = await cast.propose()
    cast.head.unreachable_since = now()
    await cast.head.save()
    department = await Department.get(name="科技处")
    await make_person("无号", "head", department=department, bound=False, code="A000")
    assert await workflow.reroute_waiting() == 0
    other = await make_person("孙立", "head", department=department)
    assert await workflow.reroute_waiting() == 1
    assert (await Proposal.get(id=case.id)).head_id == other.id


async def test_the_longest_waiting_goes_first(cast):
    cast.appointment.trained_on = None
    await cast.appointment.save()
    cases = [await cast.endorsed(number=f"{n}号") for n in range(3)]
    cast.appointment.trained_on = today()
    await cast.appointment.save()
    assert await stranded() == [case.number for case in cases]
