"""One process of all leads; when it goes, however it goes, another takes its place."""

import asyncio
import contextlib
import subprocess
import sys
import time

import pytest

from models import db, leadership
from tests.machinery import until

EVERY = 0.1


class Replica:
    """A process that would lead; notes when it begins and ends."""

    def __init__(self, url):
        self.url, self.stop = url, asyncio.Event()
        self.leads, self.reigns, self.breaks = False, 0, 0

    async def work(self, over):
        self.leads, self.reigns = True, self.reigns + 1
        try:
            if self.breaks:
                self.breaks -= 1
                raise ValueError
            await over.wait()
            await asyncio.sleep(0.02)  # something to finish
        finally:
            self.leads = False

    @contextlib.asynccontextmanager
    async def alive(self):
        task = asyncio.create_task(leadership.lead(self.url, self.work, self.stop, every=EVERY))
        try:
            yield self
        finally:
            self.stop.set()
            await asyncio.wait_for(task, 5)


async def test_the_only_process_leads_until_it_is_stopped(database_url):
    async with Replica(database_url).alive() as one:
        await until(lambda: one.leads)
    assert (one.leads, one.reigns) == (False, 1)


async def test_work_that_fails_is_begun_again(database_url):
    one = Replica(database_url)
    one.breaks = 2
    async with one.alive():
        await until(lambda: one.leads and one.reigns == 3)


async def test_of_two_replicas_one_leads_and_the_other_takes_over(cluster):
    first, second = Replica(cluster.url()), Replica(cluster.url())
    async with second.alive(), first.alive():
        await until(lambda: first.leads or second.leads)
        leader, other = (first, second) if first.leads else (second, first)
        await asyncio.sleep(3 * EVERY)
        assert leader.leads
        assert not other.leads
        began = time.monotonic()
        leader.stop.set()
        await until(lambda: other.leads)
        assert time.monotonic() - began < 3
        assert not leader.leads


async def test_a_leader_whose_connection_is_cut_steps_down_and_somebody_leads_again(cluster):
    async with Replica(cluster.url()).alive() as one:
        await until(lambda: one.leads)
        connection = await db.connect(cluster.url())
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks "
            "WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
        )
        await connection.close()
        await until(lambda: not one.leads)
        await until(lambda: one.reigns == 2 and one.leads)


async def test_a_server_that_is_away_is_asked_again(cluster, caplog):
    unreachable = "postgres://postgres@127.0.0.1:1/none"
    async with Replica(unreachable).alive() as one:
        await until(lambda: "cannot ask who leads" in caplog.text)
        assert not one.leads


def test_a_second_run_on_the_same_sqlite_file_is_refused(tmp_path):
    url = f"sqlite://{tmp_path}/new folder/dingmi.db"
    with leadership.alone(url):
        with pytest.raises(leadership.DatabaseInUse) as refused, leadership.alone(url):
            pass
        assert refused.value.facts["path"].endswith("dingmi.db")
    with leadership.alone(url):  # the first has ended
        pass


def test_the_lock_ends_with_the_process_that_held_it(tmp_path):
    url = f"sqlite://{tmp_path}/dingmi.db"
    hold = (
        f"import time; from models import leadership\nwith leadership.alone({url!r}):\n"
        "  print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", hold], stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(leadership.DatabaseInUse), leadership.alone(url):
            pass
        other.kill()
    with leadership.alone(url):
        pass


@pytest.mark.parametrize("url", ["sqlite://:memory:", "postgres://h/d"])
def test_where_there_is_no_file_there_is_no_lock(url):
    with leadership.alone(url), leadership.alone(url):
        pass
