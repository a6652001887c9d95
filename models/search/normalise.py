"""One spelling for the many ways the same thing is written: widths, units, scales, numbers."""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple

#: Other ways to write a word. A Latin unit counts only right after a number.
SPELLINGS: Final = {
    "平方公里": "平方千米",
    "公里": "千米",
    "公分": "厘米",
    "其它": "其他",
    "帐": "账",
}
LATIN_UNITS: Final = {
    "km2": "平方千米",
    "km": "千米",
    "m2": "平方米",
    "m3": "立方米",
    "mm": "毫米",
    "cm": "厘米",
    "m": "米",
    "kv": "千伏",
    "kg": "千克",
    "mgal": "毫伽",
}
MULTIPLIERS: Final = {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
CHINESE_DIGITS: Final = "零一二三四五六七八九十"

_NUMBER: Final = r"\d{1,12}(?:\.\d{1,6})?"
_UNITS: Final = "|".join(sorted(LATIN_UNITS, key=len, reverse=True))
_SCANNER: Final = re.compile(
    rf"""
      (?<!\d)1\s?[:/比]\s?(?P<scale>{_NUMBER})(?P<scale_by>[百千万亿]?)
    | (?P<number>{_NUMBER})(?P<number_by>[万亿]|(?<!\d\d)千(?![米克瓦伏赫帕卡]))?
    | (?<=\d)\s?(?P<unit>{_UNITS})(?![a-z])
    | (?P<digit>[一二三四五六七八九十])(?=[级类型期])
    | (?P<word>{"|".join(SPELLINGS)})
    | (?P<latin>[a-z]+)
    | (?P<han>[〇㐀-䶿一-鿿\U00020000-\U0003ffff])
    """,
    re.VERBOSE,
)


class Element(NamedTuple):
    """One unit of comparison: a Chinese character, a Latin word, a number or a scale.

    ``sign`` is the common spelling: ``#10000#`` for 10000, ``@10000@`` for 1:10000; a
    万 written behind a number stays beside it, for it may be typed alone. ``start`` and
    ``end`` say where it stands in the text as written.
    """

    sign: str
    start: int
    end: int


def is_han(sign: str) -> bool:
    """Whether ``sign`` is a Chinese character."""
    return sign >= "〇"


def is_latin(sign: str) -> bool:
    """Whether ``sign`` is a run of Latin letters."""
    return "a" <= sign[0] <= "z"


def elements(text: str) -> list[Element]:
    """The elements of ``text``, in order; punctuation and unknown signs are left out."""
    folded, origin = _fold(text)
    return [
        Element(sign, origin[match.start()], origin[match.end() - 1] + 1)
        for match in _SCANNER.finditer(folded)
        for sign in _signs(match)
    ]


def _fold(text: str) -> tuple[str, Sequence[int]]:
    """``text`` in NFKC and lower case, and for each of its characters where it came from."""
    if unicodedata.is_normalized("NFKC", text) and len(folded := text.casefold()) == len(text):
        return folded, range(len(text))  # most texts, four times as fast
    parts = [unicodedata.normalize("NFKC", char).casefold() for char in text]
    return "".join(parts), [i for i, part in enumerate(parts) for _ in part]


def _signs(match: re.Match[str]) -> list[str] | str:
    """The signs a match stands for; of Chinese, a string: one sign a character."""
    if match.lastgroup == "han":  # nine of ten
        return match["han"]
    if scale := match["scale"]:
        multiplier = match["scale_by"]
        return [f"@{_value(scale, multiplier)}@", *multiplier]
    if number := match["number"]:
        multiplier = match["number_by"] or ""
        return [f"#{_value(number, multiplier)}#", *multiplier]
    if digit := match["digit"]:
        return [f"#{CHINESE_DIGITS.index(digit)}#"]
    if latin := match["latin"]:
        return [latin]
    return LATIN_UNITS.get(match["unit"]) or SPELLINGS[match["word"]]


def _value(number: str, multiplier: str) -> str:
    """The plain decimal of a number, e.g. ``25000`` for 2.5 and 万."""
    return f"{(Decimal(number) * MULTIPLIERS.get(multiplier, 1)).normalize():f}"
