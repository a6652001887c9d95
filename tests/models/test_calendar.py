"""Deadlines in working days of China's calendar, on the office's clock."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import office
from models.calendar import due, is_working_day


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-11-23", True), ("2026-11-21", False), ("2026-11-22", False), ("2026-10-01", False),
        ("2026-01-01", False), ("2026-02-17", False), ("2026-02-14", True), ("2026-10-10", True),
    ],
)  # fmt: skip
def test_weekends_and_holidays_are_free_and_make_up_workdays_are_not(day, works):
    assert is_working_day(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-23T02:00", 1, "2026-11-24T02:00"),  # Monday to Tuesday
        ("2026-11-20T02:00", 1, "2026-11-23T02:00"),  # Friday to Monday
        ("2026-11-21T02:00", 1, "2026-11-23T02:00"),  # a Saturday's counts from Monday
        ("2026-11-20T02:00", 3, "2026-11-25T02:00"),
        ("2026-09-30T02:00", 1, "2026-10-08T02:00"),  # over the National Day
        ("2026-10-09T02:00", 1, "2026-10-10T02:00"),  # the Saturday is worked
        ("2026-11-19T16:30", 1, "2026-11-22T16:30"),  # half past midnight on Friday, in the office
        ("2026-11-23T02:00", 0, "2026-11-23T02:00"),
    ],
)  # fmt: skip
def test_a_deadline_is_the_same_hour_so_many_working_days_later(start, days, end):
    begin = datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert due(begin, days) == datetime.fromisoformat(end).replace(tzinfo=UTC)


def test_the_hour_is_kept_where_the_clocks_change():
    office.use(office.Office(time_zone=ZoneInfo("Europe/Berlin")))
    friday = datetime(2026, 10, 23, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    ends = due(friday, 1)
    assert ends.tzinfo is UTC
    assert office.local(ends).strftime("%a %H:%M") == "Mon 09:00"


BOUNDS = datetime(2024, 1, 1), datetime(2035, 1, 1)  # noqa: DTZ001 - so hypothesis wants them


@given(st.datetimes(*BOUNDS, timezones=st.just(UTC)), st.integers(1, 8))
def test_a_deadline_is_later_and_falls_on_a_working_day(start, days):
    ends = due(start, days)
    assert is_working_day(office.local(ends).date())
    assert (ends - start).days >= days
    assert office.local(ends).time() == office.local(start).time()
