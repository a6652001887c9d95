"""The workflow: one table of transitions, and the only functions that write a case's state."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from models import assignment, content, errors, ledger, record, signing, telling
from models.access import WITH_PEOPLE, case_for
from models.calendar import due
from models.content import Content
from models.guide import GuideEdition
from models.office import now, office, today
from models.people import Person
from models.proposal import Action, Proposal, ReturnReason, State
from models.routing import NoHead

log = logging.getLogger(__name__)


class Party(StrEnum):
    """Who may take a step."""

    DRAFTER = "drafter"
    HEAD = "head"
    OFFICER = "officer"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may take a step, and where it leads; ``unreviewed`` is for a case that lacks its review.

    On the way to a state there may be nobody: without a head above a drafter who is the head
    WAITING_HEAD becomes WAITING_OFFICER; without any head, or any officer, it is UNROUTABLE.
    """

    party: Party
    to: State
    unreviewed: State | None = None

    def leads(self, case: Proposal) -> State:
        """Where the step leads ``case``."""
        return self.to if assignment.is_reviewed(case) else self.unreviewed or self.to


#: (state, action) -> who may, where it leads. Whatever is not here is refused.
RULES: Final[Mapping[tuple[State, Action], Rule]] = {
    (State.WAITING_HEAD, Action.ENDORSE): Rule(Party.HEAD, State.WAITING_OFFICER),
    (State.WAITING_HEAD, Action.RETURN): Rule(Party.HEAD, State.RETURNED),
    (State.WAITING_HEAD, Action.NUDGE): Rule(Party.DRAFTER, State.WAITING_HEAD),
    (State.WAITING_HEAD, Action.WITHDRAW): Rule(Party.DRAFTER, State.WITHDRAWN),
    (State.WAITING_HEAD, Action.REROUTE): Rule(Party.SYSTEM, State.WAITING_HEAD),
    (State.WAITING_OFFICER, Action.APPROVE): Rule(Party.OFFICER, State.EFFECTIVE),
    (State.WAITING_OFFICER, Action.RETURN): Rule(Party.OFFICER, State.RETURNED),
    (State.WAITING_OFFICER, Action.NUDGE): Rule(Party.DRAFTER, State.WAITING_OFFICER),
    (State.WAITING_OFFICER, Action.WITHDRAW): Rule(Party.DRAFTER, State.WITHDRAWN),
    (State.WAITING_OFFICER, Action.REROUTE): Rule(Party.SYSTEM, State.WAITING_OFFICER),
    (State.UNROUTABLE, Action.REROUTE): Rule(
        Party.SYSTEM, State.WAITING_OFFICER, unreviewed=State.WAITING_HEAD
    ),
    (State.UNROUTABLE, Action.WITHDRAW): Rule(Party.DRAFTER, State.WITHDRAWN),
    (State.RETURNED, Action.RESUBMIT): Rule(Party.DRAFTER, State.WAITING_HEAD),
    (State.RETURNED, Action.WITHDRAW): Rule(Party.DRAFTER, State.WITHDRAWN),
}


def parties(case: Proposal, party: Party) -> frozenset[int]:
    """The ids of the people who are ``party`` in ``case``; an absent officer stays entitled."""
    ids = {
        Party.DRAFTER: (case.drafter_id,),
        Party.HEAD: (case.head_id,),
        Party.OFFICER: (case.officer_id, case.on_behalf_of_id),
        Party.SYSTEM: (),
    }[party]
    return frozenset(i for i in ids if i is not None)


def actions_for(case: Proposal, person: Person) -> list[Action]:
    """What ``person`` may do with ``case`` now, in the table's order: the keyboard follows it."""
    return [
        action
        for (state, action), rule in RULES.items()
        if state is case.state and person.id in parties(case, rule.party)
    ]


