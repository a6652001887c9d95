"""Importing people: the tree of departments, roles, and everything wrong at once."""

import asyncio
from pathlib import Path

import pytest

from models import db
from models.errors import ImportRefused
from models.office import now
from models.people import Department, Person, Role
from models.people_import import import_people
from models.tables import parse_table

HEADER = "工号,姓名,部门,上级部门,职务,角色"
SAMPLE = Path(__file__).parents[3] / "shared/data/people.csv"


def people(*rows):
    return parse_table("\n".join((HEADER, *rows)).encode(), "people.csv")


async def refused(*rows):
    """What is wrong, after checking that nothing was written."""
    before = await everything()
    with pytest.raises(ImportRefused) as refusal:
        await import_people(people(*rows))
    assert await everything() == before
    assert refusal.value.facts["file"] == "people.csv"
    assert refusal.value.facts["count"] == len(refusal.value.facts["bad"])
    return [(bad.line, bad.column, bad.code, bad.facts) for bad in refusal.value.facts["bad"]]


async def everything():
    return [
        await db.sql("SELECT * FROM department ORDER BY id"),
        await db.sql("SELECT * FROM person ORDER BY id"),
    ]


async def test_people_and_their_departments_are_imported_together(database):
    report = await import_people(
        people(
            "D100,赵国强,科技处,局领导,处长,部门负责人;定密责任人",
            "D102,周文博,科技处,,科员,拟稿人；保密员、admin",
            "A001,陈志远,局领导,,局长,",
        )
    )
    assert (report.rows, report.added.count, report.departments.first) == (
        3,
        3,
        ("科技处", "局领导"),
    )
    head = await Person.get(code="D100").prefetch_related("department__parent")
    assert (head.name, head.position, head.roles) == ("赵国强", "处长", {Role.HEAD})
    assert (head.department.name, head.department.parent.name) == ("科技处", "局领导")
    drafter = await Person.get(code="D102")
    assert drafter.roles == {Role.DRAFTER, Role.CUSTODIAN, Role.ADMIN}
    assert (await Person.get(code="A001")).roles == frozenset()


async def test_the_same_file_twice_changes_nothing(database):
    rows = ["D100,赵国强,科技处,局领导,处长,部门负责人", "A001,陈志远,局领导,,局长,"]
    await import_people(people(*rows))
    before = await everything()
    report = await import_people(people(*rows))
    assert await everything() == before
    assert (report.added.count, report.changed.count, report.departments.count) == (0, 0, 0)
    assert report.unchanged.first == ("D100", "A001")


async def test_a_changed_row_changes_its_person_and_keeps_the_account(database):
    await import_people(
        people("D102,周文博,科技处,,科员,拟稿人", "D103,吴晓梅,科技处,,科员,拟稿人")
    )
    await Person.filter(code="D102").update(telegram_id=42, bound_at=now(), language="en")
    report = await import_people(people("D102,周文博,人事处,,处长,部门负责人"))
    assert (report.changed.first, report.departments.first) == (("D102",), ("人事处",))
    person = await Person.get(code="D102").prefetch_related("department")
    assert (person.department.name, person.roles) == ("人事处", {Role.HEAD})
    assert (person.telegram_id, person.language) == (42, "en")
    assert await Person.exists(code="D103")


async def test_a_department_moves_when_a_file_says_so_and_stays_when_it_says_nothing(database):
    await import_people(people("D1,甲,科技处,局领导,,", "A1,乙,局领导,,,"))
    await import_people(people("D1,甲,科技处,,,"))
    assert (await Department.get(name="科技处").prefetch_related("parent")).parent.name == "局领导"
    report = await import_people(people("D1,甲,科技处,总工办,,", "E1,丙,总工办,局领导,,"))
    assert report.departments.first == ("科技处", "总工办")
    assert (await Department.get(name="科技处").prefetch_related("parent")).parent.name == "总工办"


async def test_a_parent_may_be_in_the_database_alone(database):
    await import_people(people("A1,乙,局领导,,,"))
    await import_people(people("D1,甲,科技处,局领导,,"))
    assert (await Department.get(name="科技处").prefetch_related("parent")).parent.name == "局领导"


async def test_a_dry_run_says_what_would_change_and_writes_nothing(database):
    await import_people(people("D1,甲,科技处,,,"))
    before = await everything()
    report = await import_people(people("D1,乙,科技处,,,", "D2,丙,人事处,,,"), dry_run=True)
    assert await everything() == before
    assert report.is_dry_run
    assert (report.added.first, report.changed.first) == (("D2",), ("D1",))
    assert report.departments.first == ("人事处",)


async def test_everything_wrong_is_reported_at_once_with_line_column_and_reason(database):
    bad = await refused(
        "D1,甲,科技处,局领导,,领导;拟稿人",
        "D1,,科技处,总工办,,",
        f"{'9' * 41},丁,,,,",
        "A1,乙,局领导,不存在处,,",
    )
    assert bad == [
        (2, "角色", "unknown_role", {"value": "领导"}),
        (3, "姓名", "cell_empty", {}),
        (3, "工号", "duplicate_code", {"value": "D1", "first": 2}),
        (
            3,
            "上级部门",
            "parent_contradicts",
            {"department": "科技处", "value": "总工办", "other": "局领导", "first": 2},
        ),
        (4, "工号", "cell_too_long", {"length": 41, "limit": 40}),
        (4, "部门", "cell_empty", {}),
        (5, "上级部门", "unknown_department", {"value": "不存在处"}),
    ]


async def test_a_department_cannot_be_above_itself(database):
    assert await refused("D1,甲,科技处,科技处,,") == [
        (2, "上级部门", "department_cycle", {"departments": ["科技处", "科技处"]})
    ]
    await import_people(people("A1,乙,局领导,,,", "D1,甲,科技处,局领导,,"))
    assert await refused("A1,乙,局领导,科技处,,") == [
        (2, "上级部门", "department_cycle", {"departments": ["局领导", "科技处", "局领导"]})
    ]


async def test_departments_that_trade_places_are_no_cycle(database):
    await import_people(people("A1,乙,甲处,,,", "D1,甲,乙处,甲处,,", "E1,丙,丙处,乙处,,"))
    report = await import_people(people("E1,丙,丙处,甲处,,", "D1,甲,乙处,丙处,,"))
    assert report.departments.count == 2


async def test_two_imports_at_once_end_as_if_one_had_followed_the_other(database):
    rows = [f"D{n},人{n},处{n % 7},,," for n in range(40)]
    reports = await asyncio.gather(*(import_people(people(*rows)) for _ in range(3)))
    assert sorted(report.added.count for report in reports) == [0, 0, 40]
    assert await Person.all().count() == 40


async def test_progress_counts_up_to_its_end(database):
    seen = []
    rows = [f"D{n},人{n},处,,," for n in range(600)]
    await import_people(people(*rows), progress=lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[-1] == (1200, 1200)
    assert len(seen) > 4


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample files are not here")
async def test_the_sample_file_imports(database):
    report = await import_people(parse_table(SAMPLE))
    assert (report.added.count, report.departments.count) == (18, 7)
