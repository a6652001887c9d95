"""What a signature rests on: kept in the approving line as it was, and compared ever after."""

from collections.abc import Mapping
from typing import Any, Final

from models.determination import Determination
from models.guide import GuideEdition, GuideItem
from models.guide_editions import item_hash
from models.people import Appointment, Person

_PEOPLE: Final = ("drafter", "head", "officer", "on_behalf_of")


async def of(signed: Determination) -> dict[str, Any]:
    """Item, edition, appointment and people of ``signed`` as they are now, at the signature.

    Names and the day of training are kept and never compared: both may rightly change later.
    """
    appointment = await Appointment.get(id=signed.appointment_id)
    item = await GuideItem.get_or_none(id=signed.item_id)
    edition = await GuideEdition.get_or_none(id=signed.edition_id)
    ids = {role: getattr(signed, f"{role}_id") for role in _PEOPLE}
    people = {one.id: one for one in await Person.filter(id__in=[i for i in ids.values() if i])}
    return {
        "item": _item(item),
        "edition": _edition(edition),
        "appointment": _power(appointment),
        "trained_on": appointment.trained_on and appointment.trained_on.isoformat(),
        "people": {
            role: {"code": people[number].code, "name": people[number].name}
            for role, number in ids.items()
            if number
        },
    }


def differs(
    signed: Determination, kept: object, codes: Mapping[int, str], edition_hash: str | None
) -> str | None:
    """What of ``signed`` is no longer as its line ``kept`` it: a code; None when all is.

    Its item, edition and appointment must have been fetched; ``edition_hash`` is that of the
    edition's items as they are stored, ``codes`` are those of all people.
    """
    if not isinstance(kept, Mapping):
        return "evidence_missing"
    if _item(signed.item) != kept.get("item"):
        return "item_differs"
    if _edition(signed.edition) != kept.get("edition") or (
        signed.edition and signed.edition.content_hash != edition_hash
    ):
        return "edition_differs"
    if signed.appointment is None or _power(signed.appointment) != kept.get("appointment"):
        return "appointment_differs"
    numbers = {role: getattr(signed, f"{role}_id") for role in _PEOPLE}
    present = {role: codes.get(number) for role, number in numbers.items() if number}
    was = {role: person["code"] for role, person in kept.get("people", {}).items()}
    return None if present == was else "people_differ"


def _item(item: GuideItem | None) -> dict[str, str] | None:
    return {"code": item.code, "sha256": item_hash(item)} if item else None


def _edition(edition: GuideEdition | None) -> dict[str, str] | None:
    if edition is None:
        return None
    return {
        "name": edition.name,
        "effective_on": edition.effective_on.isoformat(),
        "sha256": edition.content_hash,
    }


def _power(appointment: Appointment) -> dict[str, Any]:
    """What the importer never changes once it was used; the order of departments is none of it."""
    return {
        "person": appointment.person_id,
        "kind": appointment.kind.value,
        "ceiling": appointment.ceiling.value,
        "departments": sorted(set(appointment.departments)),
        "document_no": appointment.document_no,
        "valid_from": appointment.valid_from.isoformat(),
        "valid_until": appointment.valid_until and appointment.valid_until.isoformat(),
    }
