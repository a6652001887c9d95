import pytest
from tortoise.exceptions import BaseORMException

from models import db
from models.people import Department


async def test_both_databases_open_migrated(database):
    await Department.create(name="科技处")
    assert await Department.filter(name="科技处").count() == 1
    assert db.dialect() == db.dialect_of(database)


async def test_sql_by_hand_speaks_both_dialects(database):
    await Department.create(name="科技处")
    rows = await db.sql("SELECT name FROM department WHERE name = ? OR id = ?", "科技处", 7)
    assert rows == [{"name": "科技处"}]


@pytest.mark.parametrize("url", ["mysql://h/d", "dingmi.db", "postgres://"])
def test_a_url_that_names_no_database_is_refused(url):
    with pytest.raises(db.BadDatabaseUrl):
        db.config(url)


async def test_the_database_itself_refuses_to_alter_history(database):
    for table in ("step", "determination"):
        triggers = (
            "SELECT count(*) AS n FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
            if db.dialect() == "sqlite"
            else "SELECT count(*) AS n FROM pg_trigger WHERE tgrelid = ?::text::regclass"
        )
        rows = await db.sql(triggers, table)
        assert rows[0]["n"] >= 1
    if db.dialect() == "postgres":
        with pytest.raises((BaseORMException, Exception), match="append-only"):
            await db.sql("DELETE FROM step")
