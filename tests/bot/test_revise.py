"""Revising a returned case: prefilled, the reason on top, only what changes is asked."""

import pytest

from models.draft import Draft
from models.levels import Level
from models.proposal import Proposal, State, Step
from tests.bot.driver import labels
from tests.factories import ITEMS, make_guide

REASON = "期限不当"


@pytest.fixture
async def returned(house, cast):
    """A case with a title, returned by the head."""
    drafter, head = house.phones_of(cast.drafter, cast.head)
    await drafter.says("/new 科工〔2026〕12号 KJ-002")
    await drafter.taps("加标题")
    await drafter.says("工艺通报")
    await drafter.taps("提交")
    await head.taps("退回", REASON)
    return await Proposal.get()


async def another_edition(change, name="2027版"):
    items = [change(list(item)) for item in ITEMS]
    return await make_guide(name, items=[item for item in items if item])


async def test_a_revision_begins_with_what_was_there_and_why_it_came_back(house, cast, returned):
    drafter = house.phone(cast.drafter)
    await drafter.taps("修改")
    assert drafter.last.splitlines() == [
        f"定密意见 · 修改后重新提交 · 案 {returned.number}",
        f"↩️ 赵国：{REASON}",
        "文号　科工〔2026〕12号",
        "拟定　绝密★30年",
        "依据　KJ-002 国际领先技术的关键工艺参数（2026版）",
        "知悉　项目组经批准人员",
        "标题　工艺通报",
        "流向　赵国（科技处） 审核 → 林秀 审定",
    ]
    assert drafter.buttons[0] == "重新提交"


async def test_only_what_changes_is_asked_and_the_head_reads_what_changed(house, cast, returned):
    drafter, head = house.phones_of(cast.drafter, cast.head)
    await drafter.taps("修改", "改期限", "10年", "重新提交")
    assert drafter.toast == f"已提交 · 案 {returned.number}"
    case = await Proposal.get()
    assert (case.id, case.revision, case.term, case.title) == (returned.id, 2, "10年", "工艺通报")
    assert case.state is State.WAITING_HEAD
    assert "修改　期限 30年→10年" in head.last
    assert head.buttons == ["同意", "退回", "详情"]
    assert drafter.last.startswith("🟡 待 赵国 审核")


@pytest.mark.parametrize(
    ("path", "typed", "told"),
    [
        (["换条目"], ["KJ-003"], "密级 绝密→机密；期限 30年→20年；条目 KJ-002→KJ-003"),
        (["改文号"], ["科工〔2026〕13号"], "文号 科工〔2026〕12号→科工〔2026〕13号"),
        ([], [], "内容未变"),
    ],
)
async def test_every_change_is_told(house, cast, returned, path, typed, told):
    drafter, head = house.phones_of(cast.drafter, cast.head)
    await drafter.taps("修改", *path)
    await drafter.says(*typed)
    if path == ["换条目"]:
        await drafter.taps("1. ")
    await drafter.taps("重新提交")
    assert f"修改　{told}" in head.last


async def test_it_may_become_unclassified(house, cast, returned):
    drafter, head = house.phones_of(cast.drafter, cast.head)
    await drafter.taps("修改", "换条目", "非密", "已经公开", "重新提交")
    case = await Proposal.get()
    assert (case.level, case.item_id) == (Level.UNCLASSIFIED, None)
    assert "理由　已经公开" in head.last


async def test_the_whole_story_leaves_one_working_card_each(house, cast, returned):
    drafter, head, officer = house.phones_of(cast.drafter, cast.head, cast.officer)
    await drafter.taps("修改", "改期限", "20年", "重新提交")
    await head.taps("同意")
    await officer.taps("退回", "级别偏高")
    assert drafter.last.startswith("↩️ 已退回")
    await drafter.taps("修改", "换条目")
    await drafter.says("KJ-003")
    await drafter.taps("1. KJ-003", "重新提交")
    await head.taps("同意")
    await officer.taps("批准")
    for phone in (drafter, head, officer):
        cards = [post for post in phone.posts if labels(post)]
        assert len(cards) == 1, phone.texts
        assert cards[0] == phone.posts[-1]
        assert not any(text.startswith(("🟡", "↩️")) for text in phone.texts), phone.texts
    assert drafter.last.startswith("✅ 科工〔2026〕12号 已批准\n请标注：机密★20年")
    assert await Step.all().count() == 8


