"""What becomes of a refusal in the chat: its words, what must vanish, and the card put right."""

from datetime import datetime
from typing import Any, Final

from bot import gate, words
from bot.callbacks import ReasonTap, StepTap, ViewTap
from bot.context import Turn
from bot.texts import Texts
from models import errors, living, outbox
from models.office import REASON_LIMIT, now
from models.people import Person
from models.proposal import Proposal

#: Refusals after which a card is drawn again: what it showed was not so any more.
ABOUT_THE_CASE: Final = (
    errors.AlreadyMoved,
    errors.StaleCard,
    errors.NoSuchStep,
    errors.NotYourTurn,
    errors.ItemChanged,
    errors.NotQualified,
    errors.SamePerson,
)


def worded(refusal: errors.Refusal, t: Texts) -> dict[str, Any]:
    """The refusal's facts, ready to stand in a sentence."""
    facts: dict[str, Any] = {
        name: words.when(value) if isinstance(value, datetime) else value
        for name, value in refusal.facts.items()
    }
    if "action" in facts:
        facts["did"] = t(f"did-{facts['action']}")
    if "limit" in facts:
        facts["limit"] = str(facts["limit"])
    return facts


async def answer(turn: Turn, refusal: errors.Refusal) -> str:
    """Owe what follows from the refusal; over a button its words are the toast returned.

    A stranger is told a thing once an hour, after all who belong here: no crowd of them can keep
    a card waiting.
    """
    key, facts = f"refusal-{refusal.code}", worded(refusal, turn.t)
    outworn = await _put_right(turn, refusal)
    if turn.update.callback_query is not None:
        return turn.t("refusal-stale_card") if outworn else turn.t(key, **facts)
    chat, message = turn.update.effective_chat, turn.update.effective_message
    if chat is None:
        return ""
    once = None
    if message is not None and _must_vanish(turn, refusal):
        await outbox.owe("delete", chat_id=chat.id, message_id=message.message_id)
        album = message.media_group_id
        once = f"album:{chat.id}:{album}"[:80] if album else None
    if turn.person is None and once is None:
        once = f"stranger:{chat.id}:{refusal.code}:{now():%Y%m%d%H}"
    lane = outbox.Lane.TAP if turn.person else outbox.Lane.REMINDER
    to = turn.person if chat.id == (turn.person and turn.person.telegram_id) else None
    await outbox.owe("say", to=to, chat_id=chat.id, key=once, lane=lane, text=key, **facts)
    return ""


def _must_vanish(turn: Turn, refusal: errors.Refusal) -> bool:
    """Whether the refused message is removed: it is content, or long enough to be."""
    message = turn.update.effective_message
    if isinstance(refusal, errors.NotBound):
        return message is not None and gate.is_content(message)
    if isinstance(refusal, errors.TextTooLong):
        return bool(refusal.facts.get("limit") == REASON_LIMIT)
    return isinstance(refusal, errors.ContentRefused | errors.LooksLikeContent)


async def _put_right(turn: Turn, refusal: errors.Refusal) -> bool:
    """After a refusal over a case: the card as it is now. True: what was used is outworn.

    The living card is edited in place; below any other it is sent anew, and the other is a stub.
    """
    person, used = turn.person, _used(turn)
    if person is None or used is None or not isinstance(refusal, ABOUT_THE_CASE):
        return False
    held = await living.card_at(person, used)
    case = await Proposal.get_or_none(id=held.case_id if held else await _case_meant(turn, person))
    if case is None:
        return False
    await outbox.owe_card(case, person.id, fresh=held is None)
    if held is None:
        stub = turn.t.html("card-retired", number=case.number)
        await outbox.owe(outbox.RETIRE, to=person, message_id=used, text=stub)
    return held is None


def _used(turn: Turn) -> int | None:
    """The message whose button was tapped, or that was replied to."""
    query, message = turn.update.callback_query, turn.update.effective_message
    if query is not None:
        return query.message.message_id if query.message else None
    target = message.reply_to_message if message else None
    return target.message_id if target else None


async def _case_meant(turn: Turn, person: Person) -> int:
    """The case of which the tapped button speaks, or of which the older card was; 0 for none."""
    query, used = turn.update.callback_query, _used(turn)
    if query is None:
        return await living.case_once_at(person, used) if used else 0
    for kind in (StepTap, ReasonTap, ViewTap):
        try:
            return kind.unpack(query.data or "").case
        except ValueError:
            continue
    return 0
