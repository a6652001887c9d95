"""Working days of the office: China's holidays and make-up workdays, times kept in UTC."""

from datetime import UTC, date, datetime, timedelta
from functools import cache

import holidays

from models.office import local


@cache
def _calendar() -> holidays.HolidayBase:
    """Made once: its years fill in as they are asked for."""
    return holidays.country_holidays("CN")


def is_working_day(day: date) -> bool:
    """Whether offices work on ``day``: weekends and holidays apart, make-up workdays included."""
    return _calendar().is_working_day(day)


def due(start: datetime, days: int) -> datetime:
    """The same hour of the office's clock, ``days`` working days after ``start``; in UTC."""
    moment = local(start)
    for _ in range(days):
        moment += timedelta(days=1)
        while not is_working_day(moment.date()):
            moment += timedelta(days=1)
    return moment.astimezone(UTC)
