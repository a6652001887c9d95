"""A guide whose wording is itself sensitive: the chat shows and finds codes and categories only."""

import json

import pytest

from models.guide import Disclosure, GuideEdition
from models.proposal import Proposal, State
from tests.factories import ITEMS, make_guide

#: Pieces of every item's wording, its access scope and its basis.
FORBIDDEN = ["国际领先", "国内领先", "关键工艺", "1:1万", "数字成果", "25平方千米", "启用前的", "参考答案",
             "会议纪要", "项目组经批准人员", "演示目录"]  # fmt: skip


@pytest.fixture
async def codes(cast):
    return await make_guide("2027版", disclosure=Disclosure.CODES, items=ITEMS)


def everything_sent(house):
    return json.dumps([call.params for call in house.telegram.calls], ensure_ascii=False)


@pytest.mark.parametrize("typed", ["国际领先", "数字成果", "会议纪要", "szcg", "平方千米"])
async def test_search_finds_nothing_by_the_wording(house, cast, codes, typed):
    drafter = house.phone(cast.drafter)
    await drafter.says("/new", "科工〔2026〕12号", typed)
    assert f"没有找到“{typed}”" in drafter.last


@pytest.mark.parametrize("typed", ["KJ-002", "kj", "科技/工艺", "工艺", "测绘", "cehui"])
async def test_search_finds_by_code_and_category(house, cast, codes, typed):
    drafter = house.phone(cast.drafter)
    await drafter.says("/new", "科工〔2026〕12号", typed)
    assert any(label.startswith("1. ") for label in drafter.buttons), drafter.last


async def test_a_whole_journey_shows_no_wording_to_anybody(house, cast, codes):
    drafter, head, officer = house.phones_of(cast.drafter, cast.head, cast.officer)
    await drafter.says("/new", "科工〔2026〕12号", "KJ", "工艺")
    await drafter.taps("1. KJ-00")
    assert "依据　KJ-00" in drafter.last
    assert "科技/工艺" in drafter.last
    assert "知悉" not in drafter.last
    await drafter.taps("改期限", "返回", "换条目", "返回", "提交", "详情", "返回")
    await head.taps("详情")
    assert "（本版细目只显示编号与类别）" in head.last
    await head.taps("返回", "退回", "级别偏高")
    await drafter.taps("修改", "换条目")
    await drafter.says("KJ-003")
    await drafter.taps("1. KJ-003", "重新提交")
    await head.replies("同意")
    await officer.taps("详情", "返回")
    await officer.says("/inbox")
    await officer.taps("批准")
    await drafter.says("/mine")
    assert (await Proposal.get()).state is State.EFFECTIVE
    sent = everything_sent(house)
    assert [word for word in FORBIDDEN if word in sent] == []


async def test_a_case_keeps_the_disclosure_of_the_edition_it_cites(house, cast, codes):
    """An open edition takes effect later: what was cited under codes stays under codes."""
    await house.submitted(cast, "科工〔2026〕12号 KJ-002")
    await make_guide("2028版", items=[(c, k, f"{m}新", lv, t) for c, k, m, lv, t in ITEMS])
    head = house.phone(cast.head)
    await head.taps("详情", "返回")
    assert not any(word in everything_sent(house) for word in FORBIDDEN)
    assert await GuideEdition.all().count() == 3
