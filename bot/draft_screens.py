"""What a drafter sees of a draft: the question that is next, or the preview."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from telegram import ForceReply, InlineKeyboardMarkup

from bot import cards, words
from bot.callbacks import DraftOp, DraftTap
from bot.keyboards import Row, button
from bot.rendered import Text
from bot.texts import Texts
from models import assignment, drafting
from models.draft import Draft, Question
from models.guide import GuideEdition, GuideItem
from models.levels import Level, Term, TermKind
from models.office import NOTE_LIMIT, REASON_LIMIT, TITLE_LIMIT
from models.people import Department, Person
from models.proposal import NoBasis, Proposal, State, Step
from models.routing import NoHead

#: Shorter terms that are offered as one tap, where the item allows longer ones.
_TERMS: Final = ("1年", "3年", "5年", "10年", "20年")

#: So many characters of a button can be read on a narrow phone.
_BUTTON: Final = 20


async def draft_screen(person: Person, t: Texts, edit: int | None, *, resumed: bool) -> Text | None:
    """The screen of the question that is next; None when the draft is gone meanwhile."""
    row = await drafting.draft_of(person)
    question = row.question
    if question is None:
        return None
    text, markup = await _SCREENS[question](row, person, t)
    if resumed and question is not Question.RETURN_REASON:
        text = f"{t.html('draft-resume')}\n{text}"
        if isinstance(markup, InlineKeyboardMarkup):
            restart = tap(row, DraftOp.RESTART, t("button-restart"))
            markup = InlineKeyboardMarkup([*markup.inline_keyboard, restart])
    placeholder = isinstance(markup, ForceReply)
    return Text(text, markup, edit=None if placeholder else edit, slot="draft")


def tap(row: Draft, op: DraftOp, text: str, value: str = "", style: str | None = None) -> Row:
    """A row of one draft button, good for the draft's present version only."""
    return [button(text, DraftTap(op, row.version, value).pack(), style)]


def _ask(row: Draft, question: Question, text: str) -> Row:
    return tap(row, DraftOp.ASK, text, question.value)


def _leave(row: Draft, t: Texts) -> Row:
    return tap(row, DraftOp.CANCEL, t("button-cancel"))


async def _document(row: Draft, person: Person, t: Texts) -> tuple[str, InlineKeyboardMarkup]:
    del person
    last = _back(row, t) if row.document_no else _leave(row, t)
    return t.html("draft-document"), InlineKeyboardMarkup([last])


def _no_item(row: Draft, t: Texts) -> Row:
    """The two outcomes that need no item; the way back where something was chosen before."""
    return [
        *tap(row, DraftOp.UNCLASSIFIED, t("button-unclassified")),
        *tap(row, DraftOp.WORK_SECRET, t("button-work_secret")),
        *(_back(row, t) if row.level is not None else _leave(row, t)),
    ]


def _back(row: Draft, t: Texts) -> Row:
    return tap(row, DraftOp.BACK, t("button-back"))


async def _item(row: Draft, person: Person, t: Texts) -> tuple[str, InlineKeyboardMarkup]:
    del person
    facts = {"document": row.document_no, "query": row.query}
    if not row.query:
        return t.html("draft-item", **facts), InlineKeyboardMarkup([_no_item(row, t)])
    found, more = await drafting.results(row)
    if not found:
        key = "draft-no-more" if row.page else "draft-no-results"
        current = await GuideEdition.in_force()
        hint = "" if current is None or current.is_open else f"\n{t.html('draft-codes-only')}"
        text = t.html(key, **facts) + hint
        return text, InlineKeyboardMarkup([_no_item(row, t)])
    edition = await GuideEdition.get(id=found[0].edition_id)
    lines, rows = [t.html("draft-results", **facts)], []
    for place, item in enumerate(found, row.page * drafting.PAGE + 1):
        outcome = words.outcome(item.level, item.term, t)
        shown = words.label(item, edition)
        lines.append(t.html("draft-result", place=str(place), code=item.code, label=shown,
                            outcome=outcome))  # fmt: skip
        text = words.shorten(f"{place}. {item.code}　{outcome}", _BUTTON)
        rows.append(tap(row, DraftOp.PICK, text, str(item.id)))
    if more:
        rows.append(tap(row, DraftOp.MORE, t("button-more")))
    return "\n".join(lines), InlineKeyboardMarkup([*rows, _no_item(row, t)])


async def _reason(row: Draft, person: Person, t: Texts) -> tuple[str, InlineKeyboardMarkup]:
    del person
    chips = [
        tap(row, DraftOp.REASON, t(f"no-basis-{reason.value}"), reason.value) for reason in NoBasis
    ]
    last = _back(row, t) if row.reason else _leave(row, t)
    last = _ask(row, Question.ITEM, t("button-item")) + last
    text = t.html("draft-reason", document=row.document_no)
    return text, InlineKeyboardMarkup([*chips, last])


async def _term(row: Draft, person: Person, t: Texts) -> tuple[str, InlineKeyboardMarkup]:
    del person
    item = row.item
    most = item.term if item else ""
    offered = [term for term in _TERMS if _is_shorter(term, most)][-4:]
    chips = [b for term in offered for b in tap(row, DraftOp.TERM, term, term)]
    rows = [chips[n : n + 2] for n in range(0, len(chips), 2)]
    return t.html("draft-term", most=most), InlineKeyboardMarkup([*rows, _back(row, t)])


def _is_shorter(term: str, most: str) -> bool:
    limit = Term.parse(most) if most else None
    if limit is None or limit.kind is TermKind.EVENT or limit.kind is TermKind.DATE:
        return False
    return limit.kind is TermKind.LONG or Term.parse(term).months < limit.months


