"""Departments, people, officers' appointments, delegations and invitations."""

from datetime import date, datetime
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.levels import Level, add_months
from models.office import office


class Role(StrEnum):
    """What a person may be; an officer is whoever holds an :class:`Appointment`."""

    DRAFTER = "drafter"
    HEAD = "head"
    ADMIN = "admin"
    CUSTODIAN = "custodian"


class Department(Model):
    """A department (部门) in the tree of the unit."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=100, unique=True)
    parent: fields.ForeignKeyNullableRelation["Department"] = fields.ForeignKeyField(
        "models.Department", related_name="children", null=True, on_delete=fields.RESTRICT
    )

    parent_id: int | None

    class Meta:
        table = "department"
        table_description = "departments"


class Person(Model):
    """Somebody of the unit. ``telegram_id`` is set when an invitation is used, never by hand."""

    id = fields.IntField(primary_key=True)
    code = fields.CharField(max_length=40, unique=True)
    name = fields.CharField(max_length=60)
    department: fields.ForeignKeyRelation[Department] = fields.ForeignKeyField(
        "models.Department", related_name="people", on_delete=fields.RESTRICT
    )
    position = fields.CharField(max_length=60, default="")
    is_drafter = fields.BooleanField(default=False)
    is_head = fields.BooleanField(default=False)
    is_admin = fields.BooleanField(default=False)
    is_custodian = fields.BooleanField(default=False)
    language = fields.CharField(max_length=8, null=True)
    telegram_id = fields.BigIntField(unique=True, null=True)
    bound_at = fields.DatetimeField(null=True)
    unreachable_since = fields.DatetimeField(null=True)
    menu = fields.CharField(max_length=80, default="")  # the command menu last owed to them

    department_id: int

    class Meta:
        table = "person"
        table_description = "people"
        indexes = (("department_id", "is_head"), ("is_admin",))

    @property
    def roles(self) -> frozenset[Role]:
        """The roles the people file gave; being an officer is not among them."""
        return frozenset(role for role in Role if getattr(self, f"is_{role}"))

    @property
    def is_reachable(self) -> bool:
        """Bound, and the last message was not refused: the bot can write to them."""
        return self.telegram_id is not None and self.unreachable_since is None


class AppointmentKind(StrEnum):
    """How an officer came by the power to sign (实施条例 2024 第14条)."""

    STATUTORY = "statutory"
    DESIGNATED = "designated"


class Appointment(Model):
    """A person's power to sign: up to ``ceiling``, for ``departments``, while it is valid.

    ``departments`` holds names; ``["*"]`` covers all. An appointment without valid training
    is suspended (实施条例 2024 第14条).
    """

    id = fields.IntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="appointments", on_delete=fields.RESTRICT
    )
    kind = fields.CharEnumField(AppointmentKind, max_length=32)
    ceiling = fields.CharEnumField(Level, max_length=32)
    departments: fields.JSONField[list[str]] = fields.JSONField()
    document_no = fields.CharField(max_length=60, default="")
    valid_from = fields.DateField()
    valid_until = fields.DateField(null=True)
    trained_on = fields.DateField(null=True)
    ended_at = fields.DatetimeField(null=True)

    person_id: int

    class Meta:
        table = "appointment"
        table_description = "officers' appointments"

    @property
    def covers_all(self) -> bool:
        """Whether it is not limited to named departments."""
        return self.departments == ["*"]

    def covers(self, department: str) -> bool:
        """Whether documents of ``department`` may be signed under it."""
        return self.covers_all or department in self.departments

    def in_force(self, day: date) -> bool:
        """Whether it is valid on ``day``, training apart."""
        ends = self.valid_until
        return self.ended_at is None and self.valid_from <= day and (ends is None or day <= ends)

    @property
    def trained_until(self) -> date | None:
        """The last day on which the training counts; None when there was none."""
        return self.trained_on and add_months(self.trained_on, office().training_months)

    def trained(self, day: date) -> bool:
        """Whether the training counts on ``day``; without it the appointment is suspended."""
        last = self.trained_until
        return last is not None and day <= last


class Delegation(Model):
    """A substitute for an officer's absence; it counts only once the substitute has accepted."""

    id = fields.IntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="absences", on_delete=fields.RESTRICT
    )
    substitute: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="substitutions", null=True, on_delete=fields.RESTRICT
    )
    starts_on = fields.DateField()
    ends_on = fields.DateField()
    accepted_at = fields.DatetimeField(null=True)
    cancelled_at = fields.DatetimeField(null=True)

    person_id: int
    substitute_id: int | None

    class Meta:
        table = "delegation"
        table_description = "absences and substitutes"
        indexes = (("person_id", "ends_on"),)


class Invite(Model):
    """A one-time key to an account: only its SHA-256 is stored, so the table opens no door."""

    digest = fields.CharField(max_length=64, primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="invites", on_delete=fields.RESTRICT
    )
    created_at: datetime = fields.DatetimeField()
    expires_at: datetime = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    person_id: int

    class Meta:
        table = "invite"
        table_description = "one-time invitations"
