"""The steps of a case: taps and typed answers, and what a card can be turned to."""

from telegram import Update

from bot import typed
from bot.callbacks import ReasonTap, StepTap, View, ViewTap
from bot.context import Context
from models import access, drafting, errors, living, outbox, workflow
from models.outbox import LivingCard
from models.proposal import Action, Proposal, ReturnReason, State, Step


async def on_step(update: Update, context: Context) -> None:
    """An action was tapped: a return first asks why, a revision opens the draft."""
    del update
    tap = StepTap.unpack(context.data)
    await _act(tap.case, tap.action, tap.seen, context)


async def _act(case_id: int, action: Action, seen: int, context: Context) -> None:
    if action is Action.RETURN:
        case = await workflow.case_to_move(case_id, action, by=context.person, seen=seen)
        await _turn_to(case, "reasons", context)
    elif action is Action.RESUBMIT:
        case = await workflow.case_to_move(case_id, action, by=context.person, seen=seen)
        await _revise(case, context)
    else:
        case = await workflow.take_step(case_id, action, by=context.person, seen=seen)
        await _leave_unfinished(case, action, context)
        await _toast(case, action, context)


async def _revise(case: Proposal, context: Context) -> None:
    """Open the draft of a revision; what else is being drafted goes first."""
    row = await drafting.draft_of(context.person)
    begun = row.is_open and bool(row.document_no or row.query)
    if begun and row.revises_id != case.id:
        context.toast("toast-draft-first")
        await context.owe("draft", resumed=True)
        return
    if not begun:
        await drafting.revise(context.person, case)
    await context.owe("draft")


async def _leave_unfinished(case: Proposal, action: Action, context: Context) -> None:
    """A case that has moved waits for no sentence, and a withdrawn one for no revision."""
    await drafting.forget_return(context.person, case.id)
    if action is Action.WITHDRAW:
        await drafting.drop_revision(context.person, case)


async def _turn_to(case: Proposal, side: str, context: Context) -> None:
    """Show the card's other side, in its place; below where it was not tapped but answered."""
    await context.owe("turned", case=case, side=side, edit=context.tapped)


async def on_reason(update: Update, context: Context) -> None:
    """A return reason was tapped: done at once, except for the one that needs a sentence."""
    del update
    tap = ReasonTap.unpack(context.data)
    if tap.reason is not ReturnReason.OTHER:
        case = await workflow.take_step(
            tap.case, Action.RETURN, by=context.person, seen=tap.seen, reason=tap.reason
        )
        await _leave_unfinished(case, Action.RETURN, context)
        await _toast(case, Action.RETURN, context)
        return
    case = await workflow.case_to_move(tap.case, Action.RETURN, by=context.person, seen=tap.seen)
    await drafting.ask_sentence(context.person, case, tap.seen)
    await context.owe("draft")


async def on_view(update: Update, context: Context) -> None:
    """Something of a case is to be shown; nothing is decided."""
    del update
    tap = ViewTap.unpack(context.data)
    person = context.person
    case = await access.case_for(person, tap.case)
    if tap.view is View.OPEN:
        await outbox.owe_card(case, person.id, fresh=True)
        return
    held = await living.card_of(person, case)
    if held is None or held.message_id != context.tapped:
        raise errors.StaleCard
    if tap.view is View.WITHDRAW:
        await workflow.case_to_move(case.id, Action.WITHDRAW, by=person, seen=case.version)
        await _turn_to(case, "withdraw", context)
    elif tap.view is View.DETAILS:
        await context.owe("details", case=case, edit=context.tapped)
    else:
        await drafting.forget_return(person, case.id)
        await outbox.owe_card(case, person.id, fresh=False)


async def _toast(case: Proposal, action: Action, context: Context) -> None:
    """What has just happened, in a line over the button."""
    name = case.officer.name if case.officer else ""
    match action:
        case Action.ENDORSE if case.state is State.UNROUTABLE:
            context.toast("toast-endorsed-nobody")
        case Action.ENDORSE:
            context.toast("toast-endorsed", name=name)
        case Action.APPROVE:
            last = await Step.filter(case_id=case.id).order_by("-seq").first()
            signed = last.record["determination"] if last else {}
            assert isinstance(signed, dict)
            context.toast("toast-approved", determination=signed["number"])
        case Action.RETURN:
            context.toast("toast-returned", name=case.drafter.name)
        case Action.WITHDRAW:
            context.toast("toast-withdrawn")
        case Action.NUDGE:
            holder = case.head if case.state is State.WAITING_HEAD else case.officer
            context.toast("toast-nudged", name=holder.name if holder else "")
        case _:
            pass


async def on_reply(update: Update, context: Context) -> bool:
    """Whether the message answered a card; :class:`StaleCard` where it was an older one."""
    answer = typed.parse(context.text)
    target = _replied_to(update)
    if target is None or answer is None:
        return False
    held = await replied_card(update, context)
    if held is not None:
        await _take(answer, held, context)
    elif await living.case_once_at(context.person, target):
        raise errors.StaleCard
    return held is not None


async def replied_card(update: Update, context: Context) -> LivingCard | None:
    """The living card that the message answers, if it answers one."""
    target = _replied_to(update)
    return await living.card_at(context.person, target) if target else None


def _replied_to(update: Update) -> int | None:
    message = update.effective_message
    target = message.reply_to_message if message else None
    return target.message_id if target else None


async def _take(answer: typed.Typed, held: LivingCard, context: Context) -> None:
    """Do what a typed answer to the living card says; what a toast would say is a message."""
    case = await access.case_for(context.person, held.case_id)
    possible = workflow.actions_for(case, context.person)
    action = next((a for a in answer.actions if a in possible), answer.actions[0])
    if action is Action.RETURN and answer.reason is not None:
        case = await workflow.take_step(case.id, action, by=context.person, seen=held.version,
                                        reason=answer.reason, comment=answer.comment)  # fmt: skip
        await _leave_unfinished(case, action, context)
        await _toast(case, action, context)
    elif action is Action.WITHDRAW:
        await workflow.case_to_move(case.id, action, by=context.person, seen=held.version)
        await _turn_to(case, "withdraw", context)
    else:
        await _act(case.id, action, held.version, context)
    if context.turn.toast:
        await context.say("plain", words=context.turn.toast)
