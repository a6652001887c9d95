"""How updates reach a bot: long polling and webhooks, on good days and bad ones."""

import asyncio
import json

import pytest
from aiohttp import web
from telegram.error import BadRequest, Conflict

from bot.sandbox.webhook import Reply


async def until(true):
    for _ in range(200):
        if true():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it never came true")


class Hook:
    """A webhook: what arrived, and what to answer to the next ones."""

    def __init__(self):
        self.arrived = []
        self.headers = []
        self.answers = []
        self.gate = None

    async def __call__(self, url, headers, body):
        self.headers.append(headers)
        self.arrived.append(json.loads(body))
        if self.gate:
            await self.gate.wait()
        answer = self.answers.pop(0) if self.answers else Reply(200)
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def texts(self):
        return [u["message"]["text"] for u in self.arrived if "message" in u]


@pytest.fixture
async def hook(telegram, bot):
    hook = Hook()
    telegram.bot.webhook.post = hook
    telegram.bot.webhook.first_pause = 0.01
    await bot.set_webhook("https://bot.example/hook", secret_token="a-secret")
    yield hook
    await telegram.close()


async def test_updates_are_numbered_upwards_and_come_again_until_confirmed(bot, telegram):
    for text in "abc":
        telegram.say(1, text)

    first = await bot.get_updates()
    again = await bot.get_updates(offset=first[0].update_id + 1, limit=1)

    assert [u.update_id - first[0].update_id for u in first] == [0, 1, 2]
    assert [u.message.text for u in again] == ["b"]


async def test_a_negative_offset_forgets_what_is_older(bot, telegram):
    for text in "abc":
        telegram.say(1, text)

    assert [u.message.text for u in await bot.get_updates(offset=-1)] == ["c"]
    assert len(await bot.get_updates()) == 1


async def test_a_long_poll_ends_as_soon_as_something_happens(bot, telegram):
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0)

    telegram.say(1, "now")

    assert (await asyncio.wait_for(poll, 2))[0].message.text == "now"


async def test_a_second_poller_ends_the_first(bot, telegram):
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.01)
    second = asyncio.create_task(bot.get_updates(timeout=30))

    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await asyncio.wait_for(first, 2)
    telegram.say(1, "x")
    assert await asyncio.wait_for(second, 2)


async def test_only_the_kinds_asked_for_are_queued_from_then_on(bot, telegram):
    await bot.get_updates(allowed_updates=["callback_query"])
    telegram.say(1, "not wanted")
    await bot.get_updates(allowed_updates=[])
    telegram.say(1, "wanted")

    assert [u.message.text for u in await bot.get_updates()] == ["wanted"]


async def test_polling_and_a_webhook_exclude_each_other(bot, hook):
    with pytest.raises(Conflict, match="while webhook is active"):
        await bot.get_updates()

    await bot.delete_webhook()

    assert await bot.get_updates() == ()


async def test_a_webhook_gets_each_update_once_with_the_secret(hook, telegram):
    telegram.say(1, "hello")

    await until(lambda: hook.arrived)
    await until(lambda: not telegram.bot.queue.pending)

    assert hook.texts == ["hello"]
    assert hook.headers[0]["X-Telegram-Bot-Api-Secret-Token"] == "a-secret"


@pytest.mark.parametrize("failure", [Reply(500), Reply(302), OSError(), TimeoutError()])
async def test_a_failing_webhook_is_tried_again_and_the_error_told(bot, hook, telegram, failure):
    hook.answers = [failure, failure]
    telegram.say(1, "hello")
    await until(lambda: len(hook.arrived) >= 1)
    assert (await bot.get_webhook_info()).pending_update_count == 1

    await until(lambda: len(hook.arrived) == 3)
    await until(lambda: not telegram.bot.queue.pending)

    info = await bot.get_webhook_info()
    assert info.last_error_message
    assert info.pending_update_count == 0


async def test_retry_after_is_honoured(hook, telegram):
    hook.answers = [Reply(503, b"", 30.0)]
    telegram.say(1, "hello")
    await until(lambda: hook.arrived)
    await asyncio.sleep(0.1)

    assert len(hook.arrived) == 1


