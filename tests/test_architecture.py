"""The shape is tested like behaviour: who imports whom, who writes, how long things are."""

import ast
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("api", "bot", "models", "scheduler")
WRITES = {"create", "bulk_create", "save", "update", "delete", "get_or_create", "update_or_create",
          "bulk_update"}  # fmt: skip
BY_HAND = {"sql", "execute_query", "execute_query_dict", "execute_insert", "execute_many",
           "execute_script"}  # fmt: skip
UPDATES_CASES = r"(?i)\b(update|insert\s+into)\s+\"?proposal\b"
#: Who writes a ``state``, and whose it is.
OTHER_STATES = {
    "models/workflow.py": "the cases'",
    "models/accounts.py": "a message's: dropped with the account; a person's columns by **",
    "models/delivery.py": "a message's: sent, or given up",
    "models/drafting.py": "none: a draft's columns by **, and a draft has no state",
    "models/migration_ops.py": "none of a row's: an operation's own",
}


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


def offenders(found: Callable[[ast.Module], Iterator[str]], paths: Iterable[Path]) -> list[str]:
    return [f"{p.relative_to(ROOT).as_posix()}:{line}" for p in paths for line in found(parsed(p))]


def writes(tree: ast.Module) -> Iterator[str]:
    """Calls by which an entity or a query writes, and SQL by hand that does not plainly read.

    A call whose value nobody takes, neither ``await`` nor another call, writes nothing there:
    ``dict.update`` is called so.
    """
    idle = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or id(node) in idle:
            continue
        name = ast.unparse(node.func).rpartition(".")[2]
        if isinstance(node.func, ast.Attribute) and name in WRITES:
            yield f"{node.lineno} {ast.unparse(node.func)}"
        if name in BY_HAND:
            query = node.args[0] if node.args else None
            text = query.value if isinstance(query, ast.Constant) else ""
            if not re.match(r"(SELECT|SHOW)\b", str(text)):
                yield f"{node.lineno} {ast.unparse(node)}"


def state_writes(tree: ast.Module) -> Iterator[str]:
    """What sets an attribute ``state``, or may set the column: by update or as a new proposal.

    A mapping handed over by ``**`` may hold it, too.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            if node.attr == "state":
                yield f"{node.lineno} {ast.unparse(node)} ="
        elif isinstance(node, ast.Call):
            what = ast.unparse(node.func)
            sets = {keyword.arg for keyword in node.keywords} & {"state", None}
            into = what.rpartition(".")[2] in {"update", "update_or_create", "update_from_dict"}
            if sets and (into or re.search(r"\bProposal(\.\w*create)?$", what)):
                yield f"{node.lineno} {what}(state or **)"
            if what == "setattr" and ast.unparse(node.args[1]) == "'state'":
                yield f"{node.lineno} {ast.unparse(node)}"
        elif isinstance(node, ast.Constant) and re.search(UPDATES_CASES, str(node.value)):
            yield f"{node.lineno} {node.value}"


def test_only_models_writes_to_the_database():
    outside = (p for p in sources("api", "bot", "scheduler") if "sandbox" not in p.parts)
    assert offenders(writes, outside) == []


@pytest.mark.parametrize(
    "line",
    [
        "await context.person.save()",
        "await case.delete()",
        "await Person.filter(id=1).update(name='x')",
        "await asyncio.gather(person.save(), case.save())",
        "row, made = await Draft.get_or_create(person=person)",
        "await db.sql('UPDATE person SET name = ?', name)",
        "await sql(query)",
    ],
)
def test_a_write_outside_the_models_would_be_seen(line):
    assert len(list(writes(ast.parse(f"async def step(): {line}")))) >= 1


@pytest.mark.parametrize(
    "line", ["seen.update(more)", "await db.sql('SELECT 1')", "await cases.update_buttons()"]
)
def test_what_writes_nothing_is_no_offence(line):
    assert list(writes(ast.parse(f"async def step(): {line}"))) == []


def test_only_the_workflow_writes_a_case_s_state():
    found = [
        offence
        for path in sources()
        if path.relative_to(ROOT).as_posix() not in OTHER_STATES and "sandbox" not in path.parts
        for offence in offenders(state_writes, [path])
    ]
    assert found == []


@pytest.mark.parametrize("name", sorted(OTHER_STATES))
def test_who_may_write_a_state_does_so_and_only_the_workflow_writes_proposals(name):
    assert offenders(state_writes, [ROOT / name]), "needs no leave any more"
    text = (ROOT / name).read_text(encoding="utf-8")
    if name != "models/workflow.py":
        assert not re.search(r"Proposal\b[^\n]*\.(update|create)\(|\bcase\.state *=[^=]", text)


@pytest.mark.parametrize(
    "line",
    [
        "case.state = State.RETURNED",
        "row.state, row.version = State.RETURNED, 2",
        "self.case.state: State = State.RETURNED",
        "await Proposal.filter(id=1).update(state=State.RETURNED)",
        "await mine.update(**values)",
        "case.update_from_dict({'x': 1}, state=State.RETURNED)",
        "case = Proposal(state=State.RETURNED)",
        "case = await Proposal.create(**values)",
        "setattr(case, 'state', State.RETURNED)",
        "await sql('UPDATE proposal SET state = ?', 'returned')",
    ],
)
def test_a_state_written_elsewhere_would_be_seen(line):
    assert len(list(state_writes(ast.parse(f"async def step(): {line}")))) == 1


@pytest.mark.parametrize(
    "line",
    [
        "cases = await Proposal.filter(state=State.RETURNED)",
        "raise NoSuchStep(state=case.state.value)",
        "before = case.state",
        "await mine.update(version=2)",
    ],
)
def test_a_state_that_is_read_is_no_offence(line):
    assert list(state_writes(ast.parse(f"async def step(): {line}"))) == []


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
    words = ["py" + "pi.org", "python" + "hosted", "registry." + "npmjs", "deb.deb" + "ian",
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
