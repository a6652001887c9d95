"""What a drafter has begun: nothing is lost, and no outworn button works."""

import asyncio

import pytest
from tortoise.transactions import in_transaction

from models import catalogue, drafting, errors, living, workflow
from models.draft import Draft, Question
from models.guide import GuideItem
from models.levels import Level
from models.outbox import LivingCard, Message
from models.people import Person
from models.proposal import Action, NoBasis, Proposal, ReturnReason, State
from tests.factories import ITEMS, Cast, make_guide, make_person

pytestmark = pytest.mark.usefixtures("november")
NUMBER = "科工〔2026〕12号"


@pytest.fixture
async def cast(database):
    return await Cast.gather()


async def stored(person: Person) -> Draft:
    """The draft as a restarted bot would find it."""
    return await drafting.draft_of(await Person.get(id=person.id))


async def ready(cast: Cast, code: str = "KJ-002") -> Draft:
    row = await drafting.begin(cast.drafter, NUMBER)
    return await drafting.pick(row, await cast.item(code))


async def send(cast: Cast, row: Draft, **values: object) -> Proposal:
    given = {"seen": 0, "message_id": None} | values
    return await drafting.submit(cast.drafter, row, **given)  # type: ignore[arg-type] # as given


# --- every answer is kept at once ----------------------------------------------------------------


async def test_each_answer_is_there_after_a_restart(cast):
    row = await drafting.begin(cast.drafter)
    assert (await stored(cast.drafter)).question is Question.DOCUMENT
    row = await drafting.answer(row, f"  {NUMBER} ")
    assert (await stored(cast.drafter)).document_no == NUMBER
    assert (await stored(cast.drafter)).question is Question.ITEM
    row = await drafting.answer(row, "工艺参数")
    assert (await stored(cast.drafter)).query == "工艺参数"
    found, more = await drafting.results(await stored(cast.drafter))
    assert ({item.code for item in found}, more) == ({"KJ-002", "KJ-003"}, False)
    row = await drafting.pick(row, found[0])
    kept = await stored(cast.drafter)
    assert (kept.question, kept.item) == (Question.PREVIEW, found[0])
    for question, text, name in (
        (Question.TERM, "5年", "term"),
        (Question.TITLE, "工艺汇编", "title"),
        (Question.NOTE, "请审", "note"),
    ):
        row = await drafting.ask(row, question)
        assert (await stored(cast.drafter)).question is question
        row = await drafting.answer(row, text)
        kept = await stored(cast.drafter)
        assert (getattr(kept, name), kept.question) == (text, Question.PREVIEW)
    row = await drafting.ask(row, Question.DOCUMENT)
    row = await drafting.answer(row, "科工〔2026〕13号")
    assert (await stored(cast.drafter)).document_no == "科工〔2026〕13号"


async def test_one_line_leads_straight_to_the_preview(cast):
    row = await drafting.begin(cast.drafter, NUMBER, "地形图 1:1万")
    assert row.item
    assert (row.item.code, row.level, row.term) == ("CH-101", Level.SECRET, "长期")
    assert row.question is Question.PREVIEW


async def test_a_line_that_finds_nothing_asks_for_the_item(cast):
    row = await drafting.begin(cast.drafter, NUMBER, "zzzzzz")
    assert (row.question, row.query) == (Question.ITEM, "zzzzzz")
    assert await drafting.results(row) == ([], False)


async def test_results_come_five_at_a_time(cast):
    await make_guide("2027版", items=[
        (f"X-{n:03d}", "甲", f"图纸之{n}", Level.SECRET, "10年") for n in range(12)])  # fmt: skip
    row = await drafting.begin(cast.drafter, NUMBER)
    row = await drafting.search(row, "图纸")
    seen = []
    for more in (True, True, False):
        found, further = await drafting.results(row)
        seen += [item.code for item in found]
        assert further is more
        row = await drafting.turn_page(row)
    assert len(set(seen)) == 12


