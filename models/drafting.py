"""What a drafter has begun: each answer is kept at once, so a crash or a restart loses nothing."""

from dataclasses import replace
from typing import Any, Final

from tortoise.transactions import in_transaction

from models import catalogue, content, errors, living, outbox, spoken, workflow
from models.content import Content
from models.draft import BLANK, Draft, Question
from models.guide import GuideEdition, GuideItem
from models.levels import Level
from models.office import NOTE_LIMIT, TITLE_LIMIT, now, today
from models.people import Person
from models.proposal import Action, NoBasis, Proposal, ReturnReason

#: How many items a page of results shows.
PAGE: Final = 5
_QUERY_LIMIT: Final = 256


async def draft_of(person: Person) -> Draft:
    """The person's one row, blank at first, with its item and the case it revises."""
    row, _ = await Draft.get_or_create(person_id=person.id)
    await row.fetch_related("item", "revises", "returning")
    return row


async def opened(person: Person, version: int | None = None) -> Draft:
    """The draft that is open; :class:`NoDraft` or :class:`StaleDraft` for an outworn button."""
    row = await draft_of(person)
    if not row.is_open:
        raise errors.NoDraft
    if version is not None and row.version != version:
        raise errors.StaleDraft
    return row


async def _change(row: Draft, **values: Any) -> Draft:
    """Write ``values``; every change makes the buttons drawn before it outworn.

    :class:`StaleDraft` when somebody (the same person, twice) changed the row meanwhile.
    """
    mine = Draft.filter(id=row.id, version=row.version)
    if not await mine.update(version=row.version + 1, updated_at=now(), **values):
        raise errors.StaleDraft
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    await row.fetch_related("item")
    return row


async def begin(person: Person, document_no: str = "", query: str = "") -> Draft:
    """A new draft; an item that fits ``query`` beyond doubt is taken at once, ready to submit.

    :class:`NotAllowed` unless ``person`` is a drafter; nothing that was open is touched when the
    document number is refused.
    """
    if not person.is_drafter:
        raise errors.NotAllowed(needs="drafter")
    number = content.document_number(document_no) if document_no else ""
    row = await draft_of(person)
    row = await _change(row, **BLANK | {"is_open": True, "document_no": number})
    if query:
        row = await search(row, query)
        if best := await catalogue.sure(row.query):
            row = await pick(row, best)
    return row


async def revise(person: Person, case: Proposal) -> Draft:
    """A draft filled with what ``case`` says, so that only what changes is asked.

    An item that the edition in force no longer has in the same code must be chosen anew.
    """
    row = await draft_of(person)
    cited = case.item
    item = cited and await cited.present()
    kept = cited is None or item is not None
    same = item is None or (cited is not None and item.same_rule(cited))
    level = (item.level if item else case.level) if kept else None
    return await _change(
        row,
        **BLANK
        | {
            "is_open": True,
            "revises_id": case.id,
            "document_no": case.document_no,
            "item_id": item.id if item else None,
            "level": level,
            "term": case.term if same else (item.term if item else ""),
            "reason": case.reason,
            "title": case.title,
            "note": case.note,
        },
    )


async def search(row: Draft, text: str) -> Draft:
    """Look for ``text``; what was chosen before stands until something else is picked."""
    words = content.neutral(text, _QUERY_LIMIT)
    asked = Question.ITEM if row.level is not None else None
    return await _change(row, query=words, page=0, asked=asked)


async def results(row: Draft) -> tuple[list[GuideItem], bool]:
    """The page of items that the draft's query finds, and whether there is a further one."""
    if not row.query:
        return [], False
    found = await catalogue.find(row.query, limit=PAGE + 1, offset=row.page * PAGE)
    return found[:PAGE], len(found) > PAGE


async def turn_page(row: Draft) -> Draft:
    """The next five results."""
    return await _change(row, page=row.page + 1)


async def pick(row: Draft, item: GuideItem) -> Draft:
    """Cite ``item``: its level and its longest term are proposed."""
    edition = await GuideEdition.in_force()
    if edition is None or item.edition_id != edition.id:
        raise errors.BasisMissing
    what = content.from_item(row.document_no, item)
    return await _change(row, item_id=item.id, level=what.level, term=what.term,
                         reason=what.reason, asked=None)  # fmt: skip


async def without_item(row: Draft, level: Level, reason: NoBasis | None = None) -> Draft:
    """Propose 非密 or 工作秘密 without an item; 非密 still needs its reason."""
    if level.is_classified:
        raise errors.BasisMissing
    return await _change(row, item_id=None, level=level, term="", reason=reason, asked=None)


async def give_reason(row: Draft, reason: NoBasis) -> Draft:
    """Why it is 非密."""
    if row.level is not Level.UNCLASSIFIED:
        raise errors.NoDraft
    return await _change(row, reason=reason, asked=None)


