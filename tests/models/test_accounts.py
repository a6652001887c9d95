"""Invitations open one door once; an account is one person's."""

import asyncio
from datetime import timedelta

import pytest
import time_machine

from models import accounts, errors, outbox
from models.draft import Draft
from models.office import now
from models.outbox import Lane, LivingCard, Message, MessageState
from models.people import Invite, Person
from models.proposal import Action
from tests.factories import Cast, make_person

pytestmark = pytest.mark.usefixtures("november")


@pytest.fixture
async def cast(database):
    return await Cast.gather()


@pytest.fixture
async def newcomer(database):
    return await make_person("郑洁", "drafter", bound=False)


async def owed(person: Person, kind: str = "card") -> list[Message]:
    return await Message.filter(person_id=person.id, kind=kind, state=MessageState.OWED)


async def test_an_invitation_binds_the_account_of_whom_it_was_made_for(newcomer):
    bound = await accounts.bind(await accounts.invite(newcomer), 77)
    assert bound == newcomer
    person = await accounts.person_of(77)
    assert person == newcomer
    assert person.bound_at
    assert person.department.name == "科技处"  # at hand: the greeting names it


async def test_strangers_are_nobody(newcomer):
    assert await accounts.person_of(77) is None


async def test_an_invitation_works_once(cast, newcomer):
    code = await accounts.invite(newcomer)
    await accounts.bind(code, 77)
    with pytest.raises(errors.InviteInvalid):
        await accounts.bind(code, 78)
    assert await accounts.person_of(78) is None


async def test_the_same_link_pressed_twice_is_no_error(newcomer):
    code = await accounts.invite(newcomer)
    first = await accounts.bind(code, 77)
    again = await accounts.bind(code, 77)
    assert again.bound_at == first.bound_at


async def test_a_used_link_does_not_win_an_account_back(newcomer):
    old = await accounts.invite(newcomer)
    await accounts.bind(old, 77)
    await accounts.bind(await accounts.invite(newcomer), 78)
    with pytest.raises(errors.InviteInvalid):
        await accounts.bind(old, 77)


async def test_of_many_who_press_at_once_one_gets_in(newcomer):
    code = await accounts.invite(newcomer)
    done = await asyncio.gather(
        *(accounts.bind(code, 80 + n) for n in range(6)), return_exceptions=True
    )
    assert sum(isinstance(one, Person) for one in done) == 1
    assert sum(isinstance(one, errors.InviteInvalid) for one in done) == 5


@pytest.mark.parametrize(("hours", "works"), [(71.99, True), (72, False), (500, False)])
async def test_an_invitation_is_good_for_72_hours(newcomer, hours, works):
    with time_machine.travel(now(), tick=False) as clock:
        code = await accounts.invite(newcomer)
        clock.shift(timedelta(hours=hours))
        if works:
            assert await accounts.bind(code, 77)
        else:
            with pytest.raises(errors.InviteInvalid):
                await accounts.bind(code, 77)


@pytest.mark.parametrize("code", ["", "nonsense", "x" * 5000, "\x00", "'; --", "邀请"])
async def test_an_unknown_code_opens_nothing(newcomer, code):
    with pytest.raises(errors.InviteInvalid):
        await accounts.bind(code, 77)


async def test_a_new_invitation_kills_the_unused_ones_of_the_same_person_alone(cast, newcomer):
    old, others = await accounts.invite(newcomer), await accounts.invite(cast.head)
    new = await accounts.invite(newcomer)
    with pytest.raises(errors.InviteInvalid):
        await accounts.bind(old, 77)
    assert await accounts.bind(new, 77)
    assert await accounts.bind(others, 78)


async def test_two_invitations_made_at_once_leave_one(newcomer):
    await asyncio.gather(*(accounts.invite(newcomer) for _ in range(4)))
    assert await Invite.filter(person_id=newcomer.id).count() == 1


async def test_the_table_of_invitations_opens_no_door(newcomer):
    code = await accounts.invite(newcomer)
    row = await Invite.get()
    assert len(code) >= 22
    assert code not in str(dict(row))
    assert len(await accounts.invite(newcomer)) <= 64  # a deep link holds no more


async def test_the_account_of_another_person_is_refused_and_the_invitation_stays_good(
    cast, newcomer
):
    code = await accounts.invite(newcomer)
    assert cast.head.telegram_id
    with pytest.raises(errors.AccountTaken):
        await accounts.bind(code, cast.head.telegram_id)
    assert await accounts.person_of(cast.head.telegram_id) == cast.head
    assert await accounts.bind(code, 77) == newcomer


async def test_two_people_who_bind_one_account_at_once_do_not_share_it(cast):
    people = [await make_person(f"新{n}", bound=False) for n in range(4)]
    codes = [await accounts.invite(person) for person in people]
    done = await asyncio.gather(*(accounts.bind(c, 77) for c in codes), return_exceptions=True)
    assert sum(isinstance(one, Person) for one in done) == 1
    assert sum(isinstance(one, errors.AccountTaken) for one in done) == 3
    assert await Person.filter(telegram_id=77).count() == 1


# --- moving to another account -------------------------------------------------------------------


async def test_a_new_account_takes_the_place_of_the_old_one(cast):
    old = cast.head.telegram_id
    await accounts.bind(await accounts.invite(cast.head), 77)
    assert old
    assert await accounts.person_of(old) is None
    assert await accounts.person_of(77) == cast.head


