"""Storing editions of the guide: kept for ever, compared with the one in force, published."""

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tortoise.transactions import in_transaction

from models.determination import Determination
from models.errors import EditionExists
from models.guide import Disclosure, GuideEdition, GuideItem
from models.import_report import Codes, Progress, Remark, Report
from models.import_steps import batches, every, finish, listed, one_at_a_time, write
from models.office import now, today
from models.people import Department
from models.proposal import Proposal
from models.tables import Table

#: The columns of an item, the code first; their order is that of a row of the file.
FIELDS: Final = ("code", *GuideItem.RULE)
Rule = tuple[str, ...]
_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """The edition that an import is to leave behind."""

    name: str
    effective_on: date
    disclosure: Disclosure
    publish: bool
    via: str


def content_hash(items: Iterable[Rule]) -> str:
    """SHA-256 over all items, in the order of their codes: the same rules, the same hash."""
    digest = hashlib.sha256()
    for item in sorted(items):
        digest.update(_written(item))
    return digest.hexdigest()


def item_hash(item: GuideItem) -> str:
    """SHA-256 over the code and all that the item says: one altered column, another hash."""
    return hashlib.sha256(_written([str(getattr(item, name)) for name in FIELDS])).hexdigest()


async def stored_hash(edition_id: int) -> str:
    """The :func:`content_hash` of an edition's items as they are stored, read a page at a time."""
    digest = hashlib.sha256()
    query = GuideItem.filter(edition_id=edition_id)
    order = sorted([(row[1], row[0]) async for row in every(query, "code")])
    for start in range(0, len(order), _PAGE):
        ids = [number for _, number in order[start : start + _PAGE]]
        page = await GuideItem.filter(id__in=ids).values_list("id", *FIELDS)
        items = {row[0]: row[1:] for row in page}
        for number in ids:
            digest.update(_written(items.get(number, ())))
    return digest.hexdigest()


def _written(item: Sequence[str]) -> bytes:
    return json.dumps([*item], ensure_ascii=False).encode() + b"\n"


async def store(
    table: Table,
    items: Sequence[Rule],
    wanted: Wanted,
    *,
    dry_run: bool,
    progress: Progress | None,
) -> Report:
    """Leave behind the edition ``wanted`` with ``items``, and report what that changes."""
    digest = await asyncio.to_thread(content_hash, items)
    async with in_transaction():
        await one_at_a_time("guide_edition")
        present = await GuideEdition.get_or_none(name=wanted.name)
        is_same = present is not None and present.content_hash == digest
        if present is not None:
            await _check_replaceable(present, wanted, is_same=is_same)
        in_force = await GuideEdition.in_force()
        base = present if is_same else in_force
        difference = await _compare(items, base, is_same=is_same)
        remarks = [*await _departments(items), *_timing(wanted, in_force)]
        if not dry_run:
            kept = await _write_edition(present, wanted, digest)
            if not is_same:
                await GuideItem.filter(edition_id=kept.id).delete()
                await _write_items(kept.id, items, table, progress)
    finish(table, progress)
    return Report(
        table="guide",
        is_dry_run=dry_run,
        rows=len(items),
        warnings=tuple(remarks),
        edition=wanted.name,
        compared_with=base.name if base else "",
        content_hash=digest,
        is_published=wanted.publish or (present is not None and present.published_at is not None),
        is_new=present is None,
        **difference,
    )


async def _check_replaceable(present: GuideEdition, wanted: Wanted, *, is_same: bool) -> None:
    """What is published or cited stays as it is, for ever."""
    differs = [] if is_same else ["content"]
    if present.effective_on != wanted.effective_on:
        differs.append("effective_on")
    if present.disclosure is not wanted.disclosure:
        differs.append("disclosure")
    if not differs:
        return
    if (
        present.published_at is not None
        or await Proposal.exists(edition_id=present.id)
        or await Determination.exists(edition_id=present.id)
    ):
        raise EditionExists(edition=wanted.name, differs=differs)


async def _compare(
    items: Sequence[Rule], base: GuideEdition | None, *, is_same: bool
) -> dict[str, Codes]:
    if is_same:
        return {"unchanged": Codes.of(item[0] for item in items)}
    before: dict[str, Rule] = {}
    if base is not None:
        before = {
            row[1]: row[1:] async for row in every(GuideItem.filter(edition_id=base.id), *FIELDS)
        }
    codes = {item[0] for item in items}
    same = {item[0] for item in items if before.get(item[0]) == item}
    return {
        "added": Codes.of(item[0] for item in items if item[0] not in before),
        "changed": Codes.of(i[0] for i in items if i[0] in before and i[0] not in same),
        "unchanged": Codes.of(item[0] for item in items if item[0] in same),
        "dropped": Codes.of(code for code in before if code not in codes),
    }


async def _departments(items: Sequence[Rule]) -> list[Remark]:
    """A guide may name posts and tiers that are no departments; a misspelt name looks the same."""
    known = {row[1] async for row in every(Department.all(), "name")}
    named = Counter(item[FIELDS.index("department")] for item in items)
    strange = {cell: [word for word in listed(cell) if word not in known] for cell in named}
    names = dict.fromkeys(word for words in strange.values() for word in words)
    rows = sum(named[cell] for cell, words in strange.items() if words)
    return [Remark.of("department_not_listed", names, rows=rows)] if names else []


def _timing(wanted: Wanted, in_force: GuideEdition | None) -> list[Remark]:
    effective = {"effective_on": wanted.effective_on.isoformat()}
    if wanted.effective_on > today():
        return [Remark.of("effective_later", [wanted.name], **effective)]
    if in_force and in_force.name != wanted.name and in_force.effective_on > wanted.effective_on:
        return [Remark.of("older_than_in_force", [in_force.name], **effective)]
    return []


async def _write_edition(present: GuideEdition | None, wanted: Wanted, digest: str) -> GuideEdition:
    edition = present or GuideEdition(name=wanted.name, imported_at=now())
    if edition.content_hash != digest:
        edition.imported_at = now()
    edition.content_hash = digest
    edition.effective_on = wanted.effective_on
    edition.disclosure = wanted.disclosure
    if wanted.publish and edition.published_at is None:
        edition.published_at = now()
        edition.published_via = wanted.via
    await edition.save()
    return edition


async def _write_items(
    edition_id: int, items: Sequence[Rule], table: Table, progress: Progress | None
) -> None:
    columns = ", ".join(("edition_id", *FIELDS))
    values = ", ".join("?" * (1 + len(FIELDS)))
    query = f"INSERT INTO guide_item ({columns}) VALUES ({values})"  # noqa: S608 - our own names
    async for batch in batches(items, table, progress):
        await write(query, [[edition_id, *item] for item in batch])
