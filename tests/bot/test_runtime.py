"""The whole program in this process, over real sockets, with the sandbox as Telegram."""

import asyncio
import json
import logging
import time
from contextlib import asynccontextmanager

import aiohttp
import pytest
from pydantic import SecretStr

from bot import runtime
from bot.connect import TokenMissing, TokenRefused
from bot.database import DatabaseUnreachable
from bot.sandbox import Telegram, serving
from bot.settings import Settings
from models import db
from models.inbox import InboxUpdate
from models.leadership import DatabaseInUse
from tests.factories import make_department
from tests.machinery import until

WEN = 1001


@pytest.fixture
async def telegram():
    telegram = Telegram(strict=True)
    telegram.add_person(WEN, "周文")
    yield telegram
    assert telegram.warnings == []


@pytest.fixture
async def wen(database_url):
    """周文, bound, in a database that nobody has open."""
    from models.people import Person

    async with db.database(database_url, migrated=False):
        department = await make_department()
        return await Person.create(code="D102", name="周文", department=department,
                                   is_drafter=True, telegram_id=WEN)  # fmt: skip


def settings_for(url: str, address: str, telegram: Telegram, **more) -> Settings:
    token = SecretStr(telegram.bot_token)
    known = {"database_url": url, "bot_token": token, "bot_api_url": address, "http_port": 0}
    return Settings(**(known | more))


def heard(telegram: Telegram) -> list[str]:
    """What the bot wrote to 周文."""
    posts = telegram.private(WEN).posts.values()
    return [post.wire.get("text", "") for post in posts if post.by_bot]


@asynccontextmanager
async def at_work(settings: Settings):
    stop = asyncio.Event()
    async with runtime.running(settings, stop) as parts:
        yield parts


@asynccontextmanager
async def at_work_with(telegram: Telegram, url: str):
    async with (
        serving(telegram, port=0) as address,
        at_work(settings_for(url, address, telegram)) as parts,
    ):
        yield parts


async def ask(url: str, path: str) -> tuple[int, dict]:
    async with aiohttp.ClientSession() as session, session.get(f"{url}{path}") as answer:
        return answer.status, await answer.json()


async def test_it_polls_answers_and_stops_within_two_seconds(database_url, telegram, wen):
    async with serving(telegram, port=0) as address:
        async with at_work(settings_for(database_url, address, telegram)) as parts:
            telegram.press_start(WEN)
            await until(lambda: any("周文" in text for text in heard(telegram)))
            status, body = await ask(parts.http, "/readyz")
            assert (status, body["ready"]) == (200, True), body
            assert (await ask(parts.http, "/healthz"))[0] == 200
            assert telegram.bot.webhook.url == ""
            assert telegram.bot.commands
            ending = time.monotonic()
        assert time.monotonic() - ending < 2
        async with aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.ClientError):
                await session.get(parts.http)


async def test_a_webhook_is_registered_with_its_secret_and_takes_updates(
    database_url, telegram, wen, unused_tcp_port
):
    public = f"http://127.0.0.1:{unused_tcp_port}"
    async with serving(telegram, port=0) as address:
        settings = settings_for(
            database_url, address, telegram, public_url=public, http_port=unused_tcp_port
        )
        async with at_work(settings):
            await until(lambda: telegram.bot.webhook.url == f"{public}/telegram/webhook")
            telegram.press_start(WEN)
            await until(lambda: any("周文" in text for text in heard(telegram)))
            assert not telegram.calls_to("getUpdates")
            assert telegram.bot.webhook.last_error_message == ""


async def test_what_was_taken_before_the_stop_is_handled_after_the_start(
    database_url, telegram, wen
):
    update = {"update_id": 5, "message": {"message_id": 1, "date": 1, "text": "/help",
              "chat": {"id": WEN, "type": "private", "first_name": "周"},
              "from": {"id": WEN, "is_bot": False, "first_name": "周"}}}  # fmt: skip
    update["message"]["entities"] = [{"type": "bot_command", "offset": 0, "length": 5}]
    async with db.database(database_url, migrated=False):
        from models import inbox

        await inbox.accept(update)
    telegram.private(WEN).started = True
    async with at_work_with(telegram, database_url):
        await until(lambda: any("/new" in text for text in heard(telegram)))
    async with db.database(database_url, migrated=False):
        assert (await InboxUpdate.get()).done_at is not None


async def test_a_telegram_that_is_away_is_waited_for_and_health_answers_meanwhile(
    database_url, telegram, wen, unused_tcp_port_factory, monkeypatch
):
    monkeypatch.setattr("bot.leader.PAUSES", (0.1,))
    port, http = unused_tcp_port_factory(), unused_tcp_port_factory()
    settings = settings_for(database_url, f"http://127.0.0.1:{port}", telegram, http_port=http)
    stop = asyncio.Event()
    task = asyncio.create_task(runtime.run(settings, stop))
    own = f"http://127.0.0.1:{http}"

    async def readiness(status: int) -> bool:
        try:
            return (await ask(own, "/readyz"))[0] == status
        except aiohttp.ClientError:
            return False

    await until(lambda: readiness(503))
    assert (await ask(own, "/healthz"))[0] == 200
    assert (await ask(own, "/readyz"))[1]["parts"]["telegram"] is False
    async with serving(telegram, port=port):
        await until(lambda: readiness(200))
        stop.set()
        await asyncio.wait_for(task, 5)


