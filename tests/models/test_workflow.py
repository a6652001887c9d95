"""The workflow, step by step: who may, what is refused, what is written (product rules 3 to 8)."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from models import errors, ledger, workflow
from models.content import Content, from_item
from models.determination import Determination
from models.guide import GuideItem
from models.levels import Level
from models.office import now, today
from models.outbox import LivingCard, Message, MessageState
from models.people import Person
from models.proposal import Action, NoBasis, Proposal, ReturnReason, State, Step
from models.workflow import RULES, Party
from tests.factories import ITEMS, Cast, appoint, away, make_guide, make_person

pytestmark = pytest.mark.usefixtures("november")
CHANGED = [("KJ-002", "科技/工艺", "改过的事项", Level.TOP_SECRET, "30年"), *ITEMS[1:]]


@pytest.fixture
async def cast(database):
    return await Cast.gather()


async def present(case: Proposal) -> Proposal:
    return await Proposal.get(id=case.id)


async def history(case: Proposal) -> list[str]:
    steps = await Step.filter(case_id=case.id).order_by("seq")
    return [step.action.value for step in steps]


async def fresh_cards(case: Proposal) -> set[int | None]:
    owed = await Message.filter(kind="card", case_id=case.id, state=MessageState.OWED)
    return {m.person_id for m in owed if m.facts.get("fresh")}


async def all_delivered() -> None:
    await Message.all().update(state=MessageState.SENT)


async def whole() -> None:
    assert (await ledger.verify()).broken is None


# --- the table -----------------------------------------------------------------------------------


def test_the_table_is_the_flow_of_the_product():
    flow = {(state.value, action.value): (rule.party.value, rule.to.value)
            for (state, action), rule in RULES.items()}  # fmt: skip
    assert flow == {
        ("waiting_head", "endorse"): ("head", "waiting_officer"),
        ("waiting_head", "return"): ("head", "returned"),
        ("waiting_head", "nudge"): ("drafter", "waiting_head"),
        ("waiting_head", "withdraw"): ("drafter", "withdrawn"),
        ("waiting_head", "reroute"): ("system", "waiting_head"),
        ("waiting_officer", "approve"): ("officer", "effective"),
        ("waiting_officer", "return"): ("officer", "returned"),
        ("waiting_officer", "nudge"): ("drafter", "waiting_officer"),
        ("waiting_officer", "withdraw"): ("drafter", "withdrawn"),
        ("waiting_officer", "reroute"): ("system", "waiting_officer"),
        ("unroutable", "reroute"): ("system", "waiting_officer"),
        ("unroutable", "withdraw"): ("drafter", "withdrawn"),
        ("returned", "resubmit"): ("drafter", "waiting_head"),
        ("returned", "withdraw"): ("drafter", "withdrawn"),
    }


def test_an_unroutable_case_that_lacks_its_review_is_routed_to_a_head():
    two_ways = {key: rule.unreviewed for key, rule in RULES.items() if rule.unreviewed}
    assert two_ways == {(State.UNROUTABLE, Action.REROUTE): State.WAITING_HEAD}


def test_nothing_leads_out_of_what_is_decided():
    assert not [state for state, _ in RULES if state in {State.EFFECTIVE, State.WITHDRAWN}]


def test_only_an_officer_s_approval_takes_effect():
    leads = {
        (action, rule.party) for (_, action), rule in RULES.items() if rule.to is State.EFFECTIVE
    }
    assert leads == {(Action.APPROVE, Party.OFFICER)}


async def make(cast: Cast, state: State) -> Proposal:
    """A case in ``state``."""
    match state:
        case State.WAITING_HEAD:
            return await cast.propose()
        case State.WAITING_OFFICER:
            return await cast.endorsed()
        case State.EFFECTIVE:
            return await cast.approved()
        case State.RETURNED:
            return await cast.take(
                await cast.endorsed(), Action.RETURN, reason=ReturnReason.TERM_WRONG)  # fmt: skip
        case State.WITHDRAWN:
            return await cast.take(await cast.endorsed(), Action.WITHDRAW)
        case State.UNROUTABLE:
            held = await cast.appointment.get(id=cast.appointment.id)
            await held.filter(id=held.id).update(trained_on=None)
            case_ = await cast.endorsed()
            await held.filter(id=held.id).update(trained_on=held.trained_on)
            return case_


@pytest.mark.parametrize("state", list(State))
async def test_each_action_is_for_its_party_in_its_state_alone(cast, state):
    case = await make(cast, state)
    assert case.state is state
    what = from_item("科工〔2026〕2号", await cast.item("KJ-003"))
    people = {Party.DRAFTER: cast.drafter, Party.HEAD: cast.head, Party.OFFICER: cast.officer}
    before = dict(await present(case)), await Step.filter(case_id=case.id).count()
    for action in Action:
        rule = RULES.get((state, action))
        for party, person in [*people.items(), (None, cast.admin)]:
            if rule is not None and rule.party is party:
                continue
            refusal: type[errors.Refusal] = errors.NotYourTurn if rule else errors.NoSuchStep
            if person is cast.officer and case.officer_id is None:
                refusal = errors.CaseNotFound
            with pytest.raises(refusal) as refused:
                await workflow.take_step(case.id, action, by=person, seen=case.version,
                                         reason=ReturnReason.TERM_WRONG, what=what)  # fmt: skip
            if refusal is errors.NotYourTurn:
                assert rule
                assert refused.value.facts == {"waits_for": rule.party.value}
    assert (dict(await present(case)), await Step.filter(case_id=case.id).count()) == before
    for person, party in ((cast.drafter, Party.DRAFTER), (cast.head, Party.HEAD),
                          (cast.officer, Party.OFFICER), (cast.admin, None)):  # fmt: skip
        wanted = {a for (s, a), rule in RULES.items() if s is state and rule.party is party}
        if party is Party.OFFICER and case.officer_id is None:
            wanted = set()
        assert set(workflow.actions_for(case, person)) == wanted


@pytest.mark.parametrize("state", [s for s in State if s not in {State.EFFECTIVE, State.WITHDRAWN}])
async def test_each_action_leads_where_the_table_says(cast, state):
    what = from_item("科工〔2026〕2号", await cast.item("KJ-003"))
    for (start, action), rule in RULES.items():
        if start is not state or rule.party is Party.SYSTEM:
            continue
        case = await make(cast, state)
        moved = await cast.take(case, action, reason=ReturnReason.TERM_WRONG, what=what)
        assert moved.state is rule.to
        assert (await present(case)).state is rule.to
        assert moved.version == case.version + (action is not Action.NUDGE)
        assert (await history(case))[-1] == action.value
    await whole()


@pytest.mark.parametrize("shift", [-1, 1, 100, -100])
async def test_a_button_drawn_for_another_version_does_nothing(cast, shift):
    case = await cast.endorsed()
    with pytest.raises(errors.AlreadyMoved) as refused:
        await workflow.take_step(
            case.id, Action.APPROVE, by=cast.officer, seen=case.version + shift
        )
    assert (refused.value.facts["action"], refused.value.facts["by"]) == ("endorse", "赵国")
    assert (await present(case)).state is State.WAITING_OFFICER


async def test_after_the_system_moved_a_case_old_buttons_are_merely_stale(cast):
    case = await cast.endorsed()
    await LivingCard.create(person=cast.officer, case=case, message_id=1, updated_at=now())
    other = await make_person("何清")
    await appoint(other)
    await cast.appointment.filter(id=cast.appointment.id).update(trained_on=None)
    await workflow.reroute_waiting()
    with pytest.raises(errors.StaleCard):
        await workflow.take_step(case.id, Action.APPROVE, by=cast.officer, seen=case.version)


# --- submitting ----------------------------------------------------------------------------------


async def test_a_submission_is_numbered_pinned_dated_and_told(cast):
    case = await cast.propose(title="工艺参数汇编")
    assert case.number == "2026-0001"
    assert (case.state, case.version, case.revision, case.head_id) == (
        State.WAITING_HEAD, 1, 1, cast.head.id)  # fmt: skip
    assert (case.edition_id, case.access_scope, case.marking) == (
        cast.edition.id, "项目组经批准人员", "绝密★30年")  # fmt: skip
    assert case.why == {"code": "head", "department": "科技处"}
    assert case.due_at
    assert case.due_at - case.waiting_since == timedelta(days=1)
    assert await history(case) == ["submit"]
    assert await fresh_cards(case) == {cast.head.id}
    await whole()


async def test_only_drafters_submit(cast):
    with pytest.raises(errors.NotAllowed) as refused:
        await cast.propose(by=cast.head)
    assert refused.value.facts == {"needs": "drafter"}
    assert not await Proposal.exists()


async def test_a_refused_submission_uses_no_number(cast):
    for what in (
        Content("", Level.UNCLASSIFIED, reason=NoBasis.NO_ITEM),
        Content("一号", Level.SECRET),
    ):
        with pytest.raises(errors.Refusal):
            await workflow.submit(what, by=cast.drafter)
    assert (await cast.propose()).number == "2026-0001"


async def test_a_department_s_case_goes_to_the_statutory_officer_where_nobody_else_qualifies(cast):
    chief = await make_person("局长")
    await appoint(chief, kind="statutory")
    await cast.appointment.filter(id=cast.appointment.id).update(ceiling=Level.SECRET)
    case = await cast.endorsed()
    assert (case.officer_id, case.why["code"]) == (chief.id, "statutory")


# --- deciding ------------------------------------------------------------------------------------


async def test_a_case_takes_effect_with_a_determination_that_says_everything(cast):
    case = await cast.approved(term="10年")
    signed = await Determination.get()
    assert signed.number == "定〔2026〕000001"
    assert (signed.case_id, signed.document_no) == (case.id, "科工〔2026〕1号")
    assert (signed.level, signed.term, signed.marking) == (Level.TOP_SECRET, "10年", "绝密★10年")
    assert (signed.access_scope, signed.reason) == ("项目组经批准人员", None)
    assert (signed.item_id, signed.edition_id) == ((await cast.item()).id, cast.edition.id)
    assert (signed.drafter_id, signed.head_id, signed.officer_id, signed.appointment_id) == (
        cast.drafter.id, cast.head.id, cast.officer.id, cast.appointment.id)  # fmt: skip
    assert signed.on_behalf_of_id is None
    assert signed.decided_at == (await Step.get(case_id=case.id, action=Action.APPROVE)).at
    assert (case.due_at, case.turn_id) == (None, None)
    assert await history(case) == ["submit", "endorse", "approve"]
    await whole()


async def test_work_secrets_and_unclassified_take_the_same_path_and_bear_no_marking(cast):
    outcomes = (
        Content("工〔2026〕1号", Level.WORK_SECRET, term="5年"),
        Content("工〔2026〕2号", Level.WORK_SECRET),
        Content("工〔2026〕3号", Level.UNCLASSIFIED, reason=NoBasis.MUST_BE_PUBLIC),
        from_item("工〔2026〕4号", await cast.item("CH-N01")),
        from_item("工〔2026〕5号", await cast.item("BG-001")),
    )
    for what in outcomes:
        case = await workflow.submit(what, by=cast.drafter)
        assert case.state is State.WAITING_HEAD
        case = await cast.take(await cast.take(case, Action.ENDORSE), Action.APPROVE)
        signed = await Determination.get(case_id=case.id)
        assert (signed.marking, signed.level, signed.reason) == (None, what.level, what.reason)
        assert signed.officer_id == cast.officer.id
    assert signed.number.endswith("000005")
    await whole()


async def test_the_newcomers_of_each_step_get_a_new_card_and_the_others_an_edit(cast):
    case = await cast.propose()
    assert await fresh_cards(case) == {cast.head.id}
    await all_delivered()
    case = await cast.take(case, Action.ENDORSE)
    assert await fresh_cards(case) == {cast.officer.id}
    owed = await Message.filter(case_id=case.id, state=MessageState.OWED).values_list(
        "person_id", flat=True
    )
    assert set(owed) == {cast.drafter.id, cast.head.id, cast.officer.id}
    await all_delivered()
    case = await cast.take(case, Action.APPROVE)
    assert await fresh_cards(case) == {cast.drafter.id}


async def test_a_substitute_signs_in_their_own_power_on_behalf_of_the_absent(cast):
    other = await make_person("何清")
    power = await appoint(other)
    await away(cast.officer, other)
    case = await cast.take(await cast.endorsed(), Action.APPROVE, other)
    signed = await Determination.get(case_id=case.id)
    assert (signed.officer_id, signed.on_behalf_of_id, signed.appointment_id) == (
        other.id, cast.officer.id, power.id)  # fmt: skip
    await whole()


async def test_an_absent_officer_who_signs_does_so_in_their_own_name(cast):
    other = await make_person("何清")
    await appoint(other)
    await away(cast.officer, other)
    case = await cast.take(await cast.endorsed(), Action.APPROVE, cast.officer)
    signed = await Determination.get(case_id=case.id)
    assert (signed.officer_id, signed.on_behalf_of_id, signed.appointment_id) == (
        cast.officer.id, None, cast.appointment.id)  # fmt: skip
    assert "on_behalf_of" not in case.why
    await whole()


# --- rules 3 and 4 at the moment of the step -------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"trained_on": None}, "untrained"), ({"ended_at": "now"}, "not_in_force"),
        ({"ceiling": Level.SECRET}, "ceiling"), ({"departments": ["财务处"]}, "department"),
    ],
    ids=["untrained", "ended", "ceiling", "department"],
)  # fmt: skip
async def test_an_officer_who_lapsed_since_decides_nothing(cast, change, why):
    case = await cast.endorsed()
    values = {name: now() if value == "now" else value for name, value in change.items()}
    await cast.appointment.filter(id=cast.appointment.id).update(**values)
    for action in (Action.APPROVE, Action.RETURN):
        with pytest.raises(errors.NotQualified) as refused:
            await cast.take(case, action, cast.officer, reason=ReturnReason.TERM_WRONG)
        assert refused.value.facts == {"why": why}
    assert dict(await present(case)) == dict(case)
    assert not await Determination.exists()


async def test_a_head_who_is_none_any_more_decides_nothing(cast):
    case = await cast.propose()
    await Person.filter(id=cast.head.id).update(is_head=False)
    for action in (Action.ENDORSE, Action.RETURN):
        with pytest.raises(errors.NotAllowed) as refused:
            await cast.take(case, action, cast.head, reason=ReturnReason.TERM_WRONG)
        assert refused.value.facts == {"needs": "head"}
    assert (await present(case)).version == case.version


async def test_drafter_head_and_officer_are_never_the_same(cast):
    """Even if the case's row were made to say otherwise."""
    case = await cast.endorsed()
    await appoint(cast.head)
    await appoint(cast.drafter)
    for person in (cast.head, cast.drafter):
        await Proposal.filter(id=case.id).update(officer_id=person.id)
        with pytest.raises(errors.SamePerson):
            await cast.take(case, Action.APPROVE, person)
    await Person.filter(id=cast.drafter.id).update(is_head=True)
    other = await cast.propose(number="二号")
    await Proposal.filter(id=other.id).update(head_id=cast.drafter.id, state=State.WAITING_HEAD)
    with pytest.raises(errors.SamePerson):
        await cast.take(other, Action.ENDORSE, cast.drafter)


