"""Polling: ask Telegram for updates; the next question confirms only what is durable."""

import asyncio
import logging
from contextlib import suppress
from typing import Any, Final

from telegram import Bot
from telegram.error import Conflict, RetryAfter, TelegramError

from bot.delivery_errors import seconds_to_wait
from models import inbox

log = logging.getLogger(__name__)

#: Exactly what the bot's table handles: messages, taps, and being blocked or unblocked.
ALLOWED_UPDATES: Final = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
)
_LONGEST_PAUSE: Final = 30.0


async def poll(
    bot: Bot,
    *,
    stop: asyncio.Event,
    timeout: float = 50.0,  # noqa: ASYNC109 - Telegram's own word
) -> None:
    """Store every update until ``stop``, each question waiting ``timeout`` seconds for news."""
    offset, failures = 0, 0
    while not stop.is_set():
        try:
            updates = await _unless(stop, _ask(bot, offset, timeout))
            if updates:
                await inbox.accept_all(updates)
                offset = 1 + max(int(update["update_id"]) for update in updates)
            failures = 0
        except Exception as error:  # noqa: BLE001 - polling outlives every error
            failures += 1
            pause = _pause(error, failures)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)


async def _ask(bot: Bot, offset: int, wait: float) -> list[dict[str, Any]]:
    """The updates as Telegram wrote them: parsing would lose what the library does not know."""
    question = {"offset": offset, "timeout": int(wait), "allowed_updates": list(ALLOWED_UPDATES)}
    updates: list[dict[str, Any]] = await bot._post(  # noqa: SLF001 - the public method parses
        "getUpdates", question, read_timeout=wait + 10
    )
    return updates


async def _unless(stop: asyncio.Event, question: Any) -> list[dict[str, Any]]:
    """The answer, or nothing at all when ``stop`` comes first: nothing was confirmed then."""
    asking, stopping = asyncio.ensure_future(question), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({asking, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return asking.result() if asking.done() else []
    finally:
        for task in (asking, stopping):
            task.cancel()
        await asyncio.gather(asking, stopping, return_exceptions=True)


def _pause(error: Exception, failures: int) -> float:
    """Seconds until the next try; the log says why."""
    if isinstance(error, RetryAfter):
        return seconds_to_wait(error)
    if isinstance(error, Conflict):
        log.error("polling: another process polls with this token, or a webhook is set")
        return min(2.0 * failures, _LONGEST_PAUSE)
    what = type(error).__name__
    log.warning("polling: %s, attempt %d", what, failures)
    if not isinstance(error, TelegramError):
        log.error("polling: the updates could not be stored (%s); they will be asked again", what)
    return min(0.5 * 2.0 ** min(failures, 10), _LONGEST_PAUSE)
