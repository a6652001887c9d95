"""Who endorses, who signs, and why. Pure: the facts come in, the choice comes out."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from models.levels import Level
from models.people import Appointment, AppointmentKind, Person

#: So many officers are named where nobody can sign, or where some were passed over.
NAMED: Final = 20


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


#: What is worth a word of somebody who was passed over.
_TOLD: Final = frozenset(
    {Unfit.SAME_PERSON, Unfit.UNTRAINED, Unfit.AWAY, Unfit.NO_ACCOUNT, Unfit.UNREACHABLE}
)


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
    """Nobody can sign: what keeps the officers from it, the closest first; ``count`` of them all.

    At most :data:`NAMED` are named, each once, by the least of their problems.
    """

    reasons: tuple[tuple[Person, Unfit], ...]
    count: int


def unfit(candidate: Candidate, ask: Ask) -> Unfit | None:
    """The first rule that keeps ``candidate`` from signing; None when there is none."""
    person, appointment = candidate.person, candidate.appointment
    checks = (
        (person.id in {ask.drafter_id, ask.head_id}, Unfit.SAME_PERSON),
        (not appointment.in_force(ask.day), Unfit.NOT_IN_FORCE),
        (not _covers(appointment, ask.department), Unfit.DEPARTMENT),
        (appointment.ceiling.rank < ask.level.rank, Unfit.CEILING),
        (not appointment.trained(ask.day), Unfit.UNTRAINED),
        (candidate.away, Unfit.AWAY),
        (person.telegram_id is None, Unfit.NO_ACCOUNT),
        (person.unreachable_since is not None, Unfit.UNREACHABLE),
    )
    return next((reason for failed, reason in checks if failed), None)


def _covers(appointment: Appointment, department: str) -> bool:
    return appointment.kind is AppointmentKind.STATUTORY or appointment.covers(department)


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


def _tier(candidate: Candidate) -> tuple[bool, float]:
    """Designated before statutory, then the narrowest scope: what no queue changes."""
    appointment = candidate.appointment
    width = float("inf") if appointment.covers_all else len(appointment.departments)
    return appointment.kind is AppointmentKind.STATUTORY, width


def _order(candidate: Candidate, waiting: int | None = None) -> tuple[bool, float, int, str, int]:
    """The tier, the fewest waiting, then the code."""
    queue = candidate.waiting if waiting is None else waiting
    return *_tier(candidate), queue, candidate.person.code, candidate.appointment.id


def choose_officer(candidates: Iterable[Candidate], ask: Ask) -> Route | NoRoute:
    """The officer for ``ask``: product rule 4 (the narrowest scope first, never the same person).

    Whoever is away is replaced by the substitute who accepted, if that one qualifies alone;
    a substitute who is away is not replaced again.
    """
    return Roster(candidates).choose(ask)


@dataclass(frozen=True, slots=True)
class _Field:
    """Who comes into question for asks that differ in nothing that matters.

    ``able`` pairs, within the best tier, whose turn it is with who signs; ``barred`` holds who
    may have stood before them, and why not; ``nobody`` is the answer where none is able.
    """

    able: Sequence[tuple[Candidate, Candidate]]
    barred: Sequence[tuple[Candidate, Unfit]]
    nobody: NoRoute


class Roster:
    """The officers as they stand, sorted once, to be asked about many cases.

    Who may sign depends on level, department, day and which officers took part; it is looked up
    once for each. Only the queues change meanwhile, and :meth:`shift` keeps them.
    """

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._ranked = sorted(candidates, key=_order)
        self._own: dict[int, list[Candidate]] = {}
        for candidate in self._ranked:
            self._own.setdefault(candidate.person.id, []).append(candidate)
        self._waiting = {number: own[0].waiting for number, own in self._own.items()}
        self._named = {name for c in self._ranked for name in c.appointment.departments}
        self._fields: dict[Hashable, _Field] = {}

    def of(self, person_id: int | None) -> Sequence[Candidate]:
        """The appointments that a person holds; empty when they are no officer."""
        return self._own.get(person_id, ()) if person_id is not None else ()

    def shift(self, person_id: int | None, by: int) -> None:
        """Count ``by`` more cases that wait for a person."""
        if person_id in self._waiting:
            self._waiting[person_id] += by

    def anyone(self, ask: Ask) -> bool:
        """Whether somebody can sign."""
        return bool(self._field(ask).able)

    def choose(self, ask: Ask) -> Route | NoRoute:
        """The officer for ``ask`` with the queues as they are now."""
        field = self._field(ask)
        if not field.able:
            return field.nobody
        turn, signer = min(field.able, key=lambda pair: self._present(pair[0]))
        first = self._present(turn)
        earlier = [(self._present(c), c, why) for c, why in field.barred]
        passed = sorted((one for one in earlier if one[0] < first), key=lambda one: one[0])
        why = _why(signer, ask, [(c.person, problem) for _, c, problem in passed])
        if signer is turn:
            return Route(signer, None, why)
        return Route(signer, turn.person, why | {"on_behalf_of": turn.person.name})

    def _present(self, candidate: Candidate) -> tuple[bool, float, int, str, int]:
        return _order(candidate, self._waiting[candidate.person.id])

    def _field(self, ask: Ask) -> _Field:
        took_part = frozenset(i for i in (ask.drafter_id, ask.head_id) if i in self._own)
        department = ask.department if ask.department in self._named else None
        key = (ask.level, department, ask.day, took_part)
        if key not in self._fields:
            self._fields[key] = self._look(ask)
        return self._fields[key]

    def _look(self, ask: Ask) -> _Field:
        able: list[tuple[Candidate, Candidate]] = []
        barred: list[tuple[Candidate, Unfit]] = []
        strangers = []
        for candidate in self._ranked:
            if not _covers(candidate.appointment, ask.department):
                strangers.append(candidate)
            elif (problem := unfit(candidate, ask)) is None:
                able.append((candidate, candidate))
            elif problem is Unfit.AWAY and (stand_in := self._substitute(candidate, ask)):
                able.append((candidate, stand_in))
            else:
                barred.append((candidate, problem))
        if not able:
            return _Field((), (), self._nobody(barred, strangers, ask))
        tier = _tier(able[0][0])
        best = [pair for pair in able if _tier(pair[0]) == tier]
        worth = [(c, why) for c, why in barred if why in _TOLD and _tier(c) <= tier]
        return _Field(best, worth, NoRoute((), 0))

    def _substitute(self, absent: Candidate, ask: Ask) -> Candidate | None:
        """The accepted substitute's own appointment that qualifies for ``ask``, if any."""
        return next((c for c in self.of(absent.substitute_id) if unfit(c, ask) is None), None)

    def _nobody(
        self, barred: Iterable[tuple[Candidate, Unfit]], strangers: Iterable[Candidate], ask: Ask
    ) -> NoRoute:
        problems = tuple(Unfit)
        named: dict[int, tuple[Person, Unfit]] = {}
        for candidate, problem in sorted(barred, key=lambda pair: -problems.index(pair[1])):
            named.setdefault(candidate.person.id, (candidate.person, problem))
        for candidate in strangers:
            if len(named) >= NAMED:
                break
            problem = unfit(candidate, ask) or Unfit.DEPARTMENT
            named.setdefault(candidate.person.id, (candidate.person, problem))
        return NoRoute(tuple(named.values())[:NAMED], len(self._own))


