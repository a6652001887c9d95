"""What people look up stands in the README once, and is true."""

import re
import tomllib
from pathlib import Path

from telegram.ext import CommandHandler

from bot.app import HANDLERS
from bot.commands.parser import parser
from bot.settings import settings_table
from bot.texts import Texts

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def first_cells(heading: str) -> set[str]:
    """The first column of the table below a heading."""
    section = README.split(f"{heading}\n", 1)[1].split("\n#", 1)[0]
    return set(re.findall(r"^\| `([^`]+)` \|", section, flags=re.MULTILINE))


def test_the_settings_table_is_the_settings():
    assert "\n".join(settings_table()) in README


def test_every_command_of_the_command_line_is_listed():
    (commands,) = [a for a in parser(Texts("en"))._actions if a.dest == "command"]
    assert first_cells("### Commands") == {f"dingmi {name}" for name in commands.choices}


def test_every_command_of_the_chat_is_listed():
    known = {c for h in HANDLERS if isinstance(h, CommandHandler) for c in h.commands}
    assert first_cells("### In the chat") == {f"/{name}" for name in known}


def test_every_route_is_listed():
    from api.app import create_app

    async def accept(update):
        return True

    app = create_app(accept=accept, webhook_secret="s", readiness={})
    routes = {
        f"{r.method} {r.resource.canonical}" for r in app.router.routes() if r.method != "HEAD"
    }
    assert first_cells("## Deployment") == routes


def test_the_two_lines_install_from_the_hashed_locks_and_need_nothing_else():
    lines = re.findall(r"^python3 -m venv .*$", README, flags=re.MULTILINE)
    assert [line.rsplit(" && ", 1)[1] for line in lines] == [
        ".venv/bin/dingmi demo",
        ".venv/bin/pytest -q",
    ]
    assert all("--require-hashes" in line for line in lines)


def test_the_locks_are_hashed_and_cover_what_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    dev = project["optional-dependencies"]["dev"]
    for name, wanted in (
        ("requirements.lock", project["dependencies"]),
        ("requirements-dev.lock", project["dependencies"] + dev),
    ):
        text = (ROOT / name).read_text(encoding="utf-8")
        locked = set(re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==", text, flags=re.MULTILINE))
        names = {re.match(r"[A-Za-z0-9_.-]+", w)[0].lower().replace(".", "-") for w in wanted}
        assert names <= {n.lower().replace(".", "-") for n in locked}, name
        assert text.count("--hash=sha256:") > len(locked)
        assert "://" not in text
