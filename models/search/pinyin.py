"""How Chinese sounds, without tones, and with sounds that are often confused made equal."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from pypinyin import lazy_pinyin

#: Pairs of letters whose second one people leave out or add.
_CONFUSED: Final = {"zh", "ch", "sh", "ng"}
_PHRASE: Final = re.compile(r"[^ 的]*的|[^ 的]+")


def syllables(han: str) -> list[str]:
    """A syllable for each character of ``han``, e.g. ``["di", "xing", "tu"]``; spaces part phrases."""
    return [sound for phrase in _PHRASE.findall(han) for sound in _phrase(phrase)]


@lru_cache(maxsize=50_000)  # pypinyin takes 100 µs for a phrase, and guides repeat theirs
def _phrase(han: str) -> tuple[str, ...]:
    sounds = lazy_pinyin(han, errors=_unheard)  # type: ignore[arg-type]  # a list is allowed
    if han.endswith("的"):
        sounds[-1] = "de"  # left to itself pypinyin hears 目的 (mudi) at the end of 项目的
    return tuple(sounds)


def _unheard(unknown: str) -> list[str]:
    """A stand-in for each character that pypinyin does not know."""
    return ["?"] * len(unknown)


@lru_cache(maxsize=1_000)  # Mandarin has some 400
def folded(syllable: str) -> str:
    """``syllable`` with zh=z, ch=c, sh=s, with n=l at its start and ng=n at its end."""
    short = re.sub("^([zcs])h|(?<=n)g$", r"\1", syllable)
    return "l" + short[1:] if short[0] == "n" else short


def run_together(syllables_or_runs: Iterable[str]) -> str:
    """Pinyin folded without knowing where its syllables end, as nobody types the ends."""
    joined = re.sub("([zcs])h", r"\1", "".join(syllables_or_runs))
    return joined.replace("ng", "n").replace("n", "l")


def spelling_pattern(signs: Sequence[str]) -> re.Pattern[str]:
    """What finds ``signs``, side by side, in the spelling of an entry.

    A letter is the next one of its syllable or the first of the next syllable, so full
    pinyin, initials and anything between are found alike: ``dixingtu``, ``dxt``, ``地xt``.
    """
    next_syllable = "[a-z]* [^a-z ]?"
    parts = []
    for sign in signs:
        if not "a" <= sign[0] <= "z":
            parts.append("[a-z]* " + re.escape(sign))
            continue
        parts.append(next_syllable + _letter(sign[0]))
        for pair in pairwise(sign):
            step = f"(?:{next_syllable})?{_letter(pair[1])}"
            parts.append(f"(?:{step})?" if "".join(pair) in _CONFUSED else step)
    return re.compile("".join(parts).removeprefix("[a-z]*"))


def _letter(letter: str) -> str:
    return "[nl]" if letter in "nl" else letter
