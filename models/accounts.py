"""Accounts: one-time invitations, binding a Telegram account to a person, and letting it go."""

import hashlib
import secrets

from tortoise.transactions import in_transaction

from models import errors, living, outbox
from models.office import now, office
from models.people import Invite, Person


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


async def invite(person: Person) -> str:
    """A new code for ``person``, valid once within 72 hours; older unused ones die with it."""
    code, moment = secrets.token_urlsafe(18), now()
    async with in_transaction():
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
        if not await mine.update(used_at=moment):
            raise errors.InviteInvalid
        found = await Invite.get(digest=_digest(code)).prefetch_related("person")
        person = found.person
        if await Person.filter(telegram_id=telegram_id).exclude(id=person.id).exists():
            raise errors.AccountTaken
        person.telegram_id, person.bound_at, person.unreachable_since = telegram_id, moment, None
        await person.save(update_fields=["telegram_id", "bound_at", "unreachable_since"])
        await living.forget(person)
        await outbox.owe_open_cards(person)
    return person


async def person_of(telegram_id: int) -> Person | None:
    """The person whose account this is."""
    return await Person.filter(telegram_id=telegram_id).prefetch_related("department").first()
