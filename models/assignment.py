"""Routing fed from the database: who heads and who signs a case, as things stand now."""

from collections.abc import Iterable

from models.db import sql
from models.levels import Level
from models.office import today
from models.people import Appointment, Delegation, Department, Person
from models.proposal import Proposal, State
from models.routing import (
    Ask,
    Candidate,
    HeadRoute,
    Heads,
    NoRoute,
    Route,
    Unfit,
    choose_head,
    choose_officer,
    unfit,
)


async def head_for(department_id: int, drafter_id: int) -> HeadRoute:
    """The head who reviews what ``drafter_id`` drafts in a department: a few queries a level up."""
    chain: list[Heads] = []
    seen: set[int] = set()
    current: int | None = department_id
    while current is not None and current not in seen:
        seen.add(current)
        department = await Department.get(id=current)
        heads = await Person.filter(department_id=current, is_head=True)
        chain.append(Heads(department.name, heads))
        current = department.parent_id
    return choose_head(chain, drafter_id)


async def officer_for(case: Proposal) -> Route | NoRoute:
    """The officer who is to sign ``case`` as of now: four queries."""
    return choose_officer(await _candidates(), await _ask(case))


async def preview(person: Person, level: Level) -> tuple[Person | None, Person | None]:
    """Who would review and who would sign, were ``person`` to submit now: for the preview."""
    head = (await head_for(person.department_id, person.id)).head
    department = await Department.get(id=person.department_id)
    ask = Ask(level, department.name, person.id, head.id if head else None, today())
    route = choose_officer(await _candidates(), ask)
    return head, route.candidate.person if isinstance(route, Route) else None


async def power_of(person: Person, case: Proposal) -> Appointment | Unfit:
    """The appointment under which ``person`` may sign ``case`` today, or what keeps them from it.

    Being absent keeps nobody from signing with their own hand; being unbound cannot happen here.
    """
    ask = await _ask(case)
    own = [Candidate(person, a) for a in await Appointment.filter(person_id=person.id)]
    problems = [(unfit(candidate, ask), candidate.appointment) for candidate in own]
    harmless = {None, Unfit.UNREACHABLE, Unfit.NO_ACCOUNT}
    for problem, appointment in problems:
        if problem in harmless:
            return appointment
    order = tuple(Unfit)
    found = [problem for problem, _ in problems if problem is not None]
    return max(found, key=order.index, default=Unfit.NOT_IN_FORCE)


async def unfit_officers() -> set[int]:
    """Officers whom cases wait for and who can sign nothing now: lapsed, untrained or cut off."""
    rows = await sql(
        "SELECT DISTINCT appointment_id, on_behalf_of_id FROM proposal WHERE state = ?",
        State.WAITING_OFFICER.value,
    )
    ids = [row["appointment_id"] for row in rows]
    day, lost = today(), set()
    for held in await Appointment.filter(id__in=ids).prefetch_related("person"):
        fit = held.in_force(day) and held.trained(day) and held.person.is_reachable
        if not fit:
            lost.add(held.person_id)
    return lost


async def unsigned_levels() -> dict[str, list[Level]]:
    """The levels that nobody could sign today, by department that has drafters; else empty.

    Whoever would head the case cannot sign it, so who heads and signs alone counts as nobody.
    """
    candidates, missing = await _candidates(), {}
    drafters = await Person.filter(is_drafter=True).prefetch_related("department").order_by("id")
    for department in {person.department_id: person.department for person in drafters}.values():
        head = (await head_for(department.id, 0)).head
        asks = (
            Ask(level, department.name, 0, head.id if head else None, today()) for level in Level
        )
        levels = [ask.level for ask in asks if isinstance(choose_officer(candidates, ask), NoRoute)]
        if levels:
            missing[department.name] = levels
    return missing


async def _ask(case: Proposal) -> Ask:
    department = await Department.get(id=case.department_id)
    return Ask(case.level, department.name, case.drafter_id, case.head_id, today())


async def _candidates() -> list[Candidate]:
    """All officers with their appointments, absences and how many cases wait for each."""
    day = today()
    held = await Appointment.filter(ended_at__isnull=True).prefetch_related("person")
    waiting = await _waiting(a.person_id for a in held)
    absences = {
        d.person_id: d
        for d in await Delegation.filter(
            cancelled_at__isnull=True, starts_on__lte=day, ends_on__gte=day
        ).order_by("id")
    }
    return [
        Candidate(
            person=appointment.person,
            appointment=appointment,
            waiting=waiting.get(appointment.person_id, 0),
            away=(absence := absences.get(appointment.person_id)) is not None,
            substitute_id=absence.substitute_id if absence and absence.accepted_at else None,
        )
        for appointment in held
    ]


async def _waiting(officers: Iterable[int]) -> dict[int, int]:
    ids = sorted(set(officers))
    if not ids:
        return {}
    marks = ", ".join("?" * len(ids))
    rows = await sql(
        f"SELECT officer_id, count(*) AS n FROM proposal WHERE state = ? "  # noqa: S608 - only marks
        f"AND officer_id IN ({marks}) GROUP BY officer_id",
        State.WAITING_OFFICER.value,
        *ids,
    )
    return {row["officer_id"]: row["n"] for row in rows}
