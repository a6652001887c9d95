"""Each sweep finds what is due, and running it twice does no harm."""

from models import content, workflow
from models.proposal import Proposal, State
from scheduler import jobs
from tests.factories import Cast


async def test_a_case_that_nobody_could_sign_goes_on_once_somebody_can(database):
    cast = await Cast.gather()
    cast.appointment.trained_on = None
    await cast.appointment.save()
    case = await workflow.submit(
        content.from_item("科工〔2026〕1号", await cast.item()), by=cast.drafter
    )
    case = await workflow.take_step(
        case.id, workflow.Action.ENDORSE, by=cast.head, seen=case.version
    )
    assert case.state is State.UNROUTABLE
    await jobs.reroute_waiting()
    assert (await Proposal.get()).state is State.UNROUTABLE

    cast.appointment.trained_on = cast.appointment.valid_from
    await cast.appointment.save()
    for _ in range(2):
        await jobs.reroute_waiting()
        moved = await Proposal.get()
        assert (moved.state, moved.officer_id) == (State.WAITING_OFFICER, cast.officer.id)
        assert moved.version == case.version + 1
