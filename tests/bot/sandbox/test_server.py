"""The Bot API and the person's side over real HTTP."""

import asyncio
import json

import aiohttp
import pytest
from telegram import Bot

from bot.sandbox import Telegram, serving

SOON = aiohttp.ClientTimeout(total=0.1)


@pytest.fixture
async def http():
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def api(address, telegram):
    return f"{address}/bot{telegram.bot_token}"


async def test_the_stock_client_of_python_telegram_bot_works_against_it(address, telegram):
    urls = {"base_url": f"{address}/bot", "base_file_url": f"{address}/file/bot"}
    async with Bot(telegram.bot_token, **urls) as bot:
        sent = await bot.send_document(1, b"content", filename="名单.csv", caption="here")
        telegram.send_file(1, "people.csv", b"a,b", "text/csv")
        (update,) = await bot.get_updates()
        file = await update.message.document.get_file()

        assert bot.username == "dingmi_demo_bot"
        assert (sent.document.file_name, sent.caption) == ("名单.csv", "here")
        assert bytes(await file.download_as_bytearray()) == b"a,b"


@pytest.mark.parametrize("form", ["query", "form", "json", "multipart"])
async def test_parameters_arrive_in_any_of_four_ways(http, api, form):
    keyboard = {"inline_keyboard": [[{"text": "x", "callback_data": "y"}]]}
    asked = {"chat_id": "1", "text": "hi", "reply_markup": json.dumps(keyboard)}
    ways = {
        "query": {"params": asked},
        "form": {"data": asked},
        "json": {"json": {"chat_id": 1, "text": "hi", "reply_markup": keyboard}},
        "multipart": {"data": aiohttp.FormData(asked, default_to_multipart=True)},
    }

    async with http.post(f"{api}/sendMessage", **ways[form]) as answer:
        body = await answer.json()

    assert (answer.status, body["result"]["reply_markup"]) == (200, keyboard)


async def test_methods_are_called_by_get_too_and_in_any_case(http, api):
    async with http.get(f"{api}/GETME") as answer:
        assert (await answer.json())["result"]["is_bot"]


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("bot123/getMe", 404, "Not Found"),
        ("bot123:abcdefghijklmnopqrstuvwxyz/getMe", 401, "Unauthorized"),
    ],
)
async def test_unknown_tokens_are_turned_away(http, address, path, status, words):
    async with http.get(f"{address}/{path}") as answer:
        assert await answer.json() == {"ok": False, "error_code": status, "description": words}


async def test_methods_it_does_not_know_are_said_to_be_so(http, api):
    async with http.get(f"{api}/sendInvoice") as answer:
        assert (await answer.json())["description"] == (
            "Not Implemented: the sandbox does not know sendInvoice"
        )
    async with http.get(f"{api}/makeCoffee") as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Host": "evil.example:8081"}, {"Origin": "http://evil.example"}],
)
@pytest.mark.parametrize("path", ["/", "/sandbox/state", "/sandbox/events"])
async def test_other_sites_get_nothing(http, address, path, headers):
    async with http.get(address + path, headers=headers) as answer:
        assert answer.status == 403


async def test_it_listens_on_this_machine_only_unless_told_otherwise():
    with pytest.raises(ValueError, match="allow_remote=True"):
        async with serving(Telegram(), host="0.0.0.0", port=0):
            pass
    async with serving(Telegram(), host="0.0.0.0", port=0, allow_remote=True) as url:
        assert url


async def test_a_person_acts_over_the_json_api(http, address, telegram):
    person = {"id": 3, "first_name": "周文博", "note": "拟稿人 · 科技处", "start_payload": "code"}
    async with http.post(f"{address}/sandbox/people", json=person) as answer:
        assert (await answer.json())["note"] == "拟稿人 · 科技处"
    await http.post(f"{address}/sandbox/people/3/start", json={"payload": "code"})
    await http.post(f"{address}/sandbox/people/3/say", json={"text": "你好"})

    async with http.get(f"{address}/sandbox/people/3") as answer:
        chat = await answer.json()

    assert [post["wire"]["text"] for post in chat["posts"]] == ["/start code", "你好"]
    assert chat["person"]["started"]


async def test_somebody_may_have_started_before(http, address, bot):
    person = {"id": 3, "first_name": "赵国强", "started": True}
    async with http.post(f"{address}/sandbox/people", json=person) as answer:
        assert (await answer.json())["started"]

    assert await bot.send_message(3, "x")


async def test_a_body_nobody_can_read_is_a_bad_request(http, api):
    headers = {"Content-Type": "application/json"}
    async with http.post(f"{api}/sendMessage", data=b"{", headers=headers) as answer:
        body = await answer.json()

    assert (answer.status, body["description"]) == (
        400,
        "Bad Request: can't parse the request body",
    )


async def test_the_calls_of_the_bot_can_be_read_and_made_to_fail(http, address, api):
    fault = {"method": "getMe", "kind": 502}
    await http.post(f"{address}/sandbox/faults", json=fault)
    await http.get(f"{api}/getMe")
    await http.get(f"{api}/getMe")

    async with http.get(f"{address}/sandbox/calls") as answer:
        calls = (await answer.json())["calls"]
    async with http.get(f"{address}/sandbox/calls", params={"after": 1}) as answer:
        later = (await answer.json())["calls"]

    assert [(call["number"], call["status"]) for call in calls] == [(1, 502), (2, 200)]
    assert later == calls[1:]


async def test_what_a_person_cannot_do_is_a_conflict_and_nonsense_is_a_bad_request(http, address):
    async with http.post(f"{address}/sandbox/people/99/say", json={"text": "x"}) as answer:
        assert (answer.status, (await answer.json())["error"]) == (
            409,
            "nobody here has the id 99",
        )
    async with http.post(f"{address}/sandbox/people/1/say", json={}) as answer:
        assert answer.status == 400


async def test_changes_are_pushed_as_they_happen(http, address, telegram, bot):
    async with http.get(f"{address}/sandbox/events") as stream:
        assert b'"hello"' in await stream.content.readuntil(b"}\n\n")

        await bot.send_message(1, "news")
        event = json.loads((await stream.content.readuntil(b"\n\n")).removeprefix(b"data: "))

    assert (event["kind"], event["person"]) == ("message", 1)
    assert event["post"]["wire"]["text"] == "news"
    assert event["summary"]["unread"] == 1


@pytest.mark.parametrize(("kind", "sent"), [("reset", False), ("lost_answer", True)])
async def test_a_connection_can_break_before_or_after_the_effect(http, api, telegram, kind, sent):
    telegram.fail("sendMessage", kind=kind)
    before = len(telegram.private(1).posts)

    with pytest.raises(aiohttp.ClientError):
        await http.post(f"{api}/sendMessage", json={"chat_id": 1, "text": "x"})

    assert (len(telegram.private(1).posts) > before) is sent


async def test_a_connection_can_stay_silent(http, api, telegram):
    telegram.fail("sendMessage", kind="timeout")

    with pytest.raises(TimeoutError):
        await http.post(f"{api}/sendMessage", json={"chat_id": 1, "text": "x"}, timeout=SOON)


async def test_a_poll_whose_caller_hung_up_takes_no_update_with_it(http, api, telegram):
    with pytest.raises(TimeoutError):
        await http.get(f"{api}/getUpdates?timeout=30", timeout=SOON)
    await asyncio.sleep(0.05)
    telegram.say(1, "after")

    async with http.get(f"{api}/getUpdates") as answer:
        assert len((await answer.json())["result"]) == 1