async def test_whoever_may_draft_no_more_may_still_withdraw_but_not_resubmit(cast):
    case = await cast.returned()
    cast.drafter.is_drafter = False
    await cast.drafter.save()
    what = from_item("科工〔2026〕1号", await cast.item())
    with pytest.raises(errors.NotAllowed):
        await cast.take(case, Action.RESUBMIT, what=what)
    assert (await cast.take(case, Action.WITHDRAW)).state is State.WITHDRAWN


# --- returning, revising, withdrawing --------------------------------------------------------------


@pytest.mark.parametrize("reason", [r for r in ReturnReason if r is not ReturnReason.OTHER])
async def test_a_return_has_a_reason_and_may_have_a_sentence(cast, reason):
    case = await cast.take(await cast.propose(), Action.RETURN, reason=reason, comment=" 见\n附 ")
    step = await Step.get(case_id=case.id, action=Action.RETURN)
    assert (step.reason, step.comment) == (reason, "见 附")
    assert (case.state, case.turn_id) == (State.RETURNED, cast.drafter.id)
    assert case.due_at is None
    assert cast.drafter.id in await fresh_cards(case)


@pytest.mark.parametrize(
    ("reason", "comment", "refusal"),
    [
        (None, "理由", errors.ReasonMissing),
        (ReturnReason.OTHER, "", errors.SentenceMissing),
        (ReturnReason.OTHER, " \n\u200b\u3164", errors.SentenceMissing),
        (ReturnReason.OTHER, "甲" * 301, errors.TextTooLong),
        (ReturnReason.TERM_WRONG, "甲" * 301, errors.TextTooLong),
        (ReturnReason.TERM_WRONG, "应为机密★5年", errors.LooksLikeContent),
    ],
)
async def test_a_return_without_its_reason_is_refused(cast, reason, comment, refusal):
    for case in (await cast.propose(number="一号"), await cast.endorsed(number="二号")):
        with pytest.raises(refusal):
            await cast.take(case, Action.RETURN, reason=reason, comment=comment)
        assert (await present(case)).version == case.version


