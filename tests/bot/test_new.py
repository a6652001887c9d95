"""Drafting: one message and one tap, or step by step with every branch."""

import pytest

from models.draft import Draft
from models.levels import Level
from models.people import Person
from models.proposal import NoBasis, Proposal, State
from tests.bot.driver import labels

NUMBER = "科工〔2026〕12号"


@pytest.fixture
def drafter(house, cast):
    return house.phone(cast.drafter)


async def the_draft(cast):
    return await Draft.get(person_id=cast.drafter.id).prefetch_related("item")


async def test_step_by_step_from_the_document_number_to_the_preview(drafter, cast):
    await drafter.says("/new")
    assert drafter.last == "请发送文号，例如 科工〔2026〕12号。"
    assert drafter.buttons == ["取消"]
    await drafter.says(NUMBER)
    assert drafter.last.startswith(f"{NUMBER}\n请输入几个字查找条目")
    assert drafter.buttons == ["非密", "工作秘密", "取消"]
    await drafter.says("地形图")
    assert drafter.last.startswith(f"{NUMBER}　“地形图”")
    assert "CH-101 1:1万地形图与数字成果　机密★长期" in drafter.last
    await drafter.taps("1. ")
    assert drafter.last.splitlines() == [
        "定密意见 · 待提交",
        f"文号　{NUMBER}",
        "拟定　机密★长期",
        "依据　CH-101 1:1万地形图与数字成果（2026版）",
        "知悉　项目组经批准人员",
        "流向　赵国（科技处） 审核 → 林秀 审定",
    ]
    assert drafter.buttons == [
        "提交", "改期限", "换条目", "改文号", "加标题", "加备注", "取消",
    ]  # fmt: skip
    await drafter.taps("提交")
    assert (await Proposal.get()).state is State.WAITING_HEAD
    assert not (await the_draft(cast)).is_open


async def test_where_nobody_heads_the_preview_says_that_it_will_wait(drafter, cast):
    await Person.filter(id=cast.head.id).update(is_head=False)
    await drafter.says(f"/new {NUMBER} 关键工艺")
    assert "流向　本部门及上级部门均无负责人，提交后须等待指定" in drafter.last


@pytest.mark.parametrize(
    "typed", ["KJ-002", "kj002", "关键工艺", "国际领先", "gjlx", "guojilingxian"]
)
async def test_an_item_is_found_by_word_code_pinyin_and_initials(drafter, cast, typed):
    await drafter.says("/new", NUMBER, typed)
    assert any("KJ-002" in label for label in drafter.buttons), (typed, drafter.last)


async def test_one_message_takes_the_best_item(drafter, cast):
    await drafter.says(f"/new {NUMBER} 国际领先 关键工艺")
    assert "拟定　绝密★30年" in drafter.last
    assert (await the_draft(cast)).item.code == "KJ-002"


async def test_one_message_that_finds_nothing_asks_for_another_word(drafter, cast):
    await drafter.says(f"/new {NUMBER} 火星移民")
    assert drafter.last.startswith(f"{NUMBER}　没有找到“火星移民”。")
    assert drafter.buttons == ["非密", "工作秘密", "取消"]
    await drafter.says("试题")
    await drafter.taps("1. KS-001")
    assert "拟定　绝密★启用前" in drafter.last


async def test_only_the_document_number_in_one_message_asks_for_the_item(drafter, cast):
    await drafter.says(f"/new {NUMBER}")
    assert "请输入几个字查找条目" in drafter.last


@pytest.mark.parametrize(
    ("typed", "number", "code"),
    [
        ("/new 地形图", None, "CH-1"),
        ("/new 地形图 数字成果", None, "CH-101"),
        ("/new 科工 〔2026〕 12 号 关键工艺", "科工 〔2026〕 12 号", "KJ-00"),
        ("/new  科工〔2026〕12号   关键工艺", NUMBER, "KJ-00"),
        ("/new\n科工〔2026〕12号\n关键工艺", NUMBER, "KJ-00"),
        ("/new ABC-2026-7 地形图", "ABC-2026-7", "CH-1"),
        ("/new@dingmi_demo_bot 科工〔2026〕12号 地形图", NUMBER, "CH-1"),
    ],
)
async def test_what_follows_new_is_a_document_number_only_with_a_digit(
    drafter, cast, typed, number, code
):
    await drafter.says(typed)
    if number is None:
        assert drafter.last.startswith("请发送文号")
        await drafter.says(NUMBER)
    assert f"文号　{number or NUMBER}" in drafter.last
    assert f"依据　{code}" in drafter.last


