"""No container engine runs here, so what an image needs is held to the repository it is made of."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from bot.settings import Settings
from tests.bot.cli import environment

ROOT = Path(__file__).parents[2]
KNOWN = {f"DINGMI_{name.upper()}" for name in Settings.model_fields}


def copied() -> list[str]:
    """What the Dockerfile takes from the repository."""
    lines = re.findall(r"^COPY (?!--from)(.+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    return [word for line in lines for word in line.split()[:-1]]


def test_the_image_takes_what_is_there_and_the_context_lets_it_through():
    allowed = set(re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    assert set(copied()) == allowed
    assert all((ROOT / name).exists() for name in copied())


def test_what_is_copied_is_enough_to_run(tmp_path):
    for name in copied():
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name)
    work = tmp_path / "work"
    work.mkdir()
    done = subprocess.run(
        [sys.executable, "-P", "-m", "bot", "migrate"],
        cwd=work, env=environment(PYTHONPATH=str(tmp_path)), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (work / "dingmi.db").exists()


def test_image_and_compose_name_only_settings_that_exist_and_no_secret():
    text = (ROOT / "Dockerfile").read_text() + (ROOT / "compose.yaml").read_text()
    named = set(re.findall(r"DINGMI_[A-Z_]+", text))
    assert named <= KNOWN
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert services["bot"]["depends_on"]["database"]["condition"] == "service_healthy"
    for service in services.values():
        for name, value in service["environment"].items():
            assert "PASSWORD" not in name or value.startswith("${POSTGRES_PASSWORD:?")


def test_the_hooks_before_a_commit_are_local():
    (repo,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert repo["repo"] == "local"
    assert {hook["language"] for hook in repo["hooks"]} == {"system"}
