"""The transport: python-telegram-bot's calls over aiohttp, against a server of the test's own."""

import asyncio
import logging
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot, InputFile
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut
from telegram.request import BaseRequest

from bot.transport import AiohttpRequest

TOKEN = "123456789:" + "x" * 35
MESSAGE = {"message_id": 7, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "x"}


class Server:
    """Answers as ``does`` says; remembers what came."""

    def __init__(self) -> None:
        self.forms: list[dict[str, Any]] = []
        self.agents: set[str] = set()
        self.connections: set[Any] = set()
        self.does = self.says({"ok": True, "result": MESSAGE})

    @staticmethod
    def says(answer: Any, status: int = 200) -> Any:
        async def answering(request: web.Request) -> web.StreamResponse:
            if isinstance(answer, bytes):
                return web.Response(body=answer, status=status)
            return web.json_response(answer, status=status)

        return answering

    async def handle(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        self.forms.append(
            {n: v.file.read() if isinstance(v, web.FileField) else v for n, v in form.items()}
        )
        self.agents.add(request.headers["User-Agent"])
        self.connections.add(request.transport)
        return await self.does(request)


@pytest.fixture
async def server():
    server = Server()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", server.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    await runner.cleanup()


@pytest.fixture
async def bot(server):
    request = AiohttpRequest(read_timeout=0.3, connect_timeout=0.3, pool_timeout=0.1)
    bot = Bot(TOKEN, base_url=f"{server.base}/bot", request=request)
    await request.initialize()
    yield bot
    await request.shutdown()


async def test_a_call_arrives_as_a_form_and_its_answer_comes_back(bot, server):
    sent = await bot.send_message(1, "你好 <b>&</b>", protect_content=True)

    assert sent.message_id == 7
    assert server.forms[0]["text"] == "你好 <b>&</b>"
    assert server.forms[0]["protect_content"] == "true"
    assert server.agents == {BaseRequest.USER_AGENT}


async def test_files_arrive_whole(bot, server):
    content = bytes(range(256)) * 1000
    await bot.send_document(1, InputFile(content, filename="定密.bin"), caption="c")

    form = server.forms[0]
    assert content in form.values()
    assert form["caption"] == "c"


async def test_many_calls_share_a_few_connections(bot, server):
    for _ in range(5):
        await asyncio.gather(*(bot.send_message(1, "x") for _ in range(8)))
    assert len(server.connections) <= 8


@pytest.mark.parametrize(
    ("status", "answer", "error"),
    [
        (400, {"ok": False, "description": "Bad Request: message is not modified"}, BadRequest),
        (429, {"ok": False, "description": "x", "parameters": {"retry_after": 3}}, RetryAfter),
        (502, b"<html>bad gateway</html>", NetworkError),
    ],
)
async def test_telegram_s_errors_become_the_library_s(bot, server, status, answer, error):
    server.does = server.says(answer, status)
    with pytest.raises(error):
        await bot.send_message(1, "x")


async def test_no_answer_in_time_is_timed_out(bot, server):
    async def never(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(5)
        return web.Response()

    server.does = never
    with pytest.raises(TimedOut):
        await bot.send_message(1, "x")


async def test_a_broken_connection_is_a_network_error_without_the_token(bot, server):
    async def cut(request: web.Request) -> web.StreamResponse:
        request.transport.abort()
        return web.Response()

    server.does = cut
    with pytest.raises(NetworkError) as failure:
        await bot.send_message(1, "x")
    assert TOKEN not in str(failure.value)
    assert failure.value.__cause__ is None


async def test_nobody_there_is_a_network_error_without_the_token():
    async with AiohttpRequest() as request:
        with pytest.raises(NetworkError) as failure:
            await request.post(f"http://127.0.0.1:9/bot{TOKEN}/getMe")
    assert TOKEN not in str(failure.value)


async def test_19_neither_token_nor_text_is_logged(bot, server, caplog):
    caplog.set_level(logging.INFO)
    await bot.send_message(1, "机密")
    server.does = server.says("{机密".encode())
    with pytest.raises(Exception, match="Invalid server response"):
        await bot.send_message(1, "x")
    assert TOKEN not in caplog.text
    assert "机密" not in caplog.text


async def test_it_is_closed_before_and_after_its_life(server):
    request = AiohttpRequest()
    for _ in range(2):
        with pytest.raises(NetworkError, match="not open"):
            await request.post(f"{server.base}/x")
        await request.initialize()
        await request.initialize()
        await request.post(f"{server.base}/x")
        await request.shutdown()
        await request.shutdown()
