"""The shape is tested like behaviour: who imports whom, who writes, how long things are."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("api", "bot", "models", "scheduler")
WRITES = {"create", "bulk_create", "save", "update", "delete", "get_or_create", "update_or_create",
          "bulk_update", "sql", "execute_query", "execute_script"}  # fmt: skip


def sources(*packages: str) -> Iterator[Path]:
    for package in packages or PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
    )
    return [ROOT / name for name in listed.stdout.decode().splitlines() if (ROOT / name).is_file()]


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_the_import_contracts_are_kept():
    done = subprocess.run(
        [".venv/bin/lint-imports"] if (ROOT / ".venv/bin/lint-imports").exists() else ["lint-imports"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_the_top_level_is_what_was_agreed():
    folders = {path.relative_to(ROOT).parts[0] for path in tracked() if path.parent != ROOT}
    assert {f for f in folders if not f.startswith(".")} == {*PACKAGES, "tests"}


@pytest.mark.parametrize("path", list(sources()), ids=lambda p: str(p.relative_to(ROOT)))
def test_files_and_functions_stay_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
    for function in functions(parsed(path)):
        assert function.end_lineno is not None
        length = function.end_lineno - function.lineno + 1
        assert length <= 40, f"{function.name} has {length} lines"


def test_only_models_writes_to_the_database():
    entities = {
        node.name
        for path in sources("models")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef) and any(ast.unparse(b) == "Model" for b in node.bases)
    }
    offenders = []
    for path in sources("api", "bot", "scheduler"):
        if "sandbox" in path.parts:
            continue
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                chain = ast.unparse(node.func)
                if node.func.attr in WRITES and chain.split(".")[0].split("(")[0] in entities:
                    offenders.append(f"{path.relative_to(ROOT)}:{node.lineno} {chain}")
    assert offenders == []


def test_only_the_workflow_writes_a_case_s_state():
    offenders = []
    for path in sources():
        text = path.read_text(encoding="utf-8")
        if path.name != "workflow.py" and re.search(r"\bcase\.state\s*(=|,.*=)\s*[^=]", text):
            offenders.append(str(path.relative_to(ROOT)))
    assert offenders == []


def test_only_the_settings_read_the_environment():
    offenders = []
    for path in sources():
        if path.relative_to(ROOT).as_posix() == "bot/settings.py":
            continue
        text = path.read_text(encoding="utf-8")
        if re.search(r"environ\b|getenv\(", text):
            offenders.append(path.relative_to(ROOT).as_posix())
    # whether a desktop has a browser is no setting of ours; the other sets an option of a library
    assert set(offenders) <= {"bot/commands/demo.py", "bot/__init__.py"}


def test_migrations_use_no_operation_that_rebuilds_a_sqlite_table():
    for path in sorted((ROOT / "models/migrations").glob("0*.py")):
        used = set(re.findall(r"ops\.(\w+)\(", path.read_text(encoding="utf-8")))
        assert used <= {"CreateModel", "AddField", "AddIndex", "RunPython"}, path.name


def test_nothing_names_a_registry_or_this_machine():
    words = ["py" + "pi.org", "python" + "hosted", "registry.npm" + "js", "deb.deb" + "ian",
             "/ro" + "ot/", "/wo" + "rk/"]  # fmt: skip
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {word}" for word in words if word in text]
    assert found == []


def test_nothing_is_left_for_later():
    words = "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "raise NotImplemented" + "Error"])
    found = [
        f"{path.relative_to(ROOT)}"
        for path in tracked()
        if path.suffix == ".py" and re.search(rf"\b({words})\b", path.read_text(encoding="utf-8"))
    ]
    assert found == []
