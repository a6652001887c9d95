"""Forged taps: whatever a changed app sends, by whomever, does nothing and is answered."""

import json
import random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.callbacks import DraftTap, GoTap, LanguageTap, ReasonTap, StepTap, ViewTap
from models.draft import Draft
from models.outbox import LivingCard
from models.people import Person
from models.proposal import Action, Proposal, ReturnReason, Step
from tests.bot.driver import buttons
from tests.factories import make_department, make_person

NOT_THERE = "没有这一件，或您无权查看。"
A_FEW = settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


async def state():
    """All that a forged tap must not change."""
    tables = [await model.all().order_by("id").values() for model in (Step, Proposal, Draft)]
    return json.dumps(tables, default=str)


def mutations(real, seed, count):
    """Real data with a piece changed, doubled, cut or swapped."""
    dice = random.Random(seed)  # the same forgeries on every run
    for _ in range(count):
        data = dice.choice(real)
        parts = data.split(":")
        match dice.randrange(5):
            case 0:
                parts[dice.randrange(len(parts))] = dice.choice(
                    ["", "0", "-1", "9" * 12, "x", "endorse", "机密", "\x00", "2147483648"]
                )
            case 1:
                parts.append(dice.choice(parts))
            case 2:
                parts.pop()
            case 3:
                dice.shuffle(parts)
            case _:
                at = dice.randrange(len(data))
                parts = [data[:at] + chr(dice.randrange(1, 0x3000)) + data[at + 1 :]]
        yield ":".join(parts).encode()[:64].decode(errors="ignore")


@pytest.fixture
async def story(house, cast):
    """Cases in several states and an open draft; every button there is; who has no part in it."""
    await house.submitted(cast)
    await house.endorsed(cast, new="科工〔2026〕13号 地形图")
    await house.submitted(cast, "科工〔2026〕14号 试题")
    await house.phone(cast.head).taps("退回", "级别偏高")
    await house.phone(cast.drafter).says("/new 科工〔2026〕15号 关键工艺")
    house.outsider = await make_person("外人", "drafter", "head",
                                       department=await make_department("人事处"))  # fmt: skip
    house.phone(house.outsider)
    return {
        b["callback_data"]
        for phone in house.phones.values()
        for post in phone.posts
        for b in buttons(post)
        if "callback_data" in b
    }


def everybody(house, cast):
    people = [cast.drafter, cast.head, cast.officer, cast.admin, house.outsider]
    return [*house.phones_of(*people), house.stranger(9001)]


async def tap_all(house, phone, data):
    """Send them all at once; each is answered."""
    queries = [house.telegram.tap_raw(phone.user, 1, one) for one in data if one]
    await house.settle()
    for query in queries:
        assert (await house.telegram.answer(query)).get("text")


async def test_data_that_is_none_of_ours_does_nothing_by_anybody(house, cast, story):
    before = await state()
    real = sorted(story)
    for seed, phone in enumerate(everybody(house, cast)):
        forged = [f for f in mutations(real, seed, 120) if f not in story and not valid(f)]
        await tap_all(house, phone, forged)
    assert await state() == before


def valid(data):
    """Whether a mutation happens to be a button somebody could have."""
    for kind in (StepTap, ReasonTap, ViewTap, DraftTap, GoTap, LanguageTap):
        try:
            kind.unpack(data)
        except ValueError:
            continue
        return True
    return False


@given(data=st.lists(st.text(min_size=1, max_size=21), min_size=20, max_size=20))
@settings(A_FEW, max_examples=5)
async def test_any_text_at_all_is_answered(house, cast, data):
    phone = house.phone(cast.drafter)
    before = await state()
    await tap_all(house, phone, [d for d in data if not valid(d)])
    assert await state() == before


async def test_every_step_on_every_case_by_those_without_a_part_reveals_nothing(house, cast, story):
    before = await state()
    ids = [*await Proposal.all().values_list("id", flat=True), 99999]
    data = [f"s:{i}:{a.value}:{v}" for i in ids for a in Action for v in (1, 2)]
    data += [f"r:{i}:{r.value}:1" for i in ids for r in ReturnReason]
    data += [f"v:{i}:{view}" for i in ids for view in ("card", "details", "open", "withdraw")]
    outsider, stranger = house.phone(house.outsider), house.stranger(9001)
    for phone, toast in ((outsider, NOT_THERE), (stranger, None)):
        queries = [house.telegram.tap_raw(phone.user, 1, one) for one in data]
        await house.settle()
        said = {(await house.telegram.answer(q))["text"] for q in queries}
        assert len(said) == 1
        assert toast is None or said == {toast}
        assert phone.posts == []
    assert await state() == before


