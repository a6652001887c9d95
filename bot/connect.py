"""The bot as a client of Telegram: made from the settings, and known to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

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


def make_bot(token: str | None, base: str, polled_by: AiohttpRequest | None = None) -> Bot:
    """The bot of ``token`` below ``base``, not yet connected; long polls have their own pool."""
    if token is None:
        raise TokenMissing
    return Bot(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=AiohttpRequest(),
        get_updates_request=polled_by or AiohttpRequest(),
    )


@asynccontextmanager
async def connected(bot: Bot) -> AsyncIterator[Bot]:
    """``bot``, asked once who it is, for a command that needs a few calls."""
    try:
        await bot.initialize()
    except InvalidToken as error:
        raise TokenRefused from error
    except TelegramError as error:
        raise TelegramUnreachable(error=str(error)) from error
    try:
        yield bot
    finally:
        await bot.shutdown()
