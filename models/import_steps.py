"""What the importers share: words in cells, a patient loop over rows, writing in batches."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import date
from itertools import islice
from typing import Any, Final, TypeVar

from tortoise.connection import get_connection
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.db import dialect, sql
from models.import_report import Problems, Progress
from models.table_columns import Column, records
from models.tables import Table

Row = TypeVar("Row")
Entity = TypeVar("Entity", bound=Model)

#: Rows handled before other work of the loop gets its turn: a few milliseconds.
_BATCH: Final = 250
_PAGE: Final = 1000
_SEPARATORS: Final = re.compile(r"[;；、,，]")
_DATE: Final = re.compile(r"(\d{4})(?:[-/.年]\s*(\d{1,2})[-/.月]\s*(\d{1,2})\s*日?|(\d{2})(\d{2}))")
_YEARS: Final = range(1949, 2200)


def listed(cell: str) -> list[str]:
    """The words of a cell that holds several, each once."""
    words = (word.strip() for word in _SEPARATORS.split(cell))
    return list(dict.fromkeys(word for word in words if word))


def day(cell: str) -> date | None:
    """The day that a cell names: 2026-03-12, 2026/3/12, 2026年3月12日, 20260312; else None."""
    found = _DATE.fullmatch(cell.removesuffix(" 00:00:00"))
    if found is None or int(found[1]) not in _YEARS:
        return None
    try:
        return date(int(found[1]), int(found[2] or found[4]), int(found[3] or found[5]))
    except ValueError:
        return None


async def each_row(
    table: Table,
    columns: Sequence[Column],
    problems: Problems,
    check: Callable[[int, list[str]], None],
    progress: Progress | None,
) -> None:
    """Call ``check`` with the line and cells of every row; the loop stays free for others."""
    total = 2 * max(len(table.rows) - 1, 1)
    for done, (line, cells) in enumerate(records(table, columns, problems), 1):
        check(line, cells)
        if not done % _BATCH:
            if progress:
                progress(done, total)
            await asyncio.sleep(0)


async def batches(
    rows: Iterable[Row], table: Table, progress: Progress | None
) -> AsyncIterator[list[Row]]:
    """``rows`` in batches to write, reported as the second half of the work on ``table``."""
    count = max(len(table.rows) - 1, 1)
    done = 0
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH)):
        yield batch
        done += len(batch)
        if progress:
            progress(min(count + done, 2 * count), 2 * count)
        await asyncio.sleep(0)


def finish(table: Table, progress: Progress | None) -> None:
    """Report the work on ``table`` as done, also where nothing had to be written."""
    if progress:
        count = max(len(table.rows) - 1, 1)
        progress(2 * count, 2 * count)


async def insert(entities: list[Entity]) -> None:
    """Insert ``entities`` of one kind; their ids are not read back."""
    if entities:
        await type(entities[0]).bulk_create(entities)


async def write(query: str, rows: list[list[object]]) -> None:
    """Run hand-written SQL once for each of ``rows``; ``?`` stands for each value.

    For many rows: building an entity takes longer than storing it.
    """
    if dialect() != "sqlite":
        parts = query.split("?")
        query = "".join(f"{part}${n}" for n, part in enumerate(parts[:-1], 1)) + parts[-1]
    if rows:
        await get_connection("default").execute_many(query, rows)


async def every(query: QuerySet[Entity], *columns: str) -> AsyncIterator[tuple[Any, ...]]:
    """The id and the named columns of all that ``query`` finds, a page at a time."""
    last = 0
    while (
        page := await query.filter(id__gt=last)
        .order_by("id")
        .limit(_PAGE)
        .values_list("id", *columns)
    ):
        for row in page:
            yield row
        last = page[-1][0]


async def one_at_a_time(table: str) -> None:
    """Make other imports into ``table`` wait until this transaction ends; readers do not."""
    if dialect() != "sqlite":  # there a transaction is the only writer from its start
        await sql(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
