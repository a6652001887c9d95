"""The outbox: messages owed, by lane, and the living cards."""

from enum import IntEnum, StrEnum

from tortoise import fields
from tortoise.models import Model

from models.people import Person
from models.proposal import Proposal


class Lane(IntEnum):
    """Who goes first: the answer to a tap, a card, a reminder, a broadcast."""

    TAP = 0
    CARD = 1
    REMINDER = 2
    BROADCAST = 3


class MessageState(StrEnum):
    """Owed until it is sent, or until it is known that it can never be."""

    OWED = "owed"
    SENT = "sent"
    NEVER = "never"


class Message(Model):
    """A message owed: what happened and to whom. Words and keyboard are made at delivery."""

    id = fields.BigIntField(primary_key=True)
    lane = fields.IntEnumField(Lane)
    kind = fields.CharField(max_length=40)
    chat_id = fields.BigIntField()
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="messages", null=True, on_delete=fields.RESTRICT
    )
    case: fields.ForeignKeyNullableRelation[Proposal] = fields.ForeignKeyField(
        "models.Proposal", related_name="messages", null=True, on_delete=fields.RESTRICT
    )
    facts: fields.JSONField[dict[str, object]] = fields.JSONField(default=dict)
    key = fields.CharField(max_length=80, unique=True, null=True)
    state = fields.CharEnumField(MessageState, max_length=32, default=MessageState.OWED)
    created_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    attempts = fields.IntField(default=0)
    settled_at = fields.DatetimeField(null=True)
    message_id = fields.BigIntField(null=True)
    error = fields.CharField(max_length=200, default="")

    person_id: int | None
    case_id: int | None

    class Meta:
        table = "outbox"
        table_description = "messages owed"


class LivingCard(Model):
    """Where a person's one card of a case stands in their chat, and what it shows."""

    id = fields.BigIntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="cards", on_delete=fields.RESTRICT
    )
    case: fields.ForeignKeyRelation[Proposal] = fields.ForeignKeyField(
        "models.Proposal", related_name="cards", on_delete=fields.RESTRICT
    )
    message_id = fields.BigIntField()
    digest = fields.CharField(max_length=64, default="")
    updated_at = fields.DatetimeField()

    person_id: int
    case_id: int

    class Meta:
        table = "living_card"
        table_description = "the one card a person has of a case"
        unique_together = (("person_id", "case_id"),)
        indexes = (("person_id", "message_id"),)
