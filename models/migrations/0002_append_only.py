"""History and register are append-only in the database itself; the queues get partial indexes."""

from tortoise import migrations

from models.migration_ops import DialectSQL

APPEND_ONLY = ("step", "determination")
INDEXES = {
    "ix_inbox_waiting": "inbox (sender, update_id) WHERE done_at IS NULL AND parked_at IS NULL",
    "ix_inbox_done": "inbox (done_at) WHERE done_at IS NOT NULL",
    "ix_outbox_owed": "outbox (lane, id) WHERE state = 'owed'",
    "ix_outbox_owed_case": "outbox (case_id, person_id) WHERE state = 'owed'",
    "ix_outbox_tried": "outbox (chat_id, lane, id) WHERE state = 'owed' AND attempts > 0",
    "ix_outbox_place": "outbox (person_id, message_id) WHERE message_id IS NOT NULL",
    "ix_outbox_never": "outbox (person_id) WHERE state = 'never'",
    "ix_proposal_document": "proposal (document_no)",
    "ix_person_head": "person (department_id) WHERE is_head",
    "ix_appointment_person": "appointment (person_id)",
    "ix_determination_decided": "determination (decided_at)",
}
CREATE = [f"CREATE INDEX {name} ON {what}" for name, what in INDEXES.items()]
DROP = [f"DROP INDEX {name}" for name in INDEXES]


def sqlite_triggers() -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in APPEND_ONLY
        for verb in ("UPDATE", "DELETE")
    ]


def postgres_triggers() -> list[str]:
    return [
        "CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
        *(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
            for table in APPEND_ONLY
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("models", "0001_initial")]
    operations = [
        DialectSQL(
            sqlite=[*CREATE, *sqlite_triggers()],
            postgres=[*CREATE, *postgres_triggers()],
            sqlite_down=[
                *(f"DROP TRIGGER {t}_no_{v}" for t in APPEND_ONLY for v in ("update", "delete")),
                *DROP,
            ],
            postgres_down=[
                *(f"DROP TRIGGER {t}_append_only ON {t}" for t in APPEND_ONLY),
                "DROP FUNCTION append_only()",
                *DROP,
            ],
        ),
    ]
