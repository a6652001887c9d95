"""One spelling for the many ways the same thing is written: widths, units, scales, numbers."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

#: Units and spellings that mean the same. Latin units count only right after a digit.
SPELLINGS: Final = {
    "平方公里": "平方千米",
    "公里": "千米",
    "公分": "厘米",
    "其它": "其他",
    "帐": "账",
    "甚么": "什么",
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
    "mgal": "毫伽",
    "kg": "千克",
}
MULTIPLIERS: Final = {"": 1, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
CHINESE_DIGITS: Final = "零一二三四五六七八九十"

_longest_first = sorted(LATIN_UNITS, key=len, reverse=True)
_SCANNER: Final = re.compile(
    rf"""
      (?<!\d)1\s?[:/比]\s?(?P<scale>\d{{1,12}}(?:\.\d{{1,6}})?)\s?(?P<scale_by>[百千万亿]?)
    | (?P<number>\d{{1,12}}(?:\.\d{{1,6}})?)(?P<number_by>[万亿]|(?<!\d\d)千(?![米克瓦伏赫帕卡]))?
    | (?<=\d)\s?(?P<unit>{"|".join(_longest_first)})(?![a-z])
    | (?P<digit>[一二三四五六七八九十])(?=[级类型期])
    | (?P<spelling>{"|".join(SPELLINGS)})
    | (?P<latin>[a-z]+)
    | (?P<han>[〇㐀-䶿一-鿿\U00020000-\U0003ffff])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Element:
    """One unit of comparison: a Chinese character, a Latin word, a number or a scale.

    ``text`` is the common spelling: ``#10000#`` for 1万, ``@10000@`` for 1:1万.
    ``start`` and ``end`` say where it stands in the text as written.
    """

    text: str
    start: int
    end: int

    @property
    def is_han(self) -> bool:
        """Whether this is a Chinese character."""
        return self.text[0] >= "〇"

    @property
    def is_latin(self) -> bool:
        """Whether this is a run of Latin letters."""
        return "a" <= self.text[0] <= "z"


def elements(text: str) -> list[Element]:
    """The elements of ``text``, in order; punctuation and unknown signs are left out."""
    folded, origin = _fold(text)
    found = []
    for match in _SCANNER.finditer(folded):
        start, end = origin[match.start()], origin[match.end() - 1] + 1
        found.extend(Element(part, start, end) for part in _parts(match))
    return found


def _fold(text: str) -> tuple[str, list[int]]:
    """``text`` in NFKC and lower case, and for each of its characters where it came from."""
    folded, origin = [], []
    for position, char in enumerate(text):
        for part in unicodedata.normalize("NFKC", char).casefold():
            folded.append(part)
            origin.append(position)
    return "".join(folded), origin


def _parts(match: re.Match[str]) -> str | list[str]:
    if scale := match["scale"]:
        return [f"@{_value(scale, match['scale_by'])}@"]
    if number := match["number"]:
        return [f"#{_value(number, match['number_by'])}#"]
    if digit := match["digit"]:
        return [f"#{CHINESE_DIGITS.index(digit)}#"]
    if latin := match["latin"]:
        return [latin]
    return LATIN_UNITS.get(match["unit"]) or SPELLINGS.get(match["spelling"]) or match["han"]


def _value(number: str, multiplier: str | None) -> str:
    value = Decimal(number) * MULTIPLIERS[multiplier or ""]
    return f"{value.normalize():f}"
