"""A cast, a bot over the sandbox without sockets, and a browser."""

import os
from pathlib import Path

import pytest
import pytest_asyncio
from telegram import Bot

from bot.sandbox import Telegram, serving
from bot.sandbox.inprocess import SandboxRequest

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Clock:
    """A clock that moves when told to."""

    def __init__(self):
        self.time = 1_800_000_000.0

    def __call__(self):
        return self.time

    def pass_by(self, seconds):
        self.time += seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def telegram(clock):
    """Telegram with Ann, who has started the bot, and Bo, who has not."""
    telegram = Telegram(now=clock, bot_username="dingmi_demo_bot")
    telegram.add_person(1, "Ann", language_code="en", username="ann_example")
    telegram.add_person(2, "Bo")
    telegram.press_start(1)
    telegram.bot.queue.pending.clear()
    return telegram


@pytest.fixture
async def bot(telegram):
    request = SandboxRequest(telegram)
    async with Bot(telegram.bot_token, request=request, get_updates_request=request) as bot:
        yield bot


@pytest.fixture
async def address(telegram):
    async with serving(telegram, port=0) as url:
        yield url


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser():
    """Headless Chromium; where it is missing the test is skipped, in CI it fails."""
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{CHROMIUM} is missing: install Chromium")
        pytest.skip("no Chromium here")
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        await browser.close()
