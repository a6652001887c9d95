"""What the cards say, line by line, and that they fit a phone in every state for everybody."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from bot import cards
from bot.keyboards import card_keyboard
from bot.shown import Shown, shown
from bot.texts import LANGUAGES, Texts
from models import errors, workflow
from models.levels import Level
from models.people import AppointmentKind, Person
from models.proposal import Action, Proposal, ReturnReason, State
from tests.bot.driver import labels
from tests.bot.invariants import LINES
from tests.factories import ITEMS, appoint, make_department, make_guide, make_person

MORNING = datetime(2026, 11, 23, 2, 42, tzinfo=UTC)  # a Monday, 10:42 in the office
NEW = "科工〔2026〕12号 关键工艺"


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def clock(_monday):
    return _monday


async def test_the_cards_of_a_case_from_hand_to_hand(house, cast, clock):
    drafter, head, officer = house.phones_of(cast.drafter, cast.head, cast.officer)
    await drafter.says(f"/new {NEW}")
    await drafter.taps("提交")
    assert head.last.splitlines() == [
        "🟡 待您审核 · 案 2026-0001",
        "科工〔2026〕12号　绝密★30年",
        "依据　KJ-002 国际领先技术的关键工艺参数",
        "拟稿　周文（科技处）　10:42",
        "为什么是您：科技处负责人",
        "时限　明日 10:42（1 个工作日）",
    ]
    assert [labels(head.posts[-1])] == [["同意", "退回", "详情"]]
    assert drafter.last.splitlines() == [
        "🟡 待 赵国 审核 · 案 2026-0001",
        "科工〔2026〕12号　绝密★30年",
        "依据　KJ-002 国际领先技术的关键工艺参数",
        "拟稿　周文（科技处）　10:42",
        "时限　明日 10:42（1 个工作日）",
    ]
    assert drafter.buttons == ["催办", "撤回", "详情"]

    clock.shift(timedelta(minutes=23))
    await head.taps("同意")
    assert head.last.startswith("✅ 已同意 · 案 2026-0001 · 待 林秀 审定\n")
    assert officer.last.splitlines() == [
        "🟡 待您审定 · 案 2026-0001",
        "科工〔2026〕12号　绝密★30年",
        "依据　KJ-002 国际领先技术的关键工艺参数",
        "拟稿　周文（科技处）　10:42",
        "审核　✅ 赵国 11:05",
        "为什么是您：权限 绝密，责任部门含科技处",
        "时限　明日 11:05（1 个工作日）",
    ]
    assert officer.buttons == ["批准", "退回", "详情"]

    clock.shift(timedelta(minutes=15))
    await officer.taps("批准")
    assert officer.toast == "已批准 · 定〔2026〕000001"
    signed = [
        "✅ 已批准 · 案 2026-0001 · 定〔2026〕000001",
        "科工〔2026〕12号　绝密★30年",
        "拟稿 周文 10:42 → 审核 赵国 11:05 → 审定 林秀 11:20",
    ]
    assert officer.last.splitlines() == signed
    assert head.last.splitlines() == signed
    assert officer.buttons == ["详情"]
    assert drafter.last.splitlines() == [
        "✅ 科工〔2026〕12号 已批准",
        "请标注：绝密★30年",
        "编号 定〔2026〕000001",
        "拟稿 周文 10:42 → 审核 赵国 11:05 → 审定 林秀 11:20",
    ]


async def test_the_marking_and_the_numbers_can_be_copied_with_a_tap(house, cast):
    await house.endorsed(cast)
    await house.phone(cast.officer).taps("批准")
    drafter = house.phone(cast.drafter)
    text = drafter.posts[-1]["text"].encode("utf-16-le")
    codes = [
        text[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le")
        for e in drafter.posts[-1]["entities"]
        if e["type"] == "code"
    ]
    assert codes == ["绝密★30年", "定〔2026〕000001"]
    [row] = drafter.posts[-1]["reply_markup"]["inline_keyboard"]
    assert row[0]["copy_text"] == {"text": "绝密★30年"}


async def test_what_is_not_secret_bears_no_marking(house, cast):
    for typed, outcome in (("CH-N01", "非密"), ("BG-001", "工作秘密")):
        await house.endorsed(cast, new=f"科工〔2026〕12号 {typed}")
        await house.phone(cast.officer).taps("批准")
        drafter = house.phone(cast.drafter)
        assert f"{outcome}：不作国家秘密标志" in drafter.last
        assert drafter.buttons == ["详情"]


async def test_why_you_names_who_was_passed_over(house, cast):
    await appoint(cast.head, "科技处")
    cast.appointment.departments = ["科技处", "人事处"]
    await cast.appointment.save()
    case = await house.endorsed(cast)
    officer = house.phone(cast.officer)
    assert "为什么是您：权限 绝密，责任部门含科技处；D100 已参与本案，不得再审定" in officer.last
    assert case.officer_id == cast.officer.id


async def test_an_overdue_card_says_so(house, cast, clock):
    case = await house.submitted(cast)
    clock.shift(timedelta(days=2))
    await house.phone(cast.drafter).taps("催办")
    assert "⏰ 已超时限　11-24 10:42" in house.phone(cast.head).last
    assert "⏰ 周文 于 10:42 催办" in house.phone(cast.head).last
    assert case.due_at < datetime.now(UTC)


async def test_details_show_item_and_history_and_lead_back(house, cast):
    await house.endorsed(cast, new="科工〔2026〕12号 KJ-002")
    officer = house.phone(cast.officer)
    front = officer.posts[-1]
    await officer.taps("详情")
    assert officer.last.splitlines() == [
        "案 2026-0001　科工〔2026〕12号",
        "拟定　绝密★30年",
        "依据　KJ-002 国际领先技术的关键工艺参数",
        "版本　2026版",
        "类别　科技/工艺",
        "事项　国际领先技术的关键工艺参数",
        "知悉　项目组经批准人员",
        "出处　演示目录（虚构）",
        "经过",
        "10:42　周文 提交",
        "10:42　赵国 同意",
    ]
    assert officer.posts[-1]["message_id"] == front["message_id"]
    await officer.taps("返回")
    assert officer.last == front["text"]
    assert officer.buttons == ["批准", "退回", "详情"]
    assert len(officer.posts) == 1


async def test_every_card_in_every_state_fits_a_screen_and_offers_what_may_be_done(
    house, cast, clock
):
    """As full as a case can be: title, note, changes, nudge, another edition, stand-ins."""
    await Person.filter(id=cast.drafter.id).update(name="欧阳文博瀚")
    for n in range(3):
        lapsed = await make_person(f"责{n}", department=await make_department(), code=f"X{n}")
        await appoint(lapsed, "科技处", trained_on=None)
    drafter, head = house.phones_of(cast.drafter, cast.head)
    await drafter.says("/new 科工〔2026〕12号 KJ-002")
    await drafter.taps("加标题")
    await drafter.says("题" * 60)
    await drafter.taps("加备注")
    await drafter.says("注" * 120)
    await drafter.taps("提交")
    case = await Proposal.get()
    await check_everybody(case)
    await head.taps("退回", "期限不当")
    await check_everybody(case)
    await drafter.taps("修改", "改期限", "10年", "换条目")
    await drafter.says("KJ-003")
    await drafter.taps("1. KJ-003", "重新提交")
    await drafter.taps("催办")
    await another_edition()
    await check_everybody(case)
    await head.taps("同意")
    clock.shift(timedelta(hours=5))
    await drafter.taps("催办")
    await check_everybody(case)
    await house.phone(cast.officer).taps("退回", "其他…")
    await house.phone(cast.officer).says("理" * 300)
    await check_everybody(case)
    assert await Proposal.filter(state=State.RETURNED).exists()


async def another_edition():
    """In which every item reads differently."""
    items = [(code, kind, f"{matter}（修订）", *rest) for code, kind, matter, *rest in ITEMS]
    await make_guide("2027版", items=items, effective=MORNING.date())


async def check_everybody(case):
    case = await Proposal.get(id=case.id)
    for person in await Person.all().prefetch_related("department"):
        for language in LANGUAGES:
            t = Texts(language)
            try:
                it = await shown(case.id, person)
            except errors.CaseNotFound:
                continue
            text = cards.card(it, t).text
            assert len(text.splitlines()) < LINES, text  # one more asks for the reason
            offered = {
                b.callback_data.split(":")[2]
                for row in card_keyboard(it, t).inline_keyboard
                for b in row
                if b.callback_data and b.callback_data[0] == "s"
            }
            may = {a.value for a in workflow.actions_for(case, person)}
            assert offered == may - {"withdraw", "reroute"}


async def test_buttons_follow_the_table_in_every_state_for_every_party(house, cast):
    case = await house.submitted(cast)
    outsider = await make_person("外人")
    for state in State:
        for version in (1, 7):
            await Proposal.filter(id=case.id).update(
                state=state, version=version, officer_id=cast.officer.id
            )
            case = await Proposal.get(id=case.id)
            for person in (cast.drafter, cast.head, cast.officer, outsider):
                it = Shown(case, [], person, None, None, 0)
                keyboard = card_keyboard(it, Texts("zh")).inline_keyboard
                taps = {b.callback_data for row in keyboard for b in row if b.callback_data}
                wanted = {f"v:{case.id}:details"}
                for action in workflow.actions_for(case, person):
                    wanted.add(
                        f"v:{case.id}:withdraw"
                        if action is Action.WITHDRAW
                        else f"s:{case.id}:{action.value}:{version}"
                    )
                assert taps == wanted, (state, person.name)
    await Proposal.filter(id=case.id).update(state=State.WAITING_HEAD, version=1, officer_id=None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_level_and_every_return_reason_has_a_short_name(language):
    t = Texts(language)
    assert all(t(f"level-{level.value}") for level in Level)
    assert all(len(t(f"reason-{reason.value}")) <= 22 for reason in ReturnReason)


async def test_a_case_that_nobody_can_sign_tells_drafter_and_administrator(house, cast):
    untrained = await make_person("孙某", code="S900", department=await make_department())
    await appoint(untrained, "科技处", trained_on=None)
    cast.appointment.ceiling = Level.CONFIDENTIAL
    await cast.appointment.save()
    statutory = await make_person("局长", code="A001", bound=False)
    await appoint(statutory, kind=AppointmentKind.STATUTORY)
    await house.submitted(cast)
    await house.phone(cast.head).taps("同意")
    assert house.phone(cast.head).toast == "已同意 · 暂无可审定的责任人，已通知保密办"
    assert house.phone(cast.drafter).last.startswith(
        "🟡 暂无可审定的责任人，已通知保密办；有人可审时将自动送审。\n案 2026-0001\n"
    )
    assert house.phone(cast.drafter).buttons == ["撤回", "详情"]
    assert house.phone(cast.admin).last.splitlines() == [
        "🟡 案 2026-0001：暂无可审定的责任人",
        "A001　未绑定账号",
        "S900　无有效培训",
        "A002　定密权限不足",
        "有人可审时将自动送审。请检查指定、培训、绑定（dingmi check）。",
    ]
    cast.appointment.ceiling = Level.TOP_SECRET
    await cast.appointment.save()
    await workflow.reroute_waiting()
    await house.settle()
    assert house.phone(cast.officer).last.startswith("🟡 待您审定")
    assert house.phone(cast.drafter).last.startswith("🟡 待 林秀 审定")


async def test_a_case_that_nobody_heads_tells_drafter_and_administrator(house, cast):
    await Person.filter(id=cast.head.id).update(is_head=False)
    drafter = house.phone(cast.drafter)
    await house.submitted(cast)
    assert drafter.last.startswith(
        "🟡 本部门及上级部门均无负责人，已通知保密办；有负责人后将自动送审。\n案 2026-0001\n"
    )
    assert drafter.buttons == ["撤回", "详情"]
    assert house.phone(cast.admin).last == (
        "🟡 案 2026-0001：科技处及其上级部门均无部门负责人，无人审核。"
        "请指定负责人；有负责人后将自动送审。"
    )
    await Person.filter(id=cast.head.id).update(is_head=True)
    await workflow.reroute_waiting()
    await house.settle()
    assert house.phone(cast.head).last.startswith("🟡 待您审核")
    assert drafter.last.startswith("🟡 待 赵国 审核")


async def test_of_very_many_officers_who_cannot_sign_the_administrator_reads_ten(house, cast):
    await cast.appointment.filter(id=cast.appointment.id).update(trained_on=None)
    for number in range(30):
        await appoint(await make_person(f"官{number}"), "科技处", trained_on=None)
    await house.submitted(cast)
    await house.phone(cast.head).taps("同意")
    lines = house.phone(cast.admin).last.splitlines()
    assert (len(lines), lines[11]) == (13, "另有 21 人")
