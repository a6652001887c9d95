"""Logs hold ids: never a token, a password, or what somebody wrote."""

import io
import json
import logging

import pytest
import structlog

from bot import logs

TOKEN = "123456:" + "abcde" * 6


@pytest.fixture
def stream():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure("auto", "INFO", stream=stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_both_ways_of_logging_make_one_stream_of_json(stream):
    logging.getLogger("aiohttp").warning("case %d", 7)
    structlog.get_logger("bot.intake").info("handled", update=5)
    first, second = lines(stream)
    assert (first["event"], first["level"], first["logger"]) == ("case 7", "warning", "aiohttp")
    assert (second["event"], second["update"], second["logger"]) == ("handled", 5, "bot.intake")


def test_tokens_and_passwords_are_blacked_out_wherever_they_stand(stream):
    logging.getLogger("x").info("POST http://h/bot%s/getMe", TOKEN)
    structlog.get_logger("x").info("open", url="postgres://u:pa55@h/d", more=[{"token": TOKEN}])
    text = stream.getvalue()
    assert TOKEN not in text
    assert "pa55" not in text
    assert "postgres://u:***@h/d" in text


def test_a_failure_is_told_by_kind_and_place_not_by_its_words(stream):
    try:
        try:
            raise ValueError("科工〔2026〕1号 张三")
        except ValueError as quoting:
            raise OSError(98, "address in use") from quoting
    except OSError:
        logging.getLogger("x").exception("failed")
    (line,) = lines(stream)
    assert line["error"] == "OSError: [Errno 98] address in use < ValueError"
    assert "test_logs.py" in line["frames"][-1]
    assert "张三" not in stream.getvalue()


def test_libraries_that_quote_people_are_quieter(stream):
    logs.configure("json", "DEBUG", stream=stream)
    for name in ("tortoise.db_client", "telegram.ext", "aiosqlite"):
        logging.getLogger(name).info("INSERT … 张三")
        logging.getLogger(name).warning("slow")
    assert [line["event"] for line in lines(stream)] == ["slow"] * 3


def test_text_is_for_people(stream):
    logs.configure("text", "INFO", stream=stream)
    structlog.get_logger("x").info("ready", port=8080)
    assert "ready" in stream.getvalue()
    assert "port=8080" in stream.getvalue()
    assert "{" not in stream.getvalue()
