"""What is typed as a reply to a card counts like the tap."""

import pytest

from bot import typed
from models.proposal import Action, Proposal, ReturnReason, State, Step
from tests.bot.driver import labels

AGREE = (Action.ENDORSE, Action.APPROVE)


@pytest.mark.parametrize(
    "text",
    ["同意", "批准", "同意。", " 同意 ", "同意！", "好", "好的", "可以", "OK", "ok", "Ok.", "ＯＫ", "oK!",
     "okay", "Endorse", "APPROVE", "approved.", "👍", "👍🏻", "同意～", "yes"],
)  # fmt: skip
def test_words_that_agree(text):
    assert typed.parse(text) == typed.Typed(AGREE)


@pytest.mark.parametrize(
    ("text", "reason", "comment"),
    [
        ("退回", None, ""),
        ("退回。", None, ""),
        ("return", None, ""),
        ("退回 期限不当", ReturnReason.TERM_WRONG, ""),
        ("退回期限不当", ReturnReason.TERM_WRONG, ""),
        ("退回：期限不当", ReturnReason.TERM_WRONG, ""),
        ("退回　期限不当，应为10年", ReturnReason.TERM_WRONG, "应为10年"),
        ("退回 附件未列", ReturnReason.OTHER, "附件未列"),
        ("退回 其他 附件未列", ReturnReason.OTHER, "附件未列"),
        ("退回 其他", ReturnReason.OTHER, ""),
        ("不同意 级别偏高", ReturnReason.LEVEL_TOO_HIGH, ""),
        ("Return term wrong", ReturnReason.TERM_WRONG, ""),
        ("RETURN: Term Wrong.", ReturnReason.TERM_WRONG, ""),
        ("return annex missing", ReturnReason.OTHER, "annex missing"),
        ("return otherwise fine", ReturnReason.OTHER, "otherwise fine"),
        ("reject wrong item", ReturnReason.WRONG_ITEM, ""),
        ("退回 term wrong", ReturnReason.TERM_WRONG, ""),
    ],
)
def test_returns_with_and_without_a_reason(text, reason, comment):
    assert typed.parse(text) == typed.Typed((Action.RETURN,), reason, comment)


@pytest.mark.parametrize(
    ("text", "action"),
    [("撤回", Action.WITHDRAW), ("Withdraw", Action.WITHDRAW), ("催办", Action.NUDGE),
     ("nudge!", Action.NUDGE), ("修改", Action.RESUBMIT), ("REVISE", Action.RESUBMIT)],
)  # fmt: skip
def test_the_drafter_s_words(text, action):
    assert typed.parse(text) == typed.Typed((action,))


@pytest.mark.parametrize(
    "text",
    ["", " ", "。", "谢谢", "同意吗", "不同意见很多", "我同意，但请先改期限", "returned", "okey dokey", "returns",
     "退货", "同意 同意", "ok?", "批准了吗？", "rejected"],
)  # fmt: skip
def test_what_is_no_clear_answer_is_none(text):
    assert typed.parse(text) is None


async def test_the_whole_way_typed(house, cast):
    case = await house.submitted(cast)
    head, officer = house.phones_of(cast.head, cast.officer)
    await head.replies("同意")
    assert head.last == "已同意 · 送 林秀 审定"
    assert head.posts[0]["text"].startswith("✅ 已同意")
    await officer.replies("ＯＫ。")
    assert officer.last.startswith("已批准 · 定〔")
    assert (await Proposal.get(id=case.id)).state is State.EFFECTIVE


async def test_agreeing_is_whatever_the_reader_may_do(house, cast):
    """批准 from the head endorses: the words differ, the step is theirs."""
    case = await house.submitted(cast)
    await house.phone(cast.head).replies("批准")
    assert (await Proposal.get(id=case.id)).state is State.WAITING_OFFICER


async def test_a_return_typed_with_its_reason_is_done(house, cast):
    await house.submitted(cast)
    head = house.phone(cast.head)
    await head.replies("退回 期限不当")
    assert head.last == "已退回 · 周文"
    assert (await Step.all().order_by("-id").first()).reason is ReturnReason.TERM_WRONG


