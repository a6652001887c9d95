"""How well an entry fits a query: a weighted sum of six things that one can see."""

from collections.abc import Collection

from models.search.entry import Entry
from models.search.query import Pattern, Query

#: Round numbers, chosen by reason; fitting them on half of the development queries
#: gained nothing on the other half.
WHOLE = 0.5
RUNS = 1.5
MISSING_NUMBERS = -0.5
CODE = 2.0
LENGTH = -0.3
LONG = 50


def score(query: Query, entry: Entry, found: float) -> float:
    """How well ``entry`` fits; ``found`` is its share (0–1) of what the best entry has by tokens."""
    return (
        found
        + WHOLE * _share(query.wholes, entry.spelling)
        + RUNS * _share(query.runs, entry.spelling)
        + MISSING_NUMBERS * _missing(query.numbers, entry.spelling)
        + CODE * _code(query, entry.code)
        + LENGTH * min(1.0, entry.size / LONG)  # of near-duplicates the plainest is meant
    )


def _share(patterns: Collection[Pattern], spelling: str) -> float:
    """The share of what was typed that stands in ``spelling``."""
    typed = sum(pattern.typed for pattern in patterns)
    if not typed:
        return 0.0
    return sum(p.typed for p in patterns if p.regex.search(spelling)) / typed


def _missing(numbers: Collection[str], spelling: str) -> float:
    """The share of ``numbers`` that do not stand in ``spelling``, as a number or as a scale."""
    if not numbers:
        return 0.0
    missing = [n for n in numbers if n not in spelling and f"@{n[1:-1]}@" not in spelling]
    return len(missing) / len(numbers)


def _code(query: Query, code: str) -> float:
    """1 for the very code, less for its beginning, still less for a piece of it."""
    match = query.code and query.code.search(code)
    if not match:
        return 0.0
    if match.start():
        return 0.6
    return 1.0 if match.end() == len(code) else 0.8
