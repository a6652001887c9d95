"""An item of the guide as the index keeps it, and the tokens that find it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, Protocol

from models.search.normalise import elements, is_han, is_latin
from models.search.pinyin import folded, run_together, syllables

#: The fields of the index: ``path`` is the category, ``fact`` whatever else is known.
FIELDS: Final = ("sign", "gram", "sound", "letter", "initial", "path", "fact", "code")

Tokens = dict[str, list[str]]


class Indexable(Protocol):
    """What the index reads of an item; enums are read through their ``label`` or ``str``."""

    @property
    def code(self) -> str:
        """Such as ``KJ-001``; unique in its edition."""

    @property
    def category(self) -> str:
        """A path such as ``测绘/地形``."""

    @property
    def matter(self) -> str:
        """The wording: what is classified."""

    @property
    def level(self) -> str:
        """绝密, 机密 or 秘密."""

    @property
    def term(self) -> str:
        """For how long."""

    @property
    def access_scope(self) -> str:
        """Who may know."""

    @property
    def department(self) -> str:
        """Who produces it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What ranking and highlighting compare a query with; about 0.5 kB.

    ``spelling`` is one word for each element of matter and category, in that order: a
    character before its folded sound, all else as it is, a bar between the two:
    `` #5# 千qian 地di 形xin 图tu | 测ce 会hui``. ``size`` is how many words are the matter's.
    """

    code: str
    category: str
    matter: str
    spelling: str
    size: int


@dataclass(frozen=True, slots=True)
class _Wording:
    spelling: str
    size: int
    tokens: Tokens


def prepare(item: Indexable, *, is_open: bool) -> tuple[Entry, Tokens]:
    """The entry of ``item`` and its tokens by field; unless ``is_open`` nothing of its wording."""
    wording = _wording(str(item.matter) if is_open else "")
    path = _shared_wording(str(item.category))
    tokens = {field: wording.tokens[field] for field in ("sign", "gram")}
    for field in ("sound", "letter", "initial"):
        tokens[field] = wording.tokens[field] + path.tokens[field]
    tokens["path"] = path.tokens["sign"] + path.tokens["gram"]
    tokens["code"] = _code_tokens(str(item.code))
    if is_open:
        level = getattr(item.level, "label", item.level)
        facts = (level, item.term, item.access_scope, item.department)
        tokens["fact"] = [t for fact in facts for t in _shared_wording(str(fact)).tokens["gram"]]
    entry = Entry(
        code=str(item.code),
        category=str(item.category),
        matter=str(item.matter) if is_open else "",
        spelling=f"{wording.spelling} |{path.spelling}",
        size=wording.size,
    )
    return entry, tokens


def _wording(text: str) -> _Wording:
    signs = [element.sign for element in elements(text)]
    plain = sounds_of(signs)
    sounds = [folded(sound) for sound in plain]
    initials = "".join(sound[0] for sound in sounds)
    return _Wording(
        spelling="".join(
            f" {sign}{sound}" if is_han(sign) else f" {sign}"
            for sign, sound in zip(signs, sounds, strict=True)
        ),
        size=len(signs),
        tokens={
            "sign": [token for sign in signs for token in _sign_tokens(sign)],
            "gram": [a + b for a, b in pairwise(signs)],
            "sound": [f"{a}'{b}" for a, b in pairwise(sounds)],
            "letter": grams(run_together(plain), 4),
            "initial": grams(initials, 2) + grams(initials, 3),
        },
    )


#: For what many items share: categories, departments, scopes.
_shared_wording = lru_cache(maxsize=5_000)(_wording)


def sounds_of(signs: Sequence[str]) -> list[str]:
    """The syllable of each sign; what is not Chinese stands for itself."""
    spoken = iter(syllables("".join(sign if is_han(sign) else " " for sign in signs)))
    return [next(spoken) if is_han(sign) else sign for sign in signs]


def _sign_tokens(sign: str) -> list[str]:
    """What finds a sign: a scale is found by its numbers too, a Latin word by its beginnings."""
    if sign[0] == "@":
        return [sign, f"#{sign[1:-1]}#", "#1#"]
    if is_latin(sign):
        return [sign[:end] for end in range(1, len(sign) + 1)]
    return [sign]


def _code_tokens(code: str) -> list[str]:
    """What finds a code: its letters and digits, with and without zeros that only fill up."""
    full = re.sub("[^a-z0-9]", "", code.casefold())
    short = re.sub("[^a-z0-9]", "", re.sub("(?<![0-9])0+(?=[0-9])", "", code.casefold()))
    return [gram for key in {full: 0, short: 0} for gram in grams(key, 2) + grams(key, 3)]


def grams(text: str, size: int) -> list[str]:
    """The pieces of ``text`` that are ``size`` characters long."""
    return [text[i : i + size] for i in range(len(text) - size + 1)]
