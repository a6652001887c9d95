"""The demo: an invented office that works in any year."""

import time
from collections import Counter
from datetime import UTC, datetime

import pytest
import time_machine

from models import demo_data
from models.guide import GuideEdition, GuideItem
from models.levels import Level
from models.office import today
from models.people import Appointment, Department, Person

ROWS = demo_data.guide_rows()


async def test_the_demo_fills_an_empty_database_in_seconds(database):
    began = time.perf_counter()
    await demo_data.load()
    assert time.perf_counter() - began < 6
    edition = await GuideEdition.in_force()
    assert (edition.name, edition.is_open) == (f"{today().year}版（演示）", True)
    assert await GuideItem.filter(edition=edition).count() == len(ROWS) > 10_000
    assert (await Person.all().count(), await Department.all().count()) == (18, 7)


@pytest.mark.parametrize("day", ["2026-01-01", "2028-02-29", "2031-12-31", "2040-07-15"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_cast_can_sign_in_any_year_but_for_one_lapsed_training(database, day):
    with time_machine.travel(datetime.fromisoformat(day).replace(hour=4, tzinfo=UTC)):
        await demo_data.load()
        appointments = await Appointment.all().prefetch_related("person")
        assert all(held.in_force(today()) for held in appointments)
        lapsed = [held.person.code for held in appointments if not held.trained(today())]
        assert lapsed == ["D300"]
        assert (await GuideEdition.in_force()).name == f"{day[:4]}版（演示）"


async def test_loading_the_demo_again_changes_nothing(database):
    await demo_data.load()
    await demo_data.load()
    assert await GuideItem.all().count() == len(ROWS)
    assert await Appointment.all().count() == 7


def test_the_demo_guide_is_the_same_every_time_and_repeats_nothing():
    assert demo_data.guide_rows() == ROWS
    assert len({row["code"] for row in ROWS}) == len(ROWS)
    assert len({row["matter"] for row in ROWS}) == len(ROWS)


def test_the_demo_guide_shows_every_level_and_kind_of_term():
    levels = Counter(row["level"] for row in ROWS)
    assert set(levels) == {level.label for level in Level}
    assert min(levels.values()) > 300
    terms = Counter(row["term"] for row in ROWS)
    assert {"30年", "20年", "10年", "18个月", "长期", "启用前", "活动结束后1年", ""} <= set(terms)
    assert terms["长期"] < 100
    assert len({row["category"] for row in ROWS}) > 50


def test_the_demo_guide_says_that_it_is_invented():
    assert {row["basis"] for row in ROWS} == {"演示目录（虚构）"}
