"""Keyboards. A card's follows from the workflow's table: what may be done is what is offered."""

from typing import Final

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.callbacks import GoTap, Place, ReasonTap, StepTap, View, ViewTap
from bot.shown import Shown
from bot.texts import Texts
from models.proposal import Action, Proposal, ReturnReason, State
from models.workflow import actions_for

Row = list[InlineKeyboardButton]

#: Colours for the two that decide; the words alone say what they do.
_STYLE: Final = {Action.ENDORSE: "success", Action.APPROVE: "success", Action.RETURN: "danger"}


def button(text: str, data: str, style: str | None = None) -> InlineKeyboardButton:
    """A button that calls back."""
    return InlineKeyboardButton(text, callback_data=data, style=style)


def card_keyboard(it: Shown, t: Texts) -> InlineKeyboardMarkup:
    """What the viewer may do with the case now, then the details, then the next in line."""
    case = it.case
    first: Row = [
        _step(case, action, t) for action in actions_for(case, it.viewer) if action in _NAMES
    ]
    last: Row = [_view(case, View.DETAILS, t("button-details"))]
    if case.state is State.EFFECTIVE and it.is_drafter and case.marking:
        copy = CopyTextButton(case.marking)
        last.insert(0, InlineKeyboardButton(t("button-copy-marking"), copy_text=copy))
    if it.waiting and not it.is_turn and not it.is_drafter:
        data = GoTap(Place.NEXT).pack()
        last.insert(0, button(t("button-next", count=it.waiting), data))
    if len(first) + len(last) <= _A_ROW:
        return InlineKeyboardMarkup([first + last])
    return InlineKeyboardMarkup([first, last])


#: More buttons in a row cannot be read on a narrow phone.
_A_ROW: Final = 3


#: The actions that a card offers by a button of this name.
_NAMES: Final = {
    Action.ENDORSE: "button-endorse",
    Action.APPROVE: "button-approve",
    Action.RETURN: "button-return",
    Action.RESUBMIT: "button-resubmit",
    Action.NUDGE: "button-nudge",
    Action.WITHDRAW: "button-withdraw",
}


def _step(case: Proposal, action: Action, t: Texts) -> InlineKeyboardButton:
    """The button of an action; withdrawing asks once more before it is done."""
    if action is Action.WITHDRAW:
        return _view(case, View.WITHDRAW, t(_NAMES[action]))
    tap = StepTap(case.id, action, case.version)
    return button(t(_NAMES[action]), tap.pack(), _STYLE.get(action))


def _view(case: Proposal, view: View, text: str) -> InlineKeyboardButton:
    return button(text, ViewTap(case.id, view).pack())


def back_to_card(case: Proposal, t: Texts) -> Row:
    """The way back from reasons and details."""
    return [_view(case, View.CARD, t("button-back"))]


def return_chips(case: Proposal, t: Texts) -> InlineKeyboardMarkup:
    """The return reasons, two in a row; the last asks for a sentence."""
    chips = []
    for reason in ReturnReason:
        other = reason is ReturnReason.OTHER
        text = t("button-other") if other else t(f"reason-{reason.value}")
        chips.append(button(text, ReasonTap(case.id, reason, case.version).pack()))
    rows = [chips[n : n + 2] for n in range(0, len(chips), 2)]
    return InlineKeyboardMarkup([*rows, back_to_card(case, t)])


def withdraw_keyboard(case: Proposal, t: Texts) -> InlineKeyboardMarkup:
    """Withdrawing cannot be undone: one more tap, or back."""
    tap = StepTap(case.id, Action.WITHDRAW, case.version)
    sure = button(t("button-withdraw-sure"), tap.pack(), "danger")
    return InlineKeyboardMarkup([[sure], back_to_card(case, t)])
