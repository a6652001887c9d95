"""The bot as a client of Telegram: made from the settings, and known to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.transport import AiohttpRequest
from models.errors import Refusal


class TokenMissing(Refusal):
    """There is no bot without a token."""

    code = "token_missing"


class TokenRefused(Refusal):
    """Telegram does not know the token."""

    code = "token_refused"


class TelegramUnreachable(Refusal):
    """Telegram does not answer; ``error`` is what the way there said."""

    code = "telegram_unreachable"


class Listening(AiohttpRequest):
    """The transport of long polls, which knows when Telegram last answered one."""

    heard_at: float | None = None

    async def do_request(self, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        """The same as without; the time is the event loop's."""
        answer = await super().do_request(*arguments, **options)
        self.heard_at = asyncio.get_running_loop().time()
        return answer

    def heard_within(self, seconds: float) -> bool:
        """Whether there was an answer in the last ``seconds``; also true before the first."""
        now = asyncio.get_running_loop().time()
        return self.heard_at is None or now - self.heard_at <= seconds


def make_bot(token: str | None, base: str, listening: AiohttpRequest | None = None) -> Bot:
    """The bot of ``token`` below ``base``, not yet connected; long polls have their own pool."""
    if token is None:
        raise TokenMissing
    return Bot(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=AiohttpRequest(),
        get_updates_request=listening or AiohttpRequest(),
    )


@asynccontextmanager
async def connected(bot: Bot) -> AsyncIterator[Bot]:
    """``bot``, asked once who it is, for a command that needs a few calls."""
    try:
        try:
            await bot.initialize()
        except InvalidToken as error:
            raise TokenRefused from error
        except TelegramError as error:
            raise TelegramUnreachable(error=str(error)) from error
        yield bot
    finally:
        await bot.shutdown()