async def _title(row: Draft, person: Person, t: Texts) -> tuple[str, InlineKeyboardMarkup]:
    del person
    text = t.html("draft-title", limit=str(TITLE_LIMIT))
    return text, _optional(row, Question.TITLE, row.title, t)


async def _note(row: Draft, person: Person, t: Texts) -> tuple[str, InlineKeyboardMarkup]:
    del person
    text = t.html("draft-note", limit=str(NOTE_LIMIT))
    return text, _optional(row, Question.NOTE, row.note, t)


def _optional(row: Draft, question: Question, value: str, t: Texts) -> InlineKeyboardMarkup:
    """What can be left out: back without an answer, or without what is there."""
    gone = tap(row, DraftOp.CLEAR, t("button-clear"), question.value) if value else []
    return InlineKeyboardMarkup([gone + _back(row, t)])


async def _sentence(row: Draft, person: Person, t: Texts) -> tuple[str, ForceReply]:
    del person
    number = row.returning.number if row.returning else ""
    text = t.html("return-sentence", number=number, limit=str(REASON_LIMIT))
    return text, ForceReply(input_field_placeholder=t("return-placeholder"))


async def _preview(row: Draft, person: Person, t: Texts) -> tuple[str, InlineKeyboardMarkup]:
    lines = await _preview_lines(row, person, t)
    return "\n".join(line for line in lines if line), _preview_keyboard(row, t)


async def _preview_lines(row: Draft, person: Person, t: Texts) -> list[str]:
    assert row.level is not None
    outcome = words.outcome(row.level, row.term, t)
    return [
        *await _preview_head(row, t),
        t.html("preview-document", document=row.document_no),
        await _duplicate(row, person, t),
        t.html("preview-outcome", outcome=outcome),
        *await _basis(row, row.item, t),
        t.html("card-title", title=row.title) if row.title else "",
        t.html("card-note", note=row.note) if row.note else "",
        await _way(row.level, person, t),
    ]


async def _preview_head(row: Draft, t: Texts) -> list[str]:
    """What it is; for a revision, why it came back."""
    if row.revises is None:
        return [t.html("preview-head")]
    steps = await Step.filter(case_id=row.revises.id).order_by("seq").prefetch_related("actor")
    step = cards.last_return(steps)
    name = step.actor.name if step.actor else ""
    said = cards.said(step, t)
    return [
        t.html("preview-revise", number=row.revises.number),
        t.html("preview-returned", name=name, reason=said),
    ]


async def _basis(row: Draft, item: GuideItem | None, t: Texts) -> list[str]:
    if item is None:
        reason = t(f"no-basis-{row.reason.value}") if row.reason else ""
        return [t.html("card-no-basis", reason=reason) if reason else ""]
    edition = await GuideEdition.get(id=item.edition_id)
    open_scope = item.access_scope if edition.is_open else ""
    return [
        t.html(
            "preview-basis", code=item.code, label=words.label(item, edition), edition=edition.name
        ),
        t.html("preview-scope", scope=words.shorten(open_scope)) if open_scope else "",
        t.html("card-no-basis", reason=t(f"no-basis-{row.reason.value}")) if row.reason else "",
    ]


async def _duplicate(row: Draft, person: Person, t: Texts) -> str:
    """A case of the same document number that is not withdrawn: perhaps this is sent twice.

    Only the drafter's own department is looked at: others' documents are not theirs to learn of.
    """
    same = Proposal.filter(document_no=row.document_no, department_id=person.department_id)
    others = same.exclude(state=State.WITHDRAWN)
    if row.revises_id:
        others = others.exclude(id=row.revises_id)
    other = await others.order_by("-id").first()
    if other is None:
        return ""
    return t.html("preview-duplicate", number=other.number, state=t(f"state-{other.state.value}"))


async def _way(level: Level, person: Person, t: Texts) -> str:
    """Whose desks it will cross, as things stand now."""
    route, officer = await assignment.preview(person, level)
    signer, head = officer.name if officer else t("nobody"), route.head
    if route.without is NoHead.NO_HEAD:
        return t.html("preview-route-no-head")
    if head is None:
        return t.html("preview-route-direct", officer=signer)
    department = await Department.get(id=head.department_id)
    reviewer = t("preview-person", name=head.name, department=department.name)
    if officer is None:
        return t.html("preview-route-nobody", head=reviewer)
    return t.html("preview-route", head=reviewer, officer=signer)


def _preview_keyboard(row: Draft, t: Texts) -> InlineKeyboardMarkup:
    key = "button-resubmit-now" if row.revises_id else "button-submit"
    change: Row = []
    if row.level is not None and row.level.is_classified:
        change += _ask(row, Question.TERM, t("button-term"))
    if row.level is Level.UNCLASSIFIED:
        change += _ask(row, Question.REASON, t("button-reason"))
    change += _ask(row, Question.ITEM, t("button-item"))
    change += _ask(row, Question.DOCUMENT, t("button-document"))
    title = _ask(row, Question.TITLE, t("button-title", set="yes" if row.title else "no"))
    note = _ask(row, Question.NOTE, t("button-note", set="yes" if row.note else "no"))
    return InlineKeyboardMarkup([
        tap(row, DraftOp.SUBMIT, t(key), style="success"),
        change,
        [*title, *note, *_leave(row, t)],
    ])  # fmt: skip


Words = tuple[str, InlineKeyboardMarkup | ForceReply]
_SCREENS: Final[Mapping[Question, Callable[[Draft, Person, Texts], Awaitable[Words]]]] = {
    Question.DOCUMENT: _document,
    Question.ITEM: _item,
    Question.REASON: _reason,
    Question.PREVIEW: _preview,
    Question.TERM: _term,
    Question.TITLE: _title,
    Question.NOTE: _note,
    Question.RETURN_REASON: _sentence,
}
