"""Small phrases that cards and screens share: when, what outcome, which item, how much of it."""

from datetime import datetime, timedelta
from typing import Final

from bot.texts import Texts
from models.guide import GuideEdition, GuideItem
from models.levels import Level, marking
from models.office import local, today

#: Wording longer than this is cut on a card; 详情 shows it whole.
LABEL_LIMIT: Final = 40


def when(moment: datetime) -> str:
    """The hour today, else the day too: ``10:42``, ``11-24 10:42``, ``2025-11-24 10:42``."""
    at, day = local(moment), today()
    if at.date() == day:
        return f"{at:%H:%M}"
    return f"{at:%m-%d %H:%M}" if at.year == day.year else f"{at:%Y-%m-%d %H:%M}"


def due(moment: datetime, t: Texts) -> str:
    """A deadline: 今日 and 明日 by name, another day by date."""
    at, day = local(moment), today()
    if at.date() == day:
        return t("today-at", time=f"{at:%H:%M}")
    if at.date() == day + timedelta(days=1):
        return t("tomorrow-at", time=f"{at:%H:%M}")
    return when(moment)


def outcome(level: Level, term: str, t: Texts) -> str:
    """What is proposed or decided: a marking, or 非密 / 工作秘密."""
    return marking(level, term) or t(f"outcome-{level.value.lower()}")


def shorten(text: str, limit: int = LABEL_LIMIT) -> str:
    """``text`` in at most ``limit`` characters."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def label(item: GuideItem, edition: GuideEdition, limit: int = LABEL_LIMIT) -> str:
    """What a chat may show of an item: its wording, or in a ``codes`` edition its category only."""
    return shorten(item.matter if edition.is_open else item.category, limit)
