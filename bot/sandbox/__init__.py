"""Telegram's side of the wire, to try and to test a bot without Telegram.

In a program that serves the page and the Bot API on this machine::

    telegram = Telegram(hint={"zh": "在左侧发送 /new", "en": "Send /new on the left"})
    telegram.add_person(1001, "周文博", note="拟稿人 · 科技处", start_payload="invite-code")
    async with serving(telegram, port=8081) as url:
        ...  # point the bot at url, with telegram.bot_token

In a test, without sockets::

    telegram = Telegram()
    telegram.add_person(1, "Ann", language_code="en")
    request = SandboxRequest(telegram)  # from bot.sandbox.inprocess
    bot = Bot(telegram.bot_token, request=request, get_updates_request=request)
    telegram.press_start(1)
    updates = await bot.get_updates()
    sent = await bot.send_message(1, "Choose", reply_markup=keyboard)
    query = telegram.tap(1, sent.message_id, "Yes")
    ...  # the bot handles the tap
    toast = await telegram.answer(query)

The package knows nothing of the rest of this repository.
"""

from .errors import CannotDo, NoAnswer, Refused
from .server import create_app, serving
from .telegram import Telegram

__all__ = ["CannotDo", "NoAnswer", "Refused", "Telegram", "create_app", "serving"]
