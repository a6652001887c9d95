"""Reading a table from a CSV or XLSX file: rows of clean text with the file's own line numbers."""

import asyncio
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, NoReturn

from models.import_report import Problems
from models.xlsx import NotAWorkbook, TooLarge, workbook_rows

MAX_BYTES: Final = 100 * 2**20
_ENCODINGS: Final = ("utf-8-sig", "gb18030")
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_BREAK: Final = re.compile(r"\s*[\t\n\v\f\r\x85\u2028\u2029]\s*")
#: Control, zero-width and direction characters: invisible, so they make two equal codes differ.
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]"
)


class Row(NamedTuple):
    """One row that is not blank."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file that are not blank, the header among them. Cells are trimmed text."""

    name: str
    rows: list[Row]


async def read_table(source: Path | str | bytes, *, name: str = "") -> Table:
    """The table in a file, by its path or its bytes, read in a thread of its own.

    CSV may be UTF-8 (with or without BOM), UTF-16 with BOM or GB18030, separated by commas or,
    where the header has no comma, by semicolons or tabs. Of an XLSX the first visible sheet counts.
    :class:`~models.errors.ImportRefused` says why a file cannot be read.
    """
    return await asyncio.to_thread(parse_table, source, name)


def parse_table(source: Path | str | bytes, name: str = "") -> Table:
    """The same, here and now."""
    problems = Problems(name or ("" if isinstance(source, bytes) else Path(source).name))
    content = source if isinstance(source, bytes) else _read(Path(source), problems)
    if len(content) > MAX_BYTES:
        _refuse(problems, "file_too_large", limit_mb=MAX_BYTES // 2**20)
    raw = _xlsx(content, problems) if content[:2] == b"PK" else _csv(content, problems)
    shared: dict[str, str] = {}
    rows = []
    for line, values in raw:
        cells = tuple(shared.setdefault(cell, cell) for cell in map(clean, values))
        if any(cells):
            rows.append(Row(line, cells))
    if not rows:
        _refuse(problems, "file_empty")
    return Table(problems.file, rows)


def clean(text: str) -> str:
    """``text`` on one line, trimmed, without characters that nobody can see."""
    if not text.isprintable():
        text = _INVISIBLE.sub("", _BREAK.sub(" ", text))
    return text.strip()


def _refuse(problems: Problems, code: str, line: int = 0, **facts: object) -> NoReturn:
    problems.add(line, "", code, **facts)
    problems.refuse()
    raise AssertionError


def _read(path: Path, problems: Problems) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError:
        _refuse(problems, "file_unreadable", why="not_found" if not path.exists() else "not_opened")


def _xlsx(content: bytes, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    try:
        yield from workbook_rows(content)
    except NotAWorkbook:
        _refuse(problems, "file_unreadable", why="not_a_table")
    except TooLarge:
        _refuse(problems, "file_too_large", limit_mb=MAX_BYTES // 2**20)


def _csv(content: bytes, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    text = _decode(content)
    if text is None or "\x00" in text:
        _refuse(problems, "file_unreadable", why="encoding" if text is None else "not_a_table")
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=_delimiter(text),
        strict=True,
        skipinitialspace=True,
    )
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error:
        _refuse(problems, "quotes_broken", line)


def _decode(content: bytes) -> str | None:
    marked = content[:2] in _UTF16_MARKS
    for encoding in ("utf-16",) if marked else _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _delimiter(text: str) -> str:
    """A comma, unless the first line that separates anything has none."""
    for line in text[:4000].splitlines():
        for mark in ",;\t":
            if mark in line:
                return mark
    return ","


def table_of(name: str, rows: list[dict[str, str]]) -> Table:
    """The table that a file with ``rows`` would give; their keys are its header."""
    header = tuple(dict.fromkeys(key for row in rows for key in row))
    below = [
        Row(line, tuple(clean(row.get(key, "")) for key in header))
        for line, row in enumerate(rows, 2)
    ]
    return Table(name, [Row(1, header), *below])
