"""``dingmi import``: people, officers and guides from a file, all or nothing."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from bot.commands.shell import Shell, in_words
from models import menus, workflow
from models.errors import ImportRefused
from models.guide import Disclosure
from models.guide_import import import_guide
from models.import_report import BadCell, Codes, Remark, Report
from models.import_report import Progress as Told
from models.officers_import import import_officers
from models.people_import import import_people
from models.tables import read_table


async def main(shell: Shell, args: argparse.Namespace) -> int:
    """Import the file and say what changed; or list all that is wrong with it, and change nothing."""
    try:
        async with shell.database():
            with _progress(shell) as told:
                report = await _imported(args, told)
            moved = 0
            if not args.dry_run:
                moved = await workflow.reroute_waiting()
                await menus.refresh_menus()
    except ImportRefused as refused:
        for cell in refused.facts["bad"]:
            shell.note(_complaint(shell, cell))
        shell.note(in_words(shell.texts, refused))
        return 1
    _tell(shell, report)
    if moved:
        shell.tell("cli-import-rerouted", count=moved)
    return 0


async def _imported(args: argparse.Namespace, told: Told | None) -> Report:
    table = await read_table(args.file)
    if args.table == "people":
        return await import_people(table, dry_run=args.dry_run, progress=told)
    if args.table == "officers":
        return await import_officers(table, dry_run=args.dry_run, progress=told)
    return await import_guide(
        table,
        edition=args.edition,
        effective=args.effective,
        disclosure=Disclosure(args.disclosure),
        publish=args.publish,
        dry_run=args.dry_run,
        progress=told,
    )


@contextmanager
def _progress(shell: Shell) -> Iterator[Told | None]:
    """A bar on stderr when somebody looks at it; it is gone afterwards."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn()
    console = Console(stderr=True)
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task(shell.texts("cli-import-progress"), total=None)

        def told(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield told


def _complaint(shell: Shell, cell: BadCell) -> str:
    """``line · column · reason``; a complaint about the whole file names neither."""
    place = shell.texts("cli-import-line", line=cell.line) if cell.line else ""
    reason = shell.texts(f"cli-bad-{cell.code}", **_flat(cell.facts))
    return " · ".join(part for part in (place, cell.column, reason) if part)


def _flat(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: "、".join(value) if isinstance(value, list | tuple) else value
            for name, value in facts.items()}  # fmt: skip


def _tell(shell: Shell, report: Report) -> None:
    shell.tell("cli-import-dry" if report.is_dry_run else "cli-import-done", rows=report.rows)
    if report.edition:
        state = "published" if report.is_published else "draft"
        shell.tell(f"cli-import-edition-{state}", edition=report.edition)
    for name in ("added", "changed", "dropped", "unchanged", "departments"):
        codes: Codes = getattr(report, name)
        if codes.count:
            shell.tell(f"cli-import-{name}", count=codes.count, codes=_named(codes))
    for remark in report.warnings:
        shell.note(_remark(shell, remark))


def _remark(shell: Shell, remark: Remark) -> str:
    codes = _named(Codes(remark.count, remark.first))
    key = f"cli-remark-{remark.code}"
    return shell.texts(key, count=remark.count, codes=codes, **remark.facts)


def _named(codes: Codes) -> str:
    more = "…" if codes.count > len(codes.first) else ""
    return " ".join(codes.first) + more