async def test_a_sentence_of_300_characters_is_kept_whole(cast):
    case = await cast.take(
        await cast.propose(), Action.RETURN, reason=ReturnReason.OTHER, comment="甲" * 300
    )
    assert (await Step.get(case_id=case.id, action=Action.RETURN)).comment == "甲" * 300
    await whole()


async def test_only_a_return_bears_a_reason(cast):
    case = await cast.take(await cast.propose(), Action.ENDORSE, reason=ReturnReason.OTHER)
    assert (await Step.get(case_id=case.id, action=Action.ENDORSE)).reason is None


async def test_a_revision_keeps_the_number_and_goes_the_whole_way_again(cast):
    case = await cast.take(await cast.endorsed(), Action.RETURN, reason=ReturnReason.WRONG_ITEM)
    what = from_item("科工〔2026〕1号之二", await cast.item("KJ-003"))
    again = await cast.take(case, Action.RESUBMIT, what=what)
    assert (again.id, again.number, again.revision, again.version) == (
        case.id, case.number, 2, case.version + 1)  # fmt: skip
    assert (again.state, again.head_id, again.officer_id, again.appointment_id) == (
        State.WAITING_HEAD, cast.head.id, None, None)  # fmt: skip
    assert (again.level, again.term, again.document_no) == (
        Level.SECRET,
        "20年",
        "科工〔2026〕1号之二",
    )
    assert again.item
    assert again.item.code == "KJ-003"
    assert cast.head.id in await fresh_cards(again)
    done = await cast.take(await cast.take(again, Action.ENDORSE), Action.APPROVE)
    assert (await Determination.get(case_id=case.id)).marking == "机密★20年"
    assert [s.revision for s in await Step.filter(case_id=done.id).order_by("seq")] == [
        1,
        1,
        1,
        2,
        2,
        2,
    ]
    await whole()


