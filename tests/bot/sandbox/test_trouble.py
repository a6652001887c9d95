"""Failures on purpose, limits on sending, and the log of calls."""

import pytest
from telegram.error import Forbidden, NetworkError, RetryAfter, TimedOut

from bot.sandbox import Telegram
from bot.sandbox.inprocess import SandboxRequest


async def test_a_call_fails_as_often_as_told_and_then_works(bot, telegram):
    telegram.fail("sendMessage", times=2, kind=500)
    for _ in range(2):
        with pytest.raises(NetworkError, match="Internal Server Error"):
            await bot.send_message(1, "x")

    assert await bot.send_message(1, "x")


async def test_a_failure_can_be_meant_for_one_chat(bot, telegram):
    telegram.press_start(2)
    telegram.fail("sendMessage", kind=403, chat_id=2)

    assert await bot.send_message(1, "x")
    with pytest.raises(Forbidden):
        await bot.send_message(2, "x")


async def test_429_says_how_long_to_wait(bot, telegram):
    telegram.fail("sendMessage", kind=429, retry_after=7)

    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(1, "x")

    assert int(refused.value._retry_after.total_seconds()) == 7


@pytest.mark.parametrize(
    ("kind", "error", "sent"),
    [("reset", NetworkError, 0), ("lost_answer", NetworkError, 1), ("timeout", TimedOut, 0)],
)
async def test_a_lost_answer_has_an_effect_and_a_lost_question_has_none(
    bot, telegram, kind, error, sent
):
    telegram.fail(kind=kind)

    with pytest.raises(error):
        await bot.send_message(1, "x")

    assert sum(post.by_bot for post in telegram.private(1).posts.values()) == sent


async def test_flood_limits_of_a_private_chat(bot, telegram, clock):
    telegram.flood = True
    for _ in range(3):
        await bot.send_message(1, "x")
    with pytest.raises(RetryAfter):
        await bot.send_message(1, "x")

    clock.pass_by(3)

    assert await bot.send_message(1, "x")


async def test_flood_limit_of_thirty_a_second_overall(bot, telegram, clock):
    telegram.flood = True
    for person in range(100, 130):
        telegram.add_person(person, "P")
        telegram.press_start(person)
        await bot.send_message(person, "x")
    with pytest.raises(RetryAfter):
        await bot.send_message(1, "x")

    clock.pass_by(1)

    assert await bot.send_message(1, "x")


async def test_flood_limit_of_twenty_a_minute_in_a_group(bot, telegram, clock):
    group = telegram.add_group("组", by=1)
    telegram.flood = True
    for _ in range(20):
        await bot.send_message(group, "x")
        clock.pass_by(1)

    with pytest.raises(RetryAfter):
        await bot.send_message(group, "x")


async def test_calls_are_written_down(bot, telegram):
    await bot.send_message(1, "x")

    (call,) = telegram.calls_to("sendMessage")

    assert (call.params["text"], call.status, call.when) == ("x", 200, telegram.now())


async def test_unknown_parameters_are_written_down_and_refused_when_strict(telegram):
    asked = {"chat_id": 1, "text": "x", "colour": "red"}
    status, _ = await telegram.call(telegram.bot_token, "sendMessage", asked)
    assert (status, telegram.warnings) == (200, ["sendMessage has no parameter colour"])

    telegram.strict = True

    status, body = await telegram.call(telegram.bot_token, "sendMessage", asked)
    assert (status, body["description"]) == (
        400,
        "Bad Request: sendMessage has no parameter colour",
    )


async def test_an_address_outside_the_bot_api_is_not_found():
    status, _ = await SandboxRequest(Telegram()).do_request("https://example.org/x", "POST")

    assert status == 404


def test_a_token_has_its_shape():
    with pytest.raises(ValueError, match="bot token"):
        Telegram(bot_token="short")


async def test_latency_delays_each_call(bot, telegram):
    telegram.latency = 0.05

    assert await bot.get_me()
