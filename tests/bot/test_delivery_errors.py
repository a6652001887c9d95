"""The table of errors, against Telegram's own sentences as the library hands them on."""

from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import RetryAfter, TelegramError, TimedOut

from bot.delivery_errors import TABLE, Verdict, seconds_to_wait, verdict_on
from bot.sandbox import Telegram
from bot.sandbox.inprocess import SandboxRequest

SENTENCES = [
    (400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message", Verdict.DONE),
    (400, "Bad Request: message to delete not found", Verdict.DONE),
    (400, "Bad Request: message can't be deleted for everyone", Verdict.DONE),
    (400, "Bad Request: message to edit not found", Verdict.GONE),
    (400, "Bad Request: message can't be edited", Verdict.GONE),
    (400, "Bad Request: MESSAGE_ID_INVALID", Verdict.GONE),
    (400, "Bad Request: chat not found", Verdict.UNREACHABLE),
    (400, "Bad Request: PEER_ID_INVALID", Verdict.UNREACHABLE),
    (400, "Bad Request: can't parse entities: Unsupported start tag \"x\" at byte offset 0", Verdict.MISTAKE),
    (400, "Bad Request: message text is empty", Verdict.MISTAKE),
    (400, "Bad Request: BUTTON_DATA_INVALID", Verdict.MISTAKE),
    (403, "Forbidden: bot was blocked by the user", Verdict.UNREACHABLE),
    (403, "Forbidden: user is deactivated", Verdict.UNREACHABLE),
    (403, "Forbidden: bot can't initiate conversation with a user", Verdict.UNREACHABLE),
    (403, "Forbidden: bot was kicked from the group chat", Verdict.UNREACHABLE),
    (401, "Unauthorized", Verdict.NETWORK),
    (404, "Not Found", Verdict.NETWORK),
    (409, "Conflict: terminated by other getUpdates request", Verdict.NETWORK),
    (429, "Too Many Requests: retry after 3", Verdict.FLOOD),
    (500, "Internal Server Error", Verdict.NETWORK),
    (502, "Bad Gateway", Verdict.NETWORK),
    (503, "Service Unavailable", Verdict.NETWORK),
]  # fmt: skip


@pytest.mark.parametrize(("status", "sentence", "verdict"), SENTENCES)
async def test_telegram_s_sentences_are_understood(status, sentence, verdict):
    telegram = Telegram()
    telegram.fail("sendMessage", kind=status, description=sentence.partition(": ")[2] or sentence)
    async with Bot(telegram.bot_token, request=SandboxRequest(telegram)) as bot:
        with pytest.raises(TelegramError) as failure:
            await bot.send_message(1, "x")
    assert verdict_on(failure.value) is verdict


def test_no_answer_at_all_is_the_network_s_fault():
    assert verdict_on(TimedOut()) is Verdict.NETWORK


def test_each_verdict_is_reached_and_the_last_line_takes_the_rest():
    assert {verdict for _, _, verdict in TABLE} == set(Verdict)
    assert TABLE[-1][:2] == (TelegramError, "")


def test_the_time_to_wait_is_in_seconds():
    assert seconds_to_wait(RetryAfter(7)) == 7.0
    assert seconds_to_wait(RetryAfter(timedelta(seconds=1.5))) == 1.5