async def test_a_return_typed_alone_asks_why_on_a_card_below(house, cast):
    await house.submitted(cast)
    head = house.phone(cast.head)
    await head.replies("退回")
    assert head.buttons[-1] == "返回"
    assert head.posts[0]["text"].startswith("↓ 最新卡片在下方")
    await head.taps("级别偏低")
    assert [bool(labels(post)) for post in head.posts] == [False, True]
    assert head.last.startswith("↩️ 已退回")


async def test_other_typed_without_a_sentence_is_told_how(house, cast):
    await house.submitted(cast)
    head = house.phone(cast.head)
    await head.replies("退回 其他")
    assert head.last == "请写一句退回原因，例如：退回 其他 附件未列。"


async def test_the_drafter_types_too(house, cast):
    case = await house.submitted(cast)
    drafter = house.phone(cast.drafter)
    card = drafter.posts[-1]
    await drafter.replies("催办", card)
    assert drafter.last == "已催办 赵国"
    await drafter.replies("催办", card)
    assert drafter.last.startswith("已催办过，")
    await drafter.replies("撤回", card)
    await drafter.taps("确认撤回")
    assert (await Proposal.get(id=case.id)).state is State.WITHDRAWN


async def test_revising_can_be_typed(house, cast):
    await house.submitted(cast)
    await house.phone(cast.head).taps("退回", "期限不当")
    drafter = house.phone(cast.drafter)
    await drafter.replies("修改")
    assert drafter.last.startswith("定密意见 · 修改后重新提交")


async def test_a_reply_out_of_turn_is_told_whose_turn_it_is(house, cast):
    await house.submitted(cast)
    drafter = house.phone(cast.drafter)
    await drafter.replies("同意")
    assert "此件现由部门负责人办理。" in drafter.texts


async def test_a_reply_to_an_older_card_brings_the_living_one(house, cast):
    case = await house.submitted(cast)
    head = house.phone(cast.head)
    old = head.posts[0]
    await house.phone(cast.drafter).taps("催办")
    await head.replies("同意", old)
    assert "此卡片已过时，最新卡片在下方" in head.texts
    assert (await Proposal.get(id=case.id)).state is State.WAITING_HEAD
    await head.taps("同意")
    assert (await Proposal.get(id=case.id)).state is State.WAITING_OFFICER


async def test_a_reply_that_is_no_answer_is_told_what_is(house, cast):
    await house.submitted(cast)
    head = house.phone(cast.head)
    await head.replies("我再想想")
    assert head.last == "没有看懂。可回复卡片：同意、批准、退回 期限不当；或点卡片上的按钮。"


async def test_a_reply_that_is_no_answer_goes_to_the_draft(house, cast):
    await house.submitted(cast)
    drafter = house.phone(cast.drafter)
    card = drafter.posts[-1]
    await drafter.says("/new", "科工〔2026〕77号")
    await drafter.replies("地形图", card)
    assert "“地形图”" in drafter.last


async def test_the_same_words_without_a_reply_decide_nothing(house, cast):
    case = await house.submitted(cast)
    head = house.phone(cast.head)
    await head.says("同意")
    assert head.last.startswith("没有看懂")
    assert (await Proposal.get(id=case.id)).state is State.WAITING_HEAD


async def test_a_reply_to_one_s_own_message_or_to_a_list_decides_nothing(house, cast):
    case = await house.submitted(cast)
    head = house.phone(cast.head)
    own = await head.says("/inbox")
    await head.says("同意", reply_to=own)
    await head.replies("同意", next(p for p in head.posts if p["text"].startswith("待您办理")))
    assert (await Proposal.get(id=case.id)).state is State.WAITING_HEAD


async def test_a_typed_answer_that_lost_the_race_is_told_and_shown(house, cast):
    case = await house.submitted(cast)
    head = house.phone(cast.head)
    card = head.posts[-1]
    house.telegram.say(
        cast.drafter.telegram_id, "撤回", reply_to=house.phone(cast.drafter).posts[-1]["message_id"]
    )
    await house.settle()
    await house.phone(cast.drafter).taps("确认撤回")
    await head.replies("同意", card)
    assert "此件已由 周文 于 " in "".join(head.texts) or "此件现状不能这样办理" in head.last
    assert (await Proposal.get(id=case.id)).state is State.WITHDRAWN