async def test_an_item_changed_meanwhile_brings_its_new_level(house, cast, returned):
    await another_edition(lambda i: i if i[0] != "KJ-002" else [*i[:3], Level.SECRET, "15年"])
    drafter, head = house.phones_of(cast.drafter, cast.head)
    await drafter.taps("修改")
    assert "拟定　机密★15年" in drafter.last
    assert "（2027版）" in drafter.last
    await drafter.taps("重新提交")
    assert "密级 绝密→机密；期限 30年→15年" in head.last


async def test_an_item_dropped_meanwhile_must_be_chosen_again(house, cast, returned):
    await another_edition(lambda item: item if item[0] != "KJ-002" else None)
    drafter = house.phone(cast.drafter)
    await drafter.taps("修改")
    assert "请输入几个字查找条目" in drafter.last
    await drafter.says("KJ-003")
    await drafter.taps("1. KJ-003")
    assert drafter.buttons[0] == "重新提交"
    await drafter.taps("重新提交")
    assert (await Proposal.get()).state is State.WAITING_HEAD


async def test_an_item_changed_under_a_waiting_case_is_said_and_stops_approval(house, cast):
    await house.endorsed(cast)
    await another_edition(lambda item: [item[0], item[1], item[2] + "（修订）", *item[3:]])
    officer = house.phone(cast.officer)
    await officer.taps("批准")
    assert officer.toast.startswith("所引条目在现行细目中已变更，不能批准。")
    assert "⛔ 所引条目在现行细目中已变更，须退回后重新提交" in officer.last
    await officer.taps("退回", "条目不符")
    assert officer.toast == "已退回 · 周文"


async def test_another_draft_goes_first_and_is_not_lost(house, cast, returned):
    drafter = house.phone(cast.drafter)
    await drafter.says("/new 科工〔2026〕88号 地形图")
    await drafter.taps("修改")
    assert drafter.toast == "您有一份尚未提交，请先提交或取消。"
    assert "科工〔2026〕88号" in drafter.last
    assert (await Draft.get(person_id=cast.drafter.id)).revises_id is None
    await drafter.taps("提交", "修改")
    assert drafter.last.startswith("定密意见 · 修改后重新提交")


async def test_revise_tapped_twice_keeps_what_was_changed(house, cast, returned):
    drafter = house.phone(cast.drafter)
    await drafter.taps("修改", "改期限", "10年", "修改")
    assert "拟定　绝密★10年" in drafter.last
    assert sum("重新提交" in labels(post) for post in drafter.posts) == 1


async def test_withdrawing_ends_a_revision_too(house, cast, returned):
    drafter = house.phone(cast.drafter)
    await drafter.taps("修改", "撤回", "确认撤回")
    assert not (await Draft.get(person_id=cast.drafter.id)).is_open
    assert (await Proposal.get()).state is State.WITHDRAWN
    assert not any("重新提交" in labels(post) for post in drafter.posts)


async def test_a_revision_given_up_leaves_the_case_returned(house, cast, returned):
    drafter = house.phone(cast.drafter)
    await drafter.taps("修改", "取消")
    assert (await Proposal.get()).state is State.RETURNED
    await drafter.taps("修改", "重新提交")
    assert (await Proposal.get()).revision == 2


async def test_a_revision_survives_a_restart(house, cast, returned):
    drafter = house.phone(cast.drafter)
    await drafter.taps("修改", "改期限")
    await house.restart()
    await drafter.says("8年")
    await house.restart()
    await drafter.taps("重新提交")
    assert (await Proposal.get()).term == "8年"
