"""The preview: every part of it can be changed, and nothing refused costs what was begun."""

import pytest

from models.draft import Draft, Question
from models.proposal import Proposal

NUMBER = "科工〔2026〕12号"


@pytest.fixture
def drafter(house, cast):
    return house.phone(cast.drafter)


async def the_draft(cast):
    return await Draft.get(person_id=cast.drafter.id).prefetch_related("item")


async def test_a_shorter_term_is_one_tap(drafter, cast):
    await drafter.says(f"/new {NUMBER} KJ-002")
    await drafter.taps("改期限")
    assert drafter.last.startswith("条目期限 30年。")
    assert drafter.buttons == ["3年", "5年", "10年", "20年", "返回"]
    await drafter.taps("10年")
    assert "拟定　绝密★10年" in drafter.last


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("5年", "5年"), ("5", "5年"), (" 5 年 ", "5年"), ("18个月", "18个月"), ("５年", "5年"),
     ("2030-01-01", "2030年1月1日"), ("2030年1月1日", "2030年1月1日"), ("90天", "90天"),
     ("五年", "5年"), ("30年", "30年")],
)  # fmt: skip
async def test_a_term_can_be_typed(drafter, cast, typed, shown):
    await drafter.says(f"/new {NUMBER} KJ-002")
    await drafter.taps("改期限")
    await drafter.says(typed)
    assert f"拟定　绝密★{shown}" in drafter.last, drafter.last


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("40年", "期限过长：不得超过条目的 30年，也不得超过法定 30 年。请发送更短的期限。"),
        ("9999年", "期限过长：不得超过条目的 30年，也不得超过法定 30 年。请发送更短的期限。"),
        ("长期", "期限过长：不得超过条目的 30年，也不得超过法定 30 年。请发送更短的期限。"),
        ("很久很久", "看不懂这个期限。请发送如 5年、18个月、2030-01-01 的期限。"),
        ("0年", "看不懂这个期限。请发送如 5年、18个月、2030-01-01 的期限。"),
        ("2030-13-45", "看不懂这个期限。请发送如 5年、18个月、2030-01-01 的期限。"),
        ("2001-01-01", "看不懂这个期限。请发送如 5年、18个月、2030-01-01 的期限。"),
        ("99999999999999年", "看不懂这个期限。请发送如 5年、18个月、2030-01-01 的期限。"),
    ],
)
async def test_a_term_that_is_none_or_too_long_is_asked_again(drafter, cast, typed, answer):
    await drafter.says(f"/new {NUMBER} KJ-002")
    await drafter.taps("改期限")
    await drafter.says(typed)
    assert drafter.last == answer
    await drafter.says("3年")
    assert "拟定　绝密★3年" in drafter.last


async def test_an_event_offers_no_shorter_terms(drafter, cast):
    await drafter.says(f"/new {NUMBER} KS-001")
    await drafter.taps("改期限")
    assert drafter.buttons == ["返回"]
    await drafter.taps("返回")
    assert "拟定　绝密★启用前" in drafter.last


async def test_another_item_is_one_tap_and_back_keeps_the_first(drafter, cast):
    await drafter.says(f"/new {NUMBER} 关键工艺")
    first = drafter.last
    await drafter.taps("换条目")
    assert [label[:9] for label in drafter.buttons[:2]] == ["1. KJ-002", "2. KJ-003"]
    await drafter.taps("返回")
    assert drafter.last == first
    await drafter.taps("换条目", "2. KJ-003")
    assert "拟定　机密★20年" in drafter.last


async def test_words_typed_over_a_preview_look_for_another_item(drafter, cast):
    await drafter.says(f"/new {NUMBER} 关键工艺")
    await drafter.says("谢谢")
    assert "没有找到“谢谢”" in drafter.last
    await drafter.taps("返回")
    assert "依据　KJ-002" in drafter.last
    await drafter.says("地形图")
    await drafter.taps("1. CH-101")
    assert "依据　CH-101" in drafter.last


async def test_the_document_number_can_be_put_right(drafter, cast):
    await drafter.says("/new 科工〔2026〕21号 关键工艺")
    await drafter.taps("改文号")
    await drafter.says(NUMBER)
    assert f"文号　{NUMBER}" in drafter.last
    assert "依据　KJ-002" in drafter.last


@pytest.mark.parametrize("refused", ["字" * 41, "\u200b", "秘密★10年", "\u202e\u200f"])
async def test_a_refused_document_number_loses_nothing(drafter, cast, refused):
    await drafter.says("/new 地形图")
    await drafter.says(refused)
    assert drafter.last.startswith(("文号不能为空", "⛔ 文字中含密级标志"))
    await drafter.says(NUMBER)
    assert "依据　CH-1" in drafter.last


async def test_a_refused_one_liner_leaves_what_was_begun(drafter, cast):
    await drafter.says(f"/new {NUMBER} 关键工艺")
    await drafter.says(f"/new {'字' * 45}1号 地形图")
    assert drafter.last.startswith("文号不能为空，也不能超过 40 字")
    await drafter.says("/new")
    assert "依据　KJ-002" in drafter.last


async def test_a_title_of_sixty_characters_is_taken_and_of_sixty_one_is_not(drafter, cast):
    await drafter.says(f"/new {NUMBER} 关键工艺")
    await drafter.taps("加标题")
    assert "不超过 60 字" in drafter.last
    await drafter.says("题" * 61)
    assert drafter.last == "文字过长（限 60 字）。请缩短后重新发送；勿写文稿内容。"
    await drafter.says("题" * 60)
    assert f"标题　{'题' * 60}" in drafter.last
    await drafter.taps("提交")
    assert (await Proposal.get()).title == "题" * 60


async def test_a_title_with_a_marking_is_refused_and_the_draft_is_kept(drafter, cast):
    await drafter.says(f"/new {NUMBER} 关键工艺")
    await drafter.taps("加标题")
    sent = await drafter.says("关于 机密★10年 的事")
    assert drafter.last.startswith("⛔ 文字中含密级标志")
    assert "关于 机密★10年 的事" not in drafter.mine, sent
    draft = await the_draft(cast)
    assert (draft.title, draft.question, draft.item.code) == ("", Question.TITLE, "KJ-002")
    await drafter.says("工艺通报")
    assert "标题　工艺通报" in drafter.last
    assert "改标题" in drafter.buttons


async def test_a_title_and_a_note_can_be_left_and_removed(drafter, cast):
    await drafter.says(f"/new {NUMBER} 关键工艺")
    await drafter.taps("加标题", "返回")
    assert "标题" not in drafter.last
    await drafter.taps("加备注")
    await drafter.says("附件另送")
    assert "备注　附件另送" in drafter.last
    await drafter.taps("改备注", "去掉")
    assert "附件另送" not in drafter.last
    await drafter.taps("加标题")
    await drafter.says("通报")
    await drafter.taps("提交")
    case = await Proposal.get()
    assert (case.title, case.note) == ("通报", "")
