"""Who endorses, who signs, and why. Pure: the facts come in, the choice comes out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from models.levels import Level
from models.people import Appointment, AppointmentKind, Person


class Unfit(StrEnum):
    """Why an officer may not sign a case, in the order in which it is looked at."""

    SAME_PERSON = "same_person"
    NOT_IN_FORCE = "not_in_force"
    DEPARTMENT = "department"
    CEILING = "ceiling"
    UNTRAINED = "untrained"
    AWAY = "away"
    NO_ACCOUNT = "no_account"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Ask:
    """What is to be signed: the level, the department, who must not sign it, on which day."""

    level: Level
    department: str
    drafter_id: int
    head_id: int | None
    day: date


@dataclass(frozen=True, slots=True)
class Candidate:
    """An officer with one appointment, and what routing must know of the present."""

    person: Person
    appointment: Appointment
    waiting: int = 0
    away: bool = False
    substitute_id: int | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """The officer chosen; ``on_behalf_of`` is whom they stand in for, ``why`` goes on the card."""

    candidate: Candidate
    on_behalf_of: Person | None
    why: dict[str, Any]


@dataclass(frozen=True, slots=True)
class NoRoute:
    """Nobody can sign: the reason person by person, for the administrators."""

    reasons: tuple[tuple[Person, Unfit], ...]


def unfit(candidate: Candidate, ask: Ask) -> Unfit | None:
    """The first rule that keeps ``candidate`` from signing; None when there is none."""
    person, appointment = candidate.person, candidate.appointment
    statutory = appointment.kind is AppointmentKind.STATUTORY
    checks = (
        (person.id in {ask.drafter_id, ask.head_id}, Unfit.SAME_PERSON),
        (not appointment.in_force(ask.day), Unfit.NOT_IN_FORCE),
        (not (statutory or appointment.covers(ask.department)), Unfit.DEPARTMENT),
        (appointment.ceiling.rank < ask.level.rank, Unfit.CEILING),
        (not appointment.trained(ask.day), Unfit.UNTRAINED),
        (candidate.away, Unfit.AWAY),
        (person.telegram_id is None, Unfit.NO_ACCOUNT),
        (person.unreachable_since is not None, Unfit.UNREACHABLE),
    )
    return next((reason for failed, reason in checks if failed), None)


def own_power(
    person: Person, held: Iterable[Appointment], ask: Ask, preferred: int | None = None
) -> Appointment | Unfit:
    """The appointment under which ``person`` may sign with their own hand, or what forbids it.

    Being away keeps nobody from signing, nor does an account that cannot be written to. The
    ``preferred`` appointment is used where it suffices; of several problems the least is named.
    """
    own = sorted(
        (Candidate(person, appointment) for appointment in held),
        key=lambda c: (c.appointment.id != preferred, *_order(c)),
    )
    problems = [unfit(candidate, ask) for candidate in own]
    for candidate, problem in zip(own, problems, strict=True):
        if problem in {None, Unfit.NO_ACCOUNT, Unfit.UNREACHABLE}:
            return candidate.appointment
    found = [problem for problem in problems if problem is not None]
    return max(found, key=tuple(Unfit).index, default=Unfit.NOT_IN_FORCE)


def _order(candidate: Candidate) -> tuple[bool, float, int, str]:
    """Designated before statutory, the narrowest scope, the fewest waiting, then the code."""
    appointment = candidate.appointment
    width = float("inf") if appointment.covers_all else len(appointment.departments)
    statutory = appointment.kind is AppointmentKind.STATUTORY
    return statutory, width, candidate.waiting, candidate.person.code


def choose_officer(candidates: Iterable[Candidate], ask: Ask) -> Route | NoRoute:
    """The officer for ``ask``: product rule 4 (the narrowest scope first, never the same person).

    Whoever is away is replaced by the substitute who accepted, if that one qualifies alone;
    a substitute who is away is not replaced again.
    """
    ranked = sorted(candidates, key=_order)
    passed: list[tuple[Person, Unfit]] = []
    for candidate in ranked:
        problem = unfit(candidate, ask)
        if problem is None:
            return Route(candidate, None, _why(candidate, ask, passed))
        if problem is Unfit.AWAY and (stand_in := _substitute(candidate, ranked, ask)):
            why = _why(stand_in, ask, passed) | {"on_behalf_of": candidate.person.name}
            return Route(stand_in, candidate.person, why)
        passed.append((candidate.person, problem))
    return NoRoute(tuple(passed))


def _substitute(absent: Candidate, ranked: Sequence[Candidate], ask: Ask) -> Candidate | None:
    """The accepted substitute's own appointment that qualifies for ``ask``, if any."""
    theirs = (c for c in ranked if c.person.id == absent.substitute_id)
    return next((c for c in theirs if unfit(c, ask) is None), None)


def _why(chosen: Candidate, ask: Ask, passed: Sequence[tuple[Person, Unfit]]) -> dict[str, Any]:
    """Why this officer, as facts for the card: the power used, and who was passed over."""
    relevant = {Unfit.SAME_PERSON, Unfit.UNTRAINED, Unfit.AWAY, Unfit.NO_ACCOUNT, Unfit.UNREACHABLE}
    statutory = chosen.appointment.kind is AppointmentKind.STATUTORY
    return {
        "code": "statutory" if statutory else "designated",
        "ceiling": chosen.appointment.ceiling.value,
        "department": ask.department,
        "passed_over": [[p.code, problem.value] for p, problem in passed if problem in relevant],
    }


@dataclass(frozen=True, slots=True)
class Heads:
    """A department on the way up, with its heads."""

    department: str
    heads: Sequence[Person]


@dataclass(frozen=True, slots=True)
class HeadRoute:
    """The head chosen, or nobody: then the case goes straight to the officer, and says so."""

    head: Person | None
    why: dict[str, Any]


def choose_head(chain: Sequence[Heads], drafter_id: int) -> HeadRoute:
    """The head of the nearest department upward; product rule 3.

    A drafter who heads a department has the next one up, never a colleague of the same rank.
    Among several heads those the bot can write to come first, then the code decides.
    """
    own_head = any(p.id == drafter_id for p in chain[0].heads) if chain else False
    for distance, step in enumerate(chain):
        if not step.heads or any(p.id == drafter_id for p in step.heads):
            continue
        head = min(step.heads, key=lambda p: (not p.is_reachable, p.code))
        code = "head" if distance == 0 else "head_above"
        return HeadRoute(head, {"code": code, "department": step.department})
    return HeadRoute(None, {"code": "drafter_is_head" if own_head else "no_head"})
