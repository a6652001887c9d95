"""How Chinese sounds: toneless syllables, folded where southern tongues and hasty thumbs differ."""

import re
from functools import cache, lru_cache
from typing import Final

from pypinyin import lazy_pinyin

_PHRASE_END: Final = re.compile(r"(?<=的)")


def syllables(han: str) -> list[str]:
    """One syllable for each character of ``han``, e.g. ``["di", "xing", "tu"]``."""
    return [sound for phrase in _PHRASE_END.split(han) for sound in _phrase(phrase)]


@lru_cache(maxsize=100_000)  # guides repeat their phrases, and pypinyin takes 100 µs for one
def _phrase(han: str) -> tuple[str, ...]:
    if han == "的":
        return ("de",)
    sounds = lazy_pinyin(han, errors=lambda unknown: ["?"] * len(unknown))
    return tuple(sounds)


@cache
def fold(syllable: str) -> str:
    """``syllable`` with zh=z, ch=c, sh=s, n=l at its start and ng=n at its end."""
    folded = re.sub("^([zcs])h", r"\1", syllable).removesuffix("g")
    return "l" + folded[1:] if folded.startswith("n") else folded
