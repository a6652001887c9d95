"""The product as it is started by hand: processes, files, HTTP, a browser. Nothing in process."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update"]  # fmt: skip
PATIENCE = 40.0


class Program:
    """``dingmi …`` in an empty folder, with nothing set but what is given."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DINGMI_", "DISPLAY"))}
        given = {f"DINGMI_{name.upper()}": value for name, value in settings.items()}
        self.env = {**kept, **given, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}

    async def start(self, *arguments: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *arguments, cwd=self.folder, env=self.env,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip

    async def does(self, *arguments: str) -> str:
        """Run to the end; what it printed. Anything but status 0 fails."""
        process = await self.start(*arguments)
        out, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
        assert process.returncode == 0, out.decode()
        return out.decode()

    @asynccontextmanager
    async def running(self, *arguments: str, until: str) -> AsyncIterator[re.Match[str]]:
        """Started, and stopped by Ctrl-C; ``until`` is what it prints when it is ready."""
        process = await self.start(*arguments)
        assert process.stdout is not None
        said: list[str] = []

        async def listen() -> re.Match[str]:
            while line := (await process.stdout.readline()).decode():
                said.append(line)
                if found := re.search(until, line):
                    return found
            raise AssertionError(f"ended: {said}")

        try:
            found = await asyncio.wait_for(listen(), PATIENCE)
            rest = asyncio.create_task(process.stdout.read())
            yield found
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGINT)
            await asyncio.wait_for(process.wait(), 15)
        said.append((await rest).decode())
        assert process.returncode == 0, said
        assert "Traceback" not in "".join(said)


class Visitor:
    """One of the cast, over the sandbox's plain HTTP."""

    def __init__(self, session: aiohttp.ClientSession, url: str, user: int) -> None:
        self.session, self.url, self.user = session, f"{url}/sandbox/people/{user}", user

    async def does(self, what: str, **body: Any) -> dict[str, Any]:
        async with self.session.post(f"{self.url}/{what}", json=body) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def posts(self) -> list[dict[str, Any]]:
        async with self.session.get(self.url) as response:
            return [post["wire"] for post in (await response.json())["posts"]]

    async def sees(self, text: str) -> dict[str, Any]:
        """The newest message that contains ``text``; waits for it."""

        async def look() -> dict[str, Any] | None:
            for post in reversed(await self.posts()):
                if text in (post.get("text") or ""):
                    return post
            return None

        return await eventually(look)

    async def taps(self, label: str, text: str) -> None:
        """Tap ``label`` under the newest message that contains ``text``."""
        post = await self.sees(text)
        places = {
            button["text"]: (row, column)
            for row, buttons in enumerate(post["reply_markup"]["inline_keyboard"])
            for column, button in enumerate(buttons)
        }
        row, column = places[label]
        await self.does("tap", message=post["message_id"], row=row, column=column)


async def eventually(look: Callable[[], Awaitable[Any]]) -> Any:
    """What ``look`` finds, as soon as it finds something."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while asyncio.get_running_loop().time() < deadline:
        if (found := await look()) is not None:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError("it never came")


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def browser() -> AsyncIterator[Any]:
    """A headless Chromium; where there is none, CI fails and others skip."""
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail("no Chromium: install Debian's package chromium")
        pytest.skip("no Chromium")
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        await browser.close()
