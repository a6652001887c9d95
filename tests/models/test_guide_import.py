"""Importing the guide: the law's limits on every row, and nothing unless all rows are good."""

import asyncio
from datetime import date
from pathlib import Path

import pytest

from models.errors import ImportRefused
from models.guide import Disclosure, GuideEdition, GuideItem
from models.guide_import import import_guide
from models.levels import Level
from models.people import Department
from models.tables import parse_table, read_table
from tests.models.guide_files import EXAM, HEADER, KEY, OPEN, everything, store

SHARED = Path(__file__).parents[3] / "shared"


async def refused(*rows):
    before = await everything()
    with pytest.raises(ImportRefused) as refusal:
        await store(*rows)
    assert await everything() == before
    return [(bad.line, bad.column, bad.code, bad.facts) for bad in refusal.value.facts["bad"]]


async def test_an_edition_is_stored_with_every_item(database):
    report = await store(KEY, EXAM, OPEN)
    edition = await GuideEdition.get()
    assert (edition.name, edition.effective_on) == ("2026版", date(2026, 1, 1))
    assert (edition.disclosure, edition.published_at) == (Disclosure.CODES, None)
    assert edition.content_hash == report.content_hash
    items = await GuideItem.filter(edition=edition).order_by("id")
    assert [(item.code, item.level, item.term) for item in items] == [
        ("KJ-1", Level.SECRET, "20年"),
        ("KS-1", Level.TOP_SECRET, "启用前"),
        ("KS-2", Level.UNCLASSIFIED, ""),
    ]
    assert (items[0].matter, items[0].access_scope) == ("关键工艺参数", "项目组")
    assert (items[2].basis, items[2].notes) == ("信息公开要求", "应当公开")
    assert (report.added.count, report.rows, report.is_new) == (3, 3, True)


async def test_departments_basis_and_notes_may_lack_altogether(database):
    table = parse_table("编号,类别,事项,密级,保密期限,知悉范围\nA,b,c,秘密,10年,d\n".encode())
    await import_guide(table, edition="e", effective=date(2026, 1, 1))
    assert (await GuideItem.get()).basis == ""


async def test_everything_wrong_is_reported_at_once_with_line_column_and_reason(database):
    bad = await refused(
        "A-1,类,事,绝密级,10年,范围,,,",
        "A-2,类,事,秘密,11年,范围,,,",
        "A-3,类,事,机密,240个月,范围,,,",
        "A-4,类,事,绝密,长期,范围,, ,",
        "A-3,类,,机密,,,,,",
        "A-5,类,事,非密,5年,,,,",
        "A-6,类,事,秘密,三十年,范围,,,",
        ",,事,工作秘密,,,,,",
    )
    assert bad == [
        (2, "密级", "unknown_level", {"value": "绝密级"}),
        (3, "保密期限", "term_too_long", {"level": "秘密", "value": "11年", "years": 10}),
        (5, "依据", "long_term_without_basis", {"level": "绝密"}),
        (6, "事项", "cell_empty", {}),
        (6, "编号", "duplicate_code", {"value": "A-3", "first": 4}),
        (6, "保密期限", "term_missing", {"level": "机密"}),
        (6, "知悉范围", "cell_empty", {}),
        (7, "保密期限", "term_not_allowed", {"level": "非密", "value": "5年"}),
        (8, "保密期限", "term_not_understood", {"value": "三十年"}),
        (9, "编号", "cell_empty", {}),
        (9, "类别", "cell_empty", {}),
    ]


@pytest.mark.parametrize(
    ("level", "most", "over"),
    [("绝密", "30年", "361个月"), ("机密", "20年", "2046-01-02"), ("秘密", "10年", "3654天")],
)
async def test_the_law_s_caps_hold_for_every_level(database, level, most, over):
    await store(f"A-1,类,事,{level},{most},范围,,,")
    ((_, column, code, facts),) = await refused(f"A-1,类,事,{level},{over},范围,,,")
    assert (column, code, facts["years"]) == ("保密期限", "term_too_long", int(most[:2]))


async def test_a_duration_dressed_as_an_event_states_no_term(database):
    terms = [
        "三十年", "约20年", "不超过20年", "10年以上", "永久", "永久保存", "长期（见备注）", "10", "十个月", "机密★10年",
        "无", "—", "待定", "10年内", "长期保密", "活动结束后三十年", "最长二十年", "3年后",
    ]  # fmt: skip
    bad = await refused(*(f"A-{n},类,事,机密,{term},范围,,依据," for n, term in enumerate(terms)))
    assert [(code, facts["value"]) for _, _, code, facts in bad] == [
        ("term_not_understood", term) for term in terms
    ]