async def test_a_stop_while_it_still_waits_for_telegram_is_obeyed_at_once(
    database_url, telegram, unused_tcp_port
):
    settings = settings_for(database_url, f"http://127.0.0.1:{unused_tcp_port}", telegram)
    stop = asyncio.Event()
    task = asyncio.create_task(runtime.run(settings, stop))
    await asyncio.sleep(0.5)
    stop.set()
    await asyncio.wait_for(task, 2)


async def test_a_start_that_fails_half_way_leaves_nothing_running(
    database_url, telegram, wen, unused_tcp_port
):
    before = asyncio.all_tasks()
    async with serving(telegram, port=0) as address:
        busy = await asyncio.start_server(lambda *_: None, "127.0.0.1", unused_tcp_port)
        async with busy:
            settings = settings_for(database_url, address, telegram, http_port=unused_tcp_port)
            with pytest.raises(runtime.PortTaken) as refused:
                async with at_work(settings):
                    pass
            assert refused.value.facts["port"] == unused_tcp_port
        async with at_work(settings):  # and the next start finds everything free
            pass
    await asyncio.sleep(0.05)
    assert {task.get_name() for task in asyncio.all_tasks() - before} == set()


async def test_a_token_that_telegram_does_not_know_is_refused(database_url, telegram):
    other = SecretStr("123456:" + "a" * 30)
    async with serving(telegram, port=0) as address:
        settings = settings_for(database_url, address, telegram, bot_token=other)
        with pytest.raises(TokenRefused):
            async with at_work(settings):
                pass


async def test_there_is_no_bot_without_a_token(database_url, telegram):
    with pytest.raises(TokenMissing):
        async with at_work(settings_for(database_url, "http://127.0.0.1:1", telegram,
                                        bot_token=None)):  # fmt: skip
            pass


async def test_a_database_that_cannot_be_opened_is_a_refusal(telegram, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    for url in ("postgres://postgres@127.0.0.1:1/none", f"sqlite://{blocked}"):
        with pytest.raises(DatabaseUnreachable):
            async with at_work(settings_for(url, "http://127.0.0.1:1", telegram)):
                pass


async def test_sqlite_serves_one_process(tmp_path, telegram):
    url = f"sqlite://{tmp_path}/one.db"
    async with at_work_with(telegram, url) as parts:
        with pytest.raises(DatabaseInUse):
            async with at_work(parts.settings):
                pass


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_an_outage_of_the_database_is_survived(database_url, cluster, telegram, wen):
    async with at_work_with(telegram, database_url) as parts:
        await until(lambda: ready(parts.http))
        await asyncio.to_thread(cluster.stop)
        try:
            telegram.press_start(WEN)
            await until(lambda: ready(parts.http, status=503))
            assert (await ask(parts.http, "/healthz"))[0] == 200
        finally:
            await asyncio.to_thread(cluster.start)
        await until(lambda: any("周文" in text for text in heard(telegram)), seconds=30)
        await until(lambda: ready(parts.http))


async def ready(url: str, status: int = 200) -> bool:
    return (await ask(url, "/readyz"))[0] == status


async def test_a_failure_of_a_part_ends_the_run(database_url, telegram, monkeypatch):
    """A part that is broken for good must not linger: whoever watches the process restarts it."""

    async def breaks(self):
        raise ArithmeticError

    monkeypatch.setattr("bot.intake.Intake.run", breaks)
    async with serving(telegram, port=0) as address:
        run = runtime.run(settings_for(database_url, address, telegram), asyncio.Event())
        with pytest.raises(ArithmeticError):
            await asyncio.wait_for(run, 10)


async def test_nothing_that_is_logged_holds_the_token_or_what_people_wrote(
    database_url, telegram, wen, capsys
):
    from bot import logs

    root = logging.getLogger()
    before = root.handlers[:], root.level
    logs.configure("json", "DEBUG")
    try:
        telegram.fail("getUpdates", times=2, kind=500)
        async with at_work_with(telegram, database_url):
            telegram.say(WEN, "/new 科工〔2026〕99号 绝无仅有的词")
            await until(lambda: bool(heard(telegram)))
    finally:
        root.handlers, root.level = before
    lines = capsys.readouterr().err.splitlines()
    assert all(json.loads(line) for line in lines)
    assert lines
    text = "\n".join(lines)
    assert telegram.bot_token not in text
    assert "绝无仅有" not in text
    assert "周文" not in text
