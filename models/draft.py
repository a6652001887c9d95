"""Drafts: one row a person, which says what to ask them next. The conversation's only state."""

from enum import StrEnum
from typing import Any, Final

from tortoise import fields
from tortoise.models import Model

from models.guide import GuideItem
from models.levels import Level
from models.people import Person
from models.proposal import NoBasis, Proposal


class Question(StrEnum):
    """What a plain message of this person answers."""

    DOCUMENT = "document"
    ITEM = "item"
    REASON = "reason"
    PREVIEW = "preview"
    TERM = "term"
    TITLE = "title"
    NOTE = "note"
    RETURN_REASON = "return_reason"


class Draft(Model):
    """What a person has begun: a proposal in the making, or a return that lacks its sentence.

    ``asked`` overrides the natural next question (a change of term, a title, a reason).
    ``version`` is carried by the draft's buttons; ``message_id`` is the message that bears them.
    """

    id = fields.IntField(primary_key=True)
    person: fields.OneToOneRelation[Person] = fields.OneToOneField(
        "models.Person", related_name="draft", on_delete=fields.CASCADE
    )
    version = fields.IntField(default=1)
    is_open = fields.BooleanField(default=False)
    revises: fields.ForeignKeyNullableRelation[Proposal] = fields.ForeignKeyField(
        "models.Proposal", related_name="revised_in", null=True, on_delete=fields.CASCADE
    )
    document_no = fields.CharField(max_length=40, default="")
    query = fields.CharField(max_length=256, default="")
    page = fields.IntField(default=0)
    item: fields.ForeignKeyNullableRelation[GuideItem] = fields.ForeignKeyField(
        "models.GuideItem", related_name="drafts", null=True, on_delete=fields.SET_NULL
    )
    level: fields.Field[Level | None] = fields.CharEnumField(  # type: ignore[assignment] # null
        Level, max_length=32, null=True
    )
    term = fields.CharField(max_length=60, default="")
    reason: fields.Field[NoBasis | None] = fields.CharEnumField(  # type: ignore[assignment] # null
        NoBasis, max_length=32, null=True
    )
    title = fields.CharField(max_length=60, default="")
    note = fields.CharField(max_length=120, default="")
    asked: fields.Field[Question | None] = fields.CharEnumField(  # type: ignore[assignment] # null
        Question, max_length=32, null=True
    )
    returning: fields.ForeignKeyNullableRelation[Proposal] = fields.ForeignKeyField(
        "models.Proposal", related_name="returning_in", null=True, on_delete=fields.CASCADE
    )
    returning_seen = fields.IntField(default=0)
    message_id = fields.BigIntField(null=True)
    updated_at = fields.DatetimeField(auto_now=True)

    person_id: int
    revises_id: int | None
    item_id: int | None
    returning_id: int | None

    class Meta:
        table = "draft"
        table_description = "conversations, one row a person"

    @property
    def question(self) -> Question | None:
        """What the next plain message answers; None when nothing has been begun."""
        if self.asked is not None:
            return self.asked
        if not self.is_open:
            return None
        if not self.document_no:
            return Question.DOCUMENT
        if self.level is None:
            return Question.ITEM
        if self.level is Level.UNCLASSIFIED and self.reason is None:
            return Question.REASON
        return Question.PREVIEW


#: What a draft holds when nothing has been begun.
BLANK: Final[dict[str, Any]] = {
    "is_open": False,
    "revises_id": None,
    "document_no": "",
    "query": "",
    "page": 0,
    "item_id": None,
    "level": None,
    "term": "",
    "reason": None,
    "title": "",
    "note": "",
    "asked": None,
    "returning_id": None,
    "returning_seen": 0,
}
