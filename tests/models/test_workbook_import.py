"""The three files as workbooks, as an office keeps them: real numbers, real days, a title."""

import io
from datetime import date

import pytest
import xlsxwriter

from models.guide import GuideItem
from models.guide_import import import_guide
from models.officers_import import import_officers
from models.people import Appointment, Person
from models.people_import import import_people
from models.tables import parse_table


def workbook(*rows):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "yyyy/m/d"})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return parse_table(stream.getvalue(), "book.xlsx")


@pytest.fixture
async def directory(database):
    header = ["工号 code", "姓名 name", "部门 department", "上级部门", "职务", "角色 roles"]
    people = [
        [100, "陈志远", "局领导", None, "局长", "定密责任人"],
        [101, "赵国强", "科技处", "局领导"],
    ]
    await import_people(workbook(["人员名单"], [], header, *people))


async def test_a_person_s_number_is_a_code_and_no_fraction(directory):
    assert [person.code for person in await Person.all().order_by("code")] == ["100", "101"]


async def test_an_officer_s_days_are_days(directory):
    header = ["工号", "类型", "权限", "责任部门", "指定文号", "生效日期", "失效日期", "培训日期"]
    rows = [
        [100, "法定", "绝密", "*", None, date(2024, 1, 1)],
        [101, "指定", "机密", "科技处", "局保〔2024〕3号", "同上", date(2029, 2, 28), 20260312],
    ]
    await import_officers(workbook(header, *rows))
    deputy = await Appointment.get(person__code="101")
    assert (deputy.valid_from, deputy.valid_until) == (date(2024, 1, 1), date(2029, 2, 28))
    assert deputy.trained_on == date(2026, 3, 12)


async def test_a_guide_kept_as_a_workbook_gives_the_same_edition_as_its_text(database):
    header = ["编号", "类别", "事项", "密级", "保密期限", "知悉范围", "产生部门", "依据", "备注"]
    rows = [
        ["KJ-1", "科技", "关键工艺参数", "机密", "20年", "项目组", "科技处", "演示", None],
        ["KJ-2", "科技", "验收资料", "秘密", date(2030, 1, 2), "同上", "同上", "同上", 7],
    ]
    when = {"edition": "2026版", "effective": date(2026, 1, 1)}
    first = await import_guide(workbook(header, *rows), **when)
    assert (await GuideItem.get(code="KJ-2")).term == "2030年1月2日"
    lines = [",".join(str(cell or "") for cell in row) for row in (header, *rows)]
    again = await import_guide(parse_table("\n".join(lines).encode()), **when)
    assert (again.content_hash, again.added.count) == (first.content_hash, 0)
