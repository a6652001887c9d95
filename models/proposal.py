"""Proposals (定密意见) on their way, and the lines of their history."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.guide import GuideEdition, GuideItem
from models.levels import Level, marking
from models.people import Appointment, Department, Person


class State(StrEnum):
    """Where a case stands. Only :mod:`models.workflow` writes it."""

    WAITING_HEAD = "waiting_head"
    WAITING_OFFICER = "waiting_officer"
    UNROUTABLE = "unroutable"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    EFFECTIVE = "effective"


class Action(StrEnum):
    """What can be done to a case; REROUTE is the system's own."""

    SUBMIT = "submit"
    ENDORSE = "endorse"
    APPROVE = "approve"
    RETURN = "return"
    RESUBMIT = "resubmit"
    WITHDRAW = "withdraw"
    NUDGE = "nudge"
    REROUTE = "reroute"


class ReturnReason(StrEnum):
    """Why a case was returned (退回原因)."""

    LEVEL_TOO_HIGH = "level_too_high"
    LEVEL_TOO_LOW = "level_too_low"
    TERM_WRONG = "term_wrong"
    WRONG_ITEM = "wrong_item"
    SCOPE_TOO_WIDE = "scope_too_wide"
    SHOULD_BE_UNCLASSIFIED = "should_be_unclassified"
    OTHER = "other"


class NoBasis(StrEnum):
    """Why a document is proposed as 非密 (不得定密的情形: 定密规定 2014 第19条)."""

    NO_ITEM = "no_item"
    BELOW_THRESHOLD = "below_threshold"
    MUST_BE_PUBLIC = "must_be_public"
    ALREADY_PUBLIC = "already_public"


class Proposal(Model):
    """What a drafter proposes for one document, on its way to an officer's signature.

    Each write of ``state`` adds one to ``version``: a button drawn for another version works
    no more. ``lines`` and ``last_hash`` say where the case's history ends.
    """

    id = fields.IntField(primary_key=True)
    number = fields.CharField(max_length=20, unique=True)
    document_no = fields.CharField(max_length=40)
    title = fields.CharField(max_length=60, default="")
    note = fields.CharField(max_length=120, default="")
    level = fields.CharEnumField(Level, max_length=32)
    term = fields.CharField(max_length=60, default="")
    access_scope = fields.TextField(default="")
    reason: fields.Field[NoBasis | None] = fields.CharEnumField(  # type: ignore[assignment] # null
        NoBasis, max_length=32, null=True
    )
    item: fields.ForeignKeyNullableRelation[GuideItem] = fields.ForeignKeyField(
        "models.GuideItem", related_name="proposals", null=True, on_delete=fields.RESTRICT
    )
    edition: fields.ForeignKeyNullableRelation[GuideEdition] = fields.ForeignKeyField(
        "models.GuideEdition", related_name="proposals", null=True, on_delete=fields.RESTRICT
    )
    department: fields.ForeignKeyRelation[Department] = fields.ForeignKeyField(
        "models.Department", related_name="proposals", on_delete=fields.RESTRICT
    )
    drafter: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="drafted", on_delete=fields.RESTRICT
    )
    head: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="to_endorse", null=True, on_delete=fields.RESTRICT
    )
    officer: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="to_approve", null=True, on_delete=fields.RESTRICT
    )
    on_behalf_of: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="delegated", null=True, on_delete=fields.RESTRICT
    )
    appointment: fields.ForeignKeyNullableRelation[Appointment] = fields.ForeignKeyField(
        "models.Appointment", related_name="proposals", null=True, on_delete=fields.RESTRICT
    )
    why: fields.JSONField[dict[str, object]] = fields.JSONField(default=dict)
    state = fields.CharEnumField(State, max_length=32)
    version = fields.IntField(default=1)
    revision = fields.IntField(default=1)
    created_at = fields.DatetimeField()
    waiting_since = fields.DatetimeField()
    due_at = fields.DatetimeField(null=True)
    nudged_at = fields.DatetimeField(null=True)
    lines = fields.IntField(default=0)
    last_hash = fields.CharField(max_length=64, default="")

    item_id: int | None
    edition_id: int | None
    department_id: int
    drafter_id: int
    head_id: int | None
    officer_id: int | None
    on_behalf_of_id: int | None
    appointment_id: int | None

    class Meta:
        table = "proposal"
        table_description = "proposals"
        indexes = (
            ("state", "waiting_since"),  # the sweep over unroutable cases
            ("drafter_id", "state"),  # /mine
            ("head_id", "state"),  # /inbox of a head
            ("officer_id", "state"),  # /inbox of an officer, and how many wait for them
        )

    @property
    def marking(self) -> str | None:
        """The marking proposed, e.g. 机密★10年; None when there is to be none."""
        return marking(self.level, self.term)

    @property
    def turn_id(self) -> int | None:
        """The id of the person the case waits for; None when it waits for nobody."""
        return {
            State.WAITING_HEAD: self.head_id,
            State.WAITING_OFFICER: self.officer_id,
            State.RETURNED: self.drafter_id,
        }.get(self.state)


class Step(Model):
    """One line of a case's history. Written once; the database refuses to change or delete it."""

    id = fields.BigIntField(primary_key=True)
    case: fields.ForeignKeyRelation[Proposal] = fields.ForeignKeyField(
        "models.Proposal", related_name="steps", on_delete=fields.RESTRICT
    )
    seq = fields.IntField()
    revision = fields.IntField()
    action = fields.CharEnumField(Action, max_length=32)
    actor: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="steps", null=True, on_delete=fields.RESTRICT
    )
    at = fields.DatetimeField()
    before: fields.Field[State | None] = fields.CharEnumField(  # type: ignore[assignment] # null
        State, max_length=32, null=True
    )
    after = fields.CharEnumField(State, max_length=32)
    reason: fields.Field[ReturnReason | None] = fields.CharEnumField(  # type: ignore[assignment] # null
        ReturnReason, max_length=32, null=True
    )
    comment = fields.CharField(max_length=300, default="")
    record: fields.JSONField[dict[str, object]] = fields.JSONField()
    previous = fields.CharField(max_length=64)
    hash = fields.CharField(max_length=64)

    case_id: int
    actor_id: int | None

    class Meta:
        table = "step"
        table_description = "lines of the cases' histories"
        unique_together = (("case_id", "seq"),)
