"""What someone typed, taken apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from models.search.entry import flatten, grams, initials, mixed, numbers_of, sounds_of
from models.search.normalise import Element, elements

LONGEST = 64
_SPACE = re.compile(r"\s")
_CODE = re.compile(r"[\x20-\x7e]*")


@dataclass(frozen=True)
class Query:
    """A query as words of elements."""

    text: str
    words: list[list[Element]]

    @classmethod
    def parse(cls, text: str) -> "Query":
        text = text[:LONGEST]
        words: list[list[Element]] = []
        end = None
        for element in elements(text):
            if end is None or _SPACE.search(text[end : element.start]):
                words.append([])
            words[-1].append(element)
            end = element.end
        return cls(text, words)

    @cached_property
    def signs(self) -> list[list[str]]:
        return [[e.text for e in word] for word in self.words]

    @cached_property
    def grams(self) -> list[str]:
        return list(
            dict.fromkeys(
                a + b
                for word in self.signs
                for a, b in pairwise(word)
                if not is_latin(a) and not is_latin(b)
            )
        )

    @cached_property
    def chars(self) -> list[str]:
        return list(dict.fromkeys(s for word in self.signs for s in word if not is_latin(s)))

    @cached_property
    def numbers(self) -> list[str]:
        return [s for s in self.chars if s[0] in "#@"]

    @cached_property
    def sounds(self) -> list[str]:
        return list(
            dict.fromkeys(
                f"{a}'{b}"
                for word in self.words
                for (x, a), (y, b) in pairwise(zip(word, sounds_of(word)))
                if not x.is_latin and not y.is_latin
            )
        )

    @cached_property
    def runs(self) -> list[str]:
        """Words with Latin letters in them."""
        found = ["".join(w) for w in self.signs]
        if len(found) > 1 and all(is_latin(s) for w in self.signs for s in w):
            found = ["".join(found)]
        return [r for r in found if re.search("[a-z]", r)]

    @cached_property
    def key(self) -> str:
        """The letters and digits, if it can be a code."""
        if not _CODE.fullmatch(self.text):
            return ""
        return re.sub(r"[^a-z0-9]", "", self.text.lower())

    def tokens(self) -> Iterator[tuple[str, str]]:
        for g in self.grams:
            yield "gram", g
            yield "path", g
        for c in self.chars:
            yield "char", c
            for n in numbers_of(c):
                yield "number", n
        for s in self.sounds:
            yield "sound", s
        for word in self.words:
            for i, e in enumerate(word):
                if not e.is_latin:
                    continue
                yield "latin", e.text
                if i:
                    yield "mixed", word[i - 1].text + e.text[0]
                if i + 1 < len(word):
                    yield "mixed", e.text[0] + word[i + 1].text
        for run in self.runs:
            for letters in re.findall("[a-z]+", run):
                flat = flatten(letters)
                for g in grams(flat, 4):
                    yield "letter", g
                if not set(letters) & set("iuv"):
                    for n in (2, 3):
                        for g in grams(letters.replace("n", "l"), n):
                            yield "initial", g
                if len(flat) < 4:
                    yield "letter", flat
        for g in grams(self.key, 3):
            yield "code", g

    @cached_property
    def spellings(self) -> list[tuple[re.Pattern[str], int]]:
        return [(spelling(r), len(r)) for r in self.runs]


def is_latin(s: str) -> bool:
    return "a" <= s[0] <= "z"


def spellings(self) -> list[tuple[re.Pattern[str], int]]:
    return [(spelling(r), len(r)) for r in self.runs]


def is_latin(s: str) -> bool:
    return "a" <= s[0] <= "z"


def flatten(letters: str) -> str:
    """Letters as they are indexed."""
    return re.sub("([zcs])h", r"\1", letters).replace("ng", "n").replace("n", "l")


def spelling(run: str) -> re.Pattern[str]:
    parts = []
    prev = None
    for i, c in enumerate(run):
        if "a" <= c <= "z":
            if c == "h" and prev in ("z", "c", "s"):
                parts.append(f"(?:h|[a-z]* .?h)?")
            elif c == "g" and prev == "n":
                parts.append("(?:g|[a-z]* .?g)?")
            else:
                letter = "[nl]" if c in "nl" else c
                if prev is None or not "a" <= prev <= "z":
                    parts.append(f"(?:[a-z]* .?{letter})" if prev else f" .?{letter}")
                else:
                    parts.append(f"(?:{letter}|[a-z]* .?{letter})")
        else:
            parts.append(
                ("[a-z]* " if prev and not prev in "#@" else " " if not prev else "") + re.escape(c)
                if c not in "0123456789.#@"
                else re.escape(c)
            )
        prev = c
    return re.compile("".join(parts))
