"""The rules of this installation that are data, not law: time zone, training validity, limits."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

CHINA: Final = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Office:
    """One installation's rules. The composition root sets them once, with :func:`use`."""

    time_zone: ZoneInfo = CHINA
    language: str = "zh"
    training_months: int = 12
    """How long an officer's training is valid (实施条例 2024 第14条 names the duty, no period)."""
    nudge_every: timedelta = timedelta(hours=4)
    invite_valid: timedelta = timedelta(hours=72)
    step_days: int = 1
    """Working days that the head, and then the officer, has."""


class _Current:
    """A holder, so that readers see what :func:`use` set."""

    office = Office()


def use(office: Office) -> None:
    """Make ``office`` the rules of this process."""
    _Current.office = office


def office() -> Office:
    """The rules in use."""
    return _Current.office


def now() -> datetime:
    """The present moment, in UTC: what every stored time is."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """``moment`` on the office's clock: what every shown time is."""
    return moment.astimezone(_Current.office.time_zone)


def today() -> date:
    """The office's calendar day."""
    return local(now()).date()


TITLE_LIMIT: Final = 60
REASON_LIMIT: Final = 300
NOTE_LIMIT: Final = 120
DOCUMENT_NO_LIMIT: Final = 40
