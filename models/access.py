"""The one door for reading a case on somebody's behalf: not theirs looks like not there."""

from tortoise.expressions import Q

from models.errors import CaseNotFound
from models.outbox import CARD, LivingCard, Message, MessageState
from models.people import Appointment, Person
from models.proposal import Proposal, State, Step

WITH_PEOPLE = (
    "drafter",
    "head",
    "officer",
    "on_behalf_of",
    "department",
    "item",
    "edition",
    "appointment",
)


async def case_for(person: Person, case_id: int) -> Proposal:
    """The case with its people, item and edition; :class:`CaseNotFound` unless they may see it.

    They may: who drafted it, who has or had a step of it, and administrators. Whoever it passed
    by without a step of theirs is known by their card, sent or owed, which must not stay as it was.
    """
    case = await Proposal.filter(id=case_id).select_related(*WITH_PEOPLE).first()
    if case is None:
        raise CaseNotFound
    if person.is_admin:
        return case
    if person.id in {case.drafter_id, case.head_id, case.officer_id, case.on_behalf_of_id}:
        return case
    if await Step.filter(case_id=case_id, actor_id=person.id).exists():
        return case
    theirs = {"case_id": case_id, "person_id": person.id}
    if await LivingCard.filter(**theirs).exists():
        return case
    if await Message.filter(**theirs, kind=CARD, state=MessageState.OWED).exists():
        return case
    raise CaseNotFound


def waiting_for(person: Person) -> Q:
    """The cases in which it is ``person``'s turn to decide."""
    return Q(state=State.WAITING_HEAD, head_id=person.id) | Q(
        Q(officer_id=person.id) | Q(on_behalf_of_id=person.id), state=State.WAITING_OFFICER
    )


async def inbox_of(person: Person, limit: int = 10) -> list[Proposal]:
    """What waits for ``person``'s decision, the longest waiting first."""
    cases = Proposal.filter(waiting_for(person)).order_by("waiting_since", "id").limit(limit)
    return await cases.select_related(*WITH_PEOPLE)


async def how_many_wait(person: Person) -> int:
    """How many cases wait for ``person``'s decision."""
    return await Proposal.filter(waiting_for(person)).count()


async def cases_of(person: Person, limit: int = 10) -> list[Proposal]:
    """What ``person`` drafted: what came back first, then what is on its way, then the newest."""
    ended = {State.EFFECTIVE, State.WITHDRAWN}
    open_states = [s for s in State if s not in ended]
    mine = Proposal.filter(drafter_id=person.id)
    back = await mine.filter(state=State.RETURNED).order_by("-id").limit(limit)
    under_way = mine.filter(state__in=open_states).exclude(state=State.RETURNED)
    going = [*back, *await under_way.order_by("-id").limit(limit - len(back))]
    done = await mine.filter(state__not_in=open_states).order_by("-id").limit(limit - len(going))
    return [*going, *done][:limit]


async def is_officer(person: Person) -> bool:
    """Whether ``person`` holds an appointment that has not been ended."""
    return await Appointment.filter(person_id=person.id, ended_at__isnull=True).exists()
