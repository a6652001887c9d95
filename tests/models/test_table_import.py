"""Reading tables: encodings, separators, headers, 同上, workbooks, and all that is no table."""

import codecs
import io
import zipfile
from contextlib import suppress
from datetime import date, datetime

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from models.errors import ImportRefused
from models.import_report import Problems
from models.table_columns import Column, records
from models.tables import Table, parse_table, read_table, table_of

COLUMNS = (
    Column("code", "编号", 10, must_be_filled=True, is_code=True),
    Column("matter", "事项", 20, ("事项名称",), must_be_filled=True),
    Column("valid_from", "生效日期", 20),
    Column("notes", "备注", 20, must_exist=False),
)
TEXT = "编号,事项,生效日期,备注\nA-1,试题,2026-01-02,甲\nA-2,答案,,\n"
ROWS = [(2, ["A-1", "试题", "2026-01-02", "甲"]), (3, ["A-2", "答案", "", ""])]


def workbook(*rows, sheets=None, **more):
    """The bytes of an XLSX file with ``rows`` on its first sheet."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    for name, content in (sheets or {"Sheet1": rows}).items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(content):
            sheet.write_row(number, 0, row)
        if name in more.get("hidden", ()):
            sheet.hide()
        else:
            sheet.activate()
    book.close()
    return stream.getvalue()


def read(source, columns=COLUMNS):
    """The rows found, and (line, column, code) of each problem."""
    table = source if isinstance(source, Table) else parse_table(source, "file")
    problems = Problems("file")
    found = list(records(table, columns, problems))
    return found, [(bad.line, bad.column, bad.code) for bad in problems.bad]


def refused(source):
    with pytest.raises(ImportRefused) as refusal:
        parse_table(source, "file")
    (bad,) = refusal.value.facts["bad"]
    return bad.line, bad.code, bad.facts


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("gb18030"),
        TEXT.encode("utf-16"),
        TEXT.replace(",", ";").encode(),
        TEXT.replace(",", "\t").encode("gb18030"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        TEXT.replace("试题", '"试题"').encode(),
        TEXT.replace("试题", "　试题 ").encode(),
        TEXT.replace("A-1", "Ａ-１").encode(),
        TEXT.replace("A-1", "\u200bA-1\ufeff").encode(),
    ],
    ids=[
        "utf-8", "with BOM", "gb18030", "utf-16", "semicolons", "tabs", "crlf", "cr", "quoted",
        "wide spaces", "wide letters", "invisible characters",
    ],
)  # fmt: skip
def test_one_table_reads_the_same_however_it_was_saved(content):
    assert read(content) == (ROWS, [])


@pytest.mark.parametrize(
    "header",
    [
        "code,matter,valid_from,notes",
        "编号 code,事项 matter,生效日期 valid_from,备注 notes",
        "编号（code）,事项名称*,Valid From,NOTES",
        "编号/code, 事 项 ,valid from,备注",
    ],
)
def test_headers_are_chinese_or_english_or_both(header):
    assert read(TEXT.replace("编号,事项,生效日期,备注", header).encode()) == (ROWS, [])


def test_columns_may_stand_in_any_order_and_optional_ones_may_lack():
    assert read("事项,生效日期,编号\n试题,,A-1\n".encode()) == ([(2, ["A-1", "试题", "", ""])], [])


def test_a_title_above_the_header_is_passed_over_and_lines_stay_the_file_s():
    found, bad = read(f"定密细目,,,\n\n{TEXT}".encode())
    assert ([line for line, _ in found], bad) == ([4, 5], [])


def test_blank_rows_are_skipped_and_lines_stay_the_file_s():
    content = '编号,事项,生效日期\n\n,,\nA-1,"两\n行",\n   ,　,\nA-2,答案,\n'.encode()
    assert read(content)[0] == [(4, ["A-1", "两 行", "", ""]), (7, ["A-2", "答案", "", ""])]


def test_the_same_as_above_is_resolved_through_blank_rows_and_repetitions():
    rows = [
        "编号,事项,生效日期,备注",
        "A-1,试题,2026-01-01,甲",
        "",
        "A-2,同上,〃,",
        "A-3,同上,同上,同上",
    ]
    found, bad = read("\n".join(rows).encode())
    assert [cells[1:] for _, cells in found] == [
        ["试题", "2026-01-01", "甲"],
        ["试题", "2026-01-01", ""],
        ["试题", "2026-01-01", ""],
    ]
    assert bad == []


def test_the_same_as_above_with_nothing_above_is_wrong_until_something_stands_there():
    rows = ["编号,事项,生效日期", "A-1,同上,", "A-2,同上,", "A-3,试题,", "A-4,同上,"]
    found, bad = read("\n".join(rows).encode())
    assert bad == [(2, "事项", "nothing_above"), (3, "事项", "nothing_above")]
    assert found[-1] == (5, ["A-4", "试题", "", ""])


def test_empty_long_and_surplus_cells_are_all_named_with_the_file_s_own_header():
    rows = ["编号 code,事项,生效日期", ",试题,", f"A-2,{'长' * 21},", "A-3,试题,,多,,余"]
    assert read("\n".join(rows).encode())[1] == [
        (2, "编号 code", "cell_empty"),
        (3, "事项", "cell_too_long"),
        (4, "D", "extra_cell"),
        (4, "F", "extra_cell"),
    ]


def test_an_unknown_column_is_named_and_the_rows_are_checked_all_the_same():
    found, bad = read("编号,事项,生效日期,颜色\nA-1,,,红\n".encode())
    assert bad == [(1, "颜色", "extra_column"), (2, "事项", "cell_empty")]
    assert len(found) == 1


@pytest.mark.parametrize(
    ("text", "bad"),
    [
        ("编号,备注\nA-1,甲\n", [(1, "事项", "missing_column"), (1, "生效日期", "missing_column")]),
        ("编号,事项,matter,生效日期\nA-1,a,b,\n", [(1, "事项", "repeated_column"), (1, "matter", "repeated_column")]),
        ("A-1,试题,2026-01-01\n", [(1, "", "no_header")]),
        ("编号,事项,生效日期\n\n", [(1, "", "no_rows")]),
    ],
)  # fmt: skip
def test_a_header_that_cannot_be_used_stops_before_the_rows(text, bad):
    assert read(text.encode()) == ([], bad)


@pytest.mark.parametrize(
    ("content", "code", "facts"),
    [
        (b"", "file_empty", {}),
        (b"\n , ,\n", "file_empty", {}),
        (b"\x80\xff\xff\xff", "file_unreadable", {"why": "encoding"}),
        (b"a,b\x00c\n", "file_unreadable", {"why": "not_a_table"}),
        (b"PK\x03\x04 no archive", "file_unreadable", {"why": "not_a_table"}),
        (workbook(), "file_empty", {}),
    ],
)
def test_what_is_no_table_is_refused_as_a_whole(content, code, facts):
    assert refused(content) == (0, code, facts)


@pytest.mark.parametrize("text", ['编号,事项\nA-1,"试题\nA-2,答案\n', '编号,事项\nA-1,"试"题\n'])
def test_broken_quotes_are_named_by_the_line_where_they_begin(text):
    assert refused(text.encode()) == (2, "quotes_broken", {})


def test_a_missing_file_is_refused_and_not_an_accident(tmp_path):
    assert refused(tmp_path / "none.csv") == (0, "file_unreadable", {"why": "not_found"})
    assert refused(tmp_path) == (0, "file_unreadable", {"why": "not_opened"})


def test_a_file_beyond_all_measure_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("models.tables.MAX_BYTES", 2**20)
    path = tmp_path / "large.csv"
    path.write_bytes(b"a,b\n" * 2**19)
    assert refused(path) == (0, "file_too_large", {"limit_mb": 1})


async def test_a_path_gives_the_table_its_name(tmp_path):
    path = tmp_path / "细目.csv"
    path.write_text(TEXT, encoding="gb18030")
    assert (await read_table(path)).name == "细目.csv"
    assert (await read_table(str(path))).rows == (await read_table(TEXT.encode())).rows


def test_a_workbook_gives_whole_numbers_and_days_as_they_are_meant():
    moment = datetime(2026, 1, 2, 9, 30)  # noqa: DTZ001 - a workbook knows no time zones
    content = workbook(
        ["编号", "事项", "生效日期", "备注"],
        [101, "试题", date(2026, 1, 2), 2.5],
        [],
        [202601020001, True, moment, "同上"],
    )
    assert read(content) == (
        [
            (2, ["101", "试题", "2026-01-02", "2.5"]),
            (4, ["202601020001", "True", "2026-01-02 09:30:00", "2.5"]),
        ],
        [(4, "编号", "cell_too_long")],
    )


def test_the_line_numbers_of_a_workbook_count_the_blank_rows_at_its_top():
    content = workbook([], [], ["", "编号", "事项", "生效日期"], ["", "A-1", "", ""])
    assert read(content)[1] == [(4, "事项", "cell_empty")]


def test_hidden_and_empty_sheets_are_passed_over():
    sheets = {"旧": [["x"]], "空": [], "细目": [["编号", "事项", "生效日期"], ["A-1", "试题", ""]]}
    content = workbook(sheets=sheets, hidden=["旧"])
    assert [line for line, _ in read(content)[0]] == [2]


def test_a_stray_cell_in_the_last_corner_of_a_workbook_does_not_exhaust_the_memory():
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.add_worksheet().write(0, 0, "编号")
    book.get_worksheet_by_name("Sheet1").write(1048575, 16383, "z")
    book.close()
    assert refused(stream.getvalue())[1] == "file_too_large"


@pytest.mark.parametrize(
    "sheet",
    [
        '<row r="1048576"><c r="A1048576" s=">"><v>1</v></c><c r="XFD1048576" s=">"><v>1</v></c></row>',
        '<row r="1048576">' + "<c><v>1</v></c>" * 16 + "</row>",
        '<row r="x"><c r="A1"><v>1</v></c></row>',
        "<row><c><v>1</v></row>",
    ],
)
def test_a_workbook_made_to_harm_is_refused(sheet):
    assert refused(_with_sheet(sheet))[1] in {"file_too_large", "file_unreadable"}


def test_a_workbook_that_unpacks_without_end_is_refused(monkeypatch):
    monkeypatch.setattr("models.xlsx.MAX_UNPACKED", 10_000)
    assert refused(workbook(["编号"], *([f"A-{n}"] for n in range(2000))))[1] == "file_too_large"


def test_entities_in_a_workbook_are_refused():
    doctype = '<!DOCTYPE x [<!ENTITY a "b">]>'
    assert refused(_with_sheet("<row/>", doctype))[1] == "file_unreadable"


def _with_sheet(rows, doctype=""):
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(["a"]))) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
                data = f"<sheetData>{rows}</sheetData>"
                content = f'{doctype}<worksheet xmlns="{namespace}">{data}</worksheet>'.encode()
            new.writestr(name, content)
    return stream.getvalue()


def test_rows_given_as_mappings_read_like_a_file():
    rows = [dict(zip(("code", "matter", "valid_from"), ("A-1", "试题", ""), strict=True))]
    assert read(table_of("rows", rows)) == ([(2, ["A-1", "试题", "", ""])], [])


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_refused(content):
    with suppress(ImportRefused):
        read(content)


@given(st.lists(st.text(max_size=30), min_size=1, max_size=5))
def test_any_text_comes_out_on_one_line_without_control_characters(cells):
    for row in table_of("rows", [dict(enumerate(cells))]).rows:
        assert len(row.cells) == len(cells)
    stream = "编号\n" + ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    try:
        table = parse_table(stream.encode("utf-8", "replace"))
    except ImportRefused:
        return
    for cell in (cell for row in table.rows for cell in row.cells):
        assert cell == cell.strip()
        assert not set(cell) & {"\n", "\r", "\t", "\u200b", "\u202e"}