async def submit(what: Content, *, by: Person) -> Proposal:
    """A new case for ``what``, drafted by ``by``, on its way to the head or the officer.

    Refused as :func:`models.content.checked` says, or when ``by`` is no drafter.
    """
    if not by.is_drafter:
        raise errors.NotAllowed(needs="drafter")
    edition = await GuideEdition.in_force()
    what = content.checked(what, edition)
    moment = now()
    async with in_transaction():
        year = today().year
        number = await ledger.next_number(f"case:{year}")
        case = Proposal(
            number=f"{year}-{number:04d}",
            department_id=by.department_id,
            drafter_id=by.id,
            state=State.WAITING_HEAD,
            version=1,
            created_at=moment,
            waiting_since=moment,
        )
        proposed = record.fill(case, what, edition)
        await _route(case, State.WAITING_HEAD, moment)
        await case.save()
        await ledger.append(case, Action.SUBMIT, by=by, at=moment, before=None,
                            record=proposed | record.route(case))  # fmt: skip
        await telling.tell(case, by)
    return case


async def take_step(  # noqa: PLR0913 - a step is who does what to which version, and why
    case_id: int,
    action: Action,
    *,
    by: Person,
    seen: int,
    reason: ReturnReason | None = None,
    comment: str = "",
    what: Content | None = None,
) -> Proposal:
    """Move a case one step, as ``by``, who saw its version ``seen``; returns the case as it is now.

    Guards first; then one transaction whose first write is the compare-and-set on (state,
    version), with the line of history, the determination and the messages owed. A stale button,
    a second tap and two people at once all fail alike, and exactly one step is taken.
    ``reason`` goes with a return, ``what`` with a resubmission.
    """
    case = await case_to_move(case_id, action, by=by, seen=seen)
    reason, comment = content.said(action, reason, comment)
    step = _Step(case, action, by, reason, comment)
    if action is Action.NUDGE:
        return await _nudge(step)
    if action is Action.RESUBMIT:
        step.record |= await _revised(case, by, what)
    async with in_transaction():
        await _take(step)
    return case


async def _revised(case: Proposal, by: Person, what: Content | None) -> dict[str, Any]:
    """Put what the drafter changed into the case; returns the record of it."""
    if not by.is_drafter:
        raise errors.NotAllowed(needs="drafter")
    if what is None:
        raise errors.NoDraft
    edition = await GuideEdition.in_force()
    case.revision += 1
    return record.fill(case, content.checked(what, edition), edition)


async def case_to_move(case_id: int, action: Action, *, by: Person, seen: int) -> Proposal:
    """The case, if ``by`` may take ``action`` now; else the refusal that says why not."""
    case = await case_for(by, case_id)
    if case.version != seen:
        raise await record.moved(case)
    rule = RULES.get((case.state, action))
    if rule is None:
        raise errors.NoSuchStep(state=case.state.value)
    if by.id not in parties(case, rule.party):
        raise errors.NotYourTurn(waits_for=rule.party.value)
    return case


@dataclass(slots=True)
class _Step:
    """A step that all guards let through; ``by`` is None for the system's own."""

    case: Proposal
    action: Action
    by: Person | None = None
    reason: ReturnReason | None = None
    comment: str = ""
    record: dict[str, Any] = field(default_factory=dict)
    known: assignment.Staff | None = None


async def _take(step: _Step) -> None:
    """The compare-and-set, then all that the step owes. Inside a transaction.

    A line that came meanwhile without a new version (a nudge) is read after the row is ours; so
    is whether the actor may still act, which somebody may have changed since the guards.
    """
    case, before, moment = step.case, step.case.state, now()
    mine = Proposal.filter(id=case.id, version=case.version, state=before)
    if not await mine.update(version=case.version + 1):
        raise await record.moved(await Proposal.get(id=case.id))
    await case.refresh_from_db(fields=["version", "lines", "last_hash"])
    rule, was_reviewed = RULES[before, step.action], assignment.is_reviewed(case)
    await _still_entitled(step, rule.party)
    await _route(case, rule.leads(case), moment, step.known)
    still_nobody = case.state is before is State.UNROUTABLE
    if still_nobody and assignment.is_reviewed(case) is was_reviewed:
        raise errors.NoSuchStep(state=before.value)  # as if it had not been tried
    if step.action is Action.APPROVE:
        step.record |= await ledger.signature(await signing.sign(case, moment))
    await case.save()
    if case.turn_id != case.drafter_id:
        step.record |= record.route(case)
    await ledger.append(case, step.action, by=step.by, at=moment, before=before,
                        record=step.record, reason=step.reason, comment=step.comment)  # fmt: skip
    await case.fetch_related(*WITH_PEOPLE)
    await telling.tell(case, step.by)


