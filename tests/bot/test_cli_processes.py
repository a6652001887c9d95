"""Commands that last, as processes of their own: they start, they say where, they stop when told."""

import json
import shutil
import signal
import sqlite3
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.bot.cli import Terminal, environment

TOKEN = "123456:" + "abcde" * 6


@pytest.fixture
def terminal(tmp_path):
    return Terminal(tmp_path)


def get(url):
    with urllib.request.urlopen(url, timeout=5) as answer:
        return json.load(answer)


def test_the_installed_command_and_the_module_are_the_same(terminal):
    import subprocess

    script = shutil.which("dingmi", path=str(Path(sys.executable).parent))
    assert script, "install the project"
    by_script = subprocess.run(
        [script, "--help"], env=environment(), capture_output=True, text=True, check=True
    )
    assert by_script.stdout == terminal.types("--help").out


def test_a_refusal_is_a_sentence_on_stderr_and_status_1(terminal):
    refused = terminal.executes("run")
    assert (refused.status, refused.out) == (1, "")
    assert "DINGMI_BOT_TOKEN" in refused.err
    assert "Traceback" not in refused.err


def test_the_demo_greets_everybody_shows_an_invitation_and_leaves_nothing_behind(
    terminal, tmp_path
):
    terminal.env["TMPDIR"] = str(tmp_path)
    with terminal.starts("demo", "--port", "0", "--no-browser") as demo:
        address = demo.says(r"http://127\.0\.0\.1:\d+")[0]
        state = get(f"{address}/sandbox/state")
        people = state["people"]
        assert [person["first_name"] for person in people[:3]] == ["周文博", "赵国强", "林秀英"]
        assert people[0]["note"] == "拟稿人 · 科技处"
        (newcomer,) = [person for person in people if person["start_payload"]]
        assert (newcomer["first_name"], newcomer["started"]) == ("吴晓梅", False)
        assert "/new" in state["hint"]["zh"]
        assert "/new" in state["hint"]["en"]
        for person in people:
            posts = get(f"{address}/sandbox/people/{person['id']}")["posts"]
            greeted = any(person["first_name"] in post["wire"]["text"] for post in posts)
            assert greeted == (person is not newcomer)
        status, seconds = demo.ends()
        assert (status, seconds < 2) == (0, True), (seconds, demo.text)
        assert "已结束。" in demo.text
        assert "Traceback" not in demo.text
    assert not list(tmp_path.glob("dingmi-demo-*"))


def test_a_demo_never_mixes_with_a_real_office(terminal):
    people = "工号,姓名,部门,上级部门,职务,角色\nA001,真人,局领导,,局长,\n"
    (terminal.folder / "people.csv").write_text(people, encoding="utf-8")
    assert terminal.types("import", "people", "people.csv").status == 0
    answer = terminal.types(
        "demo", "--port", "0", "--no-browser", "--database", "sqlite://dingmi.db"
    )
    assert answer.status == 1
    assert "已有其他人员" in answer.err
    with sqlite3.connect(terminal.folder / "dingmi.db") as file:
        assert file.execute("SELECT name FROM person").fetchall() == [("真人",)]
    file.close()


def test_the_sandbox_says_how_to_connect_and_refuses_other_machines(terminal):
    refused = terminal.types("sandbox", "--host", "0.0.0.0", "--port", "0")
    assert (refused.status, refused.out) == (1, "")
    assert "--allow-remote" in refused.err
    with terminal.starts("sandbox", "--port", "0") as sandbox:
        found = sandbox.says(r"DINGMI_BOT_API_URL=(\S+) DINGMI_BOT_TOKEN=(\S+) dingmi run")
        answer = get(f"{found[1]}/bot{found[2]}/getMe")
        assert answer["result"]["username"] == "dingmi_demo_bot"
        assert sandbox.ends()[0] == 0


def test_run_connects_to_the_sandbox_and_stops_at_sigterm(terminal):
    with terminal.starts("sandbox", "--port", "0") as sandbox:
        found = sandbox.says(r"DINGMI_BOT_API_URL=(\S+) DINGMI_BOT_TOKEN=(\S+) dingmi run")
        settings = {"DINGMI_BOT_API_URL": found[1], "DINGMI_BOT_TOKEN": found[2]}
        terminal.env["DINGMI_HTTP_PORT"] = "0"
        with terminal.starts("run", **settings) as run:
            address = run.says(r"ready, HTTP at (http://\S+?)\"")[1]
            assert get(f"{address}/healthz") == {"alive": True}
            assert get(f"{address}/readyz")["ready"] is True
            second = terminal.types("run", **settings)
            assert second.status == 1
            assert "dingmi.db" in second.err
            status, seconds = run.ends(signal.SIGTERM)
            assert (status, seconds < 3) == (0, True), (seconds, run.text)
            for line in run.text.splitlines():
                assert json.loads(line)
            assert found[2] not in run.text
        sandbox.ends()


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_when_the_leading_replica_dies_the_other_polls_and_answers(
    terminal, database_url, tmp_path
):
    """kill -9: no goodbye, the lock falls with the connection."""
    terminal.env |= {"DINGMI_DATABASE_URL": database_url, "DINGMI_HTTP_PORT": "0"}
    with terminal.starts("sandbox", "--port", "0") as sandbox:
        found = sandbox.says(r"DINGMI_BOT_API_URL=(\S+) DINGMI_BOT_TOKEN=(\S+) dingmi run")
        settings = {"DINGMI_BOT_API_URL": found[1], "DINGMI_BOT_TOKEN": found[2]}
        other = Terminal(tmp_path / "other", **terminal.env | settings)
        other.folder.mkdir()
        with terminal.starts("run", **settings) as first, other.starts("run") as second:
            first.says("ready"), second.says("ready")
            (leader,) = [run for run in (first, second) if '"leading"' in run.text]
            follower = second if leader is first else first
            leader.process.kill()
            follower.says('"leading"', seconds=5)
            assert answered(found[1])
            assert follower.ends(signal.SIGTERM)[0] == 0
        sandbox.ends()


def answered(sandbox: str) -> bool:
    """Whether a stranger who presses Start hears from the bot."""
    url = f"{sandbox}/sandbox/people/700001"
    urllib.request.urlopen(
        urllib.request.Request(f"{url}/start", data=b"{}", method="POST")
    ).close()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if any(not post["out"] for post in get(url)["posts"]):
            return True
        time.sleep(0.05)
    return False


def test_a_port_that_is_taken_is_a_sentence(terminal):
    with terminal.starts("sandbox", "--port", "0") as sandbox:
        port = sandbox.says(r"http://127\.0\.0\.1:(\d+)")[1]
        answer = terminal.types("sandbox", "--port", port)
        assert (answer.status, answer.out) == (1, "")
        assert f"无法绑定 127.0.0.1:{port}" in answer.err
        sandbox.ends()