async def test_one_person_s_messages_wait_for_each_other_and_others_do_not(hook, telegram):
    hook.gate = asyncio.Event()
    telegram.say(1, "a1")
    telegram.say(1, "a2")
    telegram.say(2, "b1")
    await until(lambda: len(hook.arrived) == 2)
    assert hook.texts == ["a1", "b1"]

    hook.gate.set()
    await until(lambda: len(hook.arrived) == 3)

    assert hook.texts[-1] == "a2"


async def test_no_more_connections_are_opened_than_allowed(bot, telegram, hook):
    await bot.set_webhook("https://bot.example/hook", max_connections=1)
    hook.gate = asyncio.Event()
    telegram.say(1, "a")
    telegram.say(2, "b")
    await until(lambda: hook.arrived)
    await asyncio.sleep(0.05)
    assert len(hook.arrived) == 1

    hook.gate.set()
    await until(lambda: len(hook.arrived) == 2)


async def test_a_method_in_the_reply_is_carried_out(bot, hook, telegram):
    answer = {"method": "sendMessage", "chat_id": 1, "text": "from the body"}
    hook.answers = [Reply(200, json.dumps(answer).encode())]
    telegram.say(1, "hello")

    await until(lambda: telegram.calls_to("sendMessage"))

    assert telegram.calls[-1].params["text"] == "from the body"


async def test_deliveries_can_be_doubled(hook, telegram):
    telegram.duplicate_deliveries()
    telegram.say(1, "twice")

    await until(lambda: len(hook.arrived) == 2)

    assert hook.arrived[0] == hook.arrived[1]


async def test_deliveries_can_be_doubled_while_polling(bot, telegram):
    telegram.duplicate_deliveries()
    telegram.say(1, "twice")
    (first,) = await bot.get_updates()

    (again,) = await bot.get_updates(offset=first.update_id + 1)

    assert again.update_id == first.update_id
    assert await bot.get_updates(offset=first.update_id + 1) == ()


async def test_deliveries_can_come_in_the_wrong_order(bot, telegram):
    telegram.reorder_deliveries(3)
    for text in "abcd":
        telegram.say(1, text)

    assert [u.message.text for u in await bot.get_updates()] == ["c", "b", "a", "d"]


async def test_undelivered_taps_die_before_messages(bot, hook, telegram, clock):
    hook.answers = [Reply(500, b"", 60.0)] * 2
    telegram.tap_raw(1, 1, "x")
    telegram.say(1, "kept")
    await until(lambda: len(hook.arrived) == 2)
    clock.pass_by(200)

    info = await bot.get_webhook_info()

    assert info.pending_update_count == 1


async def test_pending_updates_can_be_dropped(bot, telegram):
    telegram.say(1, "old")

    await bot.delete_webhook(drop_pending_updates=True)

    assert await bot.get_updates() == ()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"url": "ftp://x"}, "Bad webhook"),
        ({"url": "https://x", "secret_token": "no spaces"}, "unallowed characters"),
        ({"url": "https://x", "max_connections": 101}, "Invalid max_connections"),
    ],
)
async def test_a_wrong_webhook_is_refused(bot, options, words):
    with pytest.raises(BadRequest, match=words):
        await bot.set_webhook(**options)


async def test_a_webhook_over_http(bot, telegram):
    heard = []

    async def hear(request):
        heard.append((await request.json(), dict(request.headers)))
        return web.json_response({"method": "sendMessage", "chat_id": 1, "text": "thanks"})

    app = web.Application()
    app.router.add_post("/hook", hear)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    try:
        await bot.set_webhook(f"http://127.0.0.1:{port}/hook", secret_token="s")
        telegram.say(1, "你好")
        await until(lambda: telegram.calls_to("sendMessage"))
    finally:
        await telegram.close()
        await runner.cleanup()

    (update, headers), *_ = heard
    assert update["message"]["text"] == "你好"
    assert headers["X-Telegram-Bot-Api-Secret-Token"] == "s"
