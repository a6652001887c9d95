"""What a line of history records of a case: what was proposed, and where it was routed."""

from typing import Any

from models.content import Content
from models.guide import GuideEdition
from models.proposal import Proposal


def fill(case: Proposal, what: Content, edition: GuideEdition | None) -> dict[str, Any]:
    """Put ``what`` into ``case``, pinning the edition it cites (rule 8); returns the record."""
    item = what.item
    case.document_no, case.title, case.note = what.document_no, what.title, what.note
    case.level, case.term, case.reason = what.level, what.term, what.reason
    case.item_id = item.id if item else None
    case.edition_id = edition.id if item and edition else None
    case.access_scope = item.access_scope if item else ""
    return {
        "document_no": case.document_no,
        "title": case.title,
        "note": case.note,
        "level": case.level.value,
        "term": case.term,
        "access_scope": case.access_scope,
        "no_basis": case.reason and case.reason.value,
        "item": item.code if item else None,
        "edition": edition.name if item and edition else None,
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
