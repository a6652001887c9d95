"""The steps of a case: taps and typed answers, and what a card can be turned to."""

from telegram import Update

from bot import typed
from bot.callbacks import ReasonTap, StepTap, View, ViewTap
from bot.context import Context
from models import access, drafting, living, outbox, workflow
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
        await drafting.revise(context.person, case)
        await context.owe("draft")
    else:
        case = await workflow.take_step(case_id, action, by=context.person, seen=seen)
        await _toast(case, action, context)


async def _turn_to(case: Proposal, side: str, context: Context) -> None:
    """Show the card's other side, in its place."""
    await context.owe("turned", case=case, to=side, edit=context.tapped)


async def on_reason(update: Update, context: Context) -> None:
    """A return reason was tapped: done at once, except for the one that needs a sentence."""
    del update
    tap = ReasonTap.unpack(context.data)
    if tap.reason is not ReturnReason.OTHER:
        case = await workflow.take_step(
            tap.case, Action.RETURN, by=context.person, seen=tap.seen, reason=tap.reason
        )
        await _toast(case, Action.RETURN, context)
        return
    case = await workflow.case_to_move(tap.case, Action.RETURN, by=context.person, seen=tap.seen)
    await drafting.ask_sentence(context.person, case, tap.seen)
    await context.owe("draft")


async def on_view(update: Update, context: Context) -> None:
    """Something of a case is to be shown; nothing is decided."""
    del update
    tap = ViewTap.unpack(context.data)
    case = await access.case_for(context.person, tap.case)
    if tap.view is View.WITHDRAW:
        await _turn_to(case, "withdraw", context)
    elif tap.view is View.DETAILS:
        await context.owe("details", case=case, edit=context.tapped)
    else:
        await show_card(case, context, fresh=tap.view is View.OPEN)


async def show_card(case: Proposal, context: Context, *, fresh: bool) -> None:
    """The card again: in place where it is the living one, else as a new message."""
    held = context.tapped and await living.card_at(context.person, context.tapped)
    await outbox.owe_card(case, context.person.id, fresh=fresh or not held)


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


async def typed_on_card(context: Context, message_id: int) -> bool:
    """Take a typed answer to the card that the message is; False when it is not one."""
    answer = typed.parse(context.text)
    held = await living.card_at(context.person, message_id)
    if answer is None or held is None:
        return False
    case = await access.case_for(context.person, held.case_id)
    possible = workflow.actions_for(case, context.person)
    action = next((a for a in answer.actions if a in possible), answer.actions[0])
    if action is Action.RETURN and answer.reason is not None:
        await workflow.take_step(case.id, action, by=context.person, seen=held.version,
                                 reason=answer.reason, comment=answer.comment)  # fmt: skip
    elif action is Action.WITHDRAW:
        await _turn_to(case, "withdraw", context)
    else:
        await _act(case.id, action, held.version, context)
    if context.turn.toast:
        await context.owe("say", text="plain", words=context.turn.toast)
    return True


async def on_reply(update: Update, context: Context) -> bool:
    """Whether the message answered a card."""
    message = update.effective_message
    target = message.reply_to_message if message else None
    return target is not None and await typed_on_card(context, target.message_id)
