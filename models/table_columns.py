"""From rows of a table to the values of known columns: headers matched, 同上 resolved, lengths kept."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from models.import_report import Problems
from models.tables import Row, Table

SAME_AS_ABOVE: Final = frozenset({"同上", "〃", "ditto"})
_PARTS: Final = re.compile(r"[\s/()（）|:：*]+")
#: A title above the header is usual in office tables.
_HEADER_WITHIN: Final = 5


@dataclass(frozen=True, slots=True)
class Column:
    """One column that a file may have: its names, and what every one of its cells obeys."""

    name: str
    header: str
    limit: int
    others: tuple[str, ...] = ()
    must_exist: bool = True
    must_be_filled: bool = False
    is_code: bool = False

    @property
    def words(self) -> frozenset[str]:
        """What a header may call it."""
        return frozenset(map(_plain, (self.name, self.header, *self.others)))


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns of a file stand."""

    line: int
    cells: tuple[str, ...]
    positions: tuple[int | None, ...]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace("_", "").replace(" ", "").strip()


def _named(text: str, columns: Sequence[Column]) -> Column | None:
    """The column that a header names: in Chinese, in English, or both (``工号 code``)."""
    parts = [part for part in map(_plain, _PARTS.split(text)) if part]
    for column in columns:
        if _plain(text) in column.words or (parts and all(part in column.words for part in parts)):
            return column
    return None


def _find_header(table: Table, columns: Sequence[Column], problems: Problems) -> Header | None:
    for row in table.rows[:_HEADER_WITHIN]:
        named = [_named(cell, columns) for cell in row.cells]
        if len({column for column in named if column}) > 1:
            return _check_header(row, named, columns, problems)
    expected = [f"{column.header} {column.name}" for column in columns]
    problems.add(table.rows[0].line, "", "no_header", expected=expected)
    return None


def _check_header(
    row: Row, named: list[Column | None], columns: Sequence[Column], problems: Problems
) -> Header | None:
    usable = True
    for cell, column in zip(row.cells, named, strict=True):
        if cell and column is None:
            problems.add(row.line, cell, "extra_column")
        elif column and named.count(column) > 1:
            problems.add(row.line, cell, "repeated_column", name=column.name)
            usable = False
    for column in columns:
        if column in named:
            problems.headers[column.name] = row.cells[named.index(column)]
        elif column.must_exist:
            problems.add(row.line, column.header, "missing_column", name=column.name)
            usable = False
    if not usable:
        return None
    positions = tuple(named.index(column) if column in named else None for column in columns)
    return Header(row.line, row.cells, positions)


def records(
    table: Table, columns: Sequence[Column], problems: Problems
) -> Iterator[tuple[int, list[str]]]:
    """The line and the cells, in the order of ``columns``, of every row below the header.

    What is wrong with the header, with 同上, with empty or over-long cells and with cells beyond
    the header goes to ``problems``. A file whose columns are not all there yields no rows.
    """
    header = _find_header(table, columns, problems)
    if header is None:
        return
    count = 0
    above: list[str | None] = [None] * len(columns)
    for row in table.rows:
        if row.line <= header.line:
            continue
        count += 1
        _check_width(row, header, problems)
        values = _values(row, header, columns, above, problems)
        above[:] = values
        yield row.line, [value or "" for value in values]
    if not count:
        problems.add(header.line, "", "no_rows")


def _values(
    row: Row,
    header: Header,
    columns: Sequence[Column],
    above: list[str | None],
    problems: Problems,
) -> list[str | None]:
    values: list[str | None] = []
    width = len(row.cells)
    for column, position, last in zip(columns, header.positions, above, strict=True):
        value: str | None = row.cells[position] if position is not None and position < width else ""
        if value in SAME_AS_ABOVE:
            value = last
            if value is None:
                problems.add(row.line, column.name, "nothing_above")
        elif not value:
            if column.must_be_filled:
                problems.add(row.line, column.name, "cell_empty")
        elif column.is_code and not value.isascii():
            value = unicodedata.normalize("NFKC", value)
        if value and len(value) > column.limit:
            problems.add(
                row.line, column.name, "cell_too_long", length=len(value), limit=column.limit
            )
        values.append(value)
    return values


def _check_width(row: Row, header: Header, problems: Problems) -> None:
    """Note cells below no header: a comma too many shifts all that follows it."""
    for position, cell in enumerate(row.cells):
        if cell and (position >= len(header.cells) or not header.cells[position]):
            problems.add(row.line, _letter(position), "extra_cell")


def _letter(position: int) -> str:
    letters = ""
    number = position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
