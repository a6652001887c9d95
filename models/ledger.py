"""The tamper-evident history: one hash chain a case, and the walk that proves it."""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from models.db import sql
from models.determination import Counter, Determination
from models.people import Person
from models.proposal import Action, Proposal, ReturnReason, State, Step

START: Final = "0" * 64
_BATCH: Final = 500


def canonical(case_number: str, actor_code: str | None, step: Step) -> str:
    """The one written form of a line: sorted keys, no spaces, times in UTC to the microsecond."""
    line = {
        "case": case_number,
        "seq": step.seq,
        "revision": step.revision,
        "action": step.action.value,
        "actor": actor_code,
        "at": step.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "before": step.before and step.before.value,
        "after": step.after.value,
        "reason": step.reason and step.reason.value,
        "comment": step.comment,
        "record": step.record,
    }
    return json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def chain_hash(previous: str, line: str) -> str:
    """SHA-256 over the previous hash and the canonical line."""
    return hashlib.sha256(f"{previous}\n{line}".encode()).hexdigest()


async def append(  # noqa: PLR0913 - the columns of a line
    case: Proposal,
    action: Action,
    *,
    by: Person | None,
    at: datetime,
    before: State | None,
    record: Mapping[str, Any],
    reason: ReturnReason | None = None,
    comment: str = "",
) -> Step:
    """Write the next line of ``case``'s history.

    The caller has just updated the case's row in the same transaction, which keeps any other
    writer of this chain waiting; ``lines`` and ``last_hash`` of ``case`` are brought up to date.
    """
    step = Step(
        case_id=case.id,
        seq=case.lines + 1,
        revision=case.revision,
        action=action,
        actor_id=by.id if by else None,
        at=at,
        before=before,
        after=case.state,
        reason=reason,
        comment=comment,
        record=dict(record),
        previous=case.last_hash or START,
    )
    step.hash = chain_hash(step.previous, canonical(case.number, by.code if by else None, step))
    await step.save()
    case.lines, case.last_hash = step.seq, step.hash
    await Proposal.filter(id=case.id).update(lines=step.seq, last_hash=step.hash)
    return step


@dataclass(frozen=True, slots=True)
class Broken:
    """The first line that does not fit: which case, which line (0: the case as a whole), why."""

    case: str
    seq: int
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the walk found: how many cases and lines were read, and the first misfit, if any."""

    cases: int
    lines: int
    broken: Broken | None


async def verify() -> Verdict:
    """Walk all chains, case by case in order, and stop at the first line that does not fit.

    Reads every line once, a few hundred cases at a time; also proves that no case and no
    determination is missing from its yearly series, and that cases and register say what the
    history says.
    """
    codes = dict(await Person.all().values_list("id", "code"))
    cases = lines = 0
    if gap := await _missing_number():
        return Verdict(0, 0, gap)
    async for case, steps, determination in _chains():
        cases += 1
        lines += len(steps)
        broken = _check(case, steps, determination, codes)
        if broken:
            return Verdict(cases, lines, broken)
    return Verdict(cases, lines, None)


async def _chains() -> AsyncIterator[tuple[Proposal, list[Step], Determination | None]]:
    last = 0
    while batch := await Proposal.filter(id__gt=last).order_by("id").limit(_BATCH):
        last = batch[-1].id
        ids = [case.id for case in batch]
        steps: dict[int, list[Step]] = {case_id: [] for case_id in ids}
        for step in await Step.filter(case_id__in=ids).order_by("case_id", "seq"):
            steps[step.case_id].append(step)
        signed = {d.case_id: d for d in await Determination.filter(case_id__in=ids)}
        for case in batch:
            yield case, steps[case.id], signed.get(case.id)


def _check(
    case: Proposal,
    steps: list[Step],
    determination: Determination | None,
    codes: Mapping[int, str],
) -> Broken | None:
    """The first misfit of one case: its chain, then its row, then its determination."""
    previous = START
    for place, step in enumerate(steps, 1):
        if step.seq != place:
            return Broken(case.number, place, "line_missing")
        actor = codes.get(step.actor_id) if step.actor_id else None
        line = canonical(case.number, actor, step)
        if step.previous != previous or step.hash != chain_hash(previous, line):
            return Broken(case.number, place, "hash_differs")
        previous = step.hash
    if not steps or case.lines != len(steps) or case.last_hash != previous:
        return Broken(case.number, len(steps) + 1, "line_missing")
    if steps[-1].after is not case.state:
        return Broken(case.number, 0, "case_differs")
    signature = steps[-1].record.get("determination") if case.state is State.EFFECTIVE else None
    if signature != (determination and register_entry(determination)):
        return Broken(case.number, 0, "register_differs")
    return None


def register_entry(signed: Determination) -> dict[str, Any]:
    """What a determination fixes, as it stands in the approving line."""
    return {
        "number": signed.number,
        "document_no": signed.document_no,
        "level": signed.level.value,
        "term": signed.term,
        "marking": signed.marking,
        "access_scope": signed.access_scope,
        "reason": signed.reason and signed.reason.value,
        "item": signed.item_id,
        "edition": signed.edition_id,
        "drafter": signed.drafter_id,
        "head": signed.head_id,
        "officer": signed.officer_id,
        "on_behalf_of": signed.on_behalf_of_id,
        "appointment": signed.appointment_id,
        "decided_at": signed.decided_at.astimezone(UTC).isoformat(timespec="microseconds"),
    }


async def next_number(series: str) -> int:
    """The next number of ``series``, from 1, without gaps: part of the caller's transaction."""
    rows = await sql(
        "INSERT INTO counter (series, value) VALUES (?, 1) "
        "ON CONFLICT (series) DO UPDATE SET value = counter.value + 1 RETURNING value",
        series,
    )
    return int(rows[0]["value"])


async def _missing_number() -> Broken | None:
    """A series whose rows are fewer than the numbers it gave out: something was deleted."""
    for counter in await Counter.all().order_by("series"):
        name, _, year = counter.series.partition(":")
        if name == "case":
            present = await Proposal.filter(number__startswith=f"{year}-").count()
        else:
            present = await Determination.filter(number__startswith=f"定〔{year}〕").count()
        if present != counter.value:
            return Broken(counter.series, present, "number_missing")
    return None
