"""Recognising a classification marking, however people write or disguise it. Pure.

A level and a term that stand side by side are a marking; talk about the one and the other, with
a word between them, is none. 商业秘密 and 工作秘密 are no state secrets: only a ★ makes them one.
"""

import re
from typing import Final

_STARS: Final = re.escape("★☆*＊﹡✱✲✳✴✵✶✷✸✹⭐✮✭✯✩✪✫✬✰✡✦✧⋆∗⁎⭑⭒🌟٭🟊⍟")
#: One sign may stand between the two characters of a level, as between level and term.
_INSIDE: Final = r"[\W_]{0,2}"
_LEVEL: Final = rf"(?:[絕绝]{_INSIDE}密|[機机]{_INSIDE}密|[秘祕]{_INSIDE}密)\s?[级級]?"
_NOT_OURS: Final = r"(?<!商业)(?<!商業)(?<!工作(?=[秘祕]))"
_ABSTRACT: Final = r"(?<!国家)(?<!國家)"
_PAUSE: Final = r"\s?[，,。；;、]\s?"
#: Whatever is neither word nor pause joins: · ● × ※ — / : ( “; so does an x in the place of a ×.
_JOINT: Final = r"(?:\s?(?:[^\w\s，,。；;、！!？?]|_|[xX](?=\s?[\d一二三四五六七八九十至])))"
_NUMBER: Final = r"(?:\d{1,2}|[一二三四五六七八九十廿卅两百壹贰貳叁參肆伍陆陸柒捌玖拾]{1,4})"
_LENGTH: Final = (
    rf"(?:{_NUMBER}\s?年|\d{{1,2}}\s?(?:years?|yrs?)\b|(?:\d{{1,4}}|{_NUMBER})\s?[个個箇]\s?月"
    rf"|(?:\d{{1,4}}|{_NUMBER})\s?天|\d{{1,4}}\s?日(?!\w)|[长長]\s?期|永久)"
)
_DATE: Final = (
    r"(?:[至到]\s?(?:\d|[〇零一二三四五六七八九]){4}"
    r"|(?:19|20|21)\d\d\s?[-–—/.·年]\s?\d{1,2}\s?[-–—/.·月]\s?\d{1,2}\s?日?[前止]?(?!\w)"
    r"|(?:19|20|21)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\w))"
)
#: 启用前, 考试结束前, 活动结束后1年; at its end the words end, or it is a sentence about it.
_EVENT: Final = (
    r"(?:(?!(?:目|此|当|日|提|先|以|之)前|保?密?期限|[应應请請建改不须需])[\u4e00-\u9fff]{1,10}前"
    r"(?<!目前)(?<!此前)(?<!当前)(?<!日前)(?<!提前)(?<!先前)"
    rf"|[\u4e00-\u9fff]{{1,10}}后\s?{_NUMBER}\s?年)(?!\w)"
)
#: What needs nothing between it and the level to be read as its term.
_PLAIN_EVENT: Final = (
    r"(?:启用|启封|開封|开启|啟用|使用完毕|使用|考试结束|开考|开标|谈判结束|公布|发布|公开|宣布|结束)"
    r"前(?!\w)"
)
#: Expects normalised text with single spaces: :func:`models.content.bears_marking` sees to that.
MARKING_PATTERN: Final = re.compile(
    rf"{_LEVEL}{_JOINT}{{0,2}}\s?[{_STARS}]"
    rf"|(?:内|內)\s?部{_JOINT}{{0,2}}\s?[{_STARS}]{_JOINT}{{0,2}}\s?(?:{_LENGTH}|{_DATE}|{_EVENT})"
    rf"|{_NOT_OURS}{_LEVEL}{_JOINT}{{0,3}}\s?(?:{_LENGTH}|{_DATE})"
    rf"|{_NOT_OURS}{_ABSTRACT}{_LEVEL}{_JOINT}{{0,3}}\s?{_PLAIN_EVENT}"
    rf"|{_NOT_OURS}{_ABSTRACT}{_LEVEL}{_PAUSE}(?:{_LENGTH}|{_DATE})(?!\w)"
    rf"|{_NOT_OURS}{_ABSTRACT}{_LEVEL}(?:{_JOINT}{{1,3}}\s?|\s){_EVENT}"
    r"|(?<![A-Z])(?:TOP\s?SECRET|SECRET|CONFIDENTIAL)\s?(?://|★)",
    re.IGNORECASE,
)