async def test_more_results_come_page_by_page_and_end_in_words(drafter, cast):
    await drafter.says("/new", NUMBER, "的")
    seen = {label for label in drafter.buttons if label[0].isdigit()}
    while "更多" in drafter.buttons:
        await drafter.taps("更多")
        seen |= {label for label in drafter.buttons if label[0].isdigit()}
    assert len(seen) >= 1
    draft = await the_draft(cast)
    await drafter.forges(f"d:more:{draft.version}:")
    assert drafter.last == "没有更多了。换个词再试，或选“非密”“工作秘密”。"


async def test_six_hits_are_five_and_one_more(drafter, cast):
    await drafter.says("/new", NUMBER, "c")
    if "更多" in drafter.buttons:
        assert sum(label[0].isdigit() for label in drafter.buttons) == 5


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ("细目中没有相应条目", NoBasis.NO_ITEM),
        ("未达到条目界限", NoBasis.BELOW_THRESHOLD),
        ("依法应当公开", NoBasis.MUST_BE_PUBLIC),
        ("已经公开", NoBasis.ALREADY_PUBLIC),
    ],
)
async def test_unclassified_asks_for_its_reason(drafter, cast, label, reason):
    await drafter.says("/new", NUMBER)
    await drafter.taps("非密")
    assert drafter.last == f"{NUMBER}　非密\n请选择理由："
    await drafter.taps(label)
    assert "拟定　非密" in drafter.last
    assert f"理由　{label}" in drafter.last
    assert "改期限" not in drafter.buttons
    await drafter.taps("提交")
    case = await Proposal.get()
    assert (case.level, case.reason, case.term) == (Level.UNCLASSIFIED, reason, "")


async def test_the_reason_can_be_changed_and_left_as_it_is(drafter, cast):
    await drafter.says("/new", NUMBER)
    await drafter.taps("非密", "已经公开", "改理由", "返回")
    assert "理由　已经公开" in drafter.last
    await drafter.taps("改理由", "依法应当公开")
    assert "理由　依法应当公开" in drafter.last


async def test_a_work_secret_needs_no_item(drafter, cast):
    await drafter.says("/new", NUMBER)
    await drafter.taps("工作秘密", "提交")
    case = await Proposal.get()
    assert (case.level, case.item_id, case.marking) == (Level.WORK_SECRET, None, None)


async def test_a_boundary_item_brings_its_reason(drafter, cast):
    await drafter.says(f"/new {NUMBER} CH-N01")
    assert "拟定　非密" in drafter.last
    assert "依据　CH-N01" in drafter.last
    assert "理由　未达到条目界限" in drafter.last
    await drafter.taps("提交")
    case = await Proposal.get().prefetch_related("item")
    assert (case.reason, case.item.code) == (NoBasis.BELOW_THRESHOLD, "CH-N01")


@pytest.mark.parametrize("at", [[], [NUMBER], [NUMBER, "地形图"]])
async def test_cancel_works_at_every_step(drafter, cast, at):
    await drafter.says("/new", *at)
    await drafter.says("/cancel")
    assert drafter.last == "已放弃。"
    assert not (await the_draft(cast)).is_open
    await drafter.says("/cancel")
    assert drafter.last == "没有正在填写的内容。"


@pytest.mark.parametrize("label", ["改期限", "加标题", "加备注", "换条目", "改文号"])
async def test_cancel_works_while_a_change_is_asked(drafter, cast, label):
    await drafter.says(f"/new {NUMBER} 关键工艺")
    await drafter.taps(label)
    await drafter.says("/cancel")
    assert drafter.last == "已放弃。"
    assert [label for post in drafter.posts for label in labels(post)] == []


