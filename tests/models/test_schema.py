"""What the migrations make of an empty database is what was agreed, and all that the models need."""

import difflib
import re
from pathlib import Path

import pytest
from tortoise import Tortoise
from tortoise.migrations.autodetector import MigrationAutodetector

from models import db

GOLDEN = Path(__file__).parent
SQLITE = """
SELECT sql AS line FROM sqlite_master
WHERE sql IS NOT NULL AND tbl_name NOT LIKE 'tortoise_%' AND name NOT LIKE 'sqlite_%'
ORDER BY tbl_name, type DESC, name
"""
POSTGRES = """
SELECT line FROM (
  SELECT 1 AS kind, table_name AS place, concat('column ', table_name, '.', column_name, ' ',
    data_type, '(' || character_maximum_length || ')', CASE is_nullable WHEN 'NO' THEN ' NOT NULL' END,
    ' DEFAULT ' || column_default) AS line
  FROM information_schema.columns WHERE table_schema = 'public'
  UNION ALL
  SELECT 2, conrelid::regclass::text,
    concat('constraint ', conrelid::regclass, ' ', conname, ' ', pg_get_constraintdef(oid))
  FROM pg_constraint
  WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'f', 'c', 'x')
  UNION ALL
  SELECT 3, tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'
  UNION ALL
  SELECT 4, tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL
  SELECT 5, '~', pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
) AS all_of_it
WHERE place NOT LIKE 'tortoise_%' ORDER BY place COLLATE "C", kind, line COLLATE "C"
"""


async def schema() -> str:
    """Tables, columns, uniques, indexes and triggers of the open database, one after the other."""
    rows = await db.sql(SQLITE if db.dialect() == "sqlite" else POSTGRES)
    text = "\n".join(row["line"] for row in rows)
    return re.sub(r"[ \t]*/\*.*?\*/|[ \t]+$", "", text, flags=re.DOTALL | re.MULTILINE) + "\n"


async def test_an_empty_database_becomes_what_was_agreed(database, request):
    golden, made = GOLDEN / f"golden_schema.{db.dialect()}.txt", await schema()
    if request.config.getoption("--update-schema"):
        golden.write_text(made, encoding="utf-8")
    agreed = golden.read_text(encoding="utf-8")
    assert made == agreed, "if it is meant, run pytest --update-schema:\n" + "\n".join(
        difflib.unified_diff(agreed.splitlines(), made.splitlines(), "agreed", "made", lineterm="")
    )


async def test_an_index_a_unique_or_a_trigger_that_is_gone_would_be_noticed(database):
    agreed = await schema()
    trigger = "step_no_update" if db.dialect() == "sqlite" else "step_append_only ON step"
    for statement in ("DROP INDEX ix_outbox_owed", f"DROP TRIGGER {trigger}"):
        await db.sql(statement)
        made = await schema()
        assert made != agreed, statement
        agreed = made
    if db.dialect() == "postgres":
        await db.sql("ALTER TABLE person DROP CONSTRAINT person_telegram_id_key")
        assert await schema() != agreed


@pytest.mark.parametrize(
    ("left_out", "operations"), [(set(), []), ({"models.inbox"}, ["DeleteModel"])]
)
async def test_the_models_have_no_change_that_lacks_its_migration(left_out, operations):
    """``tortoise makemigrations`` finds nothing; without an entity it would find that."""
    config = db.config("sqlite://:memory:")
    apps = config["apps"]
    apps["models"]["models"] = [name for name in db.MODULES if name not in left_out]
    await Tortoise.init(config=config, _enable_global_fallback=True)
    try:
        assert Tortoise.apps is not None
        found = await MigrationAutodetector(Tortoise.apps, apps).changes()
    finally:
        await Tortoise.close_connections()
    assert [type(one).__name__ for writer in found for one in writer.operations] == operations
