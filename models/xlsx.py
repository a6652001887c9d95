"""The rows of an XLSX workbook, without letting a hostile or broken one exhaust the memory."""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Final, NoReturn
from xml.parsers import expat

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

#: The parts of a workbook, unpacked; and the cells of a sheet, from its first corner to its last.
MAX_UNPACKED: Final = 512 * 2**20
MAX_CELLS: Final = 8_000_000


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
    for line, row in enumerate(sheet.iter_rows(), 1):
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
        sheets = 0
        for name in parts.namelist():
            part = parts.read(name)
            if b"sheetData" in part:
                _Extent().check(part)
                sheets += 1
        if not sheets or "mimetype" in parts.namelist():  # .xlsb has none, .ods has a type
            raise NotAWorkbook


class _Extent:
    """How far a sheet reaches: its last row and column with a cell that is not empty."""

    def __init__(self) -> None:
        self.row = self.column = 0
        self.last_row = self.last_column = 0
        self.columns: dict[str, int] = {}

    def check(self, sheet: bytes) -> None:
        """Read ``sheet`` once, and refuse it when its rectangle is too large."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._on_element
        parser.StartDoctypeDeclHandler = _no_doctype
        try:
            parser.Parse(sheet, True)  # noqa: FBT003 - expat takes no keywords
        except (expat.ExpatError, ValueError) as broken:
            raise NotAWorkbook from broken
        if self.last_row * self.last_column > MAX_CELLS:
            raise TooLarge

    def _on_element(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            place = attributes.get("r", "")
            letters = place.rstrip("0123456789")
            if letters not in self.columns:
                self.columns[letters] = _column_number(letters)
            self.column = self.columns[letters] or self.column + 1
            if place:
                self.row = int(place[len(letters) :])
        elif tag in {"v", "is"}:
            self.last_row = max(self.last_row, self.row)
            self.last_column = max(self.last_column, self.column)
        elif tag == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0


def _no_doctype(*_: object) -> NoReturn:
    raise NotAWorkbook


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _text(value: object) -> str:
    match value:
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if (value.hour, value.minute, value.second) == (0, 0, 0):
            return value.date().isoformat()
        case _:
            return str(value)