async def test_the_cancel_button_leaves_no_button(drafter, cast):
    await drafter.says(f"/new {NUMBER} 关键工艺")
    await drafter.taps("取消")
    assert drafter.texts == ["已放弃。"]
    assert drafter.buttons == []
    await drafter.says("/new")
    assert drafter.last.startswith("请发送文号")


async def test_what_was_begun_survives_a_restart(house, drafter, cast):
    await drafter.says("/new", NUMBER)
    await house.restart()
    await drafter.says("地形图")
    await house.restart()
    await drafter.taps("1. CH-101")
    await house.restart()
    await drafter.taps("提交")
    assert (await Proposal.get()).document_no == NUMBER


async def test_new_offers_to_go_on_or_to_start_again(drafter, cast):
    await drafter.says(f"/new {NUMBER} 关键工艺")
    await drafter.says("/new")
    assert drafter.last.startswith("有一份尚未提交：\n定密意见 · 待提交")
    assert drafter.buttons[-1] == "重新开始"
    await drafter.taps("重新开始")
    assert drafter.last.startswith("请发送文号")
    assert (await the_draft(cast)).document_no == ""


async def test_the_button_for_a_new_one_loses_nothing_either(drafter, cast):
    await drafter.says("/help")
    begin = drafter.posts[-1]
    await drafter.says(f"/new {NUMBER} 关键工艺")
    await drafter.taps("新建定密意见", post=begin)
    assert drafter.last.startswith("有一份尚未提交：")


async def test_going_on_after_the_offer_is_one_tap(drafter, cast):
    await drafter.says(f"/new {NUMBER} 关键工艺", "/new")
    await drafter.taps("提交")
    assert await Proposal.all().count() == 1


async def test_a_document_number_in_use_is_pointed_out(house, drafter, cast):
    case = await house.submitted(cast)
    await drafter.says(f"/new {NUMBER} 地形图")
    assert f"注意：此文号已有案 {case.number}（待审核）" in drafter.last
    await drafter.taps("提交")
    assert await Proposal.all().count() == 2


async def test_older_prompts_lose_their_buttons_and_say_so(drafter, cast):
    await drafter.says("/new", NUMBER)
    prompt = drafter.posts[-1]
    await drafter.says("地形图")
    assert [labels(post) for post in drafter.posts[:-1]] == [[], []]
    before = (await the_draft(cast)).version
    toast = await drafter.taps("非密", post=prompt)
    assert toast == "此按钮已过时，请用最下面的一条。"
    assert (await the_draft(cast)).version == before


async def test_two_taps_on_submit_make_one_case_and_say_the_same(house, drafter, cast):
    await drafter.says(f"/new {NUMBER} 关键工艺")
    first, second = drafter.press("提交"), drafter.press("提交")
    await house.settle()
    case = await Proposal.get()
    for query in (first, second):
        assert (await house.telegram.answer(query))["text"] == f"已提交 · 案 {case.number}"


async def test_the_preview_becomes_the_card(drafter, cast):
    await drafter.says(f"/new {NUMBER} 关键工艺")
    await drafter.taps("提交")
    [card] = drafter.posts
    case = await Proposal.get()
    assert card["text"].startswith(f"🟡 待 赵国 审核 · 案 {case.number}")
    assert labels(card) == ["催办", "撤回", "详情"]


async def test_who_is_no_drafter_cannot_begin(house, cast):
    head = house.phone(cast.head)
    await head.says("/new")
    assert head.last == "您没有办理此事的角色（需要：拟稿人）。请联系保密办。"
    assert not await Draft.filter(is_open=True).exists()


async def test_words_out_of_nowhere_are_answered(drafter, cast):
    await drafter.says("你好")
    assert drafter.last == "没有看懂。新建请用 /new，待办请用 /inbox，其他见 /help。"


async def test_what_fits_only_by_likeness_is_listed_and_never_proposed(house, cast):
    drafter = house.phone(cast.drafter)
    for number, words in enumerate(("火星登陆", "asdfqwer", "不超过25平方千米")):
        await drafter.says(f"/new 科工〔2026〕{number}号 {words}")
        assert "提交" not in drafter.buttons
        await drafter.says("/cancel")
