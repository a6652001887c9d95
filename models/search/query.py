"""What someone typed, taken apart once and then compared with many entries."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple, Self

from models.search.entry import grams, sounds_of
from models.search.normalise import elements, is_latin
from models.search.pinyin import folded, run_together, spelling_pattern

#: Longer queries are cut: 64 characters name any item, and time stays bounded.
LONGEST: Final = 64

_CODE: Final = re.compile(r"[a-z0-9][a-z0-9 ._/-]*")
_NEVER_INITIAL: Final = re.compile("[iuv]")

Word = tuple[str, ...]


class Token(NamedTuple):
    """A token to look up, in which field, and what finding it is worth."""

    field: str
    text: str
    worth: float


class Pattern(NamedTuple):
    """What finds one part of a query in the spelling of an entry, and how much was typed."""

    regex: re.Pattern[str]
    typed: int


@dataclass(frozen=True, slots=True)
class Query:
    """A query, which is words of signs; only white space parts words.

    ``tokens`` find candidates. ``wholes`` find each word in one piece, ``runs`` what was
    typed in letters, wherever it stands. ``numbers`` are those typed, scales included.
    ``code`` finds the query in a code, or is None when it cannot be one.
    """

    tokens: tuple[Token, ...]
    wholes: tuple[Pattern, ...]
    runs: tuple[Pattern, ...]
    numbers: frozenset[str]
    code: re.Pattern[str] | None

    @classmethod
    def parse(cls, text: str) -> Self:
        """The query that ``text`` is; any text is one, though perhaps of no words."""
        typed = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()[:LONGEST].strip()
        words = tuple(_words(typed))
        runs = [sign for word in words for sign in word if is_latin(sign)]
        if len(words) > 1 and len(runs) == sum(map(len, words)):
            words = (("".join(runs),),)  # di xing tu: the spaces part syllables, not words
            runs = [*words[0], *runs]
        code = typed if _CODE.fullmatch(typed) else ""
        return cls(
            tokens=tuple(dict.fromkeys(_tokens(words, runs, code))),
            wholes=tuple(Pattern(spelling_pattern(word), sum(map(len, word))) for word in words),
            runs=tuple(Pattern(spelling_pattern([run]), len(run)) for run in runs),
            numbers=frozenset(sign for word in words for sign in word if sign[0] in "#@"),
            code=_code_pattern(code) if code else None,
        )


def _words(text: str) -> Iterator[Word]:
    word: list[str] = []
    end = 0
    for element in elements(text):
        if word and re.search(r"\s", text[end : element.start]):
            yield tuple(word)
            word = []
        word.append(element.sign)
        end = element.end
    if word:
        yield tuple(word)


def _tokens(words: Iterable[Word], runs: Iterable[str], code: str) -> Iterator[Token]:
    for word in words:
        yield from _written_tokens(word)
    for run in runs:
        yield from _typed_tokens(run)
    for size in (2, 3):
        for gram in grams(re.sub("[^a-z0-9]", "", code), size):
            yield Token("code", gram, 0.4)


def _written_tokens(word: Word) -> Iterator[Token]:
    """Tokens of characters and numbers, and of how they sound, for a wrong one may be typed."""
    for sign in word:
        if not is_latin(sign):
            yield Token("sign", sign, {"@": 1.5, "#": 0.9}.get(sign[0], 0.5))
            yield Token("path", sign, 0.05)
    for (a, b), (sound, next_sound) in zip(pairwise(word), pairwise(sounds_of(word)), strict=True):
        if not is_latin(a) and not is_latin(b):
            yield Token("gram", a + b, 1.0)
            yield Token("path", a + b, 0.15)
            yield Token("fact", a + b, 0.2)
            yield Token("sound", f"{folded(sound)}'{folded(next_sound)}", 0.45)


def _typed_tokens(run: str) -> Iterator[Token]:
    """Tokens of letters: as a Latin word, as pinyin, and as initials if they can be that."""
    yield Token("sign", run, 1.2)
    for gram in grams(run_together([run]), 4):
        yield Token("letter", gram, 0.8)
    if _NEVER_INITIAL.search(run):
        return
    for size, worth in ((2, 0.4), (3, 0.6)):
        for gram in grams(run.replace("n", "l"), size):
            yield Token("initial", gram, worth)


def _code_pattern(typed: str) -> re.Pattern[str]:
    """What finds ``typed`` in a code, whatever parts its groups and fills them with zeros."""
    signs = re.findall("[a-z0-9]", typed)
    return re.compile("(?:[^a-z0-9]+0*)?".join(signs), re.IGNORECASE)
