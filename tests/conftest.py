"""Databases for every test: SQLite and PostgreSQL, migrated once, copied for each test."""

import asyncio
import itertools
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from models import db, office
from tests.postgres import Cluster, temporary_cluster

DIALECTS = ("sqlite", "postgres")
_numbers = itertools.count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-pictures", action="store_true", help="make the README's pictures")
    parser.addoption("--update-schema", action="store_true", help="agree to the schema as it is")


@pytest.fixture(autouse=True)
def _the_usual_office() -> Iterator[None]:
    office.use(office.Office())
    yield
    office.use(office.Office())


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server for the whole run; where there is none, CI fails and others skip."""
    try:
        with temporary_cluster() as running:
            yield running
    except LookupError as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    asyncio.run(db.migrate(f"sqlite://{path}"))
    return path


async def _execute(cluster: Cluster, statement: str) -> None:
    connection = await db.connect(cluster.url())
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def postgres_template(cluster: Cluster) -> str:
    async def make() -> None:
        await _execute(cluster, "CREATE DATABASE template_dingmi")
        await db.migrate(cluster.url("template_dingmi"))

    asyncio.run(make())
    return "template_dingmi"


@pytest.fixture(params=DIALECTS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh, migrated database of either kind; nobody has opened it yet."""
    if request.param == "sqlite":
        path = tmp_path / "dingmi.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite://{path}"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    template: str = request.getfixturevalue("postgres_template")
    name = f"t{os.getpid()}_{next(_numbers)}"
    run_apart(_execute, cluster, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield cluster.url(name)
    run_apart(_execute, cluster, f"DROP DATABASE {name} WITH (FORCE)")


def run_apart(coroutine: Callable[..., object], *arguments: object) -> None:
    """Run a coroutine on a loop of its own, whatever loop the test may have."""
    import threading

    failures: list[BaseException] = []

    def work() -> None:
        try:
            asyncio.run(coroutine(*arguments))  # type: ignore[arg-type]
        except BaseException as failure:  # noqa: BLE001 - raised again in the test's own thread
            failures.append(failure)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[str]:
    """The same, open for this test."""
    async with db.database(database_url, migrated=False):
        yield database_url
