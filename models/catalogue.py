"""The edition in force, indexed in this process: what a drafter's few characters find."""

import asyncio
from dataclasses import dataclass

from models import errors
from models.guide import GuideEdition, GuideItem
from models.search import GuideIndex


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One edition with its index. Replaced as a whole when another takes effect."""

    edition: GuideEdition
    index: GuideIndex


class _Held:
    """The catalogue of this process; loaded at start, and again when the edition changes."""

    catalogue: Catalogue | None = None


async def refresh() -> bool:
    """Load the edition in force unless it is loaded already; True when another took its place.

    Reads every item (0.1 s for 10,000) and builds the index in a thread.
    """
    edition = await GuideEdition.in_force()
    held = _Held.catalogue
    if edition is None or (held and held.edition.id == edition.id):
        _Held.catalogue = held if edition else None
        return False
    items = await GuideItem.filter(edition_id=edition.id).order_by("id")
    index = await asyncio.to_thread(
        GuideIndex.build, items, disclosure="open" if edition.is_open else "codes"
    )
    _Held.catalogue = Catalogue(edition, index)
    return True


def forget() -> None:
    """Drop what is loaded: the next :func:`refresh` reads the database again."""
    _Held.catalogue = None


def loaded() -> int:
    """How many items are searchable now; 0 before a guide is in force."""
    return len(_Held.catalogue.index) if _Held.catalogue else 0


async def find(text: str, *, limit: int, offset: int = 0) -> list[GuideItem]:
    """The items of the edition in force that match ``text``, best first.

    The index answers in a few milliseconds, off the loop, and the items are read from the
    database. An edition that took effect since the last :func:`refresh` is indexed first: nothing
    is found that could not be cited. :class:`NoGuide` when no edition is in force.
    """
    edition = await GuideEdition.in_force()
    if edition is not None and (
        _Held.catalogue is None or _Held.catalogue.edition.id != edition.id
    ):
        await refresh()
    held = _Held.catalogue
    if edition is None or held is None:
        raise errors.NoGuide
    hits = await asyncio.to_thread(held.index.search, text, limit=offset + limit)
    codes = [hit.code for hit in hits[offset:]]
    items = await GuideItem.filter(edition_id=held.edition.id, code__in=codes)
    by_code = {item.code: item for item in items}
    return [by_code[code] for code in codes if code in by_code]
