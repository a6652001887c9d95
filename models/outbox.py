"""The outbox: messages owed, by lane, and the living cards."""

import json
import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any, Final

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.transactions import in_transaction

from models.db import dialect, sql
from models.office import now
from models.people import Person
from models.proposal import Proposal, State
from models.wakeup import OUTBOX


class Lane(IntEnum):
    """Who goes first: the answer to a tap, a card, a reminder, a broadcast."""

    TAP = 0
    CARD = 1
    REMINDER = 2
    BROADCAST = 3


class MessageState(StrEnum):
    """Owed until it is sent, or until it is known that it can never be."""

    OWED = "owed"
    SENT = "sent"
    NEVER = "never"


class Message(Model):
    """A message owed: what happened and to whom. Words and keyboard are made at delivery."""

    id = fields.BigIntField(primary_key=True)
    lane = fields.IntEnumField(Lane)
    kind = fields.CharField(max_length=40)
    chat_id = fields.BigIntField()
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="messages", null=True, on_delete=fields.RESTRICT
    )
    case: fields.ForeignKeyNullableRelation[Proposal] = fields.ForeignKeyField(
        "models.Proposal", related_name="messages", null=True, on_delete=fields.RESTRICT
    )
    facts: fields.JSONField[dict[str, object]] = fields.JSONField(default=dict)
    key = fields.CharField(max_length=80, unique=True, null=True)
    state = fields.CharEnumField(MessageState, max_length=32, default=MessageState.OWED)
    created_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    attempts = fields.IntField(default=0)
    settled_at = fields.DatetimeField(null=True)
    message_id = fields.BigIntField(null=True)
    error = fields.CharField(max_length=200, default="")

    person_id: int | None
    case_id: int | None

    class Meta:
        table = "outbox"
        table_description = "messages owed"


class LivingCard(Model):
    """Where a person's one card of a case stands in their chat, and what it shows."""

    id = fields.BigIntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="cards", on_delete=fields.RESTRICT
    )
    case: fields.ForeignKeyRelation[Proposal] = fields.ForeignKeyField(
        "models.Proposal", related_name="cards", on_delete=fields.RESTRICT
    )
    message_id = fields.BigIntField()
    version = fields.IntField(default=0)
    digest = fields.CharField(max_length=64, default="")
    updated_at = fields.DatetimeField()

    person_id: int
    case_id: int

    class Meta:
        table = "living_card"
        table_description = "the one card a person has of a case"
        unique_together = (("person_id", "case_id"),)
        indexes = (("person_id", "message_id"),)


CARD: Final = "card"
RETIRE: Final = "retire"
"""An older message to be edited to ``facts["text"]``, or stripped of its keyboard."""
UNREACHABLE: Final = "person_unreachable"

#: How long one attempt may take: a claimed message that was not settled is due again after it.
LEASE: Final = timedelta(seconds=30)
#: Begins ``error`` where the message could not be worded; others of the chat may overtake it.
UNWORDED: Final = "render"
_OWED: Final = MessageState.OWED
#: The card whose refusal told that somebody is out of reach was given up this long before, at most.
_FIRST_SIGN: Final = timedelta(minutes=1)
_OWE: Final = (
    "INSERT INTO outbox (lane, kind, chat_id, person_id, case_id, facts, key, state, created_at,"
    " due_at, attempts, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '') ON CONFLICT DO NOTHING"
    " RETURNING pg_notify('dingmi_outbox', '')::text"
)


def listen(callback: Callable[[], None]) -> Callable[[], None]:
    """Call ``callback`` whenever a message is owed, until the returned function is called."""
    return OUTBOX.listen(callback)


