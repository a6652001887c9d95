"""The history is append-only, and whatever is tampered with is found and named first."""

import asyncio

import asyncpg
import pytest
import time_machine
from tortoise.exceptions import BaseORMException
from tortoise.transactions import in_transaction

from models import ledger, workflow
from models.db import dialect, sql
from models.determination import Counter, Determination
from models.ledger import Broken
from models.levels import Level
from models.proposal import Action, NoBasis, Proposal, ReturnReason, State, Step
from tests.factories import Cast

pytestmark = pytest.mark.usefixtures("november")

REFUSED = (BaseORMException, asyncpg.PostgresError)


async def drop_guards() -> None:
    """What somebody with the keys of the database could do first."""
    for table in ("step", "determination"):
        if dialect() == "sqlite":
            await sql(f"DROP TRIGGER {table}_no_update")
            await sql(f"DROP TRIGGER {table}_no_delete")
        else:
            await sql(f"DROP TRIGGER {table}_append_only ON {table}")
    if dialect() == "sqlite":
        await sql("PRAGMA foreign_keys = OFF")


async def full_history(cast: Cast) -> Proposal:
    """Five lines: submitted, endorsed, returned with a sentence, resubmitted, endorsed; approved."""
    case = await cast.endorsed(number="科工〔2026〕2号")
    case = await cast.take(
        case, Action.RETURN, reason=ReturnReason.OTHER, comment="期限从十年改为五年"
    )
    item = await cast.item()
    what = workflow.content.from_item("科工〔2026〕2号", item)
    case = await cast.take(case, Action.RESUBMIT, what=what)
    case = await cast.take(case, Action.ENDORSE)
    return await cast.take(case, Action.APPROVE)


@pytest.fixture
async def cast(database):
    return await Cast.gather()


@pytest.fixture
async def tampered(cast):
    """Three cases, the second with six lines; the guards are down."""
    await cast.approved(number="科工〔2026〕1号")
    case = await full_history(cast)
    await cast.approved(number="科工〔2026〕3号")
    assert (await ledger.verify()).broken is None
    await drop_guards()
    return case


# --- what the database itself refuses ------------------------------------------------------------


async def test_the_database_neither_changes_nor_deletes_history(cast):
    await cast.approved()
    for statement in (
        "UPDATE step SET comment = 'x'",
        "UPDATE step SET seq = seq",
        "DELETE FROM step",
        "DELETE FROM step WHERE id = -1 OR seq = 1",
        "UPDATE determination SET term = '99年'",
        "DELETE FROM determination",
    ):
        with pytest.raises(REFUSED, match="append-only"):
            await sql(statement)
    assert await Step.all().count() == 3
    assert (await ledger.verify()).broken is None


async def test_postgres_does_not_truncate_history_either(cast):
    if dialect() == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    await cast.approved()
    with pytest.raises(REFUSED, match="append-only"):
        await sql("TRUNCATE step, determination")


# --- what is whole -------------------------------------------------------------------------------


async def test_an_untouched_history_fits(cast):
    assert await ledger.verify() == ledger.Verdict(0, 0, None)
    await cast.approved()
    await cast.returned()
    case = await full_history(cast)
    await cast.take(await cast.propose(), Action.NUDGE)
    assert case.lines == 6
    assert await ledger.verify() == ledger.Verdict(4, 3 + 2 + 6 + 2, None)


async def test_every_line_repeats_what_was_proposed_where_it_went_and_what_was_signed(cast):
    case = await cast.approved(title="工艺参数汇编")
    submitted, endorsed, approved = await Step.filter(case_id=case.id).order_by("seq")
    assert submitted.record["title"] == "工艺参数汇编"
    assert submitted.record["item"] == "KJ-002"
    assert submitted.record["edition"] == "2026版"
    assert submitted.record["head"] == cast.head.id
    assert endorsed.record["officer"] == cast.officer.id
    assert endorsed.record["why"] == case.why
    signed = await Determination.get(case_id=case.id)
    assert approved.record["determination"] == ledger.register_entry(signed)
    assert submitted.previous == ledger.START
    assert (endorsed.previous, approved.previous) == (submitted.hash, endorsed.hash)
    assert (case.lines, case.last_hash) == (3, approved.hash)


async def test_lines_written_in_one_microsecond_apart_from_each_other_still_differ(cast):
    with time_machine.travel("2026-11-23T02:00:00+00:00", tick=False):
        case = await cast.approved()
    hashes = await Step.filter(case_id=case.id).values_list("hash", flat=True)
    assert len(set(hashes)) == 3
    assert (await ledger.verify()).broken is None


