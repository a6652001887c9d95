"""Routing fed from the database: who heads, who signs, whom a case waits for in vain."""

import asyncio
from collections.abc import Awaitable
from time import perf_counter

import pytest
import time_machine

from models import assignment, ledger, workflow
from models.content import from_item
from models.levels import Level
from models.office import now, today
from models.outbox import Message
from models.people import Appointment, AppointmentKind, Department, Person
from models.proposal import Action, Proposal, ReturnReason, State
from models.routing import NoHead, NoRoute, Route, Unfit
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


async def test_a_case_that_nobody_heads_waits_for_a_head_and_administrators_are_told_at_once(cast):
    await Person.filter(id=cast.head.id).update(is_head=False)
    case = await cast.propose()
    assert (case.state, case.head_id, case.officer_id, case.turn_id, case.due_at) == (
        State.UNROUTABLE, None, None, None, None)  # fmt: skip
    assert case.why == {"code": "no_head"}
    told = await Message.filter(kind="unroutable")
    assert [(m.person_id, m.case_id) for m in told] == [(cast.admin.id, case.id)]
    assert await workflow.reroute_waiting() == 0
    assert (await Proposal.get(id=case.id)).version == case.version

    await Person.filter(id=cast.head.id).update(is_head=True)
    assert await stranded() == [case.number]
    assert await workflow.reroute_waiting() == 1
    moved = await Proposal.get(id=case.id)
    assert (moved.state, moved.head_id) == (State.WAITING_HEAD, cast.head.id)
    assert moved.due_at
    assert await workflow.reroute_waiting() == 0
    done = await cast.take(await cast.take(moved, Action.ENDORSE), Action.APPROVE)
    assert done.state is State.EFFECTIVE
    assert (await ledger.verify()).broken is None


async def test_a_drafter_who_becomes_the_head_meanwhile_goes_straight_to_the_officer(cast):
    await Person.filter(id=cast.head.id).update(is_head=False)
    await Appointment.filter(id=cast.appointment.id).update(trained_on=None)
    case = await cast.propose()
    await Person.filter(id=cast.drafter.id).update(is_head=True)
    assert await workflow.reroute_waiting() == 1  # now it waits for an officer instead
    moved = await Proposal.get(id=case.id)
    assert (moved.state, moved.why["direct"]) == (State.UNROUTABLE, "drafter_is_head")
    assert moved.why["reasons"] == [["A002", "untrained"]]
    assert await workflow.reroute_waiting() == 0
    await Appointment.filter(id=cast.appointment.id).update(trained_on=today())
    assert await workflow.reroute_waiting() == 1
    moved = await Proposal.get(id=case.id)
    assert (moved.state, moved.why["direct"]) == (State.WAITING_OFFICER, "drafter_is_head")
    assert await workflow.reroute_waiting() == 0


async def test_a_reviewed_case_that_nobody_could_sign_is_not_reviewed_again(cast):
    await Appointment.filter(id=cast.appointment.id).update(trained_on=None)
    case = await cast.endorsed()
    await Person.filter(id=cast.head.id).update(is_head=False)
    assert await workflow.reroute_waiting() == 0
    await Appointment.filter(id=cast.appointment.id).update(trained_on=today())
    assert await workflow.reroute_waiting() == 1
    moved = await Proposal.get(id=case.id)
    assert (moved.state, moved.head_id) == (State.WAITING_OFFICER, cast.head.id)


async def test_a_revision_is_reviewed_anew_even_if_the_one_before_was(cast):
    case = await cast.take(await cast.endorsed(), Action.RETURN, reason=ReturnReason.TERM_WRONG)
    await Person.filter(id=cast.head.id).update(is_head=False)
    what = from_item("科工〔2026〕1号", await cast.item())
    case = await cast.take(case, Action.RESUBMIT, what=what)
    assert (case.state, case.why) == (State.UNROUTABLE, {"code": "no_head"})
    await Person.filter(id=cast.head.id).update(is_head=True)
    await workflow.reroute_waiting()
    assert (await Proposal.get(id=case.id)).state is State.WAITING_HEAD