async def test_a_revision_needs_something_to_propose_and_keeps_to_the_rules(cast):
    case = await cast.returned()
    with pytest.raises(errors.NoDraft):
        await cast.take(case, Action.RESUBMIT)
    with pytest.raises(errors.BasisMissing):
        await cast.take(case, Action.RESUBMIT, what=Content("一号", Level.SECRET, term="1年"))
    kept = await present(case)
    assert (kept.revision, kept.document_no, kept.version) == (1, "科工〔2026〕1号", case.version)


async def test_a_revision_is_routed_anew(cast):
    case = await cast.returned()
    await Person.filter(id=cast.head.id).update(is_head=False)
    other = await make_person("孙立", "head", department=await cast.head.department)
    again = await cast.take(case, Action.RESUBMIT, what=from_item("一号", await cast.item()))
    assert again.head_id == other.id


async def test_a_withdrawn_case_is_over(cast):
    case = await cast.take(await cast.endorsed(), Action.WITHDRAW)
    assert (case.state, case.turn_id, case.due_at) == (State.WITHDRAWN, None, None)
    for person in (cast.drafter, cast.head, cast.officer):
        assert workflow.actions_for(case, person) == []
    await whole()


# --- nudging -------------------------------------------------------------------------------------


async def test_a_nudge_reminds_whose_turn_it_is_and_leaves_every_button_good(cast):
    case = await cast.propose()
    await all_delivered()
    nudged = await cast.take(case, Action.NUDGE)
    assert nudged.version == case.version
    assert await fresh_cards(case) == {cast.head.id}
    assert await history(case) == ["submit", "nudge"]
    done = await workflow.take_step(case.id, Action.ENDORSE, by=cast.head, seen=case.version)
    assert (done.state, done.nudged_at) == (State.WAITING_OFFICER, None)
    await whole()


