"""The rows of an XLSX workbook, without letting a hostile or broken one exhaust the memory."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

#: The parts of a workbook, unpacked; and the cells of a sheet, from its first corner to its last.
MAX_UNPACKED: Final = 512 * 2**20
MAX_CELLS: Final = 8_000_000
_FILLED_CELL: Final = re.compile(
    rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Z]{1,3})(\d{1,7})["'][^>]*(?<!/)>"""
)


class NotAWorkbook(ValueError):
    """Not an XLSX file, or a damaged or encrypted one."""


class TooLarge(ValueError):
    """Unpacked it would be far larger than any table of ours."""


def workbook_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first visible sheet that is not empty, with their numbers in the sheet.

    Whole numbers are written without a fraction and dates as ``2026-11-23``.
    """
    try:
        _check_size(content)
        workbook = CalamineWorkbook.from_object(io.BytesIO(content))
        sheet = _first_sheet(workbook)
    except (CalamineError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as broken:
        raise NotAWorkbook from broken
    if sheet is None or sheet.start is None:
        return
    for line, row in enumerate(sheet.iter_rows(), sheet.start[0] + 1):
        yield line, [_text(value) for value in row]


def _first_sheet(workbook: CalamineWorkbook) -> CalamineSheet | None:
    for index, about in enumerate(workbook.sheets_metadata):
        if about.visible is SheetVisibleEnum.Visible:
            sheet = workbook.get_sheet_by_index(index)
            if sheet.start is not None:
                return sheet
    return None


def _check_size(content: bytes) -> None:
    """Refuse what the reader would unpack or lay out in more memory than there is.

    The reader lays a sheet out as a full rectangle: one stray cell in the last corner of a file of
    5 kB asks for 550 GB, and the process dies of it.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        if sum(part.file_size for part in parts.infolist()) > MAX_UNPACKED:
            raise TooLarge
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
        if not sheets:
            raise NotAWorkbook
        for name in sheets:
            columns: set[bytes] = set()
            last = 0
            for cell in _FILLED_CELL.finditer(parts.read(name)):
                columns.add(cell[1])
                last = max(last, int(cell[2]))
            if last * max(map(_column_number, columns), default=0) > MAX_CELLS:
                raise TooLarge


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _text(value: object) -> str:
    match value:
        case str():
            return value
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if (value.hour, value.minute, value.second) == (0, 0, 0):
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case _:
            return str(value)
