"""The living-card registry: which message is a person's one card of a case."""

from models.office import now
from models.outbox import LivingCard
from models.people import Person
from models.proposal import Proposal


async def holders(case_id: int) -> set[int]:
    """The ids of those whose chat shows a card of the case."""
    ids = await LivingCard.filter(case_id=case_id).values_list("person_id", flat=True)
    return {int(i) for i in ids}  # type: ignore[call-overload] # a flat list of ids


async def card_at(person: Person, message_id: int) -> LivingCard | None:
    """The living card that the message is, if it is one; an older card of a case is not."""
    return await LivingCard.filter(person_id=person.id, message_id=message_id).first()


async def adopt(person: Person, case: Proposal, message_id: int) -> None:
    """Make an existing message (a preview) the person's living card of ``case``."""
    await LivingCard.update_or_create(
        person_id=person.id,
        case_id=case.id,
        defaults={"message_id": message_id, "digest": "", "updated_at": now()},
    )


async def forget(person: Person) -> None:
    """The person has another account: the cards in the old chat are out of reach."""
    await LivingCard.filter(person_id=person.id).delete()