async def test_a_nudge_is_possible_once_in_four_hours(cast):
    with time_machine.travel("2026-11-23T02:00:00+00:00", tick=False) as clock:
        case = await cast.propose()
        await cast.take(case, Action.NUDGE)
        first = now()
        for hours in (0, 1, 3.99):
            clock.move_to(first + timedelta(hours=hours))
            with pytest.raises(errors.NudgedAlready) as refused:
                await cast.take(case, Action.NUDGE)
            assert refused.value.facts["again_at"] == first + timedelta(hours=4)
        clock.move_to(first + timedelta(hours=4))
        await cast.take(case, Action.NUDGE)
    assert await history(case) == ["submit", "nudge", "nudge"]
    await whole()


async def test_a_new_step_may_be_nudged_at_once(cast):
    case = await cast.propose()
    await cast.take(case, Action.NUDGE)
    case = await cast.take(case, Action.ENDORSE)
    assert (await cast.take(case, Action.NUDGE)).nudged_at


async def test_nobody_is_nudged_over_a_case_that_waits_for_nobody(cast):
    case = await make(cast, State.UNROUTABLE)
    with pytest.raises(errors.NoSuchStep):
        await cast.take(case, Action.NUDGE)


# --- what nobody can sign --------------------------------------------------------------------------


