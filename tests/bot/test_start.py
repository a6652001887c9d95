"""Arriving: the invitation, the greeting by role, the menu, and what strangers are told."""

from datetime import timedelta

import pytest
import time_machine

from models import accounts
from models.draft import Draft
from models.office import now
from models.outbox import Message
from models.people import Person
from models.proposal import Proposal
from tests.factories import make_department, make_person

NOT_BOUND = "您尚未绑定。请联系本单位保密办领取邀请链接。"
INVALID = "邀请无效：已使用、已过期或不完整。请联系保密办重新领取。"


async def newcomer(*roles, name="郑新"):
    return await make_person(name, *roles, department=await make_department(), bound=False)


async def test_an_invitation_binds_greets_and_gives_a_menu(house):
    person = await newcomer("drafter", "head")
    phone = house.stranger(5001)

    await phone.starts(await accounts.invite(person))

    assert (await Person.get(id=person.id)).telegram_id == 5001
    [greeting] = phone.texts
    assert greeting.startswith("郑新，您好。您已绑定为 拟稿人、部门负责人（科技处）。")
    assert "/new 文号 关键词" in greeting
    assert "/inbox" in greeting
    assert phone.buttons == ["新建定密意见", "待办", "我的"]
    assert list(phone.commands) == ["new", "mine", "inbox", "cancel", "language", "help"]
    assert phone.commands["new"] == "新建定密意见"


@pytest.mark.parametrize(
    ("who", "roles", "has", "lacks"),
    [
        ("drafter", "拟稿人", "/new", "/inbox"),
        ("head", "部门负责人", "/inbox", "/new"),
        ("officer", "定密责任人", "/inbox", "/new"),
        ("admin", "管理员", "dingmi invite", "/new"),
    ],
)
async def test_everybody_is_greeted_by_role(house, cast, who, roles, has, lacks):
    person = getattr(cast, who)
    phone = house.phone(person)
    await phone.starts()
    assert phone.last.startswith(f"{person.name}，您好。您已绑定为 {roles}（")
    assert has in phone.last
    assert lacks not in phone.last
    offered = {word.removeprefix("/") for word in (has, lacks) if word.startswith("/")}
    assert offered & phone.commands.keys() == {has.removeprefix("/")} - {"dingmi invite"}


async def test_help_is_by_role_and_fits_a_screen(house, cast):
    for person in (cast.drafter, cast.head, cast.officer, cast.admin):
        phone = house.phone(person)
        await phone.says("/help")
        assert phone.last.startswith(f"定密 · {person.name}（")
        assert len(phone.last.splitlines()) <= 12
        assert "勿发文件" in phone.last
    assert "同意、批准、退回" in house.phone(cast.officer).last
    assert "同意、批准、退回" not in house.phone(cast.drafter).last


async def test_the_link_pressed_twice_greets_again(house):
    person = await newcomer("drafter")
    phone, code = house.stranger(5001), await accounts.invite(person)
    await phone.starts(code)
    await phone.starts(code)
    assert [text.partition("。")[0] for text in phone.texts] == ["郑新，您好"] * 2


async def test_a_used_code_opens_nothing_for_another(house):
    person = await newcomer("drafter")
    code = await accounts.invite(person)
    await house.stranger(5001).starts(code)
    thief = house.stranger(5002)
    await thief.starts(code)
    assert thief.texts == [INVALID]
    assert (await Person.get(id=person.id)).telegram_id == 5001


async def test_an_expired_code_opens_nothing(house):
    person = await newcomer("drafter")
    code, phone = await accounts.invite(person), house.stranger(5001)
    with time_machine.travel(now() + timedelta(hours=73), tick=True):
        await phone.starts(code)
    assert phone.texts == [INVALID]
    assert (await Person.get(id=person.id)).telegram_id is None


async def test_an_unknown_code_opens_nothing(house, cast):
    for code in ("nonsense", "a" * 64, "定密"):
        phone = house.stranger(5001)
        await phone.starts(code)
        assert phone.last == INVALID