async def test_the_walk_reads_many_cases_a_batch_at_a_time(cast, monkeypatch):
    monkeypatch.setattr(ledger, "_BATCH", 3)
    for n in range(8):
        await cast.propose(number=f"科工〔2026〕{n}号")
    assert await ledger.verify() == ledger.Verdict(8, 8, None)
    await drop_guards()
    await sql("UPDATE step SET comment = 'x' WHERE case_id = (SELECT max(id) FROM proposal)")
    broken = (await ledger.verify()).broken
    assert broken
    assert (broken.case[-4:], broken.seq, broken.why) == ("0008", 1, "hash_differs")


async def test_work_in_progress_is_no_misfit(cast):
    """Lines that come between two reads of the walk raise no alarm."""
    done = asyncio.Event()

    async def work() -> None:
        for n in range(6):
            await cast.approved(number=f"科工〔2026〕{n}号")
        done.set()

    async def walk() -> None:
        while not done.is_set():
            assert (await ledger.verify()).broken is None
            await asyncio.sleep(0)

    await asyncio.gather(work(), walk(), walk())


# --- what is tampered with -----------------------------------------------------------------------


async def after_each(row, changes):
    """What the walk finds after each of ``changes`` to ``row`` alone; the row is mended again."""
    rows = type(row).filter(id=row.id)
    for name, value in changes.items():
        await rows.update(**{name: value})
        yield name, (await ledger.verify()).broken
        await rows.update(**{name: getattr(row, name)})
    assert (await ledger.verify()).broken is None


async def test_a_changed_line_is_found_and_named(cast, tampered):
    changes = {
        1: {"record": {"term": "9年"}, "previous": "1" * 64},
        2: {"actor_id": cast.drafter.id, "after": State.EFFECTIVE, "before": None, "previous": "0"},
        3: {"comment": "期限从十年改为六年", "reason": ReturnReason.WRONG_ITEM, "actor_id": None},
        4: {"action": Action.WITHDRAW, "revision": 1},
        5: {"at": tampered.created_at},
        6: {"record": {}, "hash": "0"},
    }
    for seq, some in changes.items():
        row = await Step.get(case_id=tampered.id, seq=seq)
        async for name, found in after_each(row, some):
            assert found == Broken(tampered.number, seq, "hash_differs"), name


async def test_only_the_first_line_that_does_not_fit_is_named(tampered):
    await sql("UPDATE step SET comment = 'x' WHERE case_id = ? AND seq > 3", tampered.id)
    await sql("UPDATE step SET comment = 'x' WHERE case_id > ?", tampered.id)
    assert (await ledger.verify()).broken == Broken(tampered.number, 4, "hash_differs")


async def test_a_deleted_line_is_missed(tampered):
    for seq in (6, 3, 1):  # the last one, one in the middle, the first one
        await sql("DELETE FROM step WHERE case_id = ? AND seq = ?", tampered.id, seq)
        assert (await ledger.verify()).broken == Broken(tampered.number, seq, "line_missing")


async def test_a_history_deleted_as_a_whole_is_missed(tampered):
    await sql("DELETE FROM step WHERE case_id = ?", tampered.id)
    assert (await ledger.verify()).broken == Broken(tampered.number, 1, "line_missing")


async def test_an_inserted_line_does_not_fit(tampered):
    last = await Step.get(case_id=tampered.id, seq=6)
    last._saved_in_db, last.id, last.seq = False, None, 7
    await last.save(force_create=True)
    assert (await ledger.verify()).broken == Broken(tampered.number, 7, "hash_differs")


async def test_a_well_made_line_appended_by_hand_is_one_too_many(cast, tampered):
    case = await Proposal.get(id=tampered.id)
    now = await Step.get(case_id=case.id, seq=6)
    kept = case.lines, case.last_hash
    await ledger.append(
        case, Action.NUDGE, by=cast.drafter, at=now.at, before=case.state, record={}
    )
    await Proposal.filter(id=case.id).update(lines=kept[0], last_hash=kept[1])
    assert (await ledger.verify()).broken == Broken(case.number, 8, "line_missing")


async def test_swapped_lines_do_not_fit(tampered):
    for old, new in ((2, 99), (5, 2), (99, 5)):
        await sql("UPDATE step SET seq = ? WHERE case_id = ? AND seq = ?", new, tampered.id, old)
    assert (await ledger.verify()).broken == Broken(tampered.number, 2, "hash_differs")


async def test_a_line_moved_to_another_case_is_missed_where_it_was(tampered):
    await sql(
        "UPDATE step SET case_id = ?, seq = 4 WHERE case_id = ? AND seq = 6",
        tampered.id + 1,
        tampered.id,
    )
    assert (await ledger.verify()).broken == Broken(tampered.number, 6, "line_missing")


