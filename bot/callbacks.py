"""What a button carries: typed, at most 64 bytes, valid as long as the case. No server memory.

The data is no secret and gives no right: every tap is judged by who taps, now.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final, Self

from models.draft import Question
from models.proposal import Action, NoBasis, ReturnReason

#: Ids and versions as buttons carry them; anything longer was not made by us.
_NUMBER: Final = re.compile(r"[0-9]{1,10}")
_LARGEST: Final = 2**31 - 1
#: The terms that chips offer.
_YEARS: Final = re.compile(r"[0-9]{1,2}年")


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text) or int(text) > _LARGEST:
        raise ValueError(text)
    return int(text)


def _fields(data: str, prefix: str, count: int) -> list[str]:
    head, *rest = data.split(":")
    if head != prefix or len(rest) != count:
        raise ValueError(data)
    return rest


@dataclass(frozen=True, slots=True)
class StepTap:
    """A tap on an action, and the version of the case its button was drawn for."""

    prefix: ClassVar[str] = "s"
    case: int
    action: Action
    seen: int

    def pack(self) -> str:
        """The button's data."""
        return f"{self.prefix}:{self.case}:{self.action}:{self.seen}"

    @classmethod
    def unpack(cls, data: str) -> Self:
        """The tap behind ``data``; ValueError when it is not one of ours."""
        case, action, seen = _fields(data, cls.prefix, 3)
        return cls(_number(case), Action(action), _number(seen))


@dataclass(frozen=True, slots=True)
class ReasonTap:
    """A tap on a return reason."""

    prefix: ClassVar[str] = "r"
    case: int
    reason: ReturnReason
    seen: int

    def pack(self) -> str:
        """The button's data."""
        return f"{self.prefix}:{self.case}:{self.reason}:{self.seen}"

    @classmethod
    def unpack(cls, data: str) -> Self:
        """The tap behind ``data``; ValueError when it is not one of ours."""
        case, reason, seen = _fields(data, cls.prefix, 3)
        return cls(_number(case), ReturnReason(reason), _number(seen))


class View(StrEnum):
    """What a card can be turned into, without any step being taken."""

    CARD = "card"
    DETAILS = "details"
    OPEN = "open"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class ViewTap:
    """A tap that only shows something of a case."""

    prefix: ClassVar[str] = "v"
    case: int
    view: View

    def pack(self) -> str:
        """The button's data."""
        return f"{self.prefix}:{self.case}:{self.view}"

    @classmethod
    def unpack(cls, data: str) -> Self:
        """The tap behind ``data``; ValueError when it is not one of ours."""
        case, view = _fields(data, cls.prefix, 2)
        return cls(_number(case), View(view))


class DraftOp(StrEnum):
    """What a draft's buttons do."""

    SUBMIT = "submit"
    CANCEL = "cancel"
    PICK = "pick"
    MORE = "more"
    UNCLASSIFIED = "unclassified"
    WORK_SECRET = "work"  # noqa: S105 - a level, not a password
    REASON = "reason"
    ASK = "ask"
    CLEAR = "clear"
    TERM = "term"
    BACK = "back"
    RESTART = "restart"


#: What a preview offers to change, and what of it to do without.
CHANGEABLE: Final = frozenset(
    {Question.DOCUMENT, Question.ITEM, Question.REASON, Question.TERM, Question.TITLE,
     Question.NOTE}
)  # fmt: skip
REMOVABLE: Final = frozenset({Question.TITLE, Question.NOTE})


@dataclass(frozen=True, slots=True)
class DraftTap:
    """A tap on a draft's button; ``version`` is the draft's own, ``value`` what was chosen."""

    prefix: ClassVar[str] = "d"
    op: DraftOp
    version: int
    value: str = ""

    def pack(self) -> str:
        """The button's data."""
        return f"{self.prefix}:{self.op}:{self.version}:{self.value}"

    @classmethod
    def unpack(cls, data: str) -> Self:
        """The tap behind ``data``; ValueError when it is not one of ours."""
        op, version, value = _fields(data, cls.prefix, 3)
        tap = cls(DraftOp(op), _number(version), value)
        if not tap._is_whole():
            raise ValueError(data)
        return tap

    def _is_whole(self) -> bool:
        """Whether ``value`` is what ``op`` needs; ValueError may say no as well."""
        match self.op:
            case DraftOp.PICK:
                return self.number > 0
            case DraftOp.REASON:
                return bool(self.reason)
            case DraftOp.ASK:
                return self.question in CHANGEABLE
            case DraftOp.CLEAR:
                return self.question in REMOVABLE
            case DraftOp.TERM:
                return _YEARS.fullmatch(self.value) is not None
            case _:
                return not self.value

    @property
    def number(self) -> int:
        """``value`` as an item's id."""
        return _number(self.value)

    @property
    def reason(self) -> NoBasis:
        """``value`` as a reason for 非密."""
        return NoBasis(self.value)

    @property
    def question(self) -> Question:
        """``value`` as what to ask again."""
        return Question(self.value)


class Place(StrEnum):
    """Where a navigation button leads."""

    NEXT = "next"
    INBOX = "inbox"
    MINE = "mine"
    NEW = "new"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class GoTap:
    """A tap that leads somewhere else."""

    prefix: ClassVar[str] = "g"
    place: Place

    def pack(self) -> str:
        """The button's data."""
        return f"{self.prefix}:{self.place}"

    @classmethod
    def unpack(cls, data: str) -> Self:
        """The tap behind ``data``; ValueError when it is not one of ours."""
        (place,) = _fields(data, cls.prefix, 1)
        return cls(Place(place))


@dataclass(frozen=True, slots=True)
class LanguageTap:
    """A tap on a language."""

    prefix: ClassVar[str] = "l"
    language: str

    def pack(self) -> str:
        """The button's data."""
        return f"{self.prefix}:{self.language}"

    @classmethod
    def unpack(cls, data: str) -> Self:
        """The tap behind ``data``; ValueError when it is not one of ours."""
        (language,) = _fields(data, cls.prefix, 1)
        if language not in {"zh", "en"}:
            raise ValueError(data)
        return cls(language)
