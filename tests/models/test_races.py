"""Many at once: exactly one step is taken, and whoever came too late learns who took it."""

import asyncio
from collections import Counter

import pytest

from models import errors, ledger, workflow
from models.content import from_item
from models.determination import Determination
from models.office import today
from models.people import Person
from models.proposal import Action, Proposal, ReturnReason, State, Step
from tests.factories import Cast, appoint, away, make_person

pytestmark = pytest.mark.usefixtures("november")
TAPS = 50


@pytest.fixture
async def cast(database):
    return await Cast.gather()


async def at_once(*steps):
    """What became of each of ``steps``, all begun together."""
    return await asyncio.wait_for(asyncio.gather(*steps, return_exceptions=True), 60)


def step(case: Proposal, action: Action, by: Person, **values):
    return workflow.take_step(case.id, action, by=by, seen=case.version, **values)


async def settled(case: Proposal) -> Proposal:
    """The case after a race: one step more than before it, and the ledger whole."""
    after = await Proposal.get(id=case.id)
    assert after.version == case.version + 1
    assert await Step.filter(case_id=case.id).exclude(action=Action.NUDGE).count() == after.version
    assert (await ledger.verify()).broken is None
    return after


async def test_of_fifty_taps_of_two_entitled_officers_one_signs_and_49_learn_who(cast):
    substitute = await make_person("何清")
    await appoint(substitute)
    await away(cast.officer, substitute)
    case = await cast.endorsed()
    both = (cast.officer, substitute)
    done = await at_once(*(step(case, Action.APPROVE, both[n % 2]) for n in range(TAPS)))
    assert not [one for one in done if not isinstance(one, Proposal | errors.AlreadyMoved)]
    winners = [one for one in done if isinstance(one, Proposal)]
    losers = [one for one in done if isinstance(one, errors.AlreadyMoved)]
    assert (len(winners), len(losers)) == (1, TAPS - 1)
    signed = await Determination.get()
    winner = await Person.get(id=signed.officer_id)
    approval = await Step.get(case_id=case.id, action=Action.APPROVE)
    assert approval.actor_id == winner.id
    for loser in losers:
        assert loser.facts == {"action": "approve", "by": winner.name, "at": approval.at}
    assert (await settled(case)).state is State.EFFECTIVE
    assert signed.number.endswith("000001")


@pytest.mark.parametrize("first", ["endorse", "withdraw"])
async def test_endorsing_and_withdrawing_at_once(cast, first):
    for n in range(4):
        case = await cast.propose(number=f"{n}号")
        steps = [step(case, Action.ENDORSE, cast.head), step(case, Action.WITHDRAW, cast.drafter)]
        done = await at_once(*(steps if first == "endorse" else reversed(steps)))
        assert sorted(type(one).__name__ for one in done) == ["AlreadyMoved", "Proposal"]
        after = await settled(case)
        assert after.state in {State.WAITING_OFFICER, State.WITHDRAWN}
        loser = next(one for one in done if isinstance(one, errors.AlreadyMoved))
        took = {State.WAITING_OFFICER: "赵国", State.WITHDRAWN: "周文"}[after.state]
        assert loser.facts["by"] == took


async def test_approving_and_returning_at_once(cast):
    substitute = await make_person("何清")
    await appoint(substitute)
    await away(cast.officer, substitute)
    for n in range(4):
        case = await cast.endorsed(number=f"{n}号")
        done = await at_once(
            step(case, Action.APPROVE, cast.officer),
            step(case, Action.RETURN, substitute, reason=ReturnReason.TERM_WRONG),
        )
        assert sorted(type(one).__name__ for one in done) == ["AlreadyMoved", "Proposal"]
        after = await settled(case)
        signed = await Determination.filter(case_id=case.id).exists()
        assert signed is (after.state is State.EFFECTIVE)


async def test_a_nudge_in_between_neither_loses_nor_stops_the_endorsement(cast):
    for n in range(5):
        case = await cast.propose(number=f"{n}号")
        steps = [step(case, Action.NUDGE, cast.drafter), step(case, Action.ENDORSE, cast.head)]
        nudged, endorsed = await at_once(*steps)
        assert isinstance(endorsed, Proposal)
        assert isinstance(nudged, Proposal | errors.AlreadyMoved)
        after = await settled(case)
        assert after.state is State.WAITING_OFFICER
        assert after.lines == 2 + isinstance(nudged, Proposal)