async def test_an_account_that_is_somebody_s_takes_no_second_person(house, cast):
    other = await newcomer("head")
    code, phone = await accounts.invite(other), house.phone(cast.drafter)
    await phone.starts(code)
    assert phone.last == "此账号已绑定他人，不能再次绑定。请联系保密办。"
    assert (await Person.get(id=other.id)).telegram_id is None
    await house.stranger(5002).starts(code)
    assert (await Person.get(id=other.id)).telegram_id == 5002


async def test_a_new_phone_takes_over_with_menu_and_cards(house, cast):
    await house.submitted(cast)
    code, phone = await accounts.invite(cast.head), house.stranger(5001)
    await phone.starts(code)
    assert "inbox" in phone.commands
    card = phone.holding("同意")
    assert card["text"].startswith("🟡 待您审核")

    old = house.phone(cast.head)
    assert old.buttons == []
    assert await old.forges(f"s:{(await Proposal.get()).id}:endorse:1") == NOT_BOUND
    assert await phone.taps("同意") == "已同意 · 送 林秀 审定"


async def test_the_greeting_with_something_waiting_brings_the_card(house, cast):
    head = await newcomer("head")
    await Person.filter(id=cast.head.id).update(is_head=False)
    await house.submitted(cast)
    assert (await Proposal.get()).head_id == head.id
    phone = house.stranger(5001)
    await phone.starts(await accounts.invite(head))
    assert any(text.startswith("🟡 待您审核") for text in phone.texts)


STRANGE = ["/start", "/start a b", "/start@dingmi_demo_bot", "/start@other_bot x", "/help", "/new",
           "/new 科工〔2026〕12号 地形图", "/mine", "/inbox", "/cancel", "/language", "/nonsense",
           "你好", "同意", "机密★10年", "x" * 400, "/", "<b>"]  # fmt: skip


async def test_strangers_read_one_sentence_whatever_they_write(house, cast):
    await house.submitted(cast)
    stranger = house.stranger(6001)
    for text in STRANGE:
        await stranger.says(text)
    assert stranger.texts == [NOT_BOUND]  # once an hour
    assert not stranger.commands
    assert not await Draft.exclude(person_id=cast.drafter.id).exists()


async def test_strangers_may_tap_any_button_and_learn_nothing(house, cast):
    case = await house.submitted(cast)
    stranger = house.stranger(6001)
    for data in (f"s:{case.id}:endorse:1", f"v:{case.id}:details", "g:inbox", "l:en", "d:submit:1:",
                 "junk", f"v:{case.id}:open", "g:new"):  # fmt: skip
        assert await stranger.forges(data, message_id=1) == NOT_BOUND
    assert stranger.posts == []
    await case.refresh_from_db()
    assert case.version == 1


async def test_a_stranger_s_file_gets_the_sentence_and_is_removed(house, cast):
    stranger = house.stranger(6001)
    house.telegram.send_file(6001, "secret.pdf", b"%PDF", caption="机密★10年")
    await house.settle()
    assert stranger.texts == [NOT_BOUND]
    assert stranger.mine == []


async def test_a_stranger_s_edited_message_gets_the_sentence(house, cast):
    stranger = house.stranger(6001)
    sent = await stranger.says("你好")
    house.telegram.edit(6001, sent, "您好")
    await house.settle()
    assert stranger.texts == [NOT_BOUND]


async def test_a_stranger_who_blocks_and_returns_is_told_nothing(house, cast):
    house.stranger(6001)
    house.telegram.block(6001)
    house.telegram.unblock(6001)
    await house.settle()
    assert house.stranger(6001).posts == []


async def test_nothing_of_a_stranger_is_owed_but_the_sentence(house, cast):
    await house.stranger(6001).says("/inbox")
    assert {message.kind for message in await Message.all()} == {"say"}