def _why(chosen: Candidate, ask: Ask, passed: Sequence[tuple[Person, Unfit]]) -> dict[str, Any]:
    """Why this officer, as facts for the card: the power used, and who was passed over."""
    statutory = chosen.appointment.kind is AppointmentKind.STATUTORY
    why: dict[str, Any] = {
        "code": "statutory" if statutory else "designated",
        "ceiling": chosen.appointment.ceiling.value,
        "department": ask.department,
        "passed_over": [[p.code, problem.value] for p, problem in passed[:NAMED]],
    }
    return why | ({"passed_over_count": len(passed)} if len(passed) > NAMED else {})


@dataclass(frozen=True, slots=True)
class Heads:
    """A department on the way up, with its heads."""

    department: str
    heads: Sequence[Person]


class NoHead(StrEnum):
    """Why nobody reviews a case: only the first lets it go straight to the officer (rule 3)."""

    DRAFTER_IS_HEAD = "drafter_is_head"
    NO_HEAD = "no_head"


@dataclass(frozen=True, slots=True)
class HeadRoute:
    """The head chosen; or nobody, and ``without`` says why."""

    head: Person | None
    why: dict[str, Any]
    without: NoHead | None = None


def choose_head(chain: Sequence[Heads], drafter_id: int) -> HeadRoute:
    """The head of the nearest department upward; product rule 3.

    A drafter who heads a department has the next one up, never a colleague of the same rank.
    Among several heads those the bot can write to come first, then the code decides.
    """
    is_head = False
    for distance, step in enumerate(chain):
        if any(p.id == drafter_id for p in step.heads):
            is_head = True
        elif step.heads:
            head = min(step.heads, key=lambda p: (not p.is_reachable, p.code))
            code = "head" if distance == 0 else "head_above"
            return HeadRoute(head, {"code": code, "department": step.department})
    without = NoHead.DRAFTER_IS_HEAD if is_head else NoHead.NO_HEAD
    return HeadRoute(None, {"code": without.value}, without)
