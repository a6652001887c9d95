"""The index of one edition, held in memory and read by any number of threads."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import nsmallest
from math import log
from typing import Final, Self, cast

import tantivy

from models.search.entry import FIELDS, Entry, Indexable, prepare
from models.search.highlight import Span, spans
from models.search.query import Query, Token
from models.search.rank import score

#: How many of the entries with the most valuable tokens are compared closely.
CANDIDATES: Final = 80
#: What fits this much worse than the best shares but a character or two with the query.
FAR_WORSE: Final = 0.2
WRITER_BYTES: Final = 64_000_000


@dataclass(frozen=True, slots=True)
class Hit:
    """An item found: its code, how well it fits (more is better), and what matched."""

    code: str
    score: float
    matched: tuple[Span, ...]


class GuideIndex:
    """The items of one edition, found by whatever people type; it never changes once built."""

    def __init__(self, entries: list[Entry], index: tantivy.Index) -> None:
        self._entries = entries
        self._schema = index.schema
        self._searcher = index.searcher()

    def __len__(self) -> int:
        return len(self._entries)

    @classmethod
    def build(cls, items: Iterable[Indexable], *, disclosure: str = "open") -> Self:
        """The index of ``items``; takes about 0.25 ms an item, most of it holding the GIL.

        In a thread it leaves an event loop running, with pauses of up to 0.2 s.
        Unless ``disclosure`` is ``open``, items are found by code and category only: a
        match on anything else would tell what the wording is.
        """
        builder = tantivy.SchemaBuilder()
        for field in FIELDS:
            builder.add_text_field(field, tokenizer_name="whitespace", index_option="basic")
        builder.add_integer_field("row", fast=True)
        index = tantivy.Index(builder.build())
        entries = []
        with index.writer(heap_size=WRITER_BYTES, num_threads=1) as writer:
            for row, item in enumerate(items):
                entry, tokens = prepare(item, is_open=disclosure == "open")
                entries.append(entry)
                document = tantivy.Document(row=row)
                for field, texts in tokens.items():
                    document.add_text(field, " ".join(texts))
                writer.add_document(document)
        index.reload()
        return cls(entries, index)

    def search(self, text: str, *, limit: int = 10) -> list[Hit]:
        """The ``limit`` items (at most 80) that fit ``text`` best, the best first."""
        query = Query.parse(text)
        ranked = (
            (score(query, self._entries[row], found), row) for row, found in self._found(query)
        )
        best = nsmallest(limit, ranked, key=lambda fit: (-fit[0], fit[1]))
        return [self._hit(query, row, fit) for fit, row in best if fit > FAR_WORSE * best[0][0]]

    def _hit(self, query: Query, row: int, fit: float) -> Hit:
        entry = self._entries[row]
        return Hit(entry.code, fit, spans(query, entry))

    def _found(self, query: Query) -> list[tuple[int, float]]:
        """The rows worth a closer look, and what their tokens are worth beside the best row's."""
        lookups = list(self._lookups(query.tokens))
        if not lookups:
            return []
        any_of = tantivy.Query.boolean_query(lookups)
        hits = self._searcher.search(any_of, CANDIDATES, count=False).hits
        addresses = [address for _, address in hits]
        rows = cast("list[int]", self._searcher.fast_field_values("row", addresses))
        return [(row, worth / hits[0][0]) for row, (worth, _) in zip(rows, hits, strict=True)]

    def _lookups(self, tokens: Iterable[Token]) -> Iterator[tuple[tantivy.Occur, tantivy.Query]]:
        """A token is worth the more the fewer entries have it.

        Constant scores, not BM25: by its penalty on length a long item that has every
        word typed would lose to a short one that lacks some.
        """
        for field, text, worth in tokens:
            if having := self._searcher.doc_freq(field, text):
                term = tantivy.Query.term_query(self._schema, field, text, "basic")
                rarity = log(1 + len(self) / having)
                yield tantivy.Occur.Should, tantivy.Query.const_score_query(term, worth * rarity)
