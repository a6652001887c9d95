"""Alive and ready are two questions; neither answer tells a stranger more than that."""

import asyncio

from api import health
from api.app import create_app


def says(answer):
    async def check():
        if isinstance(answer, Exception):
            raise answer
        return answer

    return check


async def test_it_is_alive_whatever_else_is_broken(serve):
    client = await serve(create_app(readiness={"database": says(OSError())}))
    answer = await client.get("/healthz")
    assert (answer.status, await answer.json()) == (200, {"alive": True})


async def test_it_is_ready_when_every_part_is(serve):
    client = await serve(create_app(readiness={"database": says(True), "telegram": says(True)}))
    answer = await client.get("/readyz")
    parts = {"database": True, "telegram": True}
    assert (answer.status, await answer.json()) == (200, {"ready": True, "parts": parts})


async def test_it_names_the_part_that_is_not_ready_and_not_why(serve):
    broken = says(OSError("password wrong for user dingmi"))
    client = await serve(create_app(readiness={"database": broken, "telegram": says(True)}))
    answer = await client.get("/readyz")
    text = await answer.text()
    assert answer.status == 503
    assert (await answer.json())["parts"] == {"database": False, "telegram": True}
    assert "password" not in text


async def test_a_part_that_hangs_is_not_ready(serve, monkeypatch):
    monkeypatch.setattr(health, "PATIENCE", 0.05)
    client = await serve(create_app(readiness={"database": asyncio.Event().wait}))
    assert (await client.get("/readyz")).status == 503


async def test_every_answer_carries_the_security_headers_and_names_no_software(serve):
    client = await serve(create_app())
    for path in ("/healthz", "/readyz", "/no-such-page"):
        headers = (await client.get(path)).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "aiohttp" not in headers["Server"].lower()
