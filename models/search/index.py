"""An index of one edition of the guide, held in memory, for search as one types."""

import re
from itertools import chain
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, Protocol, Self

import tantivy

from models.search import rank
from models.search.entry import Entry, spell, spell_repeated, grams
from models.search.query import Query

#: Fields of an entry, and what one matching token of each is worth to a candidate.
BOOSTS: Final = {
    "gram": 1.0,
    "char": 0.35,
    "number": 0.9,
    "scale": 1.5,
    "sound": 0.45,
    "letter": 0.3,
    "initial": 0.3,
    "mixed": 0.6,
    "latin": 1.2,
    "path": 0.3,
    "fact": 0.2,
    "code": 0.4,
}
CANDIDATES: Final = 80

Disclosure = Literal["open", "codes"]


class Indexable(Protocol):
    """What the index reads of an item of the guide; enums are read through ``str``."""

    @property
    def code(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def matter(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def term(self) -> str: ...
    @property
    def access_scope(self) -> str: ...
    @property
    def department(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` to ``end`` of an item's ``field`` (``code``, ``category``, ``matter``)."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """An item found: its code, how well it fits (higher is better), and where."""

    code: str
    score: float
    matched: tuple[Span, ...]


class GuideIndex:
    """Immutable once built, so threads may share it."""

    def __init__(self, entries, index):
        self._entries = entries
        self._index = index
        self._searcher = index.searcher()
        self._schema = index.schema

    def __len__(self) -> int:
        return len(self._entries)

    @classmethod
    def build(cls, items: Iterable[Indexable], *, disclosure: Disclosure = "open") -> Self:
        builder = tantivy.SchemaBuilder()
        for name in BOOSTS:
            builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
        builder.add_integer_field("row", fast=True)
        index = tantivy.Index(builder.build())
        writer = index.writer(heap_size=64_000_000, num_threads=1)
        entries = []
        for row, item in enumerate(items):
            entry, tokens = prepare(item, disclosure)
            entries.append(entry)
            doc = tantivy.Document(row=row)
            for field, text in tokens.items():
                doc.add_text(field, text)
            writer.add_document(doc)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return cls(entries, index)

    def search(self, text: str, *, limit: int = 10) -> list[Hit]:
        query = Query.parse(text)
        rows = self.candidates(query)
        w = self.weights(query)
        scored = sorted(
            (
                (
                    sum(
                        rank.WEIGHTS[k] * v
                        for k, v in rank.features(query, self._entries[r], w, s).items()
                    ),
                    -r,
                )
                for r, s in rows
            ),
            reverse=True,
        )
        return [Hit(self._entries[-r].code, s, ()) for s, r in scored[:limit]]

    def weights(self, query):
        import math

        N = len(self) + 1
        f = self._searcher.doc_freq

        def idf(field, terms):
            return [math.log(N / (1 + f(field, t))) + 0.1 for t in terms]

        return rank.Weights(
            idf("gram", query.grams), idf("char", query.chars), idf("sound", query.sounds)
        )

    def candidates(self, query):
        Q = tantivy.Query
        terms = [
            (
                tantivy.Occur.Should,
                Q.boost_query(Q.term_query(self._schema, field, token, "basic"), BOOSTS[field]),
            )
            for field, token in query.tokens()
        ]
        if not terms:
            return []
        hits = self._searcher.search(Q.boolean_query(terms), CANDIDATES, count=False).hits
        rows = self._searcher.fast_field_values("row", [a for _, a in hits])
        top = hits[0][0] if hits else 1
        return [(r, s / top) for r, (s, _) in zip(rows, hits)]


def prepare(item, disclosure):
    key = re.sub("[^a-z0-9]", "", str(item.code).casefold())
    codes = " ".join(grams(key, 3))
    path = spell_repeated(str(item.category))
    if disclosure == "codes":
        return Entry(
            item.code,
            key,
            path.text,
            "",
            path.sound,
            path.spelling,
            frozenset(path.tokens["number"]),
        ), {"code": codes, **{k: " ".join(v) for k, v in path.tokens.items()}}
    main = spell(str(item.matter))
    facts = [
        spell_repeated(str(x)) for x in (item.level, item.term, item.access_scope, item.department)
    ]
    tokens = {
        k: " ".join(v + path.tokens[k] if k in ("sound", "letter", "initial", "mixed") else v)
        for k, v in main.tokens.items()
    }
    tokens["path"] = " ".join(path.tokens["gram"])
    tokens["fact"] = " ".join(chain.from_iterable(f.tokens["gram"] for f in facts))
    tokens["code"] = codes
    return Entry(
        item.code,
        key,
        main.text,
        path.text,
        main.sound + path.sound,
        main.spelling + path.spelling,
        frozenset(main.tokens["number"]),
    ), tokens
