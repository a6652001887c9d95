"""Drafting: one line, or step by step. Every answer is kept at once."""

import re
from typing import Final

from telegram import Update

from bot import refused
from bot.callbacks import DraftOp, DraftTap
from bot.context import Context
from models import access, drafting, errors, living, outbox
from models.draft import Draft, Question
from models.guide import GuideItem
from models.levels import Level

_NUMBER_WITH_BLANKS: Final = re.compile(r"(\D{0,20}\d[^号]{0,20}号)(?:\s+(.*)|$)")


async def on_new(update: Update, context: Context) -> None:
    """``/new``: go on with what was begun; ``/new NUMBER WORDS``: straight to the preview."""
    del update
    number, query = new_arguments(context.text)
    if number or query:
        await drafting.begin(context.person, number, query)
        await context.owe("draft")
    else:
        await begin_or_resume(context)


def new_arguments(text: str) -> tuple[str, str]:
    """The document number and what to look for, as ``/new`` was followed by them.

    A document number has a digit: without one the words are all to be looked for. It may hold
    blanks as long as it ends in 号.
    """
    _, _, rest = " ".join(text.split()).partition(" ")
    if whole := _NUMBER_WITH_BLANKS.match(rest):
        return whole[1], whole[2]
    first, _, others = rest.partition(" ")
    return (first, others) if any(c.isdigit() for c in first) else ("", rest)


async def begin_or_resume(context: Context) -> None:
    """Ask for the document number; what is begun already is offered first."""
    await drafting.forget_return(context.person)
    row = await drafting.draft_of(context.person)
    begun = row.is_open and bool(row.document_no or row.query)
    if not begun:
        await drafting.begin(context.person)
    await context.owe("draft", resumed=begun)


async def on_draft_tap(update: Update, context: Context) -> None:
    """A button of the draft: the same message shows what comes next."""
    del update
    tap = DraftTap.unpack(context.data)
    if tap.op is DraftOp.SUBMIT:
        await _submit(tap, context)
        return
    row = await drafting.opened(context.person, tap.version)
    if tap.op is DraftOp.CANCEL:
        await drafting.cancel(context.person, context.tapped)
        await context.say("cancelled", edit=context.tapped)
        return
    if tap.op is DraftOp.RESTART:
        await drafting.begin(context.person)
    else:
        await _CHANGES[tap.op](row, tap)
    await context.owe("draft", edit=context.tapped)


async def _pick(row: Draft, tap: DraftTap) -> None:
    item = await GuideItem.get_or_none(id=tap.number)
    if item is None:
        raise errors.BasisMissing
    await drafting.pick(row, item)


async def _more(row: Draft, tap: DraftTap) -> None:
    del tap
    await drafting.turn_page(row)


async def _unclassified(row: Draft, tap: DraftTap) -> None:
    del tap
    await drafting.without_item(row, Level.UNCLASSIFIED)


async def _work_secret(row: Draft, tap: DraftTap) -> None:
    del tap
    await drafting.without_item(row, Level.WORK_SECRET)


async def _reason(row: Draft, tap: DraftTap) -> None:
    await drafting.give_reason(row, tap.reason)


async def _ask(row: Draft, tap: DraftTap) -> None:
    await drafting.ask(row, tap.question)


async def _clear(row: Draft, tap: DraftTap) -> None:
    await drafting.clear(row, tap.question)


async def _term(row: Draft, tap: DraftTap) -> None:
    await drafting.set_term(row, tap.value)


async def _back(row: Draft, tap: DraftTap) -> None:
    del tap
    await drafting.back(row)


_CHANGES = {
    DraftOp.PICK: _pick,
    DraftOp.MORE: _more,
    DraftOp.UNCLASSIFIED: _unclassified,
    DraftOp.WORK_SECRET: _work_secret,
    DraftOp.REASON: _reason,
    DraftOp.ASK: _ask,
    DraftOp.CLEAR: _clear,
    DraftOp.TERM: _term,
    DraftOp.BACK: _back,
}


async def _submit(tap: DraftTap, context: Context) -> None:
    """Send it on its way: the preview becomes the card, an older card of the case a stub."""
    if await _is_submitted(context):
        return
    row = await drafting.opened(context.person, tap.version)
    seen = row.revises.version if row.revises else 0
    older = row.revises and await living.card_of(context.person, row.revises)
    case = await drafting.submit(context.person, row, seen=seen, message_id=context.tapped)
    if older and older.message_id != context.tapped:
        stub = context.t.html("card-retired", number=case.number)
        await context.owe(outbox.RETIRE, message_id=older.message_id, text=stub)
    context.toast("submitted-toast", number=case.number)


async def _is_submitted(context: Context) -> bool:
    """Whether the tapped preview is a card by now: the second tap of two says what the first did."""
    held = context.tapped and await living.card_at(context.person, context.tapped)
    if held:
        case = await access.case_for(context.person, held.case_id)
        context.toast("submitted-toast", number=case.number)
    return bool(held)


async def on_text(update: Update, context: Context) -> None:
    """A plain message answers what was asked; while nothing is asked, it is not understood."""
    del update
    row = await drafting.draft_of(context.person)
    question = row.question
    if question is None:
        raise errors.NotUnderstood
    if question is Question.RETURN_REASON:
        await _return(row, context)
        return
    await drafting.answer(row, context.text)
    await context.owe("draft")


async def _return(row: Draft, context: Context) -> None:
    """Return the case with the sentence; when it has moved meanwhile, nothing waits any more."""
    try:
        case = await drafting.return_with(context.person, row, context.text)
    except (*refused.ABOUT_THE_CASE, errors.CaseNotFound) as moved:
        await drafting.forget_return(context.person)
        await context.say(f"refusal-{moved.code}", **refused.worded(moved, context.t))
    else:
        await context.say("toast-returned", name=case.drafter.name)
    if row.is_open:
        await context.owe("draft", resumed=True)