async def test_of_many_nudges_one_counts(cast):
    case = await cast.propose()
    done = await at_once(*(step(case, Action.NUDGE, cast.drafter) for _ in range(12)))
    assert Counter(type(one).__name__ for one in done) == {"Proposal": 1, "NudgedAlready": 11}
    assert (await Proposal.get(id=case.id)).lines == 2


async def test_two_revisions_sent_at_once_raise_it_once(cast):
    case = await cast.returned()
    items = [await cast.item("KJ-002"), await cast.item("KJ-003")]
    done = await at_once(
        *(step(case, Action.RESUBMIT, cast.drafter, what=from_item("号", i)) for i in items * 4)
    )
    assert Counter(type(one).__name__ for one in done) == {"Proposal": 1, "AlreadyMoved": 7}
    after = await settled(case)
    assert after.revision == 2
    last = await Step.filter(case_id=case.id).order_by("-seq").first()
    assert last
    assert last.record["level"] == after.level.value


async def test_approving_and_routing_again_at_once(cast):
    """The officer's training is renewed while the sweep takes the case from them."""
    other = await make_person("何清")
    held = cast.appointment.filter(id=cast.appointment.id)
    for n in range(4):
        case = await cast.endorsed(number=f"{n}号")
        assert case.officer_id == cast.officer.id
        power = await appoint(other)
        await held.update(trained_on=None)
        sweep = asyncio.create_task(workflow.reroute_waiting())
        await asyncio.sleep(0.001 * n)
        await held.update(trained_on=today())
        (done,) = await at_once(step(case, Action.APPROVE, cast.officer))
        await sweep
        after = await Proposal.get(id=case.id)
        if isinstance(done, Proposal):
            assert after.state is State.EFFECTIVE
        else:
            assert isinstance(done, errors.StaleCard | errors.CaseNotFound | errors.NotQualified)
            assert after.state is State.WAITING_OFFICER
        assert after.version in {case.version, case.version + 1}
        assert (await ledger.verify()).broken is None
        if after.state is not State.EFFECTIVE:
            await step(after, Action.WITHDRAW, cast.drafter)
        await power.delete() if not await _used(power.id) else await _end(power)


async def _used(appointment_id: int) -> bool:
    cases = await Proposal.filter(appointment_id=appointment_id).exists()
    return cases or await Determination.filter(appointment_id=appointment_id).exists()


async def _end(power) -> None:
    power.trained_on = None
    await power.save()


async def test_two_sweeps_at_once_route_each_case_once(cast):
    held = cast.appointment.filter(id=cast.appointment.id)
    await held.update(trained_on=None)
    cases = [await cast.endorsed(number=f"{n}号") for n in range(4)]
    await held.update(trained_on=today())
    moved = await at_once(*(workflow.reroute_waiting() for _ in range(4)))
    assert sum(moved) == len(cases)
    for case in cases:
        assert (await settled(case)).state is State.WAITING_OFFICER


async def test_many_cases_signed_at_once_are_numbered_without_gap(cast):
    cases = [await cast.endorsed(number=f"{n}号") for n in range(10)]
    done = await at_once(*(step(case, Action.APPROVE, cast.officer) for case in cases))
    assert all(isinstance(one, Proposal) for one in done)
    numbers = sorted(d.number for d in await Determination.all())
    assert numbers == [f"定〔2026〕{n:06d}" for n in range(1, 11)]
    assert (await ledger.verify()).broken is None


async def test_many_people_work_at_once_without_standing_in_each_other_s_way(cast):
    async def whole_way(n: int) -> Proposal:
        return await cast.approved(number=f"{n}号")

    done = await at_once(*(whole_way(n) for n in range(12)))
    assert [one for one in done if not isinstance(one, Proposal)] == []
    verdict = await ledger.verify()
    assert (verdict.cases, verdict.lines, verdict.broken) == (12, 36, None)
