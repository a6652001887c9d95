"""What a signature rests on is proved with it; what may rightly change later raises no alarm."""

import asyncio
from datetime import date, timedelta

import pytest

from models import fingerprint, ledger
from models.db import sql
from models.determination import Counter, Determination
from models.guide import Disclosure, GuideEdition, GuideItem
from models.guide_editions import content_hash, item_hash, stored_hash
from models.guide_import import import_guide
from models.ledger import Broken
from models.levels import Level
from models.office import today
from models.officers_import import import_officers
from models.people import Appointment, AppointmentKind, Person
from models.people_import import import_people
from models.proposal import Action, Proposal, Step
from models.tables import parse_table
from tests.factories import Cast, appoint
from tests.models.test_ledger import after_each, drop_guards

pytestmark = pytest.mark.usefixtures("november")

OFFICERS = "工号,类型,权限,责任部门,指定文号,生效日期,失效日期,培训日期"


@pytest.fixture
async def cast(database):
    return await Cast.gather()


@pytest.fixture
async def signed(cast):
    """The case that was signed; a second one comes after it."""
    case = await cast.approved(number="科工〔2026〕1号")
    await cast.approved("CH-101", "科工〔2026〕2号")
    assert (await ledger.verify()).broken is None
    return case


def officers(cast, **changed):
    """An officers file that says what is in force, but for what ``changed``."""
    held = cast.appointment
    row = {
        "kind": "指定", "ceiling": "绝密", "departments": "科技处", "document_no": held.document_no,
        "valid_from": held.valid_from.isoformat(), "valid_until": "",
        "trained_on": held.trained_on.isoformat(),
    }  # fmt: skip
    text = f"{OFFICERS}\nA002,{','.join((row | changed).values())}\n"
    return parse_table(text.encode(), "officers.csv")


# --- what the approving line keeps ---------------------------------------------------------------


async def test_the_approving_line_keeps_what_the_signature_rested_on(cast, signed):
    line = await Step.filter(case_id=signed.id).order_by("-seq").first()
    assert line
    assert line.record["evidence"] == {
        "item": {"code": "KJ-002", "sha256": item_hash(await cast.item())},
        "edition": {
            "name": "2026版",
            "effective_on": cast.edition.effective_on.isoformat(),
            "sha256": await stored_hash(cast.edition.id),
        },
        "appointment": {
            "person": cast.officer.id, "kind": "designated", "ceiling": "TOP_SECRET",
            "departments": ["科技处"], "document_no": "局保〔2026〕3号",
            "valid_from": cast.appointment.valid_from.isoformat(), "valid_until": None,
        },
        "trained_on": cast.appointment.trained_on.isoformat(),
        "people": {
            "drafter": {"code": "D102", "name": "周文"},
            "head": {"code": "D100", "name": "赵国"},
            "officer": {"code": "A002", "name": "林秀"},
        },
    }  # fmt: skip


async def test_an_edition_is_hashed_as_the_importer_hashed_it(database):
    rows = [f"甲{n}-{'ABZa'[n % 4]},类,事项{n},秘密,{n % 9 + 1}年,范围,,," for n in range(1200)]
    header = "编号,类别,事项,密级,保密期限,知悉范围,产生部门,依据,备注"
    table = parse_table("\n".join((header, *rows)).encode())
    await import_guide(table, edition="大", effective=date(2026, 1, 1), disclosure=Disclosure.OPEN)
    edition = await GuideEdition.get(name="大")
    assert await stored_hash(edition.id) == edition.content_hash
    assert await stored_hash(edition.id + 1) == content_hash([])


# --- what is tampered with -----------------------------------------------------------------------


async def test_an_altered_item_is_found(cast, signed):
    row = await cast.item()
    changes = {
        "code": "KJ-009", "category": "别的", "matter": "别的", "level": Level.SECRET, "term": "1年",
        "access_scope": "所有人", "department": "别的", "basis": "别的", "notes": "别的",
    }  # fmt: skip
    async for name, found in after_each(row, changes):
        assert found, name
        assert found.case == signed.number
        assert found.why == ("case_differs" if name == "code" else "item_differs"), name


async def test_an_altered_edition_is_found(cast, signed):
    changes = {"effective_on": today() - timedelta(days=99), "content_hash": "0" * 64}
    async for name, found in after_each(cast.edition, changes):
        assert found == Broken(signed.number, 3, "edition_differs"), name


