"""The edition in force is what is searched, as soon as it is in force."""

import asyncio
from datetime import timedelta
from time import sleep

import pytest
import time_machine
from tortoise.transactions import in_transaction

from models import catalogue, errors
from models.guide import Disclosure, GuideEdition
from models.levels import Level
from models.office import now, today
from models.search import GuideIndex
from tests.factories import ITEMS, make_guide

pytestmark = pytest.mark.usefixtures("november")


@pytest.fixture(autouse=True)
def _nothing_loaded():
    catalogue.forget()
    yield
    catalogue.forget()


async def codes(text: str, **values: int) -> list[str]:
    return [item.code for item in await catalogue.find(text, **{"limit": 9} | values)]


async def test_before_there_is_a_guide_nothing_can_be_searched(database):
    with pytest.raises(errors.NoGuide):
        await catalogue.find("地形", limit=5)
    assert (await catalogue.refresh(), catalogue.loaded()) == (False, 0)


async def test_a_guide_imported_by_another_process_is_found_at_once(database):
    await make_guide()
    catalogue.forget()
    assert (await codes("地形图"))[0] in {"CH-101", "CH-102"}
    assert catalogue.loaded() == len(ITEMS)


async def test_refreshing_loads_an_edition_once(database):
    await make_guide()
    catalogue.forget()
    assert await catalogue.refresh()
    assert not await catalogue.refresh()


async def test_an_edition_takes_the_place_of_another_on_its_day(database):
    await make_guide()
    newer = [("ZZ-1", "新/类", "全新事项", Level.SECRET, "5年")]
    await make_guide("2027版", effective=today() + timedelta(days=2), items=newer)
    assert await codes("全新事项") == []
    assert "CH-101" in await codes("地形图")
    with time_machine.travel(now() + timedelta(days=2), tick=True):
        assert await codes("全新事项") == ["ZZ-1"]  # before any job has run
        assert await codes("地形图") == []
        assert not await catalogue.refresh()


@pytest.fixture
def builds(monkeypatch):
    """The editions whose index was built, one entry each time; each takes a moment."""
    done, build = [], GuideIndex.build

    def slowly(items, **values):
        done.append(items[0].edition_id)
        sleep(0.2)
        return build(items, **values)

    monkeypatch.setattr(catalogue.GuideIndex, "build", slowly)
    return done


async def within_a_transaction(text: str) -> list[str]:
    async with in_transaction():
        return await codes(text)


@pytest.mark.parametrize("look", [codes, within_a_transaction])
async def test_many_who_search_at_once_load_an_edition_once(database, builds, look):
    edition = await make_guide()
    catalogue.forget()
    builds.clear()
    job = asyncio.create_task(catalogue.refresh())
    found = await asyncio.wait_for(asyncio.gather(*(look("地形图") for _ in range(10))), 20)
    await job
    assert all("CH-101" in one for one in found)
    assert builds == [edition.id]


async def test_while_another_edition_is_loading_the_one_before_answers(database, builds):
    old = await make_guide()
    newer = [("ZZ-1", "新/类", "全新事项", Level.SECRET, "5年")]
    tomorrow = await make_guide("2027版", effective=today() + timedelta(days=1), items=newer)
    builds.clear()
    with time_machine.travel(now() + timedelta(days=1), tick=True):
        first, *others = await asyncio.gather(*(catalogue.find("事项", limit=1) for _ in range(9)))
        assert {item.edition_id for item in first} <= {tomorrow.id}
        assert {i.edition_id for one in others for i in one} <= {old.id, tomorrow.id}
        assert await codes("全新事项") == ["ZZ-1"]
    assert builds == [tomorrow.id]


async def test_a_draft_edition_is_not_searched(database):
    await make_guide()
    newer = await make_guide("2027版", items=[("ZZ-1", "新", "全新事项", Level.SECRET, "5年")])
    await GuideEdition.filter(id=newer.id).update(published_at=None)
    assert await codes("全新事项") == []


async def test_pages_do_not_overlap(database):
    await make_guide(
        items=[(f"X-{n:02d}", "甲", f"图纸{n}", Level.SECRET, "5年") for n in range(9)]
    )
    pages = [await codes("图纸", limit=4, offset=offset) for offset in (0, 4, 8)]
    assert [len(page) for page in pages] == [4, 4, 1]
    assert len({code for page in pages for code in page}) == 9


async def test_a_guide_of_codes_is_not_found_by_its_wording(database):
    await make_guide(disclosure=Disclosure.CODES)
    assert await codes("启用前") == []
    assert await codes("KS-001") == ["KS-001"]
    assert await codes("命题") == ["KS-001"]  # its category


async def test_any_words_may_be_looked_for(database):
    await make_guide()
    for text in ("", " ", "*", '"', "(", "AND OR", "\x00", "😀" * 50, "：“”", "+-/\\", "^~!"):
        assert isinstance(await codes(text), list)
