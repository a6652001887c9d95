"""Levels, terms and markings: the arithmetic of a classification. Pure."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Self


class Level(StrEnum):
    """The five outcomes: three levels of state secret (保密法 2024 第14条), 工作秘密 and 非密."""

    TOP_SECRET = "TOP_SECRET"  # noqa: S105 - a level, not a password
    SECRET = "SECRET"  # noqa: S105
    CONFIDENTIAL = "CONFIDENTIAL"
    WORK_SECRET = "WORK_SECRET"  # noqa: S105
    UNCLASSIFIED = "UNCLASSIFIED"

    @property
    def label(self) -> str:
        """The word that the law uses and a marking bears; the same in every language."""
        return LABELS[self]

    @property
    def is_classified(self) -> bool:
        """True for a state secret: only these bear a marking (保密法 2024 第22条)."""
        return self in MAX_YEARS

    @property
    def rank(self) -> int:
        """Higher is more secret; an officer signs up to the rank of their ceiling."""
        return -tuple(Level).index(self)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The level named ``text`` (绝密, TOP_SECRET, top secret); ValueError for another word."""
        word = text.strip()
        by_label = {label: level for level, label in LABELS.items()} | {"内部": cls.WORK_SECRET}
        return cls(by_label.get(word) or word.upper().replace(" ", "_"))


LABELS: Final = {
    Level.TOP_SECRET: "绝密",
    Level.SECRET: "机密",
    Level.CONFIDENTIAL: "秘密",
    Level.WORK_SECRET: "工作秘密",
    Level.UNCLASSIFIED: "非密",
}

#: Longest term in years unless the guide says otherwise (保密法 2024 第20条).
MAX_YEARS: Final = {Level.TOP_SECRET: 30, Level.SECRET: 20, Level.CONFIDENTIAL: 10}

LONG_TERM: Final = "长期"
_DURATION = re.compile(r"(\d{1,4})\s*(年|个月|月|天|日|years?|months?|days?)", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})\s*日?")
#: No event but a duration mistyped: begins with a digit (4O年, 5年半, -5年; a full date may), mixes
#: digits and letters (10y), or is one Latin word.
_MISTYPED = re.compile(r"\W*\d(?!\d{3}年\d).*|.*(\d[a-zA-Z]|[a-zA-Z]\d).*|[a-zA-Z]+")


class TermKind(StrEnum):
    """The ways to state how long (保密法实施条例 2024 第19条); 长期 only where the guide has it."""

    DURATION = "duration"
    DATE = "date"
    EVENT = "event"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class Term:
    """How long a secret is kept: a duration, a date, an event, or 长期.

    ``str(term)`` is the one written form that is stored, shown and put behind the ★.
    """

    kind: TermKind
    months: int = 0
    days: int = 0
    until: date | None = None
    event: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """The term that ``text`` states; ValueError when it is empty, zero or no date."""
        word = text.strip()
        if word in {LONG_TERM, "long-term", "long term"}:
            return cls(TermKind.LONG)
        if found := _DURATION.fullmatch(word):
            number, unit = int(found[1]), found[2].lower()
            if number == 0:
                raise ValueError(text)
            if unit[0] in "天日d":
                return cls(TermKind.DURATION, days=number)
            return cls(TermKind.DURATION, months=number * (12 if unit[0] in "年y" else 1))
        if found := _DATE.fullmatch(word):
            return cls(TermKind.DATE, until=date(int(found[1]), int(found[2]), int(found[3])))
        if not word or "★" in word or len(word) > 60 or _MISTYPED.fullmatch(word):  # noqa: PLR2004
            raise ValueError(text)
        return cls(TermKind.EVENT, event=word)

    def __str__(self) -> str:
        match self.kind:
            case TermKind.LONG:
                return LONG_TERM
            case TermKind.EVENT:
                return self.event
            case TermKind.DATE:
                assert self.until is not None
                return f"{self.until.year}年{self.until.month}月{self.until.day}日"
            case TermKind.DURATION:
                if self.days:
                    return f"{self.days}天"
                years, months = divmod(self.months, 12)
                return f"{self.months}个月" if months else f"{years}年"

    def end(self, issued: date) -> date | None:
        """The day on which a document issued on ``issued`` is free; None for 长期 or an event."""
        if self.kind is TermKind.DURATION:
            return add_months(issued, self.months) + timedelta(days=self.days)
        return self.until

    def within_law(self, level: Level, issued: date) -> bool:
        """Whether ``level`` may be kept so long: 30/20/10 years (保密法 2024 第20条)."""
        last = self.end(issued)
        return last is None or last <= add_months(issued, 12 * MAX_YEARS.get(level, 0))

    def within(self, most: "Term", issued: date) -> bool:
        """Whether this term is no longer than ``most``, the guide item's (范围办法 2017 第9条).

        An event can be measured against nothing but itself, and 长期 only against 长期.
        """
        if self == most:
            return True
        mine, its = self.end(issued), most.end(issued)
        if most.kind is TermKind.LONG:
            return mine is not None
        return mine is not None and its is not None and mine <= its


def add_months(day: date, months: int) -> date:
    """``day``, ``months`` later; the last day of the month where the day does not exist."""
    years, month = divmod(day.month - 1 + months, 12)
    year = min(day.year + years, date.max.year)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def marking(level: Level, term: str) -> str | None:
    """The 密级标志, e.g. 机密★10年; None for 工作秘密 and 非密, which bear none (第22条)."""
    return f"{level.label}★{term}" if level.is_classified else None