@pytest.mark.parametrize(
    ("question", "text", "refusal"),
    [
        (Question.DOCUMENT, "甲" * 41, errors.DocumentNumberInvalid),
        (Question.DOCUMENT, " ", errors.DocumentNumberInvalid),
        (Question.TITLE, "甲" * 61, errors.TextTooLong),
        (Question.TITLE, "机密★10年", errors.LooksLikeContent),
        (Question.NOTE, "甲" * 121, errors.TextTooLong),
        (Question.TERM, "31年", errors.TermTooLong),
        (Question.TERM, "长期", errors.TermTooLong),
        (Question.TERM, "随便", errors.TermInvalid),
        (Question.ITEM, "机密长期", errors.LooksLikeContent),
    ],
)
async def test_a_refused_answer_changes_nothing(cast, question, text, refusal):
    row = await drafting.ask(await ready(cast), question)
    before = dict(await stored(cast.drafter))
    with pytest.raises(refusal):
        await drafting.answer(row, text)
    assert dict(await stored(cast.drafter)) == before


async def test_an_optional_question_may_be_left(cast):
    row = await drafting.ask(await ready(cast), Question.TITLE)
    assert (await drafting.back(row)).question is Question.PREVIEW


async def test_unclassified_asks_for_its_reason(cast):
    row = await drafting.without_item(
        await drafting.begin(cast.drafter, NUMBER), Level.UNCLASSIFIED
    )
    assert row.question is Question.REASON
    row = await drafting.give_reason(row, NoBasis.MUST_BE_PUBLIC)
    case = await send(cast, row)
    assert (case.level, case.reason) == (Level.UNCLASSIFIED, NoBasis.MUST_BE_PUBLIC)


async def test_without_item_there_is_no_state_secret_and_no_reason_to_give(cast):
    row = await drafting.begin(cast.drafter, NUMBER)
    with pytest.raises(errors.BasisMissing):
        await drafting.without_item(row, Level.SECRET)
    row = await drafting.without_item(row, Level.WORK_SECRET)
    with pytest.raises(errors.NoDraft):
        await drafting.give_reason(row, NoBasis.NO_ITEM)
    with pytest.raises(errors.NoDraft):
        await drafting.set_term(row, "1年")
    assert (await send(cast, row)).level is Level.WORK_SECRET


async def test_only_drafters_begin(cast):
    with pytest.raises(errors.NotAllowed):
        await drafting.begin(cast.head, NUMBER)
    assert (await drafting.draft_of(cast.head)).is_open is False


async def test_a_refused_document_number_leaves_what_was_open(cast):
    await ready(cast)
    with pytest.raises(errors.DocumentNumberInvalid):
        await drafting.begin(cast.drafter, "甲" * 41)
    assert (await stored(cast.drafter)).document_no == NUMBER


# --- outworn buttons -----------------------------------------------------------------------------


async def test_a_button_of_an_earlier_form_does_nothing(cast):
    old = await ready(cast)
    row = await drafting.set_term(await stored(cast.drafter), "5年")
    assert (await drafting.opened(cast.drafter, row.version)).term == "5年"
    with pytest.raises(errors.StaleDraft):
        await drafting.opened(cast.drafter, old.version)
    for change in (
        drafting.set_term(old, "3年"), drafting.pick(old, await cast.item("CH-102")),
        drafting.search(old, "地形"), drafting.turn_page(old), drafting.back(old),
        drafting.without_item(old, Level.WORK_SECRET), send(cast, old),
    ):  # fmt: skip
        with pytest.raises(errors.StaleDraft):
            await change
    assert (await stored(cast.drafter)).term == "5年"
    assert not await Proposal.exists()


async def test_no_draft_no_button(cast):
    with pytest.raises(errors.NoDraft):
        await drafting.opened(cast.drafter)
    row = await ready(cast)
    await drafting.cancel(cast.drafter)
    with pytest.raises(errors.NoDraft):
        await drafting.opened(cast.drafter, row.version)


async def test_an_unfinished_draft_is_not_sent(cast):
    row = await drafting.begin(cast.drafter, NUMBER)
    with pytest.raises(errors.NoDraft):
        await send(cast, row)
    row = await drafting.ask(await ready(cast), Question.DOCUMENT)
    row.document_no = ""
    with pytest.raises(errors.NoDraft):
        await send(cast, row)


async def test_two_submits_of_one_draft_make_one_case(cast):
    await ready(cast)
    rows = [await stored(cast.drafter) for _ in range(8)]
    done = await asyncio.gather(*(send(cast, row) for row in rows), return_exceptions=True)
    assert sum(isinstance(one, Proposal) for one in done) == 1
    assert sum(isinstance(one, errors.StaleDraft) for one in done) == 7
    assert await Proposal.all().count() == 1