async def ask(row: Draft, question: Question) -> Draft:
    """Ask for one thing again: nothing changes until it is answered."""
    fits = {
        Question.TERM: row.level is not None and row.level.is_classified,
        Question.REASON: row.level is Level.UNCLASSIFIED,
    }
    if row.level is None or not fits.get(question, True):
        raise errors.NoDraft
    return await _change(row, asked=question, page=0)


async def clear(row: Draft, question: Question) -> Draft:
    """Do without the title, or without the note."""
    return await _change(row, asked=None, **{question.value: ""})


async def answer(row: Draft, text: str) -> Draft:
    """Take ``text`` as the answer to what was asked; refused answers change nothing."""
    match row.question:
        case Question.DOCUMENT:
            return await _change(row, document_no=content.document_number(text), asked=None)
        case Question.TERM:
            return await set_term(row, text)
        case Question.TITLE:
            return await _change(row, title=content.neutral(text, TITLE_LIMIT), asked=None)
        case Question.NOTE:
            return await _change(row, note=content.neutral(text, NOTE_LIMIT), asked=None)
        case _:
            return await search(row, text)


async def set_term(row: Draft, text: str) -> Draft:
    """Propose a shorter term than the item's; refused when it is none, or longer."""
    if row.level is None or not row.level.is_classified:
        raise errors.NoDraft
    return await _change(row, term=_term(row, text), asked=None)


def _term(row: Draft, text: str) -> str:
    """The term that ``text`` states, if the item and the law allow it."""
    try:
        asked = str(spoken.term(text, row.item.term if row.item else ""))
    except ValueError:
        raise errors.TermInvalid from None
    assert row.level is not None
    what = Content(row.document_no, row.level, row.item, asked, row.reason)
    edition = row.item.edition_id if row.item else 0
    return content.checked(what, GuideEdition(id=edition), today()).term


async def back(row: Draft) -> Draft:
    """Leave an optional question unanswered."""
    return await _change(row, asked=None)


async def cancel(person: Person, tapped: int | None = None) -> bool:
    """Drop what was begun; False when there was nothing.

    The message that bears its buttons loses them, unless it is the one ``tapped``.
    """
    row = await draft_of(person)
    begun = row.question is not None
    if begun:
        await _strip(person, row, tapped)
        await _change(row, **BLANK | {"message_id": None})
    return begun


async def drop_revision(person: Person, case: Proposal) -> None:
    """The case cannot be revised any more: what was begun for it goes."""
    row = await draft_of(person)
    if row.revises_id == case.id:
        await cancel(person)


async def _strip(person: Person, row: Draft, tapped: int | None = None) -> None:
    if row.message_id is not None and row.message_id != tapped:
        await outbox.owe(outbox.RETIRE, to=person, message_id=row.message_id, text=None)


def content_of(row: Draft) -> Content:
    """What the draft proposes; :class:`NoDraft` while something essential is missing."""
    if row.level is None or not row.document_no:
        raise errors.NoDraft
    return Content(row.document_no, row.level, row.item, row.term, row.reason, row.title, row.note)


async def submit(person: Person, row: Draft, *, seen: int, message_id: int | None) -> Proposal:
    """Send the draft on its way, as a new case or a new revision; the draft is blank again.

    ``seen`` is the version of the case that the drafter revised. The message that bore the
    preview becomes the drafter's living card of a new case.
    """
    what, revised = await _cited_now(content_of(row)), row.revises_id
    async with in_transaction():
        await _change(row, **BLANK | {"message_id": None})  # of two at once only one goes on
        if revised is None:
            case = await workflow.submit(what, by=person)
        else:
            case = await workflow.take_step(
                revised, Action.RESUBMIT, by=person, seen=seen, what=what
            )
        if message_id is not None:
            await living.adopt(person, case, message_id)
    return case


async def _cited_now(what: Content) -> Content:
    """``what``, citing the edition in force if that says the same of the item."""
    item = what.item and await what.item.present()
    same = what.item is not None and item is not None and item.same_rule(what.item)
    return replace(what, item=item) if same else what


async def ask_sentence(person: Person, case: Proposal, seen: int) -> Draft:
    """A return for another reason waits for its sentence; what was being drafted is kept."""
    row = await draft_of(person)
    return await _change(row, asked=Question.RETURN_REASON, returning_id=case.id,
                         returning_seen=seen)  # fmt: skip


async def forget_return(person: Person, case_id: int | None = None) -> bool:
    """The return that waits for its sentence, of that case or of any, is not wanted any more.

    What was being drafted is as it was. False when there was none.
    """
    row = await draft_of(person)
    waits = row.returning_id is not None and case_id in {None, row.returning_id}
    if waits:
        await _change(row, asked=None, returning_id=None, returning_seen=0)
    return waits


async def return_with(person: Person, row: Draft, sentence: str) -> Proposal:
    """Take the return that was waiting for ``sentence``."""
    if row.returning_id is None:
        raise errors.NoDraft
    case = await workflow.take_step(
        row.returning_id,
        Action.RETURN,
        by=person,
        seen=row.returning_seen,
        reason=ReturnReason.OTHER,
        comment=sentence,
    )
    await forget_return(person)
    return case
