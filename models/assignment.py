"""Routing fed from the database: who heads and who signs a case, as things stand now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

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
    own_power,
)


@dataclass(frozen=True, slots=True)
class Chart:
    """The departments of the unit with their heads, as they stand now."""

    names: Mapping[int, str]
    parents: Mapping[int, int | None]
    heads: Mapping[int, Sequence[Person]]

    def chain(self, department_id: int) -> list[Heads]:
        """A department and those above it, nearest first; a circle in the tree ends it."""
        return [Heads(self.names[i], self.heads.get(i, ())) for i in self.upward(department_id)]

    def upward(self, department_id: int) -> list[int]:
        """The ids of a department and those above it, nearest first."""
        found: list[int] = []
        current: int | None = department_id
        while current is not None and current not in found:
            found.append(current)
            current = self.parents[current]
        return found

    def heads_over(self, person_id: int | None, department_id: int) -> bool:
        """Whether the person heads the department, or one above it."""
        above = self.upward(department_id)
        return any(head.id == person_id for i in above for head in self.heads.get(i, ()))

    def reaches(self, head_id: int | None) -> bool:
        """Whether the bot can write to this head."""
        every = (head for some in self.heads.values() for head in some)
        return any(head.id == head_id and head.is_reachable for head in every)


async def chart() -> Chart:
    """The departments and their heads: two queries."""
    tree = await Department.all().only("id", "name", "parent_id")
    heads: dict[int, list[Person]] = {}
    for head in await Person.filter(is_head=True):
        heads.setdefault(head.department_id, []).append(head)
    return Chart({d.id: d.name for d in tree}, {d.id: d.parent_id for d in tree}, heads)


async def head_for(department_id: int, drafter_id: int) -> HeadRoute:
    """The head who reviews what ``drafter_id`` drafts in a department: two queries."""
    return choose_head((await chart()).chain(department_id), drafter_id)


async def officer_for(case: Proposal) -> Route | NoRoute:
    """The officer who is to sign ``case`` as of now: four queries."""
    return choose_officer(await candidates(), await _ask(case))


async def preview(person: Person, level: Level) -> tuple[Person | None, Person | None]:
    """Who would review and who would sign, were ``person`` to submit now: for the preview."""
    head = (await head_for(person.department_id, person.id)).head
    department = await Department.get(id=person.department_id)
    ask = Ask(level, department.name, person.id, head.id if head else None, today())
    route = choose_officer(await candidates(), ask)
    return head, route.candidate.person if isinstance(route, Route) else None


async def power_of(person: Person, case: Proposal) -> Appointment | Unfit:
    """The appointment under which ``person`` may sign ``case`` today, or what keeps them from it."""
    held = await Appointment.filter(person_id=person.id, ended_at__isnull=True)
    return own_power(person, held, await _ask(case), case.appointment_id)


async def stranded() -> list[Proposal]:
    """The cases to be routed again, the longest waiting first: half a dozen queries.

    Nobody could sign them and now somebody can; or whoever they wait for may not act any more, or
    cannot be written to.
    """
    held, offices = await candidates(), await chart()
    waiting = (State.WAITING_HEAD, State.WAITING_OFFICER, State.UNROUTABLE)
    cases = await Proposal.filter(state__in=waiting).order_by("waiting_since", "id")
    return [case for case in cases if _is_stranded(case, held, offices)]


def _is_stranded(case: Proposal, held: Sequence[Candidate], offices: Chart) -> bool:
    if case.state is State.WAITING_HEAD:
        if not offices.heads_over(case.head_id, case.department_id):
            return True
        chosen = choose_head(offices.chain(case.department_id), case.drafter_id).head
        return bool(chosen and chosen.is_reachable) and not offices.reaches(case.head_id)
    ask = Ask(case.level, offices.names[case.department_id], case.drafter_id, case.head_id, today())
    if case.state is State.UNROUTABLE:
        return isinstance(choose_officer(held, ask), Route)
    own = [c for c in held if c.person.id == case.officer_id]
    if not own or not own[0].person.is_reachable:
        return True
    return isinstance(own_power(own[0].person, (c.appointment for c in own), ask), Unfit)


async def unsigned_levels() -> dict[str, list[Level]]:
    """The levels that nobody could sign today, by department that has drafters; else empty.

    Whoever would head the case cannot sign it, so who heads and signs alone counts as nobody.
    """
    held, missing = await candidates(), {}
    drafters = await Person.filter(is_drafter=True).prefetch_related("department").order_by("id")
    for department in {person.department_id: person.department for person in drafters}.values():
        head = (await head_for(department.id, 0)).head
        asks = (
            Ask(level, department.name, 0, head.id if head else None, today()) for level in Level
        )
        levels = [ask.level for ask in asks if isinstance(choose_officer(held, ask), NoRoute)]
        if levels:
            missing[department.name] = levels
    return missing


async def _ask(case: Proposal) -> Ask:
    department = await Department.get(id=case.department_id)
    return Ask(case.level, department.name, case.drafter_id, case.head_id, today())


async def candidates() -> list[Candidate]:
    """All officers with their appointments, absences and how many cases wait for each."""
    day = today()
    held = await Appointment.filter(ended_at__isnull=True).prefetch_related("person")
    waiting = await _waiting(a.person_id for a in held)
    absences = {
        d.person_id: d
        for d in sorted(
            await Delegation.filter(
                cancelled_at__isnull=True, starts_on__lte=day, ends_on__gte=day
            ),
            key=lambda d: (d.accepted_at is not None, d.id),  # the last one counts
        )
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
