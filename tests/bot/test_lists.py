"""/mine, /inbox, the next in line, and the living cards behind them."""

from models.outbox import LivingCard
from models.proposal import Proposal, State
from tests.bot.driver import labels


async def test_empty_lists_say_so(house, cast):
    drafter, head = house.phones_of(cast.drafter, cast.head)
    await drafter.says("/mine", "/inbox")
    assert drafter.texts == ["还没有您拟的定密意见。用 /new 新建。", "没有待办。"]
    await head.says("/inbox", "/mine")
    assert head.texts == ["没有待办。", "还没有您拟的定密意见。用 /new 新建。"]


async def test_the_inbox_lists_the_longest_waiting_first_and_opens_each(house, cast):
    first = await house.submitted(cast)
    second = await house.submitted(cast, "科工〔2026〕13号 地形图")
    head = house.phone(cast.head)
    await head.says("/inbox")
    lines = head.last.splitlines()
    assert lines[0] == "待您办理：2 件"
    assert lines[1].startswith("1. 科工〔2026〕12号　绝密★30年　周文　")
    assert head.buttons == [
        f"{first.number}　科工〔2026〕12号",
        f"{second.number}　科工〔2026〕13号",
    ]
    await head.taps(first.number)
    assert head.last.startswith(f"🟡 待您审核 · 案 {first.number}")
    assert head.posts[0]["text"] == f"↓ 最新卡片在下方 · 案 {first.number}"
    assert await LivingCard.filter(person_id=cast.head.id).count() == 2


async def test_mine_tells_how_far_each_is(house, cast):
    drafter, head, officer = house.phones_of(cast.drafter, cast.head, cast.officer)
    await house.endorsed(cast)
    await officer.taps("批准")
    await house.submitted(cast, "科工〔2026〕13号 地形图")
    await head.taps("退回", "级别偏高")
    await house.submitted(cast, "科工〔2026〕14号 CH-N01")
    await drafter.says("/mine")
    assert [line.split("　")[::2] for line in drafter.last.splitlines()[1:]] == [
        ["↩️ 科工〔2026〕13号", "已退回"],
        ["🟡 科工〔2026〕14号", "待审核"],
        ["✅ 科工〔2026〕12号", "已生效"],
    ]
    await drafter.taps((await Proposal.get(document_no="科工〔2026〕13号")).number)
    assert drafter.buttons == ["修改", "撤回", "详情"]


async def test_a_long_list_says_what_it_leaves_out(house, cast):
    drafter, head = house.phones_of(cast.drafter, cast.head)
    for number in range(12):
        await house.submitted(cast, f"科工〔2026〕{number}号 CH-N01")
    await head.says("/inbox")
    assert head.last.startswith("待您办理：12 件")
    assert head.last.endswith("（只列前 10 件）")
    assert len(labels(head.posts[-1])) == 10
    await drafter.says("/mine")
    assert drafter.last.endswith("（只列前 10 件）")


async def test_a_list_stays_true_after_its_case_is_done(house, cast):
    case = await house.submitted(cast)
    head = house.phone(cast.head)
    await head.says("/inbox")
    shown = head.posts[-1]
    await head.taps("同意")
    await head.taps(case.number, post=shown)
    assert head.last.startswith("✅ 已同意")
    assert (await Proposal.get()).state is State.WAITING_OFFICER


async def test_help_s_buttons_lead_where_they_say(house, cast):
    head = house.phone(cast.head)
    await house.submitted(cast)
    await head.says("/help")
    assert head.buttons == ["待办"]
    await head.taps("待办")
    assert head.last.startswith("待您办理：1 件")


async def test_one_living_card_per_person_and_case_whatever_is_opened(house, cast):
    case = await house.submitted(cast)
    head = house.phone(cast.head)
    for _ in range(3):
        await head.says("/inbox")
        await head.taps(case.number)
    offering = [post for post in head.posts if "同意" in labels(post)]
    assert offering == [head.posts[-1]]
    await head.taps("详情")
    await house.phone(cast.drafter).taps("催办")
    assert [post for post in head.posts if "返回" in labels(post)] == []
    await head.taps("同意")
    assert head.last.startswith("✅ 已同意")


async def test_a_card_that_was_deleted_comes_back_when_it_matters(house, cast):
    await house.submitted(cast)
    drafter, head = house.phones_of(cast.drafter, cast.head)
    house.telegram.delete(drafter.user, drafter.posts[-1]["message_id"])
    await head.taps("同意")
    assert drafter.last.startswith("🟡 待 林秀 审定")
    assert len(drafter.posts) == 1