async def test_two_who_open_a_first_draft_at_once_share_one_row(cast):
    rows = await asyncio.gather(*(drafting.draft_of(cast.drafter) for _ in range(6)))
    assert len({row.id for row in rows}) == 1


async def test_the_place_of_the_buttons_survives_a_change(cast):
    row = await ready(cast)
    await Draft.filter(id=row.id).update(message_id=77)  # as the sender notes it meanwhile
    await drafting.set_term(row, "5年")
    assert (await stored(cast.drafter)).message_id == 77


# --- sending -------------------------------------------------------------------------------------


async def test_sending_makes_a_case_and_the_draft_is_blank_again(cast):
    row = await drafting.set_term(await ready(cast), "5年")
    case = await send(cast, row, message_id=55)
    assert (case.state, case.term, case.document_no) == (State.WAITING_HEAD, "5年", NUMBER)
    kept = await stored(cast.drafter)
    assert (kept.is_open, kept.question, kept.item, kept.message_id) == (False, None, None, None)
    card = await living.card_at(cast.drafter, 55)
    assert card
    assert card.case_id == case.id


async def test_a_refused_submission_keeps_the_draft(cast):
    row = await ready(cast)
    await make_guide("2027版", items=ITEMS[1:])
    with pytest.raises(errors.BasisMissing):
        await send(cast, row)
    kept = await stored(cast.drafter)
    assert (kept.is_open, kept.document_no, kept.version) == (True, NUMBER, row.version - 1)
    assert not await Message.exists()


async def test_a_draft_goes_over_to_a_new_edition_that_says_the_same(cast):
    row = await ready(cast)
    newer = await make_guide("2027版")
    case = await send(cast, row)
    assert case.edition_id == newer.id
    assert case.item_id == (await GuideItem.get(edition=newer, code="KJ-002")).id


async def test_a_draft_whose_item_a_new_edition_changed_must_be_chosen_anew(cast):
    row = await ready(cast)
    await make_guide(
        "2027版", items=[("KJ-002", "科技/工艺", "别的", Level.SECRET, "5年"), *ITEMS[1:]]
    )
    with pytest.raises(errors.BasisMissing):
        await send(cast, row)


async def test_an_item_of_an_older_edition_cannot_be_picked(cast):
    row, old = await drafting.begin(cast.drafter, NUMBER), await cast.item()
    await make_guide("2027版")
    with pytest.raises(errors.BasisMissing):
        await drafting.pick(row, old)


# --- cancelling ----------------------------------------------------------------------------------


async def test_cancelling_drops_what_was_begun_and_says_whether_there_was_anything(cast):
    assert not await drafting.cancel(cast.drafter)
    await drafting.begin(cast.drafter)
    assert await drafting.cancel(cast.drafter)
    assert (await stored(cast.drafter)).question is None
    assert not await drafting.cancel(cast.drafter)


# --- revising ------------------------------------------------------------------------------------


async def revision(cast: Cast, case: Proposal) -> Draft:
    return await drafting.revise(cast.drafter, await workflow.case_to_move(
        case.id, Action.RESUBMIT, by=cast.drafter, seen=case.version))  # fmt: skip


async def test_a_revision_begins_with_what_was_proposed(cast):
    case = await cast.returned(title="工艺汇编", note="请审", term="10年")
    row = await revision(cast, case)
    assert row.item == await cast.item()
    assert (row.document_no, row.term, row.title, row.note) == (
        case.document_no, "10年", "工艺汇编", "请审")  # fmt: skip
    assert row.question is Question.PREVIEW
    row = await drafting.set_term(row, "8年")
    again = await send(cast, row, seen=case.version)
    assert (again.id, again.number, again.revision, again.term) == (case.id, case.number, 2, "8年")
    assert (await stored(cast.drafter)).revises is None


async def test_a_revision_cites_the_newer_edition_in_its_words(cast):
    case = await cast.returned(term="10年")
    newer = await make_guide(
        "2027版", items=[("KJ-002", "科技/工艺", "改", Level.SECRET, "5年"), *ITEMS[1:]]
    )
    row = await revision(cast, case)
    assert (row.level, row.term) == (Level.SECRET, "5年")
    again = await send(cast, row, seen=case.version)
    assert (again.level, again.term, again.edition_id) == (Level.SECRET, "5年", newer.id)


