"""How people type a term on a phone, brought into the form that :class:`Term` reads. Pure."""

import re
import unicodedata
from typing import Final

from models.levels import Term, TermKind

_DIGITS: Final = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_COUNTED: Final = re.compile(r"([一二两三四五六七八九十]{1,3})(?=年|个月|月|天|日|$)")


def term(text: str, item_term: str) -> Term:
    """The term that ``text`` states: ``5年``, ``五年``, ``５``, ``半年``; ValueError for none.

    A bare number is years. An event counts only where it is the item's own.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain == item_term:
        return Term.parse(plain)
    plain = _COUNTED.sub(lambda found: str(_number(found[1])), plain.replace("半年", "6个月"))
    said = Term.parse(f"{plain}年" if plain.isdecimal() else plain)
    if said.kind is TermKind.EVENT:
        raise ValueError(text)
    return said


def _number(word: str) -> int:
    """1 to 99 in Chinese numerals; ValueError for what is none."""
    tens, ten, ones = word.partition("十")
    if not ten:
        tens, ones = "零", word
    if any(len(part) > 1 or part not in _DIGITS for part in (tens, ones) if part):
        raise ValueError(word)
    return 10 * _DIGITS[tens or "一"] + _DIGITS[ones or "零"]
