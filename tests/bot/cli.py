"""The command line as its users meet it: words in, an exit status and two streams out."""

import asyncio
import contextlib
import io
import logging
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple, Self

from bot.__main__ import main


class Answer(NamedTuple):
    status: int
    out: str
    err: str


def environment(**settings: str) -> dict[str, str]:
    """This process's environment with no settings of ours but ``settings``; Chinese in UTF-8."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DINGMI_")}
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        kept.pop(name, None)
    return kept | {"PYTHONUTF8": "1", **settings}


class Terminal:
    """A folder in which commands are typed."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder, self.env = folder, environment(**settings)

    def types(self, *words: str, **settings: str) -> Answer:
        """Type the command, in this process: the same ``main``, environment, folder and streams."""
        out, err = io.StringIO(), io.StringIO()
        root, earlier = logging.getLogger(), os.environ.copy()
        handlers, level = root.handlers[:], root.level
        os.environ.clear()
        os.environ.update(self.env | settings)
        try:
            with (
                contextlib.chdir(self.folder),
                contextlib.redirect_stdout(out),
                contextlib.redirect_stderr(err),
            ):
                try:
                    status = main(words)
                except SystemExit as ended:
                    status = int(ended.code or 0)
        finally:
            os.environ.clear()
            os.environ.update(earlier)
            root.handlers[:] = handlers
            root.setLevel(level)
        return Answer(status, out.getvalue(), err.getvalue())

    async def types_beside(self, *words: str, **settings: str) -> Answer:
        """The same while the loop of the test goes on, which may be Telegram."""
        return await asyncio.to_thread(self.types, *words, **settings)

    def executes(self, *words: str, **settings: str) -> Answer:
        """Type the command into a real terminal: a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=self.folder, env=self.env | settings, capture_output=True, text=True,
            encoding="utf-8", timeout=60, check=False,
        )  # fmt: skip
        return Answer(done.returncode, done.stdout, done.stderr)

    def starts(self, *words: str, **settings: str) -> "Process":
        return Process(self.folder, self.env | settings, *words)


class Process:
    """A command that lasts; ``says`` waits for words on either stream."""

    def __init__(self, folder: Path, env: dict[str, str], *words: str) -> None:
        self.log = folder / f"{words[0]}.log"
        self.began = time.monotonic()
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", *words], cwd=folder, env=env, stdout=log, stderr=log
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    @property
    def text(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def says(self, pattern: str, seconds: float = 30) -> re.Match[str]:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := re.search(pattern, self.text):
                return found
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError(f"no {pattern!r} in:\n{self.text}")

    def ends(self, how: signal.Signals = signal.SIGINT) -> tuple[int, float]:
        """The exit status after the signal, and the seconds it took."""
        began = time.monotonic()
        self.process.send_signal(how)
        status = self.process.wait(15)
        return status, time.monotonic() - began
