"""How fast files are imported: run with ``pytest -m benchmark -s tests/benchmarks``."""

import asyncio
import csv
import io
import time
from datetime import date

import pytest
from tortoise.transactions import in_transaction

from models.db import dialect
from models.demo_data import guide_rows
from models.guide import GuideEdition
from models.guide_editions import FIELDS
from models.guide_import import import_guide
from models.import_steps import write
from models.levels import Level
from models.office import now
from models.people_import import import_people
from models.tables import read_table

pytestmark = pytest.mark.benchmark
LIMITS = [(10_000, 5.0), (100_000, 40.0)]


def guide_file(count):
    """A CSV file of ``count`` items like those of the demo."""
    rows = guide_rows()
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(rows[0])
    for number in range(count):
        row = rows[number % len(rows)]
        numbered = {"code": f"{row['code']}-{number}", "matter": f"{row['matter']}（{number}）"}
        writer.writerow((row | numbered).values())
    return stream.getvalue().encode()


async def longest_pause(stop):
    """The longest time, in seconds, for which the loop did nothing else."""
    longest, last = 0.0, time.perf_counter()
    while not stop.is_set():
        await asyncio.sleep(0.001)
        longest, last = max(longest, time.perf_counter() - last), time.perf_counter()
    return longest


async def bare_inserts(content):
    """The baseline: the same rows, unchecked, by nothing but ``executemany``."""
    began = time.perf_counter()
    rows = [dict(row) for row in csv.DictReader(io.StringIO(content.decode()))]
    edition = await GuideEdition.create(
        name="baseline", effective_on=date(2026, 1, 1), content_hash="", imported_at=now()
    )
    columns = ", ".join(("edition_id", *FIELDS))
    query = f"INSERT INTO guide_item ({columns}) VALUES ({', '.join('?' * (1 + len(FIELDS)))})"
    values = [
        [edition.id, *(row[name] for name in FIELDS[:3]), Level.parse(row["level"])]
        + [row[name] for name in FIELDS[4:]]
        for row in rows
    ]
    async with in_transaction():
        await write(query, values)
    return time.perf_counter() - began


@pytest.mark.parametrize(("count", "limit"), LIMITS)
async def test_a_guide_is_imported_in_time(database, count, limit):
    content = guide_file(count)
    baseline = await bare_inserts(content)
    stop = asyncio.Event()
    watching = asyncio.create_task(longest_pause(stop))
    began = time.perf_counter()
    report = await import_guide(
        await read_table(content), edition="e", effective=date(2026, 1, 1), publish=True
    )
    took = time.perf_counter() - began
    stop.set()
    print(  # noqa: T201 - a measurement is there to be read
        f"\n{dialect()}: guide of {count:,} rows in {took:.2f} s = {count / took:,.0f} rows/s; "
        f"{took / baseline:.1f} × a bare executemany ({baseline:.2f} s); "
        f"longest pause of the loop {await watching:.3f} s"
    )
    assert report.added.count == count
    assert took < limit


@pytest.mark.parametrize(("count", "limit"), LIMITS)
async def test_people_are_imported_in_time(database, count, limit):
    rows = (f"P{n},姓名{n},部门{n % 300},,职员,拟稿人" for n in range(count))
    content = "\n".join(("工号,姓名,部门,上级部门,职务,角色", *rows)).encode()
    for label in ("first", "again"):
        began = time.perf_counter()
        report = await import_people(await read_table(content))
        took = time.perf_counter() - began
        print(  # noqa: T201 - a measurement is there to be read
            f"\n{dialect()}: {count:,} people {label} in {took:.2f} s = {count / took:,.0f} rows/s"
        )
        assert took < limit
    assert report.unchanged.count == count
