"""Importing officers: what the law asks of an appointment, and a history that stays true."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine

from models import db
from models.errors import ImportRefused
from models.levels import Level
from models.office import now, today
from models.officers_import import import_officers
from models.people import Appointment, AppointmentKind, Department, Person
from models.people_import import import_people
from models.proposal import Proposal, State
from models.tables import parse_table

HEADER = "工号,类型,权限,责任部门,指定文号,生效日期,失效日期,培训日期"
CHIEF = "A1,法定,绝密,*,,2024-01-01,,{trained}"
DEPUTY = "D1,指定,机密,科技处;人事处,局保〔2024〕3号,2024-03-01,2099-02-28,{trained}"
SAMPLES = Path(__file__).parents[3] / "shared/data"


@pytest.fixture
async def directory(database):
    rows = ["A1,陈志远,局领导,,,", "D1,赵国强,科技处,局领导,,", "D2,韩雪,人事处,局领导,,"]
    text = "\n".join(("工号,姓名,部门,上级部门,职务,角色", *rows))
    await import_people(parse_table(text.encode()))


def officers(*rows, trained=None):
    text = "\n".join((HEADER, *rows)).format(trained=trained or today().isoformat())
    return parse_table(text.encode(), "officers.csv")


async def appointments():
    return await db.sql("SELECT * FROM appointment ORDER BY id")


async def refused(*rows):
    before = await appointments()
    with pytest.raises(ImportRefused) as refusal:
        await import_officers(officers(*rows))
    assert await appointments() == before
    return [(bad.line, bad.column, bad.code, bad.facts) for bad in refusal.value.facts["bad"]]


async def use(code):
    """A case that was routed by the appointment of ``code``."""
    person = await Person.get(code=code)
    appointment = await Appointment.get(person_id=person.id, ended_at=None)
    await Proposal.create(
        number="2026-0001", document_no="科工〔2026〕1号", level=Level.SECRET, term="10年",
        department=await Department.first(), drafter=person, officer=person,
        appointment=appointment, state=State.WAITING_OFFICER, created_at=now(),
        waiting_since=now(),
    )  # fmt: skip
    return appointment


async def test_an_appointment_says_who_may_sign_what_and_how_long(directory):
    report = await import_officers(officers(CHIEF, DEPUTY, trained="2026年3月12日"))
    assert report.added.first == ("A1", "D1")
    chief, deputy = await Appointment.all().order_by("id")
    assert (chief.kind, chief.ceiling, chief.departments) == (
        AppointmentKind.STATUTORY, Level.TOP_SECRET, ["*"],
    )  # fmt: skip
    assert (chief.valid_until, chief.document_no) == (None, "")
    assert (deputy.kind, deputy.ceiling) == (AppointmentKind.DESIGNATED, Level.SECRET)
    assert (deputy.departments, deputy.document_no) == (["科技处", "人事处"], "局保〔2024〕3号")
    assert (deputy.valid_from, deputy.valid_until) == (date(2024, 3, 1), date(2099, 2, 28))
    assert deputy.trained_on == date(2026, 3, 12)


async def test_english_words_are_understood(directory):
    english = "D1,designated,SECRET,all,No. 3,2024/3/1,20990228,"
    await import_officers(officers("A1,statutory,top secret,＊,,2024.1.1,,", english))
    deputy = await Appointment.get(kind=AppointmentKind.DESIGNATED)
    assert (deputy.ceiling, deputy.departments, deputy.trained_on) == (Level.SECRET, ["*"], None)


async def test_the_same_file_twice_changes_nothing(directory):
    await import_officers(officers(CHIEF, DEPUTY))
    before = await appointments()
    report = await import_officers(
        officers(CHIEF, DEPUTY.replace("科技处;人事处", "人事处、科技处"))
    )
    assert await appointments() == before
    assert (report.added.count, report.changed.count, report.unchanged.count) == (0, 0, 2)


async def test_a_dry_run_writes_nothing(directory):
    report = await import_officers(officers(CHIEF, DEPUTY), dry_run=True)
    assert (report.added.count, await appointments()) == (2, [])


async def test_everything_wrong_is_reported_at_once_with_line_column_and_reason(directory):
    tomorrow = date.fromordinal(today().toordinal() + 1).isoformat()
    bad = await refused(
        "X9,法定,绝密,*,,2024-01-01,,",
        "D1,指派,绝密级,*;科技处,,2024-02-30,昨天,",
        f"D2,指定,工作秘密,没有处,,2024-03-01,2024-02-01,{tomorrow}",
        ",指定,,,文,,,",
        "X9,法定,秘密,*,,2024-01-01,,",
    )
    days = {"valid_from": "2024-03-01", "valid_until": "2024-02-01"}
    assert bad == [
        (2, "工号", "unknown_person", {"value": "X9"}),
        (3, "类型", "unknown_kind", {"value": "指派"}),
        (3, "权限", "unknown_level", {"value": "绝密级"}),
        (3, "责任部门", "all_and_more", {"value": "*;科技处"}),
        (3, "生效日期", "not_a_date", {"value": "2024-02-30"}),
        (3, "失效日期", "not_a_date", {"value": "昨天"}),
        (4, "指定文号", "document_no_missing", {}),
        (4, "权限", "not_a_ceiling", {"level": "工作秘密"}),
        (4, "失效日期", "dates_reversed", days),
        (4, "培训日期", "date_in_future", {"value": tomorrow}),
        (4, "责任部门", "unknown_department", {"value": "没有处"}),
        (5, "工号", "cell_empty", {}),
        (5, "权限", "cell_empty", {}),
        (5, "责任部门", "cell_empty", {}),
        (5, "生效日期", "cell_empty", {}),
        (6, "工号", "duplicate_appointment", {"value": "X9", "first": 2}),
        (6, "工号", "unknown_person", {"value": "X9"}),
    ]


async def test_a_designated_officer_never_signs_above_the_unit(directory):
    facts = {"level": "机密", "most": "秘密"}
    chief = CHIEF.replace("绝密", "秘密")
    assert await refused(chief, DEPUTY) == [(3, "权限", "ceiling_too_high", facts)]
    await import_officers(officers(chief))
    assert await refused(DEPUTY) == [(2, "权限", "ceiling_too_high", facts)]
    await import_officers(officers(CHIEF, DEPUTY))
    facts = {"level": "秘密", "codes": ["D1"]}
    assert await refused(chief) == [(2, "权限", "ceiling_below_designated", facts)]
    await import_officers(officers(chief, DEPUTY.replace("机密", "秘密")))


async def test_appointments_that_are_over_give_the_unit_no_power(directory):
    await import_officers(officers("A1,法定,绝密,*,,2020-01-01,2020-12-31,"))
    report = await import_officers(officers(DEPUTY))
    assert [remark.code for remark in report.warnings] == []
    await import_officers(officers("D2,法定,秘密,*,,2024-01-01,,", DEPUTY.replace("机密", "秘密")))
    assert [line for line, *_ in await refused(DEPUTY)] == [2]


async def test_without_a_statutory_officer_the_report_says_what_could_not_be_checked(directory):
    report = await import_officers(officers(DEPUTY, trained="2020-01-01"))
    assert [(remark.code, remark.first) for remark in report.warnings] == [
        ("no_statutory_officer", ()),
        ("training_not_valid", ("D1",)),
    ]


async def test_one_person_may_hold_both_kinds(directory):
    await import_officers(officers(CHIEF, DEPUTY.replace("D1", "A1")))
    assert await Appointment.filter(person__code="A1").count() == 2


async def test_an_unused_appointment_is_changed_in_place(directory):
    await import_officers(officers(CHIEF, DEPUTY))
    report = await import_officers(officers(DEPUTY.replace("机密", "秘密")))
    assert report.changed.first == ("D1",)
    (deputy,) = await Appointment.filter(kind=AppointmentKind.DESIGNATED)
    assert (deputy.ceiling, deputy.ended_at) == (Level.CONFIDENTIAL, None)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("机密", "秘密"),
        ("科技处;人事处", "*"),
        ("〔2024〕3号", "〔2025〕1号"),
        ("2024-03-01", "2024-04-01"),
        ("2099-02-28", ""),
    ],
)
async def test_a_used_appointment_ends_and_a_new_one_begins(directory, before, after):
    await import_officers(officers(CHIEF, DEPUTY))
    used = await use("D1")
    changed = officers(DEPUTY.replace(before, after))
    assert (await import_officers(changed)).changed.first == ("D1",)
    old, new = await Appointment.filter(kind=AppointmentKind.DESIGNATED).order_by("id")
    assert old.id == used.id
    assert old.ended_at is not None
    assert new.ended_at is None
    for name in ("ceiling", "departments", "document_no", "valid_from", "valid_until"):
        assert getattr(old, name) == getattr(used, name)
    report = await import_officers(changed)
    assert (report.added.count, report.changed.count) == (0, 0)


async def test_a_training_is_renewed_in_place_even_when_the_appointment_was_used(directory):
    await import_officers(officers(CHIEF, DEPUTY, trained="2025-01-01"))
    used = await use("D1")
    await import_officers(officers(DEPUTY, trained="2026-01-01"))
    (deputy,) = await Appointment.filter(kind=AppointmentKind.DESIGNATED)
    assert (deputy.id, deputy.ended_at) == (used.id, None)
    assert deputy.trained_on == date(2026, 1, 1)


async def test_nobody_s_appointment_ends_because_a_file_leaves_it_out(directory):
    await import_officers(officers(CHIEF, DEPUTY))
    await import_officers(officers(CHIEF))
    assert await Appointment.filter(ended_at=None).count() == 2


@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample files are not here")
@time_machine.travel(datetime(2026, 11, 23, tzinfo=UTC))
async def test_the_sample_file_imports(database):
    await import_people(parse_table(SAMPLES / "people.csv"))
    report = await import_officers(parse_table(SAMPLES / "officers.csv"))
    assert report.added.count == 7
