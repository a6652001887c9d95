"""Settings are read once, refused in one go, and never show a secret."""

import pytest
from pydantic import ValidationError

from bot import settings
from bot.settings import BadSettings, Settings, read, settings_table

TOKEN = "123456:" + "a1_-" * 6


@pytest.fixture(autouse=True)
def _an_empty_environment(monkeypatch, tmp_path):
    for name in settings.names_set():
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_without_any_settings_it_runs_on_sqlite_for_shanghai_in_chinese():
    found = read()
    assert found.database_url == "sqlite://dingmi.db"
    assert (found.time_zone, found.language, found.http_port) == ("Asia/Shanghai", "zh", 8080)
    assert found.token is None
    assert found.secret is None


def test_the_environment_wins_over_the_file(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("DINGMI_HTTP_PORT=1\nDINGMI_LANGUAGE=en\nPOSTGRES_USER=x\n")
    monkeypatch.setenv("DINGMI_HTTP_PORT", "2")
    assert (read().http_port, read().language) == (2, "en")
    assert settings.language_asked() == "en"
    assert settings.names_set() == {"DINGMI_HTTP_PORT", "DINGMI_LANGUAGE"}


def test_a_file_may_begin_with_a_byte_order_mark_but_must_be_utf_8(tmp_path):
    (tmp_path / ".env").write_text("DINGMI_LANGUAGE=en\n", encoding="utf-8-sig")
    assert read().language == settings.language_asked() == "en"
    (tmp_path / ".env").write_text("DINGMI_LANGUAGE=en # 中文\n", encoding="gb18030")
    assert settings.language_asked() == "zh"
    with pytest.raises(BadSettings) as refused:
        read()
    assert refused.value.bad == [".env"]


def test_an_empty_value_is_no_value(monkeypatch):
    monkeypatch.setenv("DINGMI_PUBLIC_URL", "")
    assert read().public_url is None


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("DINGMI_BOT_TOKN", "DINGMI_BOT_TOKEN"), ("DINGMI_DATABSE_URL", "DINGMI_DATABASE_URL"),
     ("DINGMI_TIMEZONE", "DINGMI_TIME_ZONE"), ("DINGMI_Q", None)],
)  # fmt: skip
@pytest.mark.parametrize("where", ["environment", "file"])
def test_a_misspelt_name_stops_the_start_and_the_nearest_is_named(
    monkeypatch, tmp_path, where, wrong, right
):
    if where == "file":
        (tmp_path / ".env").write_text(f"{wrong}=1\n")
    else:
        monkeypatch.setenv(wrong, "1")
    with pytest.raises(BadSettings) as refused:
        read()
    assert refused.value.unknown == {wrong: right}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_TOKEN", "hunter2"),
        ("BOT_API_URL", "api.telegram.org"),
        ("DATABASE_URL", "mysql://root:hunter2@h/d"),
        ("HTTP_PORT", "eighty"),
        ("HTTP_PORT", "70000"),
        ("PUBLIC_URL", "ftp://x"),
        ("WEBHOOK_SECRET", "it has spaces"),
        ("TIME_ZONE", "Asia/Nowhere"),
        ("TIME_ZONE", "../../etc/passwd"),
        ("LANGUAGE", "fr"),
        ("TRAINING_MONTHS", "0"),
        ("LOG_FORMAT", "xml"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_a_bad_value_is_named_and_never_repeated(monkeypatch, name, value):
    monkeypatch.setenv(f"DINGMI_{name}", value)
    with pytest.raises(BadSettings) as refused:
        read()
    assert refused.value.bad == [f"DINGMI_{name}"]
    assert value not in repr(refused.value) + str(refused.value)
    assert refused.value.__suppress_context__


def test_all_that_is_wrong_is_told_at_once(monkeypatch):
    for name, value in {"DINGMI_LANGUAGE": "fr", "DINGMI_HTTP_PORT": "x", "DINGMI_X": "1"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings) as refused:
        read()
    assert refused.value.bad == ["DINGMI_HTTP_PORT", "DINGMI_LANGUAGE"]
    assert list(refused.value.unknown) == ["DINGMI_X"]


def test_a_base_may_end_in_a_slash_and_a_level_be_small(monkeypatch):
    monkeypatch.setenv("DINGMI_BOT_API_URL", "http://127.0.0.1:8081/")
    monkeypatch.setenv("DINGMI_LOG_LEVEL", "debug")
    assert (read().bot_api_url, read().log_level) == ("http://127.0.0.1:8081", "DEBUG")


def test_the_webhook_s_secret_is_the_same_in_every_replica_and_only_the_token_s_holder_knows_it():
    one, other = Settings(bot_token=TOKEN), Settings(bot_token=TOKEN)
    assert one.secret == other.secret != Settings(bot_token=TOKEN + "x").secret
    assert TOKEN not in str(one.secret)
    assert len(str(one.secret)) <= 256
    assert Settings(bot_token=TOKEN, webhook_secret="mine").secret == "mine"


def test_nothing_secret_is_shown_and_nothing_can_be_changed():
    found = Settings(bot_token=TOKEN, database_url="postgres://u:pa55@h/d", webhook_secret="s3")
    assert not any(secret in repr(found) for secret in (TOKEN, "pa55", "s3"))
    with pytest.raises(ValidationError):
        found.http_port = 1


def test_the_table_for_the_readme_has_a_row_for_each_setting():
    rows = settings_table()[2:]
    assert len(rows) == len(Settings.model_fields)
    assert "| `DINGMI_HTTP_PORT` | `8080` | Its port; 0 takes a free one. |" in rows
    assert all(row.count("|") == 4 and not row.endswith("|  |") for row in rows)