async def test_items_that_nobody_cited_are_proved_with_their_edition(cast, signed):
    other = await cast.item("KS-001")
    async for name, found in after_each(other, {"term": "30年", "code": "KS-002"}):
        assert found == Broken(signed.number, 3, "edition_differs"), name
    await GuideItem.filter(id=other.id).delete()
    assert (await ledger.verify()).broken == Broken(signed.number, 3, "edition_differs")


async def test_an_edition_forged_with_its_hash_is_found(cast, signed):
    await GuideItem.filter(code="KS-001").update(term="30年")
    forged = await stored_hash(cast.edition.id)
    await GuideEdition.filter(id=cast.edition.id).update(content_hash=forged)
    assert (await ledger.verify()).broken == Broken(signed.number, 3, "edition_differs")


async def test_an_altered_appointment_is_found(cast, signed):
    changes = {
        "kind": AppointmentKind.STATUTORY, "ceiling": Level.SECRET, "departments": ["*"],
        "document_no": "局保〔2020〕1号", "valid_from": date(2020, 1, 1), "valid_until": today(),
        "person_id": cast.head.id,
    }  # fmt: skip
    async for name, found in after_each(cast.appointment, changes):
        assert found == Broken(signed.number, 3, "appointment_differs"), name


async def test_people_whose_code_was_altered_are_found(cast, signed):
    async for _, found in after_each(cast.head, {"code": "D999"}):
        assert found
        assert found.case == signed.number


async def test_the_day_of_training_and_the_names_at_the_signature_cannot_be_altered(signed):
    await drop_guards()
    line = await Step.get(case_id=signed.id, seq=3)
    for name, value in (("trained_on", "2020-01-01"), ("people", {})):
        evidence = line.record["evidence"] | {name: value}
        async for _, found in after_each(line, {"record": line.record | {"evidence": evidence}}):
            assert found == Broken(signed.number, 3, "hash_differs")


async def test_a_line_without_its_evidence_is_found_even_when_its_hash_is_made_to_fit(signed):
    await drop_guards()
    line = await Step.get(case_id=signed.id, seq=3)
    del line.record["evidence"]
    text = ledger.canonical(signed.number, "A002", line)
    made = ledger.chain_hash(line.previous, text)
    await Step.filter(id=line.id).update(record=line.record, hash=made)
    await Proposal.filter(id=signed.id).update(last_hash=made)
    assert (await ledger.verify()).broken == Broken(signed.number, 3, "evidence_missing")


# --- what may rightly change ---------------------------------------------------------------------


async def test_a_renewed_training_raises_no_alarm_and_the_line_keeps_the_old_one(cast, signed):
    report = await import_officers(officers(cast, trained_on=today().isoformat()))
    assert report.changed.first == ("A002",)
    (held,) = await Appointment.all()
    assert held.trained_on == today()
    line = await Step.get(case_id=signed.id, seq=3)
    assert line.record["evidence"]["trained_on"] == cast.appointment.trained_on.isoformat()
    assert (await ledger.verify()).broken is None


async def test_an_appointment_that_ended_raises_no_alarm(cast, signed):
    await import_officers(officers(cast, document_no="局保〔2027〕1号", ceiling="机密"))
    old, new = await Appointment.all().order_by("id")
    assert (old.ended_at is None, new.ended_at) == (False, None)
    assert (await ledger.verify()).broken is None


@pytest.mark.parametrize("turn", range(3))
async def test_an_import_at_the_moment_of_signing_changes_nothing_that_was_signed(cast, turn):
    case = await cast.endorsed()
    other = await appoint(cast.officer, "科技处", kind=AppointmentKind.STATUTORY)
    changed = officers(cast, kind="法定", document_no="新", trained_on=today().isoformat())

    async def sign():
        await asyncio.sleep(turn * 0.005)
        await cast.take(case, Action.APPROVE)

    await asyncio.gather(import_officers(changed), sign())
    assert await Determination.get(case_id=case.id)
    assert (await Appointment.get(id=other.id)).kind is AppointmentKind.STATUTORY
    assert (await ledger.verify()).broken is None


async def test_departments_in_another_order_raise_no_alarm(cast):
    both = ["科技处", "局领导"]
    await Appointment.filter(id=cast.appointment.id).update(departments=both)
    await cast.approved()
    await import_officers(officers(cast, departments="局领导;科技处", trained_on="2026-11-01"))
    (held,) = await Appointment.all()
    assert held.departments == both[::-1]
    assert (await ledger.verify()).broken is None


