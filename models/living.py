"""The living-card registry: which message is a person's one card of a case."""

from typing import Final

from models import outbox
from models.office import now
from models.outbox import LivingCard, Message
from models.people import Person
from models.proposal import Proposal, State

#: Older cards than so many wait for their next step until they are drawn in another language.
_REDRAWN: Final = 20


async def holders(case_id: int) -> set[int]:
    """The ids of those whose chat shows a card of the case."""
    ids = await LivingCard.filter(case_id=case_id).values_list("person_id", flat=True)
    return {int(i) for i in ids}  # type: ignore[call-overload] # a flat list of ids


async def card_at(person: Person, message_id: int) -> LivingCard | None:
    """The living card that the message is, if it is one; an older card of a case is not."""
    return await LivingCard.filter(person_id=person.id, message_id=message_id).first()


async def case_once_at(person: Person, message_id: int) -> int:
    """The id of the case of which the message is, or was, a card; 0 when it was none."""
    ids = Message.filter(person_id=person.id, message_id=message_id, case_id__isnull=False)
    found = await ids.order_by("-id").first()
    return (found.case_id or 0) if found else 0


async def card_of(person: Person, case: Proposal) -> LivingCard | None:
    """The person's living card of the case, if they have one."""
    return await LivingCard.get_or_none(person_id=person.id, case_id=case.id)


async def adopt(person: Person, case: Proposal, message_id: int) -> None:
    """Make an existing message (a preview) the person's living card of ``case``."""
    await LivingCard.update_or_create(
        person_id=person.id,
        case_id=case.id,
        defaults={"message_id": message_id, "digest": "", "updated_at": now()},
    )


async def redraw(person: Person) -> None:
    """Owe the person's cards of open cases once more, in place: they read another language."""
    closed = {State.EFFECTIVE, State.WITHDRAWN}
    mine = LivingCard.filter(person_id=person.id).exclude(case__state__in=closed)
    for held in await mine.order_by("-case_id").limit(_REDRAWN).prefetch_related("case"):
        await outbox.owe_card(held.case, person.id, fresh=False)


async def forget(person: Person, chat_id: int | None) -> None:
    """The person has another account: the cards in the old chat lose their buttons."""
    if chat_id is not None:
        for held in await LivingCard.filter(person_id=person.id):
            await outbox.owe(outbox.RETIRE, chat_id=chat_id, message_id=held.message_id, text=None)
    await LivingCard.filter(person_id=person.id).delete()