async def test_an_altered_case_is_found(cast, tampered):
    row, head = await Proposal.get(id=tampered.id), cast.head.id
    changes = {
        "state": State.RETURNED, "document_no": "科工〔2026〕9号", "title": "别的", "note": "别的",
        "level": Level.CONFIDENTIAL, "term": "1年", "access_scope": "所有人", "revision": 1,
        "version": 99, "reason": NoBasis.NO_ITEM, "officer_id": head, "head_id": None,
        "drafter_id": head, "item_id": (await cast.item("CH-101")).id, "appointment_id": None,
        "on_behalf_of_id": head, "why": {},
    }  # fmt: skip
    async for name, found in after_each(row, changes):
        assert found == Broken(tampered.number, 0, "case_differs"), name
    async for name, found in after_each(row, {"lines": 5, "last_hash": "0" * 64}):
        assert found == Broken(tampered.number, 7, "line_missing"), name


async def test_an_altered_determination_is_found(cast, tampered):
    row = await Determination.get(case_id=tampered.id)
    changes = {
        "level": Level.SECRET, "term": "1年", "marking": "秘密★1年", "document_no": "别的",
        "access_scope": "所有人", "officer_id": cast.head.id, "head_id": None, "item_id": None,
        "decided_at": tampered.created_at, "edition_id": None, "on_behalf_of_id": cast.head.id,
        "reason": NoBasis.NO_ITEM, "drafter_id": cast.head.id,
    }  # fmt: skip
    async for name, found in after_each(row, changes):
        assert found == Broken(tampered.number, 0, "register_differs"), name


async def test_a_renumbered_determination_leaves_its_number_missing(tampered):
    await Determination.filter(case_id=tampered.id).update(number="定〔2026〕000009")
    broken = (await ledger.verify()).broken
    assert broken == Broken(tampered.number, 0, "register_differs")


async def test_two_determinations_that_changed_numbers_are_found(tampered):
    one, two = await Determination.filter(case_id__gte=tampered.id).order_by("case_id")
    for row, number in ((one, "定〔2026〕9"), (two, one.number), (one, two.number)):
        await Determination.filter(id=row.id).update(number=number)
    assert (await ledger.verify()).broken == Broken(tampered.number, 0, "register_differs")


async def test_a_deleted_determination_is_missed_by_its_number(tampered):
    number = (await Determination.get(case_id=tampered.id)).number
    await sql("DELETE FROM determination WHERE case_id = ?", tampered.id)
    assert (await ledger.verify()).broken == Broken(number, 0, "number_missing")


@pytest.mark.parametrize("which", [0, 1, 2])
async def test_a_deleted_case_is_missed_by_its_number(tampered, which):
    case = (await Proposal.all().order_by("id"))[which]
    for table in ("outbox", "step"):
        await sql(f"DELETE FROM {table} WHERE case_id = ?", case.id)
    await sql("DELETE FROM determination WHERE case_id = ?", case.id)
    await sql("DELETE FROM proposal WHERE id = ?", case.id)
    assert (await ledger.verify()).broken == Broken(case.number, 0, "number_missing")


async def test_a_determination_made_by_hand_is_one_too_many(cast, tampered):
    await cast.endorsed(number="科工〔2026〕4号")
    other = await Determination.get(case_id=tampered.id)
    case = await Proposal.all().order_by("-id").first()
    assert case
    other._saved_in_db, other.id, other.number = False, None, other.number[:-1] + "4"
    other.case_id = case.id
    await other.save(force_create=True)
    assert (await ledger.verify()).broken == Broken("determination:2026", 0, "number_missing")
    await Counter.filter(series="determination:2026").update(value=4)
    assert (await ledger.verify()).broken == Broken(case.number, 0, "register_differs")


async def test_a_counter_that_was_turned_back_or_removed_is_found(tampered):
    await Counter.filter(series__startswith="case").update(value=2)
    assert (await ledger.verify()).broken == Broken("case:2026", 0, "number_missing")
    await Counter.filter(series__startswith="case").delete()
    assert (await ledger.verify()).broken == Broken("case:2026", 0, "number_missing")


# --- numbers -------------------------------------------------------------------------------------


async def test_numbers_have_no_gap_after_what_was_rolled_back(cast):
    class Crash(Exception):
        pass

    async def crash() -> None:
        async with in_transaction():
            await cast.propose()
            raise Crash

    await cast.propose()
    for _ in range(3):
        with pytest.raises(Crash):
            await crash()
    assert (await cast.propose()).number.endswith("-0002")
    assert (await ledger.verify()).broken is None


async def test_numbers_given_out_at_once_are_all_different_and_gapless(cast):
    cases = await asyncio.gather(*(cast.propose(number=f"科工〔2026〕{n}号") for n in range(12)))
    assert sorted(int(case.number[5:]) for case in cases) == list(range(1, 13))
    assert (await ledger.verify()).broken is None


async def test_each_year_begins_with_one_on_the_office_s_calendar(cast):
    with time_machine.travel("2026-12-31T15:59:59+00:00", tick=False):
        assert (await cast.propose()).number == "2026-0001"
    with time_machine.travel("2026-12-31T16:00:00+00:00", tick=False):  # midnight in the office
        assert (await cast.propose()).number == "2027-0001"
    assert (await ledger.verify()).broken is None
