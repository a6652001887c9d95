"""Delivery: which message goes next, how it is claimed, and what became of it.

Claiming *is* postponing: a crash after it loses nothing, the message is merely due again later,
and of two senders one alone finds the row as it saw it.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from tortoise.expressions import F
from tortoise.transactions import in_transaction

from models.db import dialect, sql
from models.draft import Draft
from models.office import now
from models.outbox import (
    CARD,
    LEASE,
    RETIRE,
    UNWORDED,
    Lane,
    LivingCard,
    Message,
    MessageState,
    owe,
)
from models.wakeup import OUTBOX

_OWED: Final = MessageState.OWED
#: First those whose turn it is still, in flight or put off; then all that none of them precedes.
_DUE: Final = """
WITH before AS MATERIALIZED (
  SELECT chat_id, lane, id FROM outbox
  WHERE state = 'owed' AND attempts > 0 AND due_at > ? AND error NOT LIKE ?
)
SELECT * FROM outbox m
WHERE state = 'owed' AND lane <= ? AND due_at <= ? AND chat_id <> ALL (?::bigint[])
  AND NOT EXISTS (
    SELECT 1 FROM before b WHERE b.chat_id = m.chat_id AND b.lane = m.lane AND b.id < m.id
  )
ORDER BY lane, id LIMIT ?
"""
#: Begins ``error`` where the way to Telegram failed: all these are due once it works again.
NETWORK: Final = "network"


async def due(
    limit: int, *, closed: Collection[int] = (), lowest: Lane = Lane.BROADCAST
) -> list[Message]:
    """The messages to send next, highest lane first, then oldest; none of the ``closed`` chats.

    Of one chat and lane none overtakes an earlier one that is in flight or put off, unless that
    one could not be worded.
    """
    chats: object = list(closed)
    query = _DUE
    if dialect() == "sqlite":
        chats = json.dumps(chats)
        query = query.replace("<> ALL (?::bigint[])", "NOT IN (SELECT value FROM json_each(?))")
    moment = now()
    rows = await sql(query, moment, f"{UNWORDED}%", int(lowest), moment, chats, limit)
    return [Message(**row) for row in rows]


async def claim(message: Message) -> list[Message]:
    """Take ``message`` for one attempt; with a card, all that the same card is owed.

    The first is the message itself, read anew with its person and case. Nothing when somebody
    else has it.
    """
    taken = {"attempts": F("attempts") + 1, "due_at": now() + LEASE, "error": ""}
    mine = Message.filter(id=message.id, attempts=message.attempts, state=_OWED)
    if not await mine.update(**taken):
        return []
    ids = Message.filter(id=message.id)
    if message.kind == CARD:
        same = Message.filter(
            state=_OWED, kind=CARD, case_id=message.case_id, person_id=message.person_id
        )
        await same.exclude(id=message.id).update(**taken)
        ids = same.filter(attempts__gt=0)
    found = await ids.select_related("person", "case")
    return sorted(found, key=lambda one: (one.id != message.id, one.id))


async def reclaim() -> None:
    """Make due what a dead process had in hand. SQLite only: there no other process sends."""
    if dialect() == "sqlite":
        in_hand = Message.filter(state=_OWED, attempts__gt=0, due_at__lte=now() + LEASE)
        await in_hand.update(due_at=now())


async def sent(messages: Sequence[Message], message_id: int | None) -> None:
    """They are delivered, as the Telegram message ``message_id``; None: nothing was left to say."""
    await _settle(messages, state=MessageState.SENT, message_id=message_id, error="")


async def never(messages: Sequence[Message], error: str) -> None:
    """They can never be delivered."""
    await _settle(messages, state=MessageState.NEVER, error=error[:200])


async def later(messages: Sequence[Message], error: str, pause: float) -> None:
    """They are due again after ``pause`` seconds."""
    ids = [message.id for message in messages]
    due_at = now() + timedelta(seconds=pause)
    await Message.filter(id__in=ids, state=_OWED).update(due_at=due_at, error=error[:200])


async def _settle(messages: Sequence[Message], **what: Any) -> None:
    ids = [message.id for message in messages]
    await Message.filter(id__in=ids, state=_OWED).update(settled_at=now(), **what)


async def network_is_back() -> None:
    """Make due at once what was put off because Telegram could not be reached."""
    stuck = Message.filter(state=_OWED, attempts__gt=0, error__startswith=NETWORK)
    if await stuck.update(due_at=now()):
        await OUTBOX.announce()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a delivered message stands, and what it shows.

    ``slot``: it bears the person's draft buttons (``draft``), or is their card turned over (``card``).
    ``gone`` is an older message known not to exist any more; ``retired`` is what another older
    one is edited to.
    """

    message_id: int
    digest: str = ""
    version: int = 0
    slot: str | None = None
    retired: str | None = None
    gone: int | None = None


async def placed(message: Message, place: Place) -> int | None:
    """Note where the card, or the bearer of the draft's buttons, stands now.

    The Telegram id of the message whose place it takes; None when there is none.
    """
    older: object = None
    if CARD in {message.kind, place.slot}:
        cards = LivingCard.filter(person_id=message.person_id, case_id=message.case_id)
        older = await cards.first().values_list("message_id", flat=True)
        shows = {"digest": place.digest, "version": place.version, "updated_at": now()}
        if older is None:
            await LivingCard.create(
                person_id=message.person_id,
                case_id=message.case_id,
                message_id=place.message_id,
                **shows,
            )
        else:
            await cards.update(message_id=place.message_id, **shows)
    elif message.person_id is not None:
        if place.slot == "draft":
            bearer = Draft.filter(person_id=message.person_id)
            older = await bearer.first().values_list("message_id", flat=True)
            await bearer.update(message_id=place.message_id)
        # an edit of another kind in a card's place: what the card shows is not its own any more
        covered = LivingCard.filter(person_id=message.person_id, message_id=place.message_id)
        await covered.update(digest="")
    return older if isinstance(older, int) and older != place.message_id else None


async def living_card(message: Message) -> LivingCard | None:
    """Where the person's card of the case stands, if it was ever sent."""
    return await LivingCard.get_or_none(person_id=message.person_id, case_id=message.case_id)


async def delivered(messages: Sequence[Message], place: Place) -> None:
    """Settle ``messages``, note the place, and owe the older message its retirement."""
    first = messages[0]
    async with in_transaction():
        older = await placed(first, place)
        await sent(messages, place.message_id)
        if older is not None and older != place.gone:
            await owe(
                RETIRE,
                chat_id=first.chat_id,
                lane=first.lane,
                message_id=older,
                text=place.retired,
            )
