"""Each sweep finds what is due, and running it twice does no harm."""

from models import content, living, workflow
from models.outbox import Message
from models.proposal import Proposal, State
from scheduler import jobs
from tests.factories import Cast, make_guide


async def submitted(cast: Cast) -> Proposal:
    what = content.from_item("科工〔2026〕1号", await cast.item())
    return await workflow.submit(what, by=cast.drafter)


async def test_a_case_that_nobody_could_sign_goes_on_once_somebody_can(database):
    cast = await Cast.gather()
    cast.appointment.trained_on = None
    await cast.appointment.save()
    case = await submitted(cast)
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


async def test_an_edition_that_takes_effect_is_told_once_to_the_cards_of_open_cases(database):
    cast = await Cast.gather()
    await jobs.announce_edition()
    case = await submitted(cast)
    await Message.all().delete()
    await living.LivingCard.create(
        person=cast.head, case=case, message_id=1, updated_at=case.created_at
    )
    await jobs.announce_edition()
    assert not await Message.exists()

    await make_guide("2027版")
    for _ in range(2):
        await jobs.announce_edition()
        (owed,) = await Message.all()
        assert (owed.kind, owed.case_id, owed.person_id) == ("card", case.id, cast.head.id)


async def test_a_changed_role_changes_the_menu_once(database):
    cast = await Cast.gather()
    await jobs.refresh_menus()
    await Message.all().delete()
    cast.drafter.is_head = True
    await cast.drafter.save()
    for _ in range(2):
        await jobs.refresh_menus()
        (owed,) = await Message.all()
        assert owed.person_id == cast.drafter.id