async def test_what_nobody_can_sign_waits_and_administrators_are_told_at_once(cast):
    await cast.appointment.filter(id=cast.appointment.id).update(trained_on=None)
    case = await cast.endorsed()
    assert (case.state, case.officer_id, case.turn_id, case.due_at) == (
        State.UNROUTABLE, None, None, None)  # fmt: skip
    assert case.why == {"reasons": [["A002", "untrained"]], "count": 1}
    told = await Message.filter(kind="unroutable")
    assert [(m.person_id, m.case_id) for m in told] == [(cast.admin.id, case.id)]
    assert cast.drafter.id in await fresh_cards(case)
    assert await workflow.reroute_waiting() == 0
    assert (await present(case)).version == case.version
    assert await Message.filter(kind="unroutable").count() == 1
    await whole()


@pytest.mark.parametrize("way", ["training", "account", "appointment", "reachable", "ceiling"])
async def test_it_goes_on_by_itself_as_soon_as_someone_qualifies(cast, way):
    held = cast.appointment.filter(id=cast.appointment.id)
    if way == "account":
        await Person.filter(id=cast.officer.id).update(telegram_id=None)
    elif way == "reachable":
        await Person.filter(id=cast.officer.id).update(unreachable_since=now())
    elif way == "ceiling":
        await held.update(ceiling=Level.CONFIDENTIAL)
    else:
        await held.update(trained_on=None)
    case = await cast.endorsed()
    assert case.state is State.UNROUTABLE
    if way == "training":
        await held.update(trained_on=today())
    elif way == "appointment":
        await appoint(cast.officer)
    elif way == "ceiling":
        await held.update(ceiling=Level.TOP_SECRET)
    else:
        await Person.filter(id=cast.officer.id).update(telegram_id=7, unreachable_since=None)
    assert await workflow.reroute_waiting() == 1
    moved = await present(case)
    assert (moved.state, moved.officer_id) == (State.WAITING_OFFICER, cast.officer.id)
    assert moved.due_at
    assert await history(case) == ["submit", "endorse", "reroute"]
    assert (await Step.get(case_id=case.id, seq=3)).actor_id is None
    assert cast.officer.id in await fresh_cards(case)
    assert (await cast.take(moved, Action.APPROVE)).state is State.EFFECTIVE
    await whole()


async def test_a_case_that_skipped_the_head_still_says_so_after_waiting_in_vain(cast):
    await Person.filter(id=cast.head.id).update(is_drafter=True)
    await cast.appointment.filter(id=cast.appointment.id).update(trained_on=None)
    case = await cast.propose(by=await Person.get(id=cast.head.id))
    assert (case.state, case.why["direct"]) == (State.UNROUTABLE, "drafter_is_head")
    await cast.appointment.filter(id=cast.appointment.id).update(trained_on=today())
    await workflow.reroute_waiting()
    moved = await present(case)
    assert (moved.state, moved.why["direct"]) == (State.WAITING_OFFICER, "drafter_is_head")


