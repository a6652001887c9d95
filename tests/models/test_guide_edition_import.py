"""Editions of the guide: kept for ever, compared with the one in force, published once."""

import asyncio
from datetime import date, timedelta

import pytest

from models.errors import EditionExists, ImportRefused
from models.guide import Disclosure, GuideEdition, GuideItem
from models.levels import Level
from models.office import now, today
from models.people import Department, Person
from models.proposal import Proposal, State
from tests.models.guide_files import EXAM, KEY, OPEN, everything, store


async def cite(edition):
    department = await Department.create(name="科技处")
    person = await Person.create(code="D1", name="周文博", department=department)
    await Proposal.create(
        number="2026-0001", document_no="科工〔2026〕1号", level=Level.SECRET, term="10年",
        edition=edition, item=await GuideItem.filter(edition=edition).first(),
        department=department, drafter=person, state=State.WITHDRAWN, created_at=now(),
        waiting_since=now(),
    )  # fmt: skip


async def test_only_a_published_edition_comes_into_force(database):
    await store(KEY)
    assert await GuideEdition.in_force() is None
    report = await store(KEY, publish=True, via="the test")
    edition = await GuideEdition.in_force()
    assert (edition.name, edition.published_via) == ("2026版", "the test")
    assert (report.is_published, report.is_new, report.unchanged.count) == (True, False, 1)
    assert (await store(KEY)).is_published


async def test_the_same_file_twice_changes_nothing(database):
    await store(KEY, EXAM, publish=True)
    before = await everything()
    for rows in ((KEY, EXAM), (EXAM, KEY)):
        report = await store(*rows, publish=True)
        assert await everything() == before
        assert (report.added.count, report.changed.count, report.dropped.count) == (0, 0, 0)
        assert (report.unchanged.count, report.compared_with) == (2, "2026版")


async def test_another_edition_is_compared_with_the_one_in_force(database):
    await store(KEY, EXAM, OPEN, publish=True)
    rows = (KEY.replace("20年", "10年"), OPEN, "TJ-1,统计,未公布的数据,秘密,公布前,汇总人员,,,")
    before = await everything()
    report = await store(*rows, edition="2027版", dry_run=True)
    assert await everything() == before
    assert report.compared_with == "2026版"
    assert (report.added.first, report.changed.first) == (("TJ-1",), ("KJ-1",))
    assert (report.unchanged.first, report.dropped.first) == (("KS-2",), ("KS-1",))
    await store(*rows, edition="2027版", publish=True)
    assert (await GuideEdition.in_force()).name == "2027版"
    assert await GuideItem.all().count() == 6


@pytest.mark.parametrize(
    ("changes", "differs"),
    [
        ({"rows": [EXAM]}, ["content"]),
        ({"effective": date(2026, 2, 1)}, ["effective_on"]),
        ({"disclosure": Disclosure.OPEN}, ["disclosure"]),
    ],
)
async def test_a_published_edition_never_changes(database, changes, differs):
    await store(KEY, publish=True)
    before = await everything()
    options = {"publish": True} | changes
    with pytest.raises(EditionExists) as refusal:
        await store(*options.pop("rows", [KEY]), **options)
    assert refusal.value.facts == {"edition": "2026版", "differs": differs}
    assert await everything() == before


async def test_a_draft_is_replaced(database):
    await store(KEY, EXAM)
    report = await store(OPEN, effective=date(2026, 2, 1), disclosure=Disclosure.OPEN, publish=True)
    edition = await GuideEdition.get()
    assert (edition.effective_on, edition.is_open) == (date(2026, 2, 1), True)
    assert [item.code for item in await GuideItem.all()] == ["KS-2"]
    assert (report.is_new, report.is_published) == (False, True)
    assert edition.content_hash == report.content_hash


async def test_a_draft_that_a_case_cites_is_kept(database):
    await store(KEY)
    await cite(await GuideEdition.get())
    with pytest.raises(EditionExists):
        await store(EXAM)
    assert (await GuideItem.get()).code == "KJ-1"


@pytest.mark.parametrize("name", ["", "  ", "版" * 61])
async def test_an_edition_needs_a_name_that_fits(database, name):
    with pytest.raises(ImportRefused) as refusal:
        await store(KEY, edition=name)
    assert [bad.code for bad in refusal.value.facts["bad"]] == ["edition_name_invalid"]


async def test_the_report_says_when_an_edition_will_not_be_in_force(database):
    row = "A-1,类,事,秘密,5年,范围,,,"
    later = today() + timedelta(days=30)
    report = await store(row, edition="b", effective=later, publish=True)
    assert [(remark.code, remark.facts) for remark in report.warnings] == [
        ("effective_later", {"effective_on": later.isoformat()})
    ]
    await store(row, edition="c", effective=date(2026, 1, 1), publish=True)
    report = await store(row, edition="a", effective=date(2025, 1, 1), publish=True)
    assert [(remark.code, remark.first) for remark in report.warnings] == [
        ("older_than_in_force", ("c",))
    ]


async def test_two_imports_at_once_end_as_if_one_had_followed_the_other(database):
    rows = [f"A-{n},类,事{n},秘密,5年,范围,,," for n in range(300)]
    reports = await asyncio.gather(*(store(*rows, publish=True) for _ in range(3)))
    assert sorted(report.added.count for report in reports) == [0, 0, 300]
    assert await GuideItem.all().count() == 300
