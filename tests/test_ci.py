"""The script that proves a clean clone installs what is missing, and says so when it may not."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
REACHED = 7  # the status of our stand-in for Python once it is asked for the environment


class Machine:
    """A bare machine: a few commands of the system, and stand-ins that note how they were called."""

    def __init__(self, folder: Path) -> None:
        self.bin, self.log = folder / "bin", folder / "log"
        self.bin.mkdir()
        self.log.touch()
        for name in ("bash", "dirname", "env", "grep", "true"):
            found = shutil.which(name)
            assert found
            (self.bin / name).symlink_to(found)
        self.has("chromium", "apt-get", fc_list="echo NotoSansCJK", id="echo 0")
        self.has(python3=f'[ "$1" = -c ] || exit {REACHED}')

    def has(self, *names: str, **scripts: str) -> None:
        for name, script in (dict.fromkeys(names, "true") | scripts).items():
            path = self.bin / name.replace("_", "-")
            path.write_text(f'#!/bin/sh\necho "${{0##*/}} $*" >> {self.log}\n{script}\n')
            path.chmod(0o755)

    def runs(self) -> tuple[int, str, list[str]]:
        """The status, what was complained about, and what was installed."""
        done = subprocess.run(
            ["bash", ROOT / ".ci/run"],
            env={"PATH": str(self.bin)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        calls = self.log.read_text().splitlines()
        wanted = [call for call in calls if call.startswith("apt-get install")]
        return done.returncode, done.stderr, [w for call in wanted for w in call.split()[4:]]


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_where_everything_is_there_nothing_is_installed(machine):
    assert machine.runs() == (REACHED, "", [])


def test_on_a_fresh_debian_python_gets_what_its_environments_need(machine):
    machine.has(python3=f'[ "$1" != -c ] || exit 1; exit {REACHED}')
    assert machine.runs() == (REACHED, "", ["python3-venv"])


def test_fonts_and_browser_are_installed_through_sudo(machine):
    machine.has(fc_list="true", id="echo 1000", sudo='exec "$@"')
    (machine.bin / "chromium").unlink()
    fonts = ["fontconfig", "fonts-noto-cjk", "fonts-noto-color-emoji"]
    assert machine.runs() == (REACHED, "", ["chromium", *fonts])


@pytest.mark.parametrize("sudo", [None, "exit 1"], ids=["there is none", "it is refused"])
def test_without_the_right_to_install_a_sentence_says_what_is_missing(machine, sudo):
    machine.has(id="echo 1000", fc_list="exit 1")
    if sudo:
        machine.has(sudo=sudo)
    status, complaint, installed = machine.runs()
    assert (status, installed) == (1, [])
    assert complaint == (
        "Run this as root or with sudo, or install first: "
        "fontconfig fonts-noto-cjk fonts-noto-color-emoji\n"
    )


def test_whoever_cannot_install_need_not_where_everything_is_there(machine):
    machine.has(id="echo 1000")
    assert machine.runs() == (REACHED, "", [])