async def test_one_case_that_fails_does_not_keep_the_others_from_going_on(cast, caplog):
    await cast.appointment.filter(id=cast.appointment.id).update(trained_on=None)
    bad, good = await cast.endorsed(number="一号"), await cast.endorsed(number="二号")
    await cast.appointment.filter(id=cast.appointment.id).update(trained_on=today())
    await Proposal.filter(id=bad.id).update(lines=1)  # its next line would be the second once more
    assert await workflow.reroute_waiting() == 1
    assert (await present(good)).state is State.WAITING_OFFICER
    assert (await present(bad)).state is State.UNROUTABLE
    assert f"case {bad.id} could not be routed again" in caplog.text


# --- a term that is a date --------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["KJ-003", "BG-001"], ids=["secret", "work_secret"])
async def test_what_has_ended_before_it_is_signed_is_not_approved_but_returned(cast, code):
    case = await cast.endorsed(code, term="2026年11月25日")
    with time_machine.travel("2026-11-25T02:00:00+00:00", tick=True):
        with pytest.raises(errors.TermEnded) as refused:
            await cast.take(case, Action.APPROVE)
        assert refused.value.facts == {"term": "2026年11月25日"}
        assert not await Determination.exists()
        case = await cast.take(case, Action.RETURN, reason=ReturnReason.TERM_WRONG)
        again = replace(from_item("一号", await cast.item(code)), term="2026年11月25日")
        with pytest.raises(errors.TermInvalid):
            await cast.take(case, Action.RESUBMIT, what=again)
        case = await cast.take(case, Action.RESUBMIT, what=replace(again, term="2026年11月26日"))
        case = await cast.take(await cast.take(case, Action.ENDORSE), Action.APPROVE)
    assert case.state is State.EFFECTIVE
    await whole()


async def test_the_day_before_it_ends_it_may_still_be_signed(cast):
    case = await cast.endorsed("KJ-003", term="2026年11月25日")
    with time_machine.travel("2026-11-24T02:00:00+00:00", tick=True):
        assert (await cast.take(case, Action.APPROVE)).state is State.EFFECTIVE


# --- a newer edition (rule 8) ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "fate"), [(CHANGED, "changed"), (ITEMS[1:], "dropped")], ids=["changed", "dropped"]
)
async def test_a_changed_or_dropped_item_must_be_resubmitted(cast, items, fate):
    case = await cast.propose()
    newer = await make_guide("2027版", items=items)
    case = await cast.take(case, Action.ENDORSE)
    with pytest.raises(errors.ItemChanged) as refused:
        await cast.take(case, Action.APPROVE)
    assert refused.value.facts == {"fate": fate}
    assert not await Determination.exists()
    case = await cast.take(case, Action.RETURN, reason=ReturnReason.WRONG_ITEM)
    with pytest.raises(errors.BasisMissing):
        await cast.take(case, Action.RESUBMIT, what=from_item("一号", await cast.item()))
    item = await GuideItem.get(edition=newer, code="KJ-003")
    case = await cast.take(case, Action.RESUBMIT, what=from_item("一号", item))
    case = await cast.take(await cast.take(case, Action.ENDORSE), Action.APPROVE)
    assert (await Determination.get(case_id=case.id)).edition_id == newer.id
    await whole()


async def test_an_unchanged_item_passes_and_the_determination_keeps_its_edition(cast):
    case = await cast.endorsed()
    await make_guide("2027版")
    done = await cast.take(case, Action.APPROVE)
    assert (await Determination.get()).edition_id == cast.edition.id
    assert done.edition_id == cast.edition.id


async def test_an_edition_that_is_not_in_force_yet_changes_nothing(cast):
    case = await cast.endorsed()
    await make_guide("2027版", effective=today() + timedelta(days=1), items=CHANGED)
    assert (await cast.take(case, Action.APPROVE)).state is State.EFFECTIVE


async def test_a_case_without_item_cares_for_no_edition(cast):
    what = Content("一号", Level.UNCLASSIFIED, reason=NoBasis.NO_ITEM)
    case = await cast.take(await workflow.submit(what, by=cast.drafter), Action.ENDORSE)
    await make_guide("2027版", items=CHANGED)
    assert (await cast.take(case, Action.APPROVE)).state is State.EFFECTIVE
