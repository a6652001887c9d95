"""Polling: what Telegram may forget is durable here; trouble makes it slower, never less."""

import asyncio
import json
import logging
from typing import Self

import pytest
from telegram import Bot

from bot import polling
from bot.polling import ALLOWED_UPDATES, poll
from bot.sandbox import Telegram
from bot.sandbox.inprocess import SandboxRequest
from models import db, inbox
from models.inbox import InboxUpdate
from tests.machinery import mortal, until


class Polled:
    def __init__(self, telegram: Telegram, bot: Bot) -> None:
        self.telegram, self.bot = telegram, bot
        self.stop = asyncio.Event()

    async def __aenter__(self) -> Self:
        self.task = asyncio.create_task(poll(self.bot, stop=self.stop, timeout=1))
        return self

    async def __aexit__(self, *_: object) -> None:
        self.stop.set()
        await asyncio.wait_for(self.task, 2)


@pytest.fixture
async def telegram(database):
    telegram = Telegram(strict=True)
    telegram.add_person(1, "Ann")
    return telegram


@pytest.fixture
async def polled(telegram):
    request = SandboxRequest(telegram)
    async with Bot(telegram.bot_token, request=request, get_updates_request=request) as bot:
        yield Polled(telegram, bot)


async def texts() -> list[str]:
    rows = await InboxUpdate.all().order_by("update_id")
    return [row.as_sent()["message"]["text"] for row in rows]


async def stored(number: int) -> None:
    async def enough() -> bool:
        return await InboxUpdate.all().count() >= number

    await until(enough)


async def test_updates_are_stored_as_telegram_sent_them_and_then_confirmed(polled):
    async with polled:
        polled.telegram.press_start(1)
        polled.telegram.say(1, "你好")
        await stored(2)
        await until(lambda: not polled.telegram.bot.queue.pending)

    assert await texts() == ["/start", "你好"]
    asked = polled.telegram.calls_to("getUpdates")[0].params
    assert json.loads(asked["allowed_updates"]) == list(ALLOWED_UPDATES)
    assert int(asked["timeout"]) == 1


async def test_2_nothing_is_confirmed_before_it_is_durable(polled, monkeypatch):
    """The question that confirms an update is asked only once the update is in the inbox."""
    original = SandboxRequest.do_request
    confirmed_too_early = []

    async def watching(self, url, method, request_data=None, *args, **kwargs):
        offset = int((request_data.json_parameters if request_data else {}).get("offset", 0))
        if offset and not await InboxUpdate.filter(update_id=offset - 1).exists():
            confirmed_too_early.append(offset)
        return await original(self, url, method, request_data, *args, **kwargs)

    monkeypatch.setattr(SandboxRequest, "do_request", watching)
    async with polled:
        polled.telegram.press_start(1)
        for number in range(20):
            polled.telegram.say(1, str(number))
            await asyncio.sleep(0.005)
        await stored(21)
    assert confirmed_too_early == []


async def test_2_an_update_that_cannot_be_stored_is_asked_for_again(polled, monkeypatch, caplog):
    monkeypatch.setattr(polling, "_LONGEST_PAUSE", 0.05)
    await db.sql("ALTER TABLE inbox RENAME TO elsewhere")
    async with polled:
        polled.telegram.press_start(1)
        await until(lambda: "could not be stored" in caplog.text)
        assert polled.telegram.bot.queue.pending
        await db.sql("ALTER TABLE elsewhere RENAME TO inbox")
        await stored(1)
    assert await texts() == ["/start"]


@pytest.mark.parametrize("kind", [500, 502, 409, "reset", "lost_answer", "timeout", 429])
async def test_polling_outlives_trouble(polled, kind, monkeypatch):
    monkeypatch.setattr(polling, "_LONGEST_PAUSE", 0.02)
    polled.telegram.fail("getUpdates", times=3, kind=kind)
    async with polled:
        polled.telegram.press_start(1)
        await stored(1)
    assert await texts() == ["/start"]


async def test_a_second_poller_is_named_in_the_log(polled, monkeypatch, caplog):
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(polling, "_LONGEST_PAUSE", 0.02)
    polled.telegram.fail("getUpdates", times=1, kind=409)
    async with polled:
        await until(lambda: "another process polls" in caplog.text)
    assert polled.telegram.bot_token not in caplog.text


async def test_2_a_crash_between_any_two_steps_of_polling_loses_nothing(
    telegram, monkeypatch, database
):
    telegram.press_start(1)
    request = SandboxRequest(telegram)
    said = ["/start"]
    async with Bot(telegram.bot_token, request=request, get_updates_request=request) as bot:
        with mortal(monkeypatch) as life:
            for step in range(1, 30):
                said += [f"{step} a", f"{step} b"]
                telegram.say(1, said[-2])
                telegram.say(1, said[-1])
                life.dies_at(step)
                task = asyncio.create_task(poll(bot, stop=asyncio.Event(), timeout=1))
                while not life.is_over and telegram.bot.queue.pending:
                    await asyncio.sleep(0.002)
                survived = not life.is_over
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                life.dies_at(None)
                async with Polled(telegram, bot):
                    await until(lambda: not telegram.bot.queue.pending)
                assert await texts() == said, f"step {step}"
                if survived:
                    break
            assert 4 < step < 29


async def test_stopping_does_not_wait_for_the_long_question(polled):
    async with polled:
        await until(lambda: bool(polled.telegram.calls_to("getUpdates")))
        start = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - start < 0.5


def test_exactly_what_is_used_is_asked_for():
    assert set(ALLOWED_UPDATES) == {
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    }


async def test_of_a_hostile_batch_the_good_part_is_stored(database):
    await inbox.accept_all([{"update_id": "x"}, {"update_id": 4, "message": [1]}])
    assert [row.sender for row in await InboxUpdate.all()] == [0]
