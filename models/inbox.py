"""The inbox: every update as it came, once each, durable before it is confirmed to Telegram."""

import json
import logging
from collections.abc import Callable, Collection, Iterable
from datetime import timedelta
from typing import Any, Final

from tortoise import fields
from tortoise.models import Model
from tortoise.transactions import in_transaction

from models.db import dialect, sql
from models.office import now
from models.wakeup import INBOX

log = logging.getLogger(__name__)


class InboxUpdate(Model):
    """A raw update. Done, parked after five failures, or waiting for its turn.

    ``body`` holds what it said only while it waits.
    """

    update_id = fields.BigIntField(primary_key=True, generated=False)
    sender = fields.BigIntField()
    body = fields.TextField()
    received_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    attempts = fields.IntField(default=0)
    done_at = fields.DatetimeField(null=True)
    parked_at = fields.DatetimeField(null=True)
    error = fields.CharField(max_length=200, default="")

    class Meta:
        table = "inbox"
        table_description = "updates received"

    def as_sent(self) -> dict[str, Any]:
        """The update as Telegram sent it."""
        update: dict[str, Any] = json.loads(self.body)
        return update


class NotAnUpdate(ValueError):
    """The object has no usable ``update_id``."""


#: Seconds to wait after the first, second, … failure; after the fifth there is no more trying.
PAUSES: Final = (1, 4, 15, 60)
#: "in" in ASCII: the first half of each per-sender advisory lock.
_SENDER_LOCKS: Final = 0x696E
_INT64: Final = 2**63
_REMEMBERED: Final = timedelta(hours=48)
# On PostgreSQL the lock may be got just after another replica committed: then the row read as the
# oldest is done meanwhile, is looked at anew, and nothing is claimed this time.
_CLAIM: Final = (
    "UPDATE inbox SET done_at = ? WHERE update_id = (SELECT MIN(update_id) FROM inbox"
    " WHERE sender = ? AND done_at IS NULL AND parked_at IS NULL)"
    " AND due_at <= ? AND done_at IS NULL AND parked_at IS NULL"
    " AND pg_try_advisory_xact_lock(?, ?) RETURNING *"
)


def listen(callback: Callable[[], None]) -> Callable[[], None]:
    """Call ``callback`` whenever an update was accepted, until the returned function is called."""
    return INBOX.listen(callback)


async def accept(update: dict[str, Any]) -> bool:
    """Store ``update``, for good; False when it is here already. :class:`NotAnUpdate` otherwise."""
    row = _row(update)
    stored = await sql(
        "INSERT INTO inbox (update_id, sender, body, received_at, due_at, attempts, error)"
        " VALUES (?, ?, ?, ?, ?, 0, '') ON CONFLICT DO NOTHING RETURNING update_id",
        *(row.update_id, row.sender, row.body, row.received_at, row.due_at),
    )
    INBOX.ring()
    return bool(stored)


async def accept_all(updates: Iterable[dict[str, Any]]) -> None:
    """Store a batch in one transaction. What is no update cannot be confirmed: it is dropped."""
    rows = []
    for update in updates:
        try:
            rows.append(_row(update))
        except NotAnUpdate:
            log.warning("inbox: an object without a usable update_id was dropped")
    if rows:
        async with in_transaction():
            await InboxUpdate.bulk_create(rows, ignore_conflicts=True)
        INBOX.ring()


def _row(update: dict[str, Any]) -> InboxUpdate:
    update_id = update.get("update_id") if isinstance(update, dict) else None
    if not isinstance(update_id, int) or isinstance(update_id, bool):
        raise NotAnUpdate
    if not 0 <= update_id < _INT64:
        raise NotAnUpdate
    moment = now()
    # ASCII: PostgreSQL stores neither NUL nor lone surrogates, and both can be typed in a chat
    body = json.dumps(update, ensure_ascii=True, separators=(",", ":"))
    return InboxUpdate(
        update_id=update_id, sender=sender_of(update), body=body, received_at=moment, due_at=moment
    )


def sender_of(update: dict[str, Any]) -> int:
    """Whose turn it takes: the person's id, else the chat's, else 0."""
    for content in update.values():
        if isinstance(content, dict):
            for field in ("from", "user", "chat", "sender_chat", "actor_chat", "voter_chat"):
                whose = content.get(field)
                number = whose.get("id") if isinstance(whose, dict) else None
                if isinstance(number, int) and -_INT64 <= number < _INT64:
                    return int(number)
    return 0


async def waiting_senders(limit: int, exclude: Collection[int] = ()) -> list[int]:
    """Senders whose oldest waiting update is due, the longest waiting first."""
    rows = await sql(
        "SELECT i.sender FROM inbox i JOIN (SELECT MIN(update_id) AS first FROM inbox"
        " WHERE done_at IS NULL AND parked_at IS NULL GROUP BY sender) w ON w.first = i.update_id"
        " WHERE i.due_at <= ? ORDER BY i.update_id LIMIT ?",
        *(now(), limit + len(exclude)),
    )
    return [row["sender"] for row in rows if row["sender"] not in exclude][:limit]


async def claim_next(sender: int) -> InboxUpdate | None:
    """The sender's oldest waiting update, marked done when the current transaction commits.

    What it said goes with the same commit: refused content, or an invitation's code, must not lie
    in the database and its backups. The number stays, so that a re-delivery falls out.
    None when it is not due yet, when there is none, or when another replica has the sender in
    hand. Until the transaction ends nobody else gets an update of this sender.
    """
    query, moment = _CLAIM, now()
    values: list[object] = [moment, sender, moment]
    if dialect() == "sqlite":
        query = query.replace(" AND pg_try_advisory_xact_lock(?, ?)", "")
    else:
        values += [_SENDER_LOCKS, _folded(sender)]
    rows = await sql(query, *values)
    if not rows:
        return None
    row = InboxUpdate(**rows[0])
    await InboxUpdate.filter(update_id=row.update_id).update(body="")
    return row


def _folded(sender: int) -> int:
    """``sender`` in 32 signed bits; two that fold alike merely wait for each other."""
    low = (sender ^ (sender >> 32)) & 0xFFFFFFFF
    return low - 2**32 if low >= 2**31 else low


async def failed(update_id: int, error: str) -> bool:
    """Count a failure and put the update off, longer each time. True: it was parked for good."""
    moment = now()
    rows = await sql(
        "UPDATE inbox SET attempts = attempts + 1, error = ?"
        " WHERE update_id = ? AND done_at IS NULL AND parked_at IS NULL RETURNING attempts",
        *(error[:200], update_id),
    )
    if not rows:
        return False
    tries = int(rows[0]["attempts"])
    if tries > len(PAUSES):
        await InboxUpdate.filter(update_id=update_id).update(parked_at=moment, body="")
        return True
    due = moment + timedelta(seconds=PAUSES[tries - 1])
    await InboxUpdate.filter(update_id=update_id).update(due_at=due)
    return False


async def forget_done() -> int:
    """Delete the numbers of updates that were done two days ago; how many.

    Telegram keeps an update for 24 hours, so none is delivered again; and after a quiet week it
    begins a new series of numbers, which must not meet old ones.
    """
    return await InboxUpdate.filter(done_at__lt=now() - _REMEMBERED).delete()
