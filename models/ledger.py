"""The tamper-evident history: one hash chain a case, and the walk that proves it."""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from tortoise.transactions import in_transaction

from models import evidence
from models.db import dialect, sql
from models.determination import Determination
from models.guide_editions import stored_hash
from models.people import Person
from models.proposal import Action, Proposal, ReturnReason, State, Step
from models.record import proposed, route

START: Final = "0" * 64
_BATCH: Final = 500
#: series -> the table that it numbers, where its digits begin, and the form of a number.
_NUMBERS: Final = {
    "case": ("proposal", 6, "{year}-{number:04d}"),
    "determination": ("determination", 8, "定〔{year}〕{number:06d}"),
}
_FIRST_MISSING: Final = """
SELECT coalesce(min(CASE WHEN n <> place THEN place END), max(place) + 1, 1) AS missing FROM (
  SELECT n, dense_rank() OVER (ORDER BY n) AS place FROM (
    SELECT CAST({digits} AS INTEGER) AS n FROM {table} WHERE number LIKE ?
  ) numbered WHERE n > 0
) placed
"""
_COUNTED: Final = """
SELECT series, max(given) AS given, max(present) AS present FROM (
  SELECT series, value AS given, 0 AS present FROM counter
  WHERE series LIKE 'case:%' OR series LIKE 'determination:%'
  UNION ALL
  SELECT 'case:' || substr(number, 1, 4), 0, count(*) FROM proposal GROUP BY 1
  UNION ALL
  SELECT 'determination:' || substr(number, 3, 4), 0, count(*) FROM determination GROUP BY 1
) counted GROUP BY series ORDER BY series
"""


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


@dataclass(frozen=True, slots=True)
class _Story:
    """A case as the database has it: its row, its lines in order, its determination.

    ``edition`` is the SHA-256 of the cited edition's items, as they are stored.
    """

    case: Proposal
    steps: Sequence[Step]
    signed: Determination | None
    edition: str | None


async def verify() -> Verdict:
    """Walk all chains, case by case in order, and stop at the first line that does not fit.

    Reads every line once, a few hundred cases at a time. Proves that no line was altered without
    reckoning its chain anew, that no number of a yearly series is missing, that cases and register
    say what the history says, and that the items, editions and appointments that signatures rest
    on are what they were. Does not prove that the newest case was not cut off together with its
    counter, nor that a chain was not rewritten as a whole: that takes a fingerprint noted outside
    (:mod:`models.fingerprint`). May run while work goes on: a misfit is looked at again while
    nobody can write.
    """
    codes = dict(await Person.all().values_list("id", "code"))
    cases = lines = 0
    if gap := await _missing_number():
        return Verdict(0, 0, gap)
    editions: dict[int, str] = {}
    async for story in _stories(editions):
        cases += 1
        lines += len(story.steps)
        if _misfit(story, codes) and (broken := await _misfit_for_sure(story.case.id)):
            return Verdict(cases, lines, broken)
    return Verdict(cases, lines, None)


async def _stories(editions: dict[int, str]) -> AsyncIterator[_Story]:
    last = 0
    while batch := await Proposal.filter(id__gt=last).order_by("id").limit(_BATCH):
        last = batch[-1].id
        for story in await _read(batch, editions):
            yield story


async def _read(cases: Sequence[Proposal], editions: dict[int, str]) -> list[_Story]:
    """The stories of ``cases``; ``editions`` remembers what was hashed, once each."""
    ids = [case.id for case in cases]
    steps: dict[int, list[Step]] = {case_id: [] for case_id in ids}
    for step in await Step.filter(case_id__in=ids).order_by("case_id", "seq"):
        steps[step.case_id].append(step)
    register = await Determination.filter(case_id__in=ids)
    await Determination.fetch_for_list(register, "item", "edition", "appointment")
    signed = {entry.case_id: entry for entry in register}
    for cited in {entry.edition_id for entry in register if entry.edition_id} - set(editions):
        editions[cited] = await stored_hash(cited)
    await Proposal.fetch_for_list(list(cases), "item", "edition")
    return [
        _Story(case, steps[case.id], entry, editions.get(entry.edition_id or 0) if entry else None)
        for case in cases
        for entry in [signed.get(case.id)]
    ]


async def _misfit_for_sure(case_id: int) -> Broken | None:
    """The same, while the case's row is ours: a step just being written is no misfit."""
    async with in_transaction():
        case = await Proposal.filter(id=case_id).select_for_update(no_key=True).get()
        codes = dict(await Person.all().values_list("id", "code"))
        (story,) = await _read([case], {})
        return _misfit(story, codes)


def _misfit(story: _Story, codes: Mapping[int, str]) -> Broken | None:
    """The first misfit of one case: its chain, then its row, then its signature."""
    case, steps, previous = story.case, story.steps, START
    for place, step in enumerate(steps, 1):
        if step.seq != place:
            return Broken(case.number, place, "line_missing")
        actor = codes.get(step.actor_id, "?") if step.actor_id else None
        line = canonical(case.number, actor, step)
        if step.previous != previous or step.hash != chain_hash(previous, line):
            return Broken(case.number, place, "hash_differs")
        previous = step.hash
    if not steps or case.lines != len(steps) or case.last_hash != previous:
        return Broken(case.number, len(steps) + 1, "line_missing")
    if not _told(case, steps):
        return Broken(case.number, 0, "case_differs")
    return _signed_otherwise(story, codes)


def _signed_otherwise(story: _Story, codes: Mapping[int, str]) -> Broken | None:
    """How the determination, or what it rests on, is not what the approving line says."""
    case, signed, line = story.case, story.signed, story.steps[-1]
    entry = line.record.get("determination") if case.state is State.EFFECTIVE else None
    if entry != (signed and register_entry(signed)):
        return Broken(case.number, 0, "register_differs")
    if signed is None:
        return None
    why = evidence.differs(signed, line.record.get("evidence"), codes, story.edition)
    return Broken(case.number, line.seq, why) if why else None


def _told(case: Proposal, steps: Sequence[Step]) -> bool:
    """Whether the case's row says what its history does, the newest word on each thing."""
    told: dict[str, object] = {}
    for step in steps:
        told |= step.record
    moves = [step for step in steps if step.action is not Action.NUDGE]
    row = proposed(case) | route(case)
    return all(told.get(name) == value for name, value in row.items()) and (
        (steps[0].actor_id, moves[-1].after, moves[-1].revision, len(moves))
        == (case.drafter_id, case.state, case.revision, case.version)
    )


async def signature(signed: Determination) -> dict[str, Any]:
    """What the approving line records: the register's entry, and the evidence that it rests on."""
    return {"determination": register_entry(signed), "evidence": await evidence.of(signed)}


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
    """The first number of a series whose row is gone, or the series whose count is not its own.

    One statement reads the counters and what they counted: no step comes in between.
    """
    counted = await sql(_COUNTED)
    for row in counted:
        if row["given"] == row["present"]:
            continue
        series, _, year = str(row["series"]).partition(":")
        table, start, form = _NUMBERS[series]
        digits = f"substr(number, {start})"
        if dialect() != "sqlite":  # where what is no number is an error, not 0
            digits = f"substring({digits} from '^[0-9]{{1,9}}$')"
        query = _FIRST_MISSING.format(table=table, digits=digits)
        (found,) = await sql(query, form.format(year=year, number=0)[: start - 1] + "%")
        missing = int(found["missing"])
        is_gone = missing <= row["given"]
        name = form.format(year=year, number=missing) if is_gone else str(row["series"])
        return Broken(name, 0, "number_missing")
    return None