async def owe(  # noqa: PLR0913 - a message owed has these facts, all named by the caller
    kind: str,
    /,
    *,
    to: Person | None = None,
    chat_id: int | None = None,
    lane: Lane = Lane.TAP,
    case: Proposal | None = None,
    key: str | None = None,
    due_at: datetime | None = None,
    **facts: Any,
) -> None:
    """Owe one message, in the current transaction. Who has no account is owed nothing.

    A second message with the same ``key`` falls out.
    """
    chat = to.telegram_id if to is not None else chat_id
    if chat is None:
        return
    moment = now()
    query = _OWE
    if dialect() == "sqlite":
        query = query.partition(" RETURNING")[0]
    await sql(
        query,
        *(int(lane), kind, chat, to and to.id, case and case.id, json.dumps(_storable(facts))),
        *(key, _OWED.value, moment, due_at or moment),
    )
    if dialect() == "sqlite":
        OUTBOX.ring()


def _storable(facts: dict[str, Any]) -> dict[str, Any]:
    """``facts`` without what PostgreSQL's JSON cannot hold and a chat can: NUL, half characters."""
    return {
        name: re.sub("[\x00\ud800-\udfff]", "", fact) if isinstance(fact, str) else fact
        for name, fact in facts.items()
    }


async def owe_all(kind: str, people: Iterable[Person], *, lane: Lane, **facts: Any) -> int:
    """Owe the same message to each of ``people`` who has an account; how many that are."""
    moment = now()
    messages = [
        Message(
            lane=lane,
            kind=kind,
            chat_id=person.telegram_id,
            person_id=person.id,
            facts=_storable(facts),
            created_at=moment,
            due_at=moment,
        )
        for person in people
        if person.telegram_id is not None
    ]
    async with in_transaction():
        await Message.bulk_create(messages, batch_size=500)
        await OUTBOX.announce()
    return len(messages)


async def owe_card(case: Proposal, person_id: int, *, fresh: bool) -> None:
    """Owe the person their card of the case: a new message, or (not fresh) a silent edit.

    A card that nobody has begun to deliver shows the present when it is, so one is enough. Touching
    it holds the sender off until the current transaction ends.
    """
    waiting = Message.filter(
        state=_OWED, kind=CARD, case_id=case.id, person_id=person_id, attempts=0
    )
    if fresh:
        touched = await waiting.update(due_at=now(), facts={"fresh": True})
    else:
        touched = await waiting.update(due_at=now())
    if touched:
        await OUTBOX.announce()
        return
    person = await Person.get(id=person_id)
    await owe(CARD, to=person, lane=Lane.CARD, case=case, fresh=fresh)


async def owe_open_cards(person: Person) -> None:
    """Owe the person the card of every case that waits for them, as a new message."""
    whose_turn = (
        Q(state=State.WAITING_HEAD, head_id=person.id)
        | Q(state=State.WAITING_OFFICER, officer_id=person.id)
        | Q(state=State.RETURNED, drafter_id=person.id)
    )
    for case in await Proposal.filter(whose_turn).order_by("waiting_since", "id"):
        await owe_card(case, person.id, fresh=True)


async def unreachable(person: Person) -> None:
    """Flag the person, and tell the administrators, once, until they are reachable again."""
    async with in_transaction():
        newly = Person.filter(id=person.id, unreachable_since=None)
        if not await newly.update(unreachable_since=now()):
            return
        for admin in await Person.filter(is_admin=True, unreachable_since=None):
            await owe(UNREACHABLE, to=admin, lane=Lane.REMINDER, code=person.code)


async def reachable(person: Person) -> None:
    """The person can be written to (again).

    Owed are the cards of the cases that wait for them, and of those they missed meanwhile, an
    approval for instance.
    """
    async with in_transaction():
        flagged = Person.filter(id=person.id, unreachable_since__isnull=False)
        row = await flagged.first()
        since = row.unreachable_since if row else None
        if since is None or not await flagged.update(unreachable_since=None):
            return
        await owe_open_cards(person)
        lost = Message.filter(person_id=person.id, kind=CARD, state=MessageState.NEVER)
        missed = await lost.filter(settled_at__gte=since - _FIRST_SIGN)
        ids = {message.case_id for message in missed}
        for case in await Proposal.filter(id__in=ids).order_by("id"):
            await owe_card(case, person.id, fresh=True)
