from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from models.draft import Question
from models.guide import Disclosure
from models.levels import Level
from models.outbox import Lane, MessageState
from models.people import AppointmentKind
from models.proposal import Action, NoBasis, ReturnReason, State
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Counter",
            fields=[
                (
                    "series",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=40),
                ),
                ("value", fields.IntField(default=0)),
            ],
            options={
                "table": "counter",
                "app": "models",
                "pk_attr": "series",
                "table_description": "last numbers given out",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Department",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("name", fields.CharField(unique=True, max_length=100)),
                (
                    "parent",
                    fields.ForeignKeyField(
                        "models.Department",
                        source_field="parent_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="children",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "department",
                "app": "models",
                "pk_attr": "id",
                "table_description": "departments",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="GuideEdition",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("name", fields.CharField(unique=True, max_length=60)),
                ("effective_on", fields.DateField()),
                (
                    "disclosure",
                    fields.CharEnumField(
                        default=Disclosure.CODES,
                        description="OPEN: open\nCODES: codes",
                        enum_type=Disclosure,
                        max_length=32,
                    ),
                ),
                ("content_hash", fields.CharField(max_length=64)),
                ("imported_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "published_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("published_via", fields.CharField(default="", max_length=40)),
                (
                    "announced_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
            ],
            options={
                "table": "guide_edition",
                "app": "models",
                "pk_attr": "id",
                "table_description": "editions of the guide",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="GuideItem",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                (
                    "edition",
                    fields.ForeignKeyField(
                        "models.GuideEdition",
                        source_field="edition_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="items",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("code", fields.CharField(max_length=40)),
                ("category", fields.CharField(max_length=200)),
                ("matter", fields.TextField(unique=False)),
                (
                    "level",
                    fields.CharEnumField(
                        description="TOP_SECRET: TOP_SECRET\nSECRET: SECRET\nCONFIDENTIAL: CONFIDENTIAL\nWORK_SECRET: WORK_SECRET\nUNCLASSIFIED: UNCLASSIFIED",
                        enum_type=Level,
                        max_length=32,
                    ),
                ),
                ("term", fields.CharField(default="", max_length=60)),
                ("access_scope", fields.TextField(default="", unique=False)),
                ("department", fields.CharField(default="", max_length=200)),
                ("basis", fields.TextField(default="", unique=False)),
                ("notes", fields.TextField(default="", unique=False)),
            ],
            options={
                "table": "guide_item",
                "app": "models",
                "unique_together": (("edition_id", "code"),),
                "pk_attr": "id",
                "table_description": "items of the guide",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="InboxUpdate",
            fields=[
                (
                    "update_id",
                    fields.BigIntField(
                        primary_key=True, generated=False, unique=True, db_index=True
                    ),
                ),
                ("sender", fields.BigIntField()),
                ("body", fields.TextField(unique=False)),
                ("received_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("due_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("attempts", fields.IntField(default=0)),
                ("done_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("parked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("error", fields.CharField(default="", max_length=200)),
            ],
            options={
                "table": "inbox",
                "app": "models",
                "pk_attr": "update_id",
                "table_description": "updates received",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("code", fields.CharField(unique=True, max_length=40)),
                ("name", fields.CharField(max_length=60)),
                (
                    "department",
                    fields.ForeignKeyField(
                        "models.Department",
                        source_field="department_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="people",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("position", fields.CharField(default="", max_length=60)),
                ("is_drafter", fields.BooleanField(default=False)),
                ("is_head", fields.BooleanField(default=False)),
                ("is_admin", fields.BooleanField(default=False)),
                ("is_custodian", fields.BooleanField(default=False)),
                ("language", fields.CharField(null=True, max_length=8)),
                ("telegram_id", fields.BigIntField(null=True, unique=True)),
                ("bound_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "unreachable_since",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("menu", fields.CharField(default="", max_length=80)),
            ],
            options={
                "table": "person",
                "app": "models",
                "indexes": [Index(fields=["department_id", "is_head"]), Index(fields=["is_admin"])],
                "pk_attr": "id",
                "table_description": "people",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Appointment",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="appointments",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "kind",
                    fields.CharEnumField(
                        description="STATUTORY: statutory\nDESIGNATED: designated",
                        enum_type=AppointmentKind,
                        max_length=32,
                    ),
                ),
                (
                    "ceiling",
                    fields.CharEnumField(
                        description="TOP_SECRET: TOP_SECRET\nSECRET: SECRET\nCONFIDENTIAL: CONFIDENTIAL\nWORK_SECRET: WORK_SECRET\nUNCLASSIFIED: UNCLASSIFIED",
                        enum_type=Level,
                        max_length=32,
                    ),
                ),
                (
                    "departments",
                    fields.JSONField(
                        encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("document_no", fields.CharField(default="", max_length=60)),
                ("valid_from", fields.DateField()),
                ("valid_until", fields.DateField(null=True)),
                ("trained_on", fields.DateField(null=True)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "appointment",
                "app": "models",
                "pk_attr": "id",
                "table_description": "officers' appointments",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Delegation",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="absences",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "substitute",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="substitute_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="substitutions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("starts_on", fields.DateField()),
                ("ends_on", fields.DateField()),
                (
                    "accepted_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                (
                    "cancelled_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
            ],
            options={
                "table": "delegation",
                "app": "models",
                "indexes": [Index(fields=["person_id", "ends_on"])],
                "pk_attr": "id",
                "table_description": "absences and substitutes",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Invite",
            fields=[
                (
                    "digest",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="invites",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "invite",
                "app": "models",
                "pk_attr": "digest",
                "table_description": "one-time invitations",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("number", fields.CharField(unique=True, max_length=20)),
                ("document_no", fields.CharField(max_length=40)),
                ("title", fields.CharField(default="", max_length=60)),
                ("note", fields.CharField(default="", max_length=120)),
                (
                    "level",
                    fields.CharEnumField(
                        description="TOP_SECRET: TOP_SECRET\nSECRET: SECRET\nCONFIDENTIAL: CONFIDENTIAL\nWORK_SECRET: WORK_SECRET\nUNCLASSIFIED: UNCLASSIFIED",
                        enum_type=Level,
                        max_length=32,
                    ),
                ),
                ("term", fields.CharField(default="", max_length=60)),
                ("access_scope", fields.TextField(default="", unique=False)),
                (
                    "reason",
                    fields.CharEnumField(
                        null=True,
                        description="NO_ITEM: no_item\nBELOW_THRESHOLD: below_threshold\nMUST_BE_PUBLIC: must_be_public\nALREADY_PUBLIC: already_public",
                        enum_type=NoBasis,
                        max_length=32,
                    ),
                ),
                (
                    "item",
                    fields.ForeignKeyField(
                        "models.GuideItem",
                        source_field="item_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="proposals",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "edition",
                    fields.ForeignKeyField(
                        "models.GuideEdition",
                        source_field="edition_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="proposals",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "department",
                    fields.ForeignKeyField(
                        "models.Department",
                        source_field="department_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="proposals",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "drafter",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="drafter_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="drafted",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "head",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="head_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="to_endorse",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "officer",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="officer_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="to_approve",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "on_behalf_of",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="on_behalf_of_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="delegated",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "appointment",
                    fields.ForeignKeyField(
                        "models.Appointment",
                        source_field="appointment_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="proposals",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "why",
                    fields.JSONField(
                        default=dict,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        description="WAITING_HEAD: waiting_head\nWAITING_OFFICER: waiting_officer\nUNROUTABLE: unroutable\nRETURNED: returned\nWITHDRAWN: withdrawn\nEFFECTIVE: effective",
                        enum_type=State,
                        max_length=32,
                    ),
                ),
                ("version", fields.IntField(default=1)),
                ("revision", fields.IntField(default=1)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("waiting_since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("due_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("nudged_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("lines", fields.IntField(default=0)),
                ("last_hash", fields.CharField(default="", max_length=64)),
            ],
            options={
                "table": "proposal",
                "app": "models",
                "indexes": [
                    Index(fields=["state", "waiting_since"]),
                    Index(fields=["drafter_id", "state"]),
                    Index(fields=["head_id", "state"]),
                    Index(fields=["officer_id", "state"]),
                ],
                "pk_attr": "id",
                "table_description": "proposals",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Determination",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("number", fields.CharField(unique=True, max_length=24)),
                (
                    "case",
                    fields.OneToOneField(
                        "models.Proposal",
                        source_field="case_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="determination",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("document_no", fields.CharField(max_length=40)),
                (
                    "level",
                    fields.CharEnumField(
                        description="TOP_SECRET: TOP_SECRET\nSECRET: SECRET\nCONFIDENTIAL: CONFIDENTIAL\nWORK_SECRET: WORK_SECRET\nUNCLASSIFIED: UNCLASSIFIED",
                        enum_type=Level,
                        max_length=32,
                    ),
                ),
                ("term", fields.CharField(default="", max_length=60)),
                ("marking", fields.CharField(null=True, max_length=80)),
                ("access_scope", fields.TextField(default="", unique=False)),
                (
                    "reason",
                    fields.CharEnumField(
                        null=True,
                        description="NO_ITEM: no_item\nBELOW_THRESHOLD: below_threshold\nMUST_BE_PUBLIC: must_be_public\nALREADY_PUBLIC: already_public",
                        enum_type=NoBasis,
                        max_length=32,
                    ),
                ),
                (
                    "item",
                    fields.ForeignKeyField(
                        "models.GuideItem",
                        source_field="item_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="determinations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "edition",
                    fields.ForeignKeyField(
                        "models.GuideEdition",
                        source_field="edition_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="determinations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "drafter",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="drafter_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="determined_drafts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "head",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="head_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="determined_heads",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "officer",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="officer_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="determinations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "on_behalf_of",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="on_behalf_of_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="determined_for",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "appointment",
                    fields.ForeignKeyField(
                        "models.Appointment",
                        source_field="appointment_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="determinations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("decided_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "determination",
                "app": "models",
                "pk_attr": "id",
                "table_description": "the register of determinations",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                (
                    "person",
                    fields.OneToOneField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="draft",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("version", fields.IntField(default=1)),
                ("is_open", fields.BooleanField(default=False)),
                (
                    "revises",
                    fields.ForeignKeyField(
                        "models.Proposal",
                        source_field="revises_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="revised_in",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("document_no", fields.CharField(default="", max_length=40)),
                ("query", fields.CharField(default="", max_length=256)),
                ("page", fields.IntField(default=0)),
                (
                    "item",
                    fields.ForeignKeyField(
                        "models.GuideItem",
                        source_field="item_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="drafts",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                (
                    "level",
                    fields.CharEnumField(
                        null=True,
                        description="TOP_SECRET: TOP_SECRET\nSECRET: SECRET\nCONFIDENTIAL: CONFIDENTIAL\nWORK_SECRET: WORK_SECRET\nUNCLASSIFIED: UNCLASSIFIED",
                        enum_type=Level,
                        max_length=32,
                    ),
                ),
                ("term", fields.CharField(default="", max_length=60)),
                (
                    "reason",
                    fields.CharEnumField(
                        null=True,
                        description="NO_ITEM: no_item\nBELOW_THRESHOLD: below_threshold\nMUST_BE_PUBLIC: must_be_public\nALREADY_PUBLIC: already_public",
                        enum_type=NoBasis,
                        max_length=32,
                    ),
                ),
                ("title", fields.CharField(default="", max_length=60)),
                ("note", fields.CharField(default="", max_length=120)),
                (
                    "asked",
                    fields.CharEnumField(
                        null=True,
                        description="DOCUMENT: document\nITEM: item\nREASON: reason\nPREVIEW: preview\nTERM: term\nTITLE: title\nNOTE: note\nRETURN_REASON: return_reason",
                        enum_type=Question,
                        max_length=32,
                    ),
                ),
                (
                    "returning",
                    fields.ForeignKeyField(
                        "models.Proposal",
                        source_field="returning_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="returning_in",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("returning_seen", fields.IntField(default=0)),
                ("message_id", fields.BigIntField(null=True)),
                ("updated_at", fields.DatetimeField(auto_now=True, auto_now_add=False)),
            ],
            options={
                "table": "draft",
                "app": "models",
                "pk_attr": "id",
                "table_description": "conversations, one row a person",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LivingCard",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="cards",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "case",
                    fields.ForeignKeyField(
                        "models.Proposal",
                        source_field="case_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="cards",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("message_id", fields.BigIntField()),
                ("version", fields.IntField(default=0)),
                ("digest", fields.CharField(default="", max_length=64)),
                ("updated_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "living_card",
                "app": "models",
                "unique_together": (("person_id", "case_id"),),
                "indexes": [Index(fields=["person_id", "message_id"])],
                "pk_attr": "id",
                "table_description": "the one card a person has of a case",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "lane",
                    fields.IntEnumField(
                        description="TAP: 0\nCARD: 1\nREMINDER: 2\nBROADCAST: 3",
                        enum_type=Lane,
                        generated=False,
                    ),
                ),
                ("kind", fields.CharField(max_length=40)),
                ("chat_id", fields.BigIntField()),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="messages",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "case",
                    fields.ForeignKeyField(
                        "models.Proposal",
                        source_field="case_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="messages",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "facts",
                    fields.JSONField(
                        default=dict,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                ("key", fields.CharField(null=True, unique=True, max_length=80)),
                (
                    "state",
                    fields.CharEnumField(
                        default=MessageState.OWED,
                        description="OWED: owed\nSENT: sent\nNEVER: never",
                        enum_type=MessageState,
                        max_length=32,
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("due_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("attempts", fields.IntField(default=0)),
                ("settled_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("message_id", fields.BigIntField(null=True)),
                ("error", fields.CharField(default="", max_length=200)),
            ],
            options={
                "table": "outbox",
                "app": "models",
                "pk_attr": "id",
                "table_description": "messages owed",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "case",
                    fields.ForeignKeyField(
                        "models.Proposal",
                        source_field="case_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="steps",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("seq", fields.IntField()),
                ("revision", fields.IntField()),
                (
                    "action",
                    fields.CharEnumField(
                        description="SUBMIT: submit\nENDORSE: endorse\nAPPROVE: approve\nRETURN: return\nRESUBMIT: resubmit\nWITHDRAW: withdraw\nNUDGE: nudge\nREROUTE: reroute",
                        enum_type=Action,
                        max_length=32,
                    ),
                ),
                (
                    "actor",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="actor_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="steps",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "before",
                    fields.CharEnumField(
                        null=True,
                        description="WAITING_HEAD: waiting_head\nWAITING_OFFICER: waiting_officer\nUNROUTABLE: unroutable\nRETURNED: returned\nWITHDRAWN: withdrawn\nEFFECTIVE: effective",
                        enum_type=State,
                        max_length=32,
                    ),
                ),
                (
                    "after",
                    fields.CharEnumField(
                        description="WAITING_HEAD: waiting_head\nWAITING_OFFICER: waiting_officer\nUNROUTABLE: unroutable\nRETURNED: returned\nWITHDRAWN: withdrawn\nEFFECTIVE: effective",
                        enum_type=State,
                        max_length=32,
                    ),
                ),
                (
                    "reason",
                    fields.CharEnumField(
                        null=True,
                        description="LEVEL_TOO_HIGH: level_too_high\nLEVEL_TOO_LOW: level_too_low\nTERM_WRONG: term_wrong\nWRONG_ITEM: wrong_item\nSCOPE_TOO_WIDE: scope_too_wide\nSHOULD_BE_UNCLASSIFIED: should_be_unclassified\nOTHER: other",
                        enum_type=ReturnReason,
                        max_length=32,
                    ),
                ),
                ("comment", fields.CharField(default="", max_length=300)),
                (
                    "record",
                    fields.JSONField(
                        encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("previous", fields.CharField(max_length=64)),
                ("hash", fields.CharField(max_length=64)),
            ],
            options={
                "table": "step",
                "app": "models",
                "unique_together": (("case_id", "seq"),),
                "pk_attr": "id",
                "table_description": "lines of the cases' histories",
            },
            bases=["Model"],
        ),
    ]
