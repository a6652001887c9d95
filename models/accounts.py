"""Accounts: one-time invitations, binding a Telegram account to a person, and letting it go."""

import hashlib
import secrets
from typing import Any

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F
from tortoise.transactions import in_transaction

from models import errors, living, outbox
from models.draft import BLANK, Draft
from models.office import now, office
from models.outbox import Lane, Message, MessageState
from models.people import Invite, Person


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


async def invite(person: Person) -> str:
    """A new code for ``person``, valid once within 72 hours; older unused ones die with it."""
    code, moment = secrets.token_urlsafe(18), now()
    async with in_transaction():
        await Person.filter(id=person.id).select_for_update().get()  # two at once: the last counts
        await Invite.filter(person_id=person.id, used_at__isnull=True).delete()
        await Invite.create(
            digest=_digest(code),
            person_id=person.id,
            created_at=moment,
            expires_at=moment + office().invite_valid,
        )
    return code


async def bind(code: str, telegram_id: int) -> Person:
    """Bind the account to the invited person, and owe them the cards that wait for them.

    :class:`~models.errors.InviteInvalid` for a code that is unknown, used or expired;
    :class:`~models.errors.AccountTaken` when the account is another person's. Somebody who moves
    to a new phone number uses a new invitation: the old account loses its access at once.
    """
    moment = now()
    async with in_transaction():
        mine = Invite.filter(digest=_digest(code), used_at__isnull=True, expires_at__gt=moment)
        unused = await mine.update(used_at=moment)
        found = await Invite.get_or_none(digest=_digest(code)).prefetch_related("person")
        if found and not unused and found.person.telegram_id == telegram_id:
            return found.person  # the same link pressed twice
        if found is None or not unused:
            raise errors.InviteInvalid
        person = found.person
        old = person.telegram_id
        person.telegram_id, person.bound_at, person.unreachable_since = telegram_id, moment, None
        person.menu = ""  # the chat may be a new one
        await _save(person)
        if old != telegram_id:
            await _leave_old_chat(person, old)
        await outbox.owe_open_cards(person)
    return person


async def unbind(person: Person) -> bool:
    """Take the person's account, and every way back to one, away; False when they had none.

    What was owed to them is dropped, the cards in the chat lose their buttons, and what they had
    begun is gone. What waits for them waits until it is routed again.
    """
    async with in_transaction():
        # first: whoever is binding right now has the invitation, too, before the person
        await Invite.filter(person_id=person.id, used_at__isnull=True).delete()
        present = await Person.filter(id=person.id).select_for_update().get()
        old = present.telegram_id
        bound = {"telegram_id": None, "bound_at": None, "unreachable_since": None, "menu": ""}
        await Person.filter(id=person.id).update(**bound)
        await _drop(person, "account unbound")
        await _close_draft(person, old)
        await living.forget(person, old)
    person.update_from_dict(bound)
    return old is not None


async def _close_draft(person: Person, chat_id: int | None) -> None:
    """Nothing is begun any more, and the message that bore the draft's buttons loses them."""
    mine = Draft.filter(person_id=person.id)
    bearer = await mine.first().values_list("message_id", flat=True)
    if bearer is not None:
        await outbox.owe(outbox.RETIRE, chat_id=chat_id, message_id=bearer, text=None)
    blank = BLANK | {"message_id": None, "updated_at": now()}
    await mine.update(version=F("version") + 1, **blank)


async def _drop(person: Person, why: str, **which: Any) -> None:
    """What is owed to the person, or ``which`` of it, is never sent."""
    owed = Message.filter(person_id=person.id, state=MessageState.OWED, **which)
    await owed.update(state=MessageState.NEVER, settled_at=now(), error=why)


async def _save(person: Person) -> None:
    """The database decides whose the account is, however many ask at once."""
    try:
        async with in_transaction():
            await person.save(
                update_fields=["telegram_id", "bound_at", "unreachable_since", "menu"]
            )
    except IntegrityError:
        raise errors.AccountTaken from None


async def _leave_old_chat(person: Person, old: int | None) -> None:
    """Nothing more goes to the old account: its answers are dropped, the rest is sent to the new."""
    await _drop(person, "account changed", lane=Lane.TAP)
    owed = Message.filter(person_id=person.id, state=MessageState.OWED)
    await owed.update(chat_id=person.telegram_id)
    await Draft.filter(person_id=person.id).update(message_id=None)
    await living.forget(person, old)


async def person_of(telegram_id: int) -> Person | None:
    """The person whose account this is."""
    return await Person.filter(telegram_id=telegram_id).prefetch_related("department").first()
