"""The taps of head, officer and drafter: steps, returns, races, and cards that are outworn."""

from datetime import timedelta

import pytest
import time_machine

from models import workflow
from models.draft import Draft
from models.office import now
from models.proposal import Action, Proposal, ReturnReason, State, Step
from tests.bot.driver import labels
from tests.factories import appoint, make_person

CHIPS = [
    "级别偏高",
    "级别偏低",
    "期限不当",
    "条目不符",
    "知悉范围过宽",
    "应为非密",
    "其他…",
    "返回",
]


async def last_step():
    return await Step.all().order_by("-id").first()


async def test_a_return_offers_its_reasons_in_place_and_leads_back(house, cast):
    case = await house.submitted(cast)
    head = house.phone(cast.head)
    front = head.posts[-1]
    await head.taps("退回")
    assert head.buttons == CHIPS
    assert head.last == f"{front['text']}\n退回原因？"
    await head.taps("返回")
    assert (head.last, head.buttons) == (front["text"], ["同意", "退回", "详情"])
    assert len(head.posts) == 1
    await case.refresh_from_db()
    assert case.version == 1


@pytest.mark.parametrize("reason", [r for r in ReturnReason if r is not ReturnReason.OTHER])
async def test_a_chip_returns_at_once_and_the_drafter_reads_why(house, cast, reason):
    case = await house.submitted(cast)
    drafter, head = house.phones_of(cast.drafter, cast.head)
    label = CHIPS[list(ReturnReason).index(reason)]
    await head.taps("退回", label)
    assert head.toast == "已退回 · 周文"
    assert head.last.startswith(f"↩️ 已退回 · 案 {case.number}\n赵国：{label}")
    assert drafter.last.splitlines()[:2] == ["↩️ 已退回 · 科工〔2026〕12号", f"赵国：{label}"]
    assert drafter.buttons == ["修改", "撤回", "详情"]
    assert (await last_step()).reason is reason


async def test_another_reason_asks_for_a_sentence(house, cast):
    case = await house.submitted(cast)
    drafter, head = house.phones_of(cast.drafter, cast.head)
    await head.taps("退回", "其他…")
    prompt = head.posts[-1]
    assert prompt["text"].startswith("请用一句话说明退回原因（不超过 300 字，勿写文稿内容）。")
    chat = house.telegram.private(head.user)
    assert chat.keyboard["force_reply"]
    await head.replies("附件未列", prompt)
    assert head.last == "已退回 · 周文"
    assert "赵国：其他（附件未列）" in drafter.last
    assert ((await last_step()).comment, (await Proposal.get(id=case.id)).state) == (
        "附件未列", State.RETURNED,
    )  # fmt: skip


async def test_the_sentence_is_guarded_and_asked_again(house, cast):
    await house.submitted(cast)
    head = house.phone(cast.head)
    await head.taps("退回", "其他…")
    await head.says("绝密★10年 写错了")
    assert head.last.startswith("⛔ 文字中含密级标志")
    await head.says("应")
    assert head.last == "已退回 · 周文"


async def test_a_sentence_may_be_given_up(house, cast):
    case = await house.submitted(cast)
    head = house.phone(cast.head)
    await head.taps("退回", "其他…")
    await head.says("/cancel")
    assert head.last == "已放弃退回，此件仍待您办理。"
    await head.says("附件未列")
    assert head.last.startswith("没有看懂")
    await head.taps("返回", "同意")
    await case.refresh_from_db()
    assert case.state is State.WAITING_OFFICER


@pytest.mark.parametrize("instead", [["返回"], ["级别偏高"], ["返回", "同意"]])
async def test_a_sentence_no_longer_wanted_is_not_waited_for(house, cast, instead):
    await house.submitted(cast)
    head = house.phone(cast.head)
    await head.taps("退回", "其他…", *instead)
    await head.says("附件未列")
    assert head.last.startswith("没有看懂")


async def test_a_sentence_that_comes_too_late_says_who_was_faster(house, cast):
    case = await house.submitted(cast)
    drafter, head = house.phones_of(cast.drafter, cast.head)
    await head.taps("退回", "其他…")
    await drafter.taps("撤回", "确认撤回")
    await head.says("附件未列")
    assert head.last.startswith("此件已由 周文 于 ")
    assert head.last.endswith(" 撤回")
    await head.says("附件未列")
    assert head.last.startswith("没有看懂")
    assert (await Proposal.get(id=case.id)).state is State.WITHDRAWN


async def test_what_the_head_was_drafting_is_kept_over_a_return(house, cast):
    cast.head.is_drafter = True
    await cast.head.save()
    await house.submitted(cast)
    head = house.phone(cast.head)
    await head.says("/new 科工〔2026〕99号 地形图")
    await head.taps("退回", "其他…")
    await head.says("附件未列")
    assert head.last.startswith("有一份尚未提交：")
    assert "科工〔2026〕99号" in head.last
    assert (await Draft.get(person_id=cast.head.id)).document_no == "科工〔2026〕99号"
    await head.taps("提交")
    assert await Proposal.all().count() == 2


async def test_a_cancelled_return_brings_the_draft_back_too(house, cast):
    cast.head.is_drafter = True
    await cast.head.save()
    await house.submitted(cast)
    head = house.phone(cast.head)
    await head.says("/new 科工〔2026〕99号 地形图")
    await head.taps("退回", "其他…")
    await head.says("/cancel")
    assert "科工〔2026〕99号" in head.last
    await head.taps("提交")