async def test_a_circle_of_departments_ends(cast):
    one = await make_department("甲处")
    two = await make_department("乙处", one)
    one.parent = two
    await one.save()
    route = await assignment.head_for(two.id, cast.drafter.id)
    assert (route.head, route.without) == (None, NoHead.NO_HEAD)
    assert (await assignment.chart()).upward(two.id) == [two.id, one.id]
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
    head, officer = await assignment.preview(cast.drafter, Level.TOP_SECRET)
    assert (head.head, officer) == (cast.head, cast.officer)
    cast.appointment.ceiling = Level.SECRET
    await cast.appointment.save()
    head, officer = await assignment.preview(cast.drafter, Level.TOP_SECRET)
    assert (head.head, officer) == (cast.head, None)
    await Person.filter(id=cast.head.id).update(is_head=False)
    head, officer = await assignment.preview(cast.drafter, Level.SECRET)
    assert (head.head, head.without) == (None, NoHead.NO_HEAD)


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
    await Person.filter(id=cast.head.id).update(is_head=False)
    assert await assignment.unsigned_levels() == {"科技处": list(Level)}


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


async def test_a_case_whose_department_lost_its_last_head_waits_for_another(cast):
    case = await cast.propose()
    cast.head.department = await make_department("财务处")
    await cast.head.save()
    assert await workflow.reroute_waiting() == 1
    moved = await Proposal.get(id=case.id)
    assert (moved.state, moved.head_id, moved.why) == (
        State.UNROUTABLE, None, {"code": "no_head"})  # fmt: skip
    assert await workflow.reroute_waiting() == 0
    head = await make_person("孙立", "head", department=await Department.get(name="科技处"))
    assert await workflow.reroute_waiting() == 1
    moved = await Proposal.get(id=case.id)
    assert (moved.state, moved.head_id) == (State.WAITING_HEAD, head.id)


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


async def test_a_sweep_routes_a_batch_the_longest_waiting_first_and_the_next_the_rest(
    cast, monkeypatch
):
    monkeypatch.setattr(assignment, "BATCH", 2)
    monkeypatch.setattr(assignment, "_LOOKED_AT", 2)
    other = await make_person("何清", code="A003")
    second = await appoint(other, "科技处")
    held = Appointment.filter(id__in=[cast.appointment.id, second.id])
    await held.update(trained_on=None)
    cases = [await cast.endorsed(number=f"{n}号") for n in range(5)]
    await held.update(trained_on=today())
    moved = []
    while count := await workflow.reroute_waiting():
        moved.append(count)
    assert moved == [2, 2, 1]
    officers = [(await Proposal.get(id=case.id)).officer_id for case in cases]
    one, two = cast.officer.id, other.id  # whoever has fewer waiting, within a sweep too
    assert officers == [one, two, one, two, one]


async def crowd(cases: int, officers: int) -> None:
    """So many officers who may sign nothing, and so many endorsed cases that wait for one."""
    top, here = await Department.get(name="局领导"), await Department.get(name="科技处")
    head, drafter = await Person.get(name="赵国"), await Person.get(name="周文")
    await Person.bulk_create(
        Person(code=f"X{n:04d}", name=f"官{n}", department=top, telegram_id=5000 + n)
        for n in range(officers)
    )
    day = today()
    await Appointment.bulk_create(
        Appointment(person=person, kind=AppointmentKind.DESIGNATED, ceiling=Level.TOP_SECRET,
                    departments=["*"], valid_from=day, trained_on=None)
        for person in await Person.filter(code__startswith="X")
    )  # fmt: skip
    await Proposal.bulk_create(
        Proposal(number=f"2025-{n:05d}", document_no=f"{n}号", level=Level.SECRET, department=here,
                 drafter=drafter, head=head, state=State.UNROUTABLE, created_at=now(),
                 waiting_since=now(), why={"reasons": [], "count": 0})
        for n in range(cases)
    )  # fmt: skip


async def longest_pause(sweep: Awaitable[object]) -> float:
    """The longest, in seconds, that nothing else could go on while ``sweep`` was under way."""
    pauses, over = [0.0], asyncio.Event()

    async def pulse() -> None:
        last = perf_counter()
        while not over.is_set():
            await asyncio.sleep(0)
            pauses.append(perf_counter() - last)
            last = perf_counter()

    beating = asyncio.create_task(pulse())
    await sweep
    over.set()
    await beating
    return max(pauses)


async def test_a_sweep_over_many_cases_and_officers_holds_nothing_up(cast):
    await cast.appointment.delete()
    await crowd(cases=2000, officers=1000)
    begun = perf_counter()
    assert await longest_pause(workflow.reroute_waiting()) < 1.0
    assert perf_counter() - begun < 10
    assert {case.version for case in await Proposal.all()} == {1}


async def test_the_longest_waiting_goes_first(cast):
    cast.appointment.trained_on = None
    await cast.appointment.save()
    cases = [await cast.endorsed(number=f"{n}号") for n in range(3)]
    cast.appointment.trained_on = today()
    await cast.appointment.save()
    assert await stranded() == [case.number for case in cases]