async def test_what_was_owed_goes_to_the_new_account_and_nothing_to_the_old(cast):
    await cast.propose()
    assert [m.chat_id for m in await owed(cast.head)] == [cast.head.telegram_id]
    await outbox.owe("say", to=cast.head, text="x")
    await outbox.owe("notice", to=cast.head, lane=Lane.BROADCAST)
    await accounts.bind(await accounts.invite(cast.head), 77)
    messages = await Message.filter(person_id=cast.head.id, state=MessageState.OWED)
    assert {(m.kind, m.chat_id) for m in messages} == {("card", 77), ("notice", 77)}
    assert (await Message.get(kind="say")).state is MessageState.NEVER


async def test_cards_and_drafts_of_the_old_chat_are_let_go(cast):
    case = await cast.propose()
    await LivingCard.create(person=cast.head, case=case, message_id=9, updated_at=now())
    await Draft.create(person=cast.head, message_id=8, is_open=True, document_no="号")
    await accounts.bind(await accounts.invite(cast.head), 77)
    assert not await LivingCard.filter(person=cast.head).exists()
    draft = await Draft.get(person=cast.head)
    assert (draft.message_id, draft.document_no) == (None, "号")  # what was begun is kept
    assert (await owed(cast.head))[0].facts == {"fresh": True}


async def test_binding_the_same_account_again_keeps_its_cards(cast):
    case = await cast.propose()
    await LivingCard.create(person=cast.head, case=case, message_id=9, updated_at=now())
    assert cast.head.telegram_id
    await accounts.bind(await accounts.invite(cast.head), cast.head.telegram_id)
    assert await LivingCard.filter(person=cast.head).exists()


async def test_the_new_chat_gets_its_menu(cast):
    await Person.filter(id=cast.head.id).update(menu="zh:inbox")
    bound = await accounts.bind(await accounts.invite(cast.head), 77)
    assert bound.menu == ""


# --- leaving ------------------------------------------------------------------------------------


async def test_whoever_is_unbound_has_no_account_and_no_way_back_to_one(cast):
    code, old = await accounts.invite(cast.head), cast.head.telegram_id
    assert await accounts.unbind(cast.head)
    person = await Person.get(id=cast.head.id)
    assert (person.telegram_id, person.bound_at, person.menu) == (None, None, "")
    assert old
    assert await accounts.person_of(old) is None
    with pytest.raises(errors.InviteInvalid):
        await accounts.bind(code, old)


async def test_unbinding_whoever_has_no_account_voids_the_invitation(newcomer):
    code = await accounts.invite(newcomer)
    assert not await accounts.unbind(newcomer)
    with pytest.raises(errors.InviteInvalid):
        await accounts.bind(code, 77)


async def test_a_used_link_brings_nobody_back(newcomer):
    code = await accounts.invite(newcomer)
    await accounts.unbind(await accounts.bind(code, 77))
    with pytest.raises(errors.InviteInvalid):
        await accounts.bind(code, 77)


async def test_nothing_more_goes_to_the_chat_but_what_takes_its_buttons_away(cast):
    case = await cast.propose()
    await LivingCard.create(person=cast.head, case=case, message_id=9, updated_at=now())
    await Draft.create(person=cast.head, message_id=8, is_open=True, document_no="号")
    chat = cast.head.telegram_id
    await accounts.unbind(cast.head)
    left = await Message.filter(chat_id=chat, state=MessageState.OWED)
    assert {(m.kind, m.facts["message_id"]) for m in left} == {("retire", 8), ("retire", 9)}
    assert not await LivingCard.filter(person=cast.head).exists()
    draft = await Draft.get(person=cast.head)
    assert (draft.question, draft.message_id, draft.document_no) == (None, None, "")
    assert draft.version == 2  # a button drawn before does nothing, should they come back


async def test_binding_again_after_it_owes_the_cards_again(cast):
    case = await cast.propose()
    await accounts.unbind(cast.head)
    await accounts.bind(await accounts.invite(cast.head), 77)
    assert [(m.case_id, m.chat_id) for m in await owed(cast.head)] == [(case.id, 77)]


async def test_an_invitation_used_while_its_person_is_unbound_leaves_no_half_account(newcomer):
    code = await accounts.invite(newcomer)
    done = await asyncio.gather(
        accounts.bind(code, 77), accounts.unbind(newcomer), return_exceptions=True
    )
    assert done[1] in {True, False}
    assert await accounts.person_of(77) is None


# --- what waits for whoever arrives --------------------------------------------------------------


async def test_whoever_arrives_gets_the_cards_of_what_waits_for_them(cast):
    await Person.filter(id=cast.head.id).update(telegram_id=None)
    waiting = await cast.propose(number="一号")
    await cast.endorsed(number="二号")
    returned = await cast.returned(number="三号")
    await cast.approved(number="四号")
    assert await owed(cast.head) == []
    await accounts.bind(await accounts.invite(cast.head), 77)
    assert [m.case_id for m in await owed(cast.head)] == [waiting.id]

    await Message.filter(person_id=cast.drafter.id).delete()
    await accounts.bind(await accounts.invite(cast.drafter), 78)
    assert [m.case_id for m in await owed(cast.drafter)] == [returned.id]


async def test_arriving_clears_the_flag_of_being_unreachable(cast):
    await outbox.unreachable(cast.head)
    bound = await accounts.bind(await accounts.invite(cast.head), 77)
    assert bound.unreachable_since is None
    case = await cast.propose()
    assert (await cast.take(case, Action.ENDORSE, bound)).officer_id == cast.officer.id
