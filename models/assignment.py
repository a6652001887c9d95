"""Routing fed from the database: who heads and who signs a case, as things stand now."""

import asyncio
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

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
    NoHead,
    NoRoute,
    Roster,
    Route,
    Unfit,
    choose_head,
    choose_officer,
    own_power,
)

#: At most so many cases are routed again in one sweep; so many are looked at together.
BATCH: Final = 500
_LOOKED_AT: Final = 100

WAITING: Final = (State.WAITING_HEAD, State.WAITING_OFFICER, State.UNROUTABLE)


@dataclass(frozen=True)
class Chart:
    """Departments of the unit with their heads, as they stand now."""

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
        return head_id in self._reachable

    @cached_property
    def _reachable(self) -> frozenset[int]:
        every = (head for some in self.heads.values() for head in some)
        return frozenset(head.id for head in every if head.is_reachable)


async def chart(department_id: int | None = None) -> Chart:
    """A department, those above it and their heads; without one, the whole unit. Two queries."""
    heads: dict[int, list[Person]] = {}
    if department_id is None:
        tree = await sql("SELECT id, name, parent_id FROM department")
        every = Person.filter(is_head=True)
    else:
        tree = await sql(_UPWARD, department_id)
        every = Person.filter(is_head=True, department_id__in=[row["id"] for row in tree])
    for head in await every:
        heads.setdefault(head.department_id, []).append(head)
    names = {row["id"]: row["name"] for row in tree}
    return Chart(names, {row["id"]: row["parent_id"] for row in tree}, heads)


#: UNION, not UNION ALL: a circle in the tree ends it.
_UPWARD: Final = """
    WITH RECURSIVE upward(id, name, parent_id) AS (
        SELECT id, name, parent_id FROM department WHERE id = ?
        UNION
        SELECT d.id, d.name, d.parent_id FROM department d JOIN upward u ON d.id = u.parent_id
    )
    SELECT id, name, parent_id FROM upward
"""


@dataclass(frozen=True, slots=True)
class Staff:
    """Who heads and who signs, read once: by it a sweep routes many cases."""

    offices: Chart
    roster: Roster


async def staff() -> Staff:
    """All heads and officers as they stand now: five queries."""
    return Staff(await chart(), Roster(await candidates()))


async def head_for(department_id: int, drafter_id: int, known: Staff | None = None) -> HeadRoute:
    """The head who reviews what ``drafter_id`` drafts in a department: two queries."""
    offices = known.offices if known else await chart(department_id)
    return choose_head(offices.chain(department_id), drafter_id)


async def officer_for(case: Proposal, known: Staff | None = None) -> Route | NoRoute:
    """The officer who is to sign ``case`` as of now: four queries."""
    if known is not None:
        return known.roster.choose(_ask(case, known.offices.names[case.department_id]))
    return choose_officer(await candidates(), await _asked(case))


async def place(case: Proposal, known: Staff | None = None) -> bool:
    """Put into ``case`` the officer who is to sign it, and why; False when nobody can.

    ``direct`` in ``why`` goes on saying that no head stood in between, and why.
    """
    direct = {"direct": case.why["direct"]} if "direct" in case.why else {}
    chosen = await officer_for(case, known)
    if isinstance(chosen, NoRoute):
        case.officer_id = case.on_behalf_of_id = case.appointment_id = None
        reasons = [[p.code, why.value] for p, why in chosen.reasons]
        case.why = {"reasons": reasons, "count": chosen.count} | direct
        return False
    case.officer_id = chosen.candidate.person.id
    case.appointment_id = chosen.candidate.appointment.id
    case.on_behalf_of_id = chosen.on_behalf_of.id if chosen.on_behalf_of else None
    case.why = chosen.why | direct
    return True


async def preview(person: Person, level: Level) -> tuple[HeadRoute, Person | None]:
    """Who would review and who would sign, were ``person`` to submit now: for the preview."""
    offices = await chart(person.department_id)
    head = choose_head(offices.chain(person.department_id), person.id)
    department = offices.names[person.department_id]
    ask = Ask(level, department, person.id, head.head.id if head.head else None, today())
    route = choose_officer(await candidates(), ask)
    return head, route.candidate.person if isinstance(route, Route) else None


async def power_of(person: Person, case: Proposal) -> Appointment | Unfit:
    """The appointment under which ``person`` may sign ``case`` today, or what keeps them from it."""
    held = await Appointment.filter(person_id=person.id, ended_at__isnull=True)
    return own_power(person, held, await _asked(case), case.appointment_id)


async def stranded(known: Staff | None = None) -> list[Proposal]:
    """The cases to be routed again, the longest waiting first, at most :data:`BATCH`.

    Nobody could review or sign them and now somebody can; or whoever they wait for may not act
    any more, or cannot be written to. All that wait are looked at, a page at a time, so that the
    loop goes on meanwhile.
    """
    known = known or await staff()
    found: list[Proposal] = []
    waiting = Proposal.filter(state__in=WAITING).order_by("waiting_since", "id")
    for start in itertools.count(0, _LOOKED_AT):
        page = await waiting.offset(start).limit(_LOOKED_AT)
        found += [case for case in page if _is_stranded(case, known)]
        if len(page) < _LOOKED_AT or len(found) >= BATCH:
            break
        await asyncio.sleep(0)
    return found[:BATCH]


def is_reviewed(case: Proposal) -> bool:
    """Whether an unroutable case has its review behind it: endorsed, or rightly sent past it."""
    return case.head_id is not None or "direct" in case.why


def _is_stranded(case: Proposal, known: Staff) -> bool:
    offices, department_id = known.offices, case.department_id
    if case.state is State.WAITING_HEAD:
        if not offices.heads_over(case.head_id, department_id):
            return True
        chosen = choose_head(offices.chain(department_id), case.drafter_id).head
        return bool(chosen and chosen.is_reachable) and not offices.reaches(case.head_id)
    if case.state is State.UNROUTABLE and not is_reviewed(case):
        chain = offices.chain(department_id)
        return choose_head(chain, case.drafter_id).without is not NoHead.NO_HEAD
    ask = _ask(case, offices.names[department_id])
    if case.state is State.UNROUTABLE:
        return known.roster.anyone(ask)
    own = known.roster.of(case.officer_id)
    if not own or not own[0].person.is_reachable:
        return True
    return isinstance(own_power(own[0].person, (c.appointment for c in own), ask), Unfit)


async def unsigned_levels() -> dict[str, list[Level]]:
    """The levels that nobody could sign today, by department that has drafters; else empty.

    Whoever would head the case cannot sign it, so who heads and signs alone counts as nobody;
    and where nobody heads, no case gets as far as a signature.
    """
    known, missing = await staff(), {}
    drafting = await sql("SELECT DISTINCT department_id FROM person WHERE is_drafter ORDER BY 1")
    for department_id in (row["department_id"] for row in drafting):
        name = known.offices.names[department_id]
        head = choose_head(known.offices.chain(department_id), 0).head
        asks = (Ask(level, name, 0, head.id if head else None, today()) for level in Level)
        levels = [ask.level for ask in asks if head is None or not known.roster.anyone(ask)]
        if levels:
            missing[name] = levels
    return missing


async def _asked(case: Proposal) -> Ask:
    department = await Department.get(id=case.department_id)
    return _ask(case, department.name)


def _ask(case: Proposal, department: str) -> Ask:
    return Ask(case.level, department, case.drafter_id, case.head_id, today())


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
