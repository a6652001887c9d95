"""What a line of history records of a case, and what the last one tells whoever comes too late."""

from typing import Any

from models import errors
from models.content import Content
from models.guide import GuideEdition
from models.people import Person
from models.proposal import Action, Proposal, Step


def fill(case: Proposal, what: Content, edition: GuideEdition | None) -> dict[str, Any]:
    """Put ``what`` into ``case``, pinning the edition it cites (rule 8); returns the record."""
    item = what.item
    case.document_no, case.title, case.note = what.document_no, what.title, what.note
    case.level, case.term, case.reason = what.level, what.term, what.reason
    case.item, case.edition = item, edition if item else None
    case.access_scope = item.access_scope if item else ""
    return proposed(case)


def proposed(case: Proposal) -> dict[str, Any]:
    """What the case proposes; its item and edition must have been fetched."""
    return {
        "document_no": case.document_no,
        "title": case.title,
        "note": case.note,
        "level": case.level.value,
        "term": case.term,
        "access_scope": case.access_scope,
        "no_basis": case.reason and case.reason.value,
        "item": case.item.code if case.item else None,
        "edition": case.edition.name if case.edition else None,
        "department": case.department_id,
    }


def route(case: Proposal) -> dict[str, Any]:
    """Where the case went, and why: an inspector may ask years later."""
    return {
        "head": case.head_id,
        "officer": case.officer_id,
        "on_behalf_of": case.on_behalf_of_id,
        "appointment": case.appointment_id,
        "why": case.why,
    }


async def moved(case: Proposal) -> errors.Refusal:
    """Who moved the case, and when: for the one whose tap came too late."""
    last = await Step.filter(case_id=case.id).exclude(action=Action.NUDGE).order_by("-seq").first()
    if last is None or last.actor_id is None:
        return errors.StaleCard()
    actor = await Person.get(id=last.actor_id)
    return errors.AlreadyMoved(action=last.action.value, by=actor.name, at=last.at)
