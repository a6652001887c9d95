"""The classification guide (定密细目): editions, their items, and which edition is in force."""

from datetime import date
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.levels import Level
from models.office import today


class Disclosure(StrEnum):
    """Whether a chat may show an edition's wording, or only its codes and categories."""

    OPEN = "open"
    CODES = "codes"


class GuideEdition(Model):
    """One edition of the guide, kept for ever: a determination cites the edition it was made by."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=60, unique=True)
    effective_on = fields.DateField()
    disclosure = fields.CharEnumField(Disclosure, max_length=32, default=Disclosure.CODES)
    content_hash = fields.CharField(max_length=64)
    imported_at = fields.DatetimeField()
    published_at = fields.DatetimeField(null=True)
    published_via = fields.CharField(max_length=40, default="")
    announced_at = fields.DatetimeField(null=True)

    class Meta:
        table = "guide_edition"
        table_description = "editions of the guide"

    @classmethod
    async def in_force(cls, day: date | None = None) -> "GuideEdition | None":
        """The published edition that took effect last, as of ``day`` (today)."""
        published = cls.filter(published_at__isnull=False, effective_on__lte=day or today())
        return await published.order_by("-effective_on", "-id").first()

    @property
    def is_open(self) -> bool:
        """Whether its wording may be shown in a chat."""
        return self.disclosure is Disclosure.OPEN


class GuideItem(Model):
    """One matter of the guide with its fixed level and longest term (范围办法 2017 第9条)."""

    id = fields.IntField(primary_key=True)
    edition: fields.ForeignKeyRelation[GuideEdition] = fields.ForeignKeyField(
        "models.GuideEdition", related_name="items", on_delete=fields.RESTRICT
    )
    code = fields.CharField(max_length=40)
    category = fields.CharField(max_length=200)
    matter = fields.TextField()
    level = fields.CharEnumField(Level, max_length=32)
    term = fields.CharField(max_length=60, default="")
    access_scope = fields.TextField(default="")
    department = fields.CharField(max_length=200, default="")
    basis = fields.TextField(default="")
    notes = fields.TextField(default="")

    edition_id: int

    class Meta:
        table = "guide_item"
        table_description = "items of the guide"
        unique_together = (("edition_id", "code"),)

    #: What makes two items of different editions the same rule.
    RULE = ("category", "matter", "level", "term", "access_scope", "department", "basis", "notes")

    def same_rule(self, other: "GuideItem") -> bool:
        """Whether ``other`` (of another edition) says the same in every column."""
        return all(getattr(self, name) == getattr(other, name) for name in self.RULE)

    async def present(self) -> "GuideItem | None":
        """The item of the same code in the edition in force, which may be itself; None: dropped."""
        edition = await GuideEdition.in_force()
        if edition is None or edition.id == self.edition_id:
            return self
        return await GuideItem.get_or_none(edition_id=edition.id, code=self.code)
