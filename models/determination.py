"""Determinations (定密决定): the signed outcomes, one a case, never altered; their register."""

from tortoise import fields
from tortoise.models import Model

from models.guide import GuideEdition, GuideItem
from models.levels import Level
from models.people import Appointment, Person
from models.proposal import NoBasis, Proposal


class Determination(Model):
    """A signed outcome: level, term, scope, basis, drafter and officer (实施条例 2024 第17条)."""

    id = fields.IntField(primary_key=True)
    number = fields.CharField(max_length=24, unique=True)
    case: fields.OneToOneRelation[Proposal] = fields.OneToOneField(
        "models.Proposal", related_name="determination", on_delete=fields.RESTRICT
    )
    document_no = fields.CharField(max_length=40)
    level = fields.CharEnumField(Level, max_length=32)
    term = fields.CharField(max_length=60, default="")
    marking = fields.CharField(max_length=80, null=True)
    access_scope = fields.TextField(default="")
    reason: fields.Field[NoBasis | None] = fields.CharEnumField(  # type: ignore[assignment] # null
        NoBasis, max_length=32, null=True
    )
    item: fields.ForeignKeyNullableRelation[GuideItem] = fields.ForeignKeyField(
        "models.GuideItem", related_name="determinations", null=True, on_delete=fields.RESTRICT
    )
    edition: fields.ForeignKeyNullableRelation[GuideEdition] = fields.ForeignKeyField(
        "models.GuideEdition", related_name="determinations", null=True, on_delete=fields.RESTRICT
    )
    drafter: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="determined_drafts", on_delete=fields.RESTRICT
    )
    head: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="determined_heads", null=True, on_delete=fields.RESTRICT
    )
    officer: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="determinations", on_delete=fields.RESTRICT
    )
    on_behalf_of: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="determined_for", null=True, on_delete=fields.RESTRICT
    )
    appointment: fields.ForeignKeyRelation[Appointment] = fields.ForeignKeyField(
        "models.Appointment", related_name="determinations", on_delete=fields.RESTRICT
    )
    decided_at = fields.DatetimeField()

    case_id: int
    item_id: int | None
    edition_id: int | None
    drafter_id: int
    head_id: int | None
    officer_id: int
    on_behalf_of_id: int | None
    appointment_id: int

    class Meta:
        table = "determination"
        table_description = "the register of determinations"


class Counter(Model):
    """The last number given out in a series, e.g. ``determination:2026``. Gapless."""

    series = fields.CharField(max_length=40, primary_key=True)
    value = fields.IntField(default=0)

    class Meta:
        table = "counter"
        table_description = "last numbers given out"
