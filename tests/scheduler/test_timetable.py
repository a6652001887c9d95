"""Sweeps run by the clock, one at a time, whatever one of them does; and end in order."""

import asyncio
import logging
from zoneinfo import ZoneInfo

from scheduler import jobs
from scheduler.app import LEADERS, Entry, everywhere, timetable
from tests.machinery import until

ZONE = ZoneInfo("Asia/Shanghai")


class Sweep:
    """Counts its runs; ``gate`` holds each of them up."""

    def __init__(self, *, fails=False, open_=True):
        self.begun = self.done = 0
        self.fails, self.gate = fails, asyncio.Event()
        if open_:
            self.gate.set()

    async def __call__(self):
        self.begun += 1
        await self.gate.wait()
        if self.fails:
            raise ValueError("甲乙丙丁")
        self.done += 1


async def test_a_sweep_runs_at_the_start_and_then_by_the_clock():
    sweep = Sweep()
    async with timetable([Entry(sweep, every=1)], ZONE):
        await until(lambda: sweep.done >= 2)


async def test_a_sweep_may_leave_out_the_start():
    sweep = Sweep()
    async with timetable([Entry(sweep, every=60, at_start=False)], ZONE):
        await asyncio.sleep(0.1)
    assert sweep.begun == 0


async def test_a_failing_sweep_stops_nobody_and_quotes_nothing(caplog):
    bad, good = Sweep(fails=True), Sweep()
    with caplog.at_level(logging.ERROR):
        async with timetable([Entry(bad, every=1), Entry(good, every=1)], ZONE):
            await until(lambda: bad.begun >= 2 and good.done >= 2)
    assert "failed" in caplog.text
    assert all("甲乙丙丁" not in record.getMessage() for record in caplog.records)


async def test_two_runs_of_one_sweep_never_overlap():
    slow = Sweep(open_=False)
    async with timetable([Entry(slow, every=1)], ZONE):
        await asyncio.sleep(2.2)
        assert slow.begun == 1
        slow.gate.set()


async def test_the_end_waits_for_the_sweep_under_way():
    slow = Sweep(open_=False)
    async with timetable([Entry(slow, every=60)], ZONE):
        await until(lambda: slow.begun == 1)
        asyncio.get_running_loop().call_later(0.1, slow.gate.set)
    assert slow.done == 1


def test_the_timetable_is_what_was_agreed():
    assert [(entry.sweep, entry.every, entry.at_start) for entry in LEADERS] == [
        (jobs.reroute_waiting, 60, True),
        (jobs.announce_edition, 60, True),
        (jobs.refresh_menus, 600, True),
        (jobs.forget_updates, 3600, True),
    ]
    (guide,) = everywhere(jobs.reroute_waiting)
    assert guide.every == 30
