"""The signature: whether an officer may give it now, and the determination it makes."""

from datetime import datetime

from models import assignment, errors, ledger
from models.determination import Determination
from models.guide import GuideItem
from models.levels import Term
from models.office import today
from models.people import Appointment, Person
from models.proposal import Proposal
from models.routing import Unfit

#: What a determination takes over from the case as it stands.
_COPIED = (
    "document_no",
    "level",
    "term",
    "marking",
    "access_scope",
    "reason",
    "item_id",
    "edition_id",
    "drafter_id",
    "head_id",
    "officer_id",
    "on_behalf_of_id",
    "appointment_id",
)


async def still_head(case: Proposal, by: Person) -> None:
    """Refuse whoever heads the department no more, nor one above it."""
    if by.id == case.drafter_id:
        raise errors.SamePerson
    if not (await assignment.chart(case.department_id)).heads_over(by.id, case.department_id):
        raise errors.NotAllowed(needs="head")


async def still_officer(case: Proposal, by: Person) -> Appointment:
    """The appointment under which ``by`` decides ``case``: rules 3 and 4 once more, as of now."""
    if by.id in {case.drafter_id, case.head_id}:
        raise errors.SamePerson
    power = await assignment.power_of(by, case)
    if isinstance(power, Unfit):
        raise errors.NotQualified(why=power.value)
    return power


async def authorise(case: Proposal, by: Person) -> None:
    """Let ``by`` sign ``case``, or refuse: rules 1, 3, 4 and 8 once more, when it is signed.

    Whom the case was routed to may have lapsed since; an absent officer who is back signs in
    their own name. Sets the officer and the appointment that the determination will name.
    """
    # an import that would change what is judged here waits, and then finds it used
    await Appointment.filter(person_id=by.id).order_by("id").select_for_update(no_key=True)
    power = await still_officer(case, by)
    if fate := await item_fate(case):
        raise errors.ItemChanged(fate=fate)
    if has_ended(case):
        raise errors.TermEnded(term=case.term)
    if by.id == case.on_behalf_of_id:
        case.on_behalf_of_id = None
        case.why = {name: fact for name, fact in case.why.items() if name != "on_behalf_of"}
    case.officer_id, case.appointment_id = by.id, power.id


def has_ended(case: Proposal) -> bool:
    """Whether the date that ``case`` proposes as its term has come: nothing is left to keep."""
    end = Term.parse(case.term).end(today()) if case.term else None
    return end is not None and end <= today()


async def item_fate(case: Proposal) -> str | None:
    """``changed`` or ``dropped`` when the edition in force no longer says what ``case`` cites."""
    if case.item_id is None:
        return None
    cited = await GuideItem.get(id=case.item_id)
    present = await cited.present()
    if present is None:
        return "dropped"
    return None if present.same_rule(cited) else "changed"


async def sign(case: Proposal, moment: datetime) -> Determination:
    """The determination that ``case`` becomes: numbered, and never altered afterwards."""
    year = today().year
    number = await ledger.next_number(f"determination:{year}")
    return await Determination.create(
        number=f"定〔{year}〕{number:06d}",
        case_id=case.id,
        decided_at=moment,
        **{name: getattr(case, name) for name in _COPIED},
    )