async def test_a_new_name_raises_no_alarm_and_the_line_keeps_the_old_one(signed):
    people = "工号,姓名,部门,上级部门,职务,角色\nA002,林秀英,局领导,,副局长,\n"
    await import_people(parse_table(people.encode()))
    assert (await Person.get(code="A002")).name == "林秀英"
    line = await Step.get(case_id=signed.id, seq=3)
    assert line.record["evidence"]["people"]["officer"]["name"] == "林秀"
    assert (await ledger.verify()).broken is None


async def test_a_newer_edition_raises_no_alarm(signed):
    table = "编号,类别,事项,密级,保密期限,知悉范围\nKJ-002,类,别的,秘密,1年,范围\n"
    await import_guide(
        parse_table(table.encode()), edition="2027版", effective=today(), publish=True
    )
    assert (await ledger.verify()).broken is None


async def test_what_has_no_item_is_signed_and_proved_too(cast):
    await cast.approved(item=None, level=Level.WORK_SECRET, term="")
    determination = await Determination.get()
    assert determination.item_id is None
    assert (await ledger.verify()).broken is None


# --- the fingerprint that is noted outside -------------------------------------------------------


async def cut_off_the_newest_case():
    """Everything of it, and its number given back: inside the database nothing is missing."""
    await drop_guards()
    case = await Proposal.all().order_by("-id").first()
    assert case
    for table in ("outbox", "step", "determination"):
        await sql(f"DELETE FROM {table} WHERE case_id = ?", case.id)
    await sql("DELETE FROM proposal WHERE id = ?", case.id)
    await sql("UPDATE counter SET value = value - 1")


async def test_a_fingerprint_still_fits_after_more_work(cast, signed):
    noted = await fingerprint.fingerprint()
    assert noted == await fingerprint.fingerprint()
    assert await fingerprint.still_fits(noted)
    await cast.approved(number="科工〔2026〕3号")
    assert await fingerprint.still_fits(f" {noted.upper()}\n")
    assert noted != await fingerprint.fingerprint()


async def test_the_newest_case_cut_off_with_its_counter_shows_by_the_fingerprint_alone(signed):
    noted = await fingerprint.fingerprint()
    await cut_off_the_newest_case()
    assert (await ledger.verify()).broken is None
    assert not await fingerprint.still_fits(noted)


async def test_a_chain_rewritten_as_a_whole_shows_by_the_fingerprint_alone(signed):
    noted = await fingerprint.fingerprint()
    await drop_guards()
    last = await Step.get(case_id=signed.id, seq=3)
    last.comment = "别的"
    made = ledger.chain_hash(last.previous, ledger.canonical(signed.number, "A002", last))
    await Step.filter(id=last.id).update(comment="别的", hash=made)
    await Proposal.filter(id=signed.id).update(last_hash=made)
    assert (await ledger.verify()).broken is None
    assert not await fingerprint.still_fits(noted)


async def test_the_fingerprint_of_nothing_fits_whatever_comes(cast):
    noted = await fingerprint.fingerprint()
    assert noted.startswith("0-")
    await cast.approved()
    assert await fingerprint.still_fits(noted)


@pytest.mark.parametrize("noted", ["", "7", "-", "1-", "x-" + "0" * 64, "1-" + "0" * 63, "9" * 99])
async def test_what_is_no_fingerprint_never_fits(database, noted):
    assert not await fingerprint.still_fits(noted)


# --- missing numbers -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gone", "first"), [((3,), 3), ((1, 2), 1), ((12,), 12), ((5, 9, 12), 5), (range(1, 13), 1)]
)
async def test_the_first_missing_number_is_named_by_one_statement(cast, gone, first):
    for n in range(12):
        await cast.propose(number=f"科工〔2026〕{n}号")
    await drop_guards()
    for n in gone:
        case = await Proposal.get(number=f"2026-{n:04d}")
        for table, column in (("outbox", "case_id"), ("step", "case_id"), ("proposal", "id")):
            await sql(f"DELETE FROM {table} WHERE {column} = ?", case.id)
    assert (await ledger.verify()).broken == Broken(f"2026-{first:04d}", 0, "number_missing")


async def test_a_number_that_is_none_does_not_stop_the_walk(cast):
    case = await cast.propose()
    await Proposal.filter(id=case.id).update(number="2026-十二")
    await Counter.filter(series="case:2026").update(value=2)
    assert (await ledger.verify()).broken == Broken("2026-0001", 0, "number_missing")