async def test_a_revision_whose_item_is_gone_asks_for_another(cast):
    case = await cast.returned()
    await make_guide("2027版", items=ITEMS[1:])
    row = await revision(cast, case)
    assert (row.question, row.item, row.level) == (Question.ITEM, None, None)
    row = await drafting.pick(row, (await catalogue.find("KJ-003", limit=1))[0])
    assert (await send(cast, row, seen=case.version)).level is Level.SECRET


async def test_a_revision_without_item_keeps_its_reason(cast):
    row = await drafting.begin(cast.drafter, NUMBER)
    row = await drafting.without_item(row, Level.UNCLASSIFIED, NoBasis.NO_ITEM)
    case = await cast.take(await send(cast, row), Action.RETURN, reason=ReturnReason.WRONG_ITEM)
    row = await revision(cast, case)
    assert (row.level, row.reason, row.question) == (
        Level.UNCLASSIFIED, NoBasis.NO_ITEM, Question.PREVIEW)  # fmt: skip


async def test_two_sendings_of_one_revision_raise_it_once(cast):
    case = await cast.returned()
    await revision(cast, case)
    rows = [await stored(cast.drafter) for _ in range(4)]
    done = await asyncio.gather(
        *(send(cast, row, seen=case.version) for row in rows), return_exceptions=True
    )
    assert sum(isinstance(one, Proposal) for one in done) == 1
    assert (await Proposal.get(id=case.id)).revision == 2


# --- a return that lacks its sentence ------------------------------------------------------------


async def test_a_return_waits_for_its_sentence_and_the_draft_behind_it_stays(cast):
    head = cast.head
    head.is_drafter = True
    await head.save()
    await drafting.begin(head, "科工〔2026〕99号")
    case = await cast.propose()
    await drafting.ask_sentence(head, case, case.version)
    row = await stored(head)
    assert row.question is Question.RETURN_REASON
    done = await drafting.return_with(head, row, "请改正份号")
    assert done.state is State.RETURNED
    row = await stored(head)
    assert (row.question, row.document_no) == (Question.ITEM, "科工〔2026〕99号")


@pytest.mark.parametrize(
    ("sentence", "refusal"),
    [
        ("", errors.SentenceMissing), (" \u200b\n", errors.SentenceMissing),
        ("甲" * 301, errors.TextTooLong), ("应为机密★10年", errors.LooksLikeContent),
    ],
)  # fmt: skip
async def test_a_refused_sentence_is_asked_for_again(cast, sentence, refusal):
    case = await cast.propose()
    await drafting.ask_sentence(cast.head, case, case.version)
    with pytest.raises(refusal):
        await drafting.return_with(cast.head, await stored(cast.head), sentence)
    assert (await stored(cast.head)).question is Question.RETURN_REASON
    assert (await Proposal.get(id=case.id)).state is State.WAITING_HEAD


async def test_a_sentence_that_comes_too_late_says_who_was_faster(cast):
    case = await cast.propose()
    await drafting.ask_sentence(cast.head, case, case.version)
    await cast.take(case, Action.WITHDRAW)
    with pytest.raises(errors.AlreadyMoved) as refused:
        await drafting.return_with(cast.head, await stored(cast.head), "理由")
    assert refused.value.facts["by"] == "周文"


async def test_without_a_return_in_hand_no_sentence_is_taken(cast):
    with pytest.raises(errors.NoDraft):
        await drafting.return_with(cast.head, await drafting.draft_of(cast.head), "理由")


# --- within one transaction ----------------------------------------------------------------------


async def test_a_crash_while_sending_leaves_the_draft_as_it_was(cast):
    class Crash(Exception):
        pass

    row = await ready(cast)

    async def crash() -> None:
        async with in_transaction():
            await send(cast, row, message_id=5)
            raise Crash

    with pytest.raises(Crash):
        await crash()
    kept = await stored(cast.drafter)
    assert (kept.question, kept.document_no) == (Question.PREVIEW, NUMBER)
    assert not await Proposal.exists()
    assert not await LivingCard.exists()
    assert (await send(cast, kept)).number.endswith("-0001")


async def test_drafts_of_different_people_do_not_meet(cast):
    other = await make_person("吴敏", "drafter", department=None)
    await ready(cast)
    row = await drafting.begin(other, "财〔2026〕1号")
    assert (await stored(cast.drafter)).document_no == NUMBER
    assert row.document_no == "财〔2026〕1号"
