"""Which characters of an item a query matched, for the reader's eye."""

from dataclasses import dataclass
from itertools import pairwise

from models.search.entry import Entry
from models.search.normalise import Element, elements, is_han
from models.search.query import Query


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` to ``end`` of an item's ``field``: ``code``, ``category`` or ``matter``."""

    field: str
    start: int
    end: int


def spans(query: Query, entry: Entry) -> tuple[Span, ...]:
    """What ``query`` matched of ``entry``, code, category, matter; about 0.1 ms."""
    found = []
    if query.code and (match := query.code.search(entry.code)):
        found.append(Span("code", match.start(), match.end()))
    marked = _marked(query, entry.spelling)
    category = {at - entry.size - 1 for at in marked if at > entry.size}
    found += _joined("category", elements(entry.category), category)
    found += _joined("matter", elements(entry.matter), marked)
    return tuple(found)


def _marked(query: Query, spelling: str) -> set[int]:
    """The numbers of the elements that match."""
    marked: set[int] = set()
    whole = all(regex.search(spelling) for regex, _ in query.wholes)
    for regex, _ in query.wholes if whole else (*query.wholes, *query.runs):
        for match in regex.finditer(spelling):
            first = spelling.count(" ", 0, match.start())
            marked.update(range(first, first + match[0].count(" ")))
    tokens = {token.text for token in query.tokens if token.field in ("gram", "sound")}
    words = [(word[0], word[1:]) if is_han(word) else (word, word) for word in spelling.split()]
    for at, ((sign, sound), (next_sign, next_sound)) in enumerate(pairwise(words)):
        if sign + next_sign in tokens or f"{sound}'{next_sound}" in tokens:
            marked.update((at, at + 1))
    return marked | {at for at, (sign, _) in enumerate(words) if sign in query.numbers}


def _joined(field: str, read: list[Element], marked: set[int]) -> list[Span]:
    """``marked`` elements as spans, neighbours as one."""
    joined: list[Span] = []
    for at, element in enumerate(read):
        if at not in marked:
            continue
        start = element.start
        if joined and start <= joined[-1].end:
            start = joined.pop().start
        joined.append(Span(field, start, element.end))
    return joined
