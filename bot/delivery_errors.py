"""What an error of Telegram means for a message owed: one table, read once."""

from datetime import timedelta
from enum import Enum, auto
from typing import Final

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)


class Verdict(Enum):
    """What to do with the message."""

    FLOOD = auto()
    """Later: this chat alone has to wait."""
    NETWORK = auto()
    """Later: Telegram cannot be reached, or is in trouble; nobody's message is at fault."""
    UNREACHABLE = auto()
    """Never: the person cannot be written to."""
    DONE = auto()
    """It is as it should be already."""
    GONE = auto()
    """The older message is no more: a new one takes its place."""
    MISTAKE = auto()
    """Never: the message is wrong, and would be wrong again."""


#: The class of the error, a part of its text in lower case, what it means. The first that fits.
TABLE: Final[tuple[tuple[type[TelegramError], str, Verdict], ...]] = (
    (RetryAfter, "", Verdict.FLOOD),
    (Forbidden, "", Verdict.UNREACHABLE),
    (ChatMigrated, "", Verdict.MISTAKE),
    (BadRequest, "message is not modified", Verdict.DONE),
    (BadRequest, "message to delete not found", Verdict.DONE),
    (BadRequest, "message can't be deleted", Verdict.DONE),
    (BadRequest, "message to edit not found", Verdict.GONE),
    (BadRequest, "message can't be edited", Verdict.GONE),
    (BadRequest, "message_id_invalid", Verdict.GONE),
    (BadRequest, "chat not found", Verdict.UNREACHABLE),
    (BadRequest, "user not found", Verdict.UNREACHABLE),
    (BadRequest, "peer_id_invalid", Verdict.UNREACHABLE),
    (BadRequest, "user_is_blocked", Verdict.UNREACHABLE),
    (BadRequest, "user_is_deactivated", Verdict.UNREACHABLE),
    (BadRequest, "input_user_deactivated", Verdict.UNREACHABLE),
    (BadRequest, "", Verdict.MISTAKE),
    (InvalidToken, "", Verdict.NETWORK),  # a wrong token is mended in the settings, then all leave
    (Conflict, "", Verdict.NETWORK),
    (NetworkError, "", Verdict.NETWORK),
    (TelegramError, "", Verdict.NETWORK),
)


def verdict_on(error: TelegramError) -> Verdict:
    """What ``error`` means for the message that met it."""
    text = str(error).lower()
    return next(
        verdict for kind, part, verdict in TABLE if isinstance(error, kind) and part in text
    )


def seconds_to_wait(error: RetryAfter) -> float:
    """How long Telegram asks to be left alone."""
    asked = error.retry_after
    return asked.total_seconds() if isinstance(asked, timedelta) else float(asked)
