"""The edition in force, indexed in this process: what a drafter's few characters find."""

import asyncio
from dataclasses import dataclass
from typing import Final

from tortoise.transactions import in_transaction

from models import errors
from models.guide import GuideEdition, GuideItem
from models.levels import Level
from models.search import GuideIndex

#: From this score on every word of the query stands in the item; below it is likeness.
_SURE: Final = 1.0


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One edition with its index. Replaced as a whole when another takes effect."""

    edition: GuideEdition
    index: GuideIndex


class _Held:
    """The catalogue of this process; loaded at start, and again when the edition changes."""

    catalogue: Catalogue | None = None
    loading = asyncio.Lock()


async def refresh() -> bool:
    """Load the edition in force unless it is loaded already; True when another took its place.

    Reads every item (0.1 s for 10,000) and builds the index in a thread. Whoever asks while it is
    being loaded waits for that load.
    """
    edition = await GuideEdition.in_force()
    if edition is None:
        _Held.catalogue = None
        return False
    if _is_loaded(edition):
        return False
    # The connection first, then the lock: whoever waits may hold the last connection, in a
    # transaction of theirs, and whoever loads must never wait for one.
    async with in_transaction(), _Held.loading:
        if _is_loaded(edition):
            return False
        items = await GuideItem.filter(edition_id=edition.id).order_by("id")
        index = await asyncio.to_thread(
            GuideIndex.build, items, disclosure="open" if edition.is_open else "codes"
        )
        _Held.catalogue = Catalogue(edition, index)
    return True


def _is_loaded(edition: GuideEdition) -> bool:
    return _Held.catalogue is not None and _Held.catalogue.edition.id == edition.id


def forget() -> None:
    """Drop what is loaded: the next :func:`refresh` reads the database again."""
    _Held.catalogue, _Held.loading = None, asyncio.Lock()


def loaded() -> int:
    """How many items are searchable now; 0 before a guide is in force."""
    return len(_Held.catalogue.index) if _Held.catalogue else 0


async def find(text: str, *, limit: int, offset: int = 0) -> list[GuideItem]:
    """The items of the edition in force that match ``text``, best first.

    The index answers in a few milliseconds, off the loop, and the items are read from the
    database. An edition that took effect since the last :func:`refresh` is indexed first; while
    somebody else does that, the one before still answers (what it finds is refused when it is
    cited). :class:`NoGuide` when no edition is in force.
    """
    held = await _ready()
    hits = await asyncio.to_thread(held.index.search, text, limit=offset + limit)
    return await _items(held, [hit.code for hit in hits[offset:]])


async def sure(text: str) -> GuideItem | None:
    """The best item for ``text`` if it fits beyond doubt, so that it may be proposed unasked.

    A weak likeness is none; and 非密 is proposed only to who named the item by its code.
    """
    held = await _ready()
    hits = await asyncio.to_thread(held.index.search, text, limit=1)
    fitting = [hit.code for hit in hits if hit.score >= _SURE and hit.matched]
    items = await _items(held, fitting)
    named = text.strip().casefold()
    for item in items:
        if item.level is not Level.UNCLASSIFIED or item.code.casefold() == named:
            return item
    return None


async def _ready() -> Catalogue:
    edition = await GuideEdition.in_force()
    if edition is None:
        raise errors.NoGuide
    if not _is_loaded(edition) and not (_Held.catalogue and _Held.loading.locked()):
        await refresh()
    held = _Held.catalogue
    if held is None:
        raise errors.NoGuide
    return held


async def _items(held: Catalogue, codes: list[str]) -> list[GuideItem]:
    items = await GuideItem.filter(edition_id=held.edition.id, code__in=codes)
    by_code = {item.code: item for item in items}
    return [by_code[code] for code in codes if code in by_code]