async def test_withdrawing_asks_once_more(house, cast):
    case = await house.submitted(cast)
    drafter, head = house.phones_of(cast.drafter, cast.head)
    await drafter.taps("撤回")
    assert drafter.last.endswith("撤回后本案终止，不能恢复。确认撤回？")
    assert drafter.buttons == ["确认撤回", "返回"]
    await drafter.taps("返回")
    assert drafter.buttons == ["催办", "撤回", "详情"]
    await drafter.taps("撤回", "确认撤回")
    assert drafter.toast == "已撤回"
    assert drafter.last.startswith(f"已撤回 · 案 {case.number}")
    assert head.last.startswith(f"已撤回 · 案 {case.number}")
    assert head.buttons == ["详情"]


async def test_a_nudge_brings_a_fresh_card_and_the_second_says_when(house, cast):
    await house.submitted(cast)
    drafter, head = house.phones_of(cast.drafter, cast.head)
    await drafter.taps("催办")
    assert drafter.toast == "已催办 赵国"
    assert "⏰ 周文 于 " in head.last
    assert [labels(post) for post in head.posts] == [[], ["同意", "退回", "详情"]]
    assert head.texts[0].startswith("↓ 最新卡片在下方 · 案 ")
    toast = await drafter.taps("催办")
    assert toast.startswith("已催办过，")
    assert toast.endswith(" 之后可再催。")
    with time_machine.travel(now() + timedelta(hours=4, minutes=1), tick=True):
        assert await drafter.taps("催办") == "已催办 赵国"
    assert len(drafter.posts) == 1


async def test_the_next_case_is_one_tap_away(house, cast):
    first = await house.submitted(cast)
    second = await house.submitted(cast, "科工〔2026〕13号 地形图")
    head = house.phone(cast.head)
    await head.taps("同意", post=head.posts[0])
    stub = head.posts[0]
    assert labels(stub) == ["下一件（1）", "详情"]
    await head.taps("下一件", post=stub)
    assert f"案 {second.number}" in head.last
    await head.taps("同意")
    assert await head.taps("下一件", post=stub) == "没有待办。"
    assert first.number != second.number


async def test_the_loser_of_a_race_reads_who_and_when_and_his_card_is_right(house, cast):
    """Two who may sign: the absent officer and the one who stands in."""
    case = await house.endorsed(cast)
    deputy = await make_person("孙平", department=cast.head.department, code="A009")
    await appoint(deputy, "*")
    await Proposal.filter(id=case.id).update(officer_id=deputy.id, on_behalf_of_id=cast.officer.id)
    officer, other = house.phone(cast.officer), house.phone(deputy)
    await other.says("/inbox")
    await other.taps(case.number)
    taps = {"孙平": other.press("批准"), "林秀": officer.press("批准")}
    await house.settle()
    toasts = {name: (await house.telegram.answer(query))["text"] for name, query in taps.items()}
    (winner,) = (name for name, said in toasts.items() if said.startswith("已批准 · 定〔"))
    (loser,) = toasts.keys() - {winner}
    assert toasts[loser].startswith(f"此件已由 {winner} 于 ")
    assert toasts[loser].endswith(" 批准")
    assert other.last.startswith("✅ 已批准 · 案")
    assert officer.last.startswith("✅ 已批准 · 案")
    assert await Step.filter(action=Action.APPROVE).count() == 1


async def test_an_outworn_card_says_so_becomes_a_stub_and_the_living_one_is_below(house, cast):
    case = await house.submitted(cast)
    head = house.phone(cast.head)
    old = dict(head.posts[0])
    await house.phone(cast.drafter).taps("催办")
    await head.taps("同意")
    for label in ("同意", "退回", "详情"):
        assert await head.taps(label, post=old) == "此卡片已过时，最新卡片在下方"
        assert head.posts[0]["text"] == f"↓ 最新卡片在下方 · 案 {case.number}"
        assert head.last.startswith("✅ 已同意")
    assert sum(bool(labels(post)) for post in head.posts) == 1
    await case.refresh_from_db()
    assert case.version == 2


async def test_a_case_sent_to_another_officer_takes_the_buttons_from_the_first(house, cast):
    case = await house.endorsed(cast)
    deputy = await make_person("孙平", department=cast.head.department, code="A009")
    await appoint(deputy, "*")
    house.phone(deputy)
    cast.appointment.trained_on = None
    await cast.appointment.save()
    await workflow.reroute_waiting()
    await house.settle()
    officer = house.phone(cast.officer)
    assert officer.last.startswith(f"🟡 待 孙平 审定 · 案 {case.number}")
    assert officer.buttons == ["详情"]
    assert house.phone(deputy).last.startswith("🟡 待您审定")


async def test_an_officer_whose_training_lapsed_reads_why_not(house, cast):
    await house.endorsed(cast)
    cast.appointment.trained_on = None
    await cast.appointment.save()
    officer = house.phone(cast.officer)
    await officer.taps("批准")
    assert officer.toast == "您现在不能审定此件：没有有效培训，完成培训后即可审批。"


async def test_who_is_not_in_turn_cannot_act(house, cast):
    case = await house.submitted(cast)
    drafter = house.phone(cast.drafter)
    assert await drafter.forges(f"s:{case.id}:endorse:1") == "此件现由部门负责人办理。"
    assert await drafter.forges(f"s:{case.id}:approve:1") == "此件现状不能这样办理，请看最新卡片。"
    officer = house.phone(cast.officer)
    assert await officer.forges(f"s:{case.id}:approve:1", 1) == "没有这一件，或您无权查看。"
    assert await officer.forges("s:999:approve:1", 1) == "没有这一件，或您无权查看。"
    assert officer.posts == []