async def test_an_event_or_a_day_is_a_term(database):
    terms = [
        "启用前", "七月公布前", "2026年7月考试结束前", "长期项目结束前", "公布后5年内", "2036年1月1日",
    ]  # fmt: skip
    await store(*(f"A-{n},类,事,机密,{term},范围,,," for n, term in enumerate(terms)))
    assert [item.term for item in await GuideItem.all().order_by("code")] == terms


async def test_a_period_after_an_event_obeys_the_cap_too(database):
    await store("A-1,类,事,秘密,活动结束后1年,范围,,,")
    assert (await GuideItem.get()).term == "活动结束后1年"
    ((_, _, code, _),) = await refused("A-1,类,事,秘密,活动结束后20年,范围,,,")
    assert code == "term_too_long"


async def test_a_work_secret_may_have_a_term_and_is_not_capped(database):
    await store("A-1,类,事,工作秘密,40年,,,,", "A-2,类,事,工作秘密,,,,,")
    assert [item.term for item in await GuideItem.all().order_by("code")] == ["40年", ""]


async def test_the_report_never_repeats_the_wording_of_an_item(database):
    text = "不该出现在报告里的事项" * 100
    bad = await refused(f"A-1,类,{text},秘密,10年,{text},{text},{text},{text}")
    assert len(bad) == 5
    assert "不该出现" not in str(bad)


async def test_departments_outside_the_directory_are_remarked_upon_not_refused(database):
    await Department.create(name="科技处")
    rows = (KEY, EXAM, OPEN, "A-1,类,事,秘密,5年,范围,科技处、各省级机关,,")
    (remark,) = (await store(*rows)).warnings
    assert (remark.code, remark.first) == ("department_not_listed", ("考试中心", "各省级机关"))
    assert (remark.count, remark.facts) == (2, {"rows": 3})


async def test_other_work_goes_on_while_a_guide_is_imported(database):
    longest, last = 0.0, None
    loop = asyncio.get_running_loop()

    async def watch():
        nonlocal longest, last
        while True:
            await asyncio.sleep(0.001)
            last, before = loop.time(), last
            longest = max(longest, last - (before or last))

    watching = asyncio.create_task(watch())
    rows = "\n".join(f"A-{n},类,事{n},秘密,5年,范围,,," for n in range(20_000))
    table = await read_table(f"{HEADER}\n{rows}".encode())
    await import_guide(table, edition="e", effective=date(2026, 1, 1))
    watching.cancel()
    assert longest < 2


async def test_progress_counts_up_to_its_end_also_in_a_dry_run(database):
    rows = [f"A-{n},类,事{n},秘密,5年,范围,,," for n in range(1000)]
    for dry_run in (True, False):
        seen = []
        await store(*rows, dry_run=dry_run, progress=lambda *now, seen=seen: seen.append(now))
        assert seen == sorted(seen)
        assert seen[-1] == (2000, 2000)


async def test_an_import_that_dies_half_way_leaves_nothing_behind(database):
    def die(done, total):
        if done > total * 0.8:
            raise KeyError

    rows = [f"A-{n},类,事{n},秘密,5年,范围,,," for n in range(1000)]
    with pytest.raises(KeyError):
        await store(*rows, progress=die)
    assert await everything() == [[], []]


async def test_a_file_that_is_all_wrong_is_counted_to_its_end(database):
    rows = "\n".join(f"A-{n},,,,,,,," for n in range(12_000))
    table = parse_table(f"{HEADER}\n{rows}".encode())
    with pytest.raises(ImportRefused) as refusal:
        await import_guide(table, edition="e", effective=date(2026, 1, 1))
    assert refusal.value.facts["count"] == 36_000
    assert len(refusal.value.facts["bad"]) == 10_000


@pytest.mark.skipif(not SHARED.exists(), reason="the sample files are not here")
@pytest.mark.parametrize(
    ("name", "count"), [("data/guide.csv", 55), ("search/guide_12k.csv", 12_000)]
)
async def test_the_sample_guides_import(database, name, count):
    table = parse_table(SHARED / name)
    report = await import_guide(table, edition="样例", effective=date(2026, 1, 1), publish=True)
    assert (report.added.count, await GuideItem.all().count()) == (count, count)
