"""Drafting: one line, or step by step. Every answer is kept at once."""

from telegram import Update

from bot.callbacks import DraftOp, DraftTap
from bot.context import Context
from models import drafting, errors
from models.draft import Draft, Question
from models.guide import GuideItem
from models.levels import Level
from models.proposal import Proposal, State


async def on_new(update: Update, context: Context) -> None:
    """``/new``: go on with what was begun; ``/new NUMBER WORDS``: straight to the preview."""
    del update
    number, *words = context.args or [""]
    row = await drafting.draft_of(context.person)
    if not number and row.is_open and row.document_no:
        await context.owe("draft", resumed=True)
        return
    await drafting.begin(context.person, number, " ".join(words))
    await context.owe("draft")


async def on_draft_tap(update: Update, context: Context) -> None:
    """A button of the draft: the same message shows what comes next."""
    del update
    tap = DraftTap.unpack(context.data)
    if tap.op is DraftOp.SUBMIT:
        await _submit(tap, context)
        return
    row = await drafting.opened(context.person, tap.version)
    if tap.op is DraftOp.CANCEL:
        await drafting.cancel(context.person)
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
    DraftOp.TERM: _term,
    DraftOp.BACK: _back,
}


async def _submit(tap: DraftTap, context: Context) -> None:
    row = await drafting.opened(context.person, tap.version)
    seen = row.revises.version if row.revises else 0
    case = await drafting.submit(context.person, row, seen=seen, message_id=context.tapped)
    context.toast("submitted-toast", number=case.number)


async def on_text(update: Update, context: Context) -> None:
    """A plain message answers what was asked; while nothing is asked, it is not understood."""
    del update
    row = await drafting.draft_of(context.person)
    question = row.question
    if question is None:
        raise errors.NotUnderstood
    if question is Question.RETURN_REASON:
        case = await drafting.return_with(context.person, row, context.text)
        await _say_returned(case, context)
        return
    await drafting.answer(row, context.text)
    await context.owe("draft")


async def _say_returned(case: Proposal, context: Context) -> None:
    assert case.state is State.RETURNED
    await context.say("toast-returned", name=case.drafter.name)
