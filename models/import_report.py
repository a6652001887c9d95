"""What an import found wrong, and what it did: bad cells, remarks and the report. Codes, no prose."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Self

from models.errors import ImportRefused

#: Called with (steps done, steps in all) while an import runs.
Progress = Callable[[int, int], None]

#: How many codes a report names; all of them are counted.
NAMED: Final = 20
#: How many bad cells a refusal lists; all of them are counted.
LISTED: Final = 10_000
_QUOTED: Final = 40


@dataclass(frozen=True, slots=True)
class BadCell:
    """One thing wrong in a file. ``line`` is the file's own (0: the file as a whole).

    ``column`` is the header as the file writes it, or a letter where there is none. The facts
    never hold the wording of a guide item: only short cells that were to be one of a few words.
    """

    line: int
    column: str
    code: str
    facts: dict[str, Any] = field(default_factory=dict)


class Problems:
    """Collects all that is wrong in a file before anything is refused."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.bad: list[BadCell] = []
        self.count = 0
        self.headers: dict[str, str] = {}

    def add(self, line: int, column: str, code: str, **facts: Any) -> None:
        """Note a bad cell; ``column`` is one of our names, or the file's own header."""
        self.count += 1
        if self.count <= LISTED:
            self.bad.append(BadCell(line, self.headers.get(column, column), code, facts))

    def refuse(self) -> None:
        """Raise :class:`ImportRefused` with everything noted, in the file's order."""
        if self.bad:
            bad = tuple(sorted(self.bad, key=lambda cell: cell.line))
            raise ImportRefused(file=self.file, count=self.count, bad=bad)


def quoted(text: str) -> str:
    """``text``, short enough to be repeated in a report."""
    return text if len(text) <= _QUOTED else f"{text[: _QUOTED - 1]}…"


@dataclass(frozen=True, slots=True)
class Codes:
    """How many, and the first few by code."""

    count: int = 0
    first: tuple[str, ...] = ()

    @classmethod
    def of(cls, codes: Iterable[str]) -> Self:
        """All of ``codes`` counted, the first :data:`NAMED` named."""
        every = list(codes)
        return cls(len(every), tuple(every[:NAMED]))


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that does not stop an import but that somebody should look at."""

    code: str
    count: int
    first: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, code: str, names: Iterable[str], **facts: Any) -> Self:
        """A remark about ``names``."""
        codes = Codes.of(names)
        return cls(code, codes.count, codes.first, facts)


@dataclass(frozen=True, slots=True)
class Report:
    """What an import changed or, after a dry run, would change.

    ``departments`` are those that a people file creates or moves. ``dropped`` and what follows it
    belong to guides: the items of ``compared_with`` (the edition in force, or the same edition
    imported before) that the file no longer has.
    """

    table: str
    is_dry_run: bool
    rows: int
    added: Codes = Codes()
    changed: Codes = Codes()
    unchanged: Codes = Codes()
    departments: Codes = Codes()
    warnings: tuple[Remark, ...] = ()
    dropped: Codes = Codes()
    edition: str = ""
    compared_with: str = ""
    content_hash: str = ""
    is_published: bool = False
    is_new: bool = False
