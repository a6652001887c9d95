"""What one process of all does: sending, keeping time, and asking Telegram for updates."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.alongside import alongside, first_of, pause
from bot.app import introduce
from bot.polling import ALLOWED_UPDATES, poll
from bot.sender import Sender

log = logging.getLogger(__name__)

#: Seconds before Telegram is asked again, growing; and how often the webhook is renewed.
PAUSES: Final = (1.0, 2.0, 5.0, 10.0, 30.0)
RENEW_WEBHOOK: Final = 600.0

#: How updates are come by: returns when one of the events is set.
Reception = Callable[[asyncio.Event, asyncio.Event], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Leader:
    """The leader's work; a new sender each time, for leadership may come and go."""

    sender: Callable[[], Sender]
    clock: Callable[[], AbstractAsyncContextManager[None]]
    reception: Reception
    closing: asyncio.Event

    async def work(self, over: asyncio.Event) -> None:
        """Lead until ``over``; taking updates ends earlier, when the process is ``closing``."""
        failed = asyncio.Event()
        sender = self.sender()
        async with AsyncExitStack() as stack:
            enter = stack.enter_async_context
            await enter(alongside(sender.run(), sender.stop, failed))
            await enter(self.clock())
            await enter(alongside(self.reception(over, self.closing), over.set, failed))
            await first_of(over, failed)


def polling(bot: Bot) -> Reception:
    """Updates by long polling: the webhook, if there is one, is given up first."""

    async def receive(*ends: asyncio.Event) -> None:
        no_more, failed = asyncio.Event(), asyncio.Event()
        await persist(partial(introduce, bot), *ends)
        await persist(bot.delete_webhook, *ends)
        async with alongside(poll(bot, stop=no_more), no_more.set, failed):
            await first_of(*ends, failed)

    return receive


def webhook(bot: Bot, url: str, secret: str) -> Reception:
    """Updates by webhook: told now and every ten minutes, for another program may change it."""

    async def tell() -> None:
        await bot.set_webhook(
            url, secret_token=secret, allowed_updates=ALLOWED_UPDATES, max_connections=40
        )

    async def receive(*ends: asyncio.Event) -> None:
        await persist(partial(introduce, bot), *ends)
        while not any(end.is_set() for end in ends):
            await persist(tell, *ends)
            await pause(RENEW_WEBHOOK, *ends)

    return receive


async def persist(call: Callable[[], Awaitable[object]], *ends: asyncio.Event) -> bool:
    """Make ``call`` until Telegram answers it, or one of ``ends`` is set: then False.

    A token that Telegram does not know is raised at once: asking again would not help.
    """
    attempt = 0
    while not any(end.is_set() for end in ends):
        try:
            return await _unless(call(), *ends)
        except InvalidToken:
            raise
        except TelegramError as error:
            log.warning("Telegram does not answer: %s", error)
            await pause(PAUSES[min(attempt, len(PAUSES) - 1)], *ends)
            attempt += 1
    return False


async def _unless(call: Awaitable[object], *ends: asyncio.Event) -> bool:
    """Whether ``call`` was answered before any of ``ends``; else it is given up."""
    calling, ending = asyncio.ensure_future(call), asyncio.ensure_future(first_of(*ends))
    try:
        await asyncio.wait([calling, ending], return_when=asyncio.FIRST_COMPLETED)
        if calling.done():
            calling.result()
        return calling.done()
    finally:
        for task in (calling, ending):
            task.cancel()
        await asyncio.gather(calling, ending, return_exceptions=True)
