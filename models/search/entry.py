"""An item as the index sees it: prepared once, compared many times."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from models.search.normalise import Element, elements
from models.search.pinyin import fold, syllables

Tokens = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One item, spelt in the ways a query may spell it.

    ``spelling`` holds a word for each element, its sign before its folded sound:
    `` 地di 形xin 图tu``. Letters typed are looked for in it.
    """

    code: str
    key: str
    text: str
    path: str
    sound: str
    spelling: str
    numbers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Spelt:
    """A text in all its spellings, and the tokens that find it."""

    text: str
    sound: str
    spelling: str
    tokens: Tokens


def spell(text: str) -> Spelt:
    """All spellings of ``text``."""
    found = elements(text)
    signs = [element.text for element in found]
    raw = raw_sounds(found)
    sounds = [fold(sound) for sound in raw]
    return Spelt(
        text="".join(signs),
        sound=f" {' '.join(sounds)} ",
        spelling="".join(
            f" {sign}{sound}" if element.is_han else f" {sign}"
            for element, sign, sound in zip(found, signs, sounds, strict=True)
        ),
        tokens={
            "gram": [a + b for a, b in pairwise(signs)],
            "char": signs,
            "number": [number for sign in signs for number in numbers_of(sign)],
            "sound": [f"{a}'{b}" for a, b in pairwise(sounds)],
            "letter": grams(flatten("".join(raw)), 4),
            "initial": [*grams(initials(sounds), 2), *grams(initials(sounds), 3)],
            "mixed": list(mixed(signs, sounds)),
            "latin": [
                element.text[:end]
                for element in found
                if element.is_latin
                for end in range(2, len(element.text) + 1)
            ],
        },
    )


spell_repeated = lru_cache(maxsize=5_000)(spell)


def raw_sounds(found: Sequence[Element]) -> list[str]:
    """The sound of each element; what has no sound stands for itself."""
    spoken = iter(syllables("".join(element.text for element in found if element.is_han)))
    return [next(spoken) if element.is_han else element.text for element in found]


def sounds_of(found):
    return [fold(s) for s in raw_sounds(found)]


def flatten(letters: str) -> str:
    """Letters as they are indexed."""
    return re.sub("([zcs])h", r"\1", letters).replace("ng", "n").replace("n", "l")


def initials(sounds: Sequence[str]) -> str:
    """The first letter of each sound, e.g. ``dxt``."""
    return "".join(sound[0] for sound in sounds)


def mixed(signs: Sequence[str], sounds: Sequence[str]) -> Iterator[str]:
    """Each sign beside the initial of its neighbour, e.g. ``地x`` and ``x图``."""
    for (sign, sound), (next_sign, next_sound) in pairwise(zip(signs, sounds, strict=True)):
        yield sign + next_sound[0]
        yield sound[0] + next_sign


def numbers_of(sign: str) -> list[str]:
    """The tokens of a number or a scale; a scale is found by its number too."""
    if sign[0] == "@":
        return [sign, f"#{sign[1:-1]}#"]
    return [sign] if sign[0] == "#" else []


def grams(text: str, size: int) -> list[str]:
    """The pieces of ``text`` of ``size`` characters."""
    return [text[i : i + size] for i in range(len(text) - size + 1)]