async def _still_entitled(step: _Step, party: Party) -> None:
    """Whoever was asked may have lost the role or the power since: they decide nothing more."""
    if step.by is None:
        return
    if step.action is Action.APPROVE:
        await signing.authorise(step.case, step.by)
    elif party is Party.OFFICER:
        await signing.still_officer(step.case, step.by)
    elif party is Party.HEAD:
        await signing.still_head(step.case, step.by)


async def _nudge(step: _Step) -> Proposal:
    """Remind whoever's turn it is: a fresh card, at most once in four hours. No new version."""
    case, moment = step.case, now()
    latest = moment - office().nudge_every
    rested = Q(nudged_at__isnull=True) | Q(nudged_at__lte=latest)
    async with in_transaction():
        mine = Proposal.filter(rested, id=case.id, version=case.version)
        if not await mine.update(nudged_at=moment):
            present = await Proposal.get(id=case.id)
            if present.version != case.version:
                raise await record.moved(present)
            assert present.nudged_at is not None
            raise errors.NudgedAlready(again_at=present.nudged_at + office().nudge_every)
        await case.refresh_from_db(fields=["nudged_at", "lines", "last_hash"])
        await ledger.append(case, Action.NUDGE, by=step.by, at=moment, before=case.state, record={})
        await telling.remind(case)
    return case


async def reroute_waiting() -> int:
    """Route again what nobody could review or sign, and what waits for someone who no longer can.

    At most :data:`models.assignment.BATCH` cases a sweep, by who heads and signs as it begins.
    Harmless when run twice; a case that fails harms only itself. Returns how many moved.
    """
    moved, known = 0, await assignment.staff()
    for case in await assignment.stranded(known):
        left = case.officer_id
        try:
            async with in_transaction():
                await _take(_Step(case, Action.REROUTE, known=known))
        except errors.Refusal:
            continue  # somebody decided it meanwhile
        except Exception:
            log.exception("case %d could not be routed again; the others go on", case.id)
        else:
            moved += 1
            known.roster.shift(left, -1)
            known.roster.shift(case.officer_id, +1)
        await asyncio.sleep(0)
    return moved


async def _route(
    case: Proposal, to: State, moment: datetime, known: assignment.Staff | None = None
) -> None:
    """Enter ``to``, or where it leads when nobody stands there: see :class:`Rule`."""
    case.state, case.waiting_since, case.nudged_at = to, moment, None
    if case.state is State.WAITING_HEAD:
        chosen = await assignment.head_for(case.department_id, case.drafter_id, known)
        case.officer_id = case.on_behalf_of_id = case.appointment_id = None
        case.head_id, case.why = (chosen.head.id if chosen.head else None), chosen.why
        if chosen.without is NoHead.NO_HEAD:
            case.state = State.UNROUTABLE
        elif chosen.without is NoHead.DRAFTER_IS_HEAD:
            case.state, case.why = State.WAITING_OFFICER, {"direct": chosen.without.value}
    if case.state is State.WAITING_OFFICER and not await assignment.place(case, known):
        case.state = State.UNROUTABLE
    waits = case.state in {State.WAITING_HEAD, State.WAITING_OFFICER}
    case.due_at = due(moment, office().step_days) if waits else None
