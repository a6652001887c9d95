"""What must be so at the end of every conversation, whatever it was about."""

import json
import unicodedata
from typing import Any

from bot.callbacks import DraftTap, ReasonTap, StepTap, View, ViewTap
from models.draft import Draft
from models.outbox import LivingCard
from models.people import Person
from models.proposal import Proposal
from models.workflow import actions_for
from tests.bot.driver import House, Phone, buttons

LINES = 12
#: Half-widths that a button may have at 360 px, by how many stand in its row.
WIDTHS = {1: 40, 2: 22, 3: 14}


async def check(house: House) -> None:
    """Buttons do what they say, cards fit a screen, nobody is shouted at."""
    for phone in house.phones.values():
        person = await Person.get_or_none(telegram_id=phone.user)
        for post in phone.posts:
            await _buttons_work(phone, person, post)
    for call in house.telegram.calls:
        if call.method in {"sendMessage", "editMessageText"}:
            _reads_well(str(call.params["text"]))
            _fits(json.loads(str(call.params.get("reply_markup") or "{}")))


async def _buttons_work(phone: Phone, person: Person | None, post: dict[str, Any]) -> None:
    where = f"{post['text']!r}"
    for data in (b.get("callback_data") for b in buttons(post)):
        if data is None or data.split(":")[0] in {"g", "l"}:
            continue
        assert person is not None, where
        if data.startswith("d:"):
            await _draft_button_works(DraftTap.unpack(data), person, post)
            continue
        kind = next(k for k in (StepTap, ReasonTap, ViewTap) if k.prefix == data.split(":")[0])
        tap = kind.unpack(data)
        if isinstance(tap, ViewTap) and tap.view is View.OPEN:
            continue
        held = await LivingCard.get_or_none(person_id=person.id, case_id=tap.case)
        assert held is not None, where
        assert held.message_id == post["message_id"], f"not the living card: {where}"
        case = await Proposal.get(id=tap.case)
        if isinstance(tap, StepTap):
            assert tap.seen == case.version, where
            assert tap.action in actions_for(case, person), where
        elif isinstance(tap, ReasonTap):
            assert tap.seen == case.version, where


async def _draft_button_works(tap: DraftTap, person: Person, post: dict[str, Any]) -> None:
    draft = await Draft.get(person_id=person.id)
    where = f"{post['text']!r} {tap}"
    assert draft.is_open, f"the draft is gone: {where}"
    assert tap.version == draft.version, f"outworn: {where}"


def _reads_well(text: str) -> None:
    assert "!" not in text, text
    assert "！" not in text, text


def _fits(markup: Any) -> None:
    rows = markup.get("inline_keyboard", []) if isinstance(markup, dict) else []
    for row in rows:
        assert len(row) <= max(WIDTHS), row
        for button in row:
            assert width(button["text"]) <= WIDTHS[len(row)], (button["text"], len(row))


def width(text: str) -> int:
    """Half-widths: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