async def test_a_wrong_role_s_forgery_changes_nothing(house, cast, story):
    before = await state()
    cases = await Proposal.all()
    for case in cases:
        for person in (cast.drafter, cast.head, cast.officer, cast.admin):
            mine = {case.drafter_id, case.turn_id}
            if person.id in mine:
                continue
            data = [f"s:{case.id}:{a.value}:{case.version}" for a in Action]
            data += [f"r:{case.id}:{r.value}:{case.version}" for r in ReturnReason]
            await tap_all(house, house.phone(person), data)
    assert await state() == before


async def test_old_versions_change_nothing_by_those_in_turn(house, cast, story):
    before = await state()
    for case in await Proposal.all():
        data = [f"s:{case.id}:{a.value}:{v}" for a in Action for v in (0, case.version + 1)]
        data += [f"r:{case.id}:other:{case.version - 1}"]
        for person in (cast.drafter, cast.head, cast.officer):
            await tap_all(house, house.phone(person), data)
    assert await state() == before


async def test_steps_of_the_system_cannot_be_tapped(house, cast, story):
    before = await state()
    for case in await Proposal.all():
        for phone in everybody(house, cast)[:4]:
            await tap_all(house, phone, [f"s:{case.id}:reroute:{case.version}",
                                         f"s:{case.id}:submit:{case.version}"])  # fmt: skip
    assert await state() == before


async def test_another_one_s_draft_cannot_be_touched(house, cast, story):
    draft = await Draft.get(person_id=cast.drafter.id)
    before = await state()
    data = [d for d in story if d.startswith("d:")] + [f"d:submit:{draft.version}:"]
    for phone in everybody(house, cast)[1:]:
        queries = [house.telegram.tap_raw(phone.user, 1, one) for one in data]
        await house.settle()
        for query in queries:
            assert (await house.telegram.answer(query))["text"]
    after = await state()
    rows = [r for r in json.loads(after)[2] if r["person_id"] == cast.drafter.id]
    assert rows == [r for r in json.loads(before)[2] if r["person_id"] == cast.drafter.id]
    assert json.loads(after)[:2] == json.loads(before)[:2]


async def test_an_item_of_another_edition_cannot_be_picked(house, cast):
    drafter = house.phone(cast.drafter)
    await drafter.says("/new", "科工〔2026〕12号", "关键工艺")
    draft = await Draft.get(person_id=cast.drafter.id)
    toast = await drafter.forges(f"d:pick:{draft.version}:2147483647")
    assert toast.startswith("涉密须引用现行细目的条目。")


async def test_a_draft_cannot_be_bent_into_a_shape_without_rules(house, cast):
    """Real operations in an order that no screen offers."""
    drafter = house.phone(cast.drafter)
    await drafter.says("/new")
    for op in ("submit", "back", "more", "unclassified", "submit", "ask:{}:term", "term:{}:5年",
               "reason:{}:no_item", "submit", "work", "reason:{}:no_item", "ask:{}:reason",
               "ask:{}:title", "clear:{}:title", "term:{}:5年", "submit"):  # fmt: skip
        version = (await Draft.get(person_id=cast.drafter.id)).version
        shape = op if "{}" in op else f"{op}:{{}}:"
        await drafter.forges(
            f"d:{shape.format(version)}", message_id=drafter.posts[-1]["message_id"]
        )
    assert await Proposal.all().count() == 0
    await drafter.says("/cancel")


async def test_admins_see_cases_but_cannot_step(house, cast):
    case = await house.submitted(cast)
    admin = house.phone(cast.admin)
    await admin.says("/help")
    await admin.forges(f"v:{case.id}:open")
    assert admin.last.startswith("🟡 待 赵国 审核")
    assert admin.buttons == ["详情"]
    assert await admin.forges(f"s:{case.id}:endorse:1") == "此件现由部门负责人办理。"
    await case.refresh_from_db()
    assert case.version == 1
    assert await LivingCard.filter(person_id=cast.admin.id).count() == 1
    assert await Person.filter(is_admin=True).count() == 1
