"""Settings: read once from the environment and ``.env``; nothing else reads either."""

import difflib
import hashlib
import hmac
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.db import BadDatabaseUrl, config
from models.office import Office

PREFIX: Final = "DINGMI_"
ENV_FILE: Final = ".env"
#: Also reads what editors on Windows write.
ENCODING: Final = "utf-8-sig"
TELEGRAM: Final = "https://api.telegram.org"


class BadSettings(Exception):
    """The environment cannot be used.

    ``unknown`` maps each misspelt name to the nearest right one (or None), ``bad`` lists the
    variables whose value is of no use (``.env``: the file is not UTF-8). Never a value: it may be a token.
    """

    def __init__(self, unknown: dict[str, str | None], bad: list[str]) -> None:
        super().__init__(*unknown, *bad)
        self.unknown = unknown
        self.bad = bad


def _matches(pattern: str) -> AfterValidator:
    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(pattern)
        return value

    return AfterValidator(check)


def _secretly(pattern: str) -> AfterValidator:
    def check(value: SecretStr) -> SecretStr:
        if not re.fullmatch(pattern, value.get_secret_value(), re.ASCII):
            raise ValueError(pattern)
        return value

    return AfterValidator(check)


def _database(value: str) -> str:
    try:
        config(value)
    except BadDatabaseUrl as bad:
        message = "no database of ours"
        raise ValueError(message) from bad
    return value


def _time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as bad:
        message = "no such time zone"
        raise ValueError(message) from bad
    return value


Base = Annotated[
    str, _matches(r"https?://[^\s/?#]+[^\s?#]*"), AfterValidator(lambda v: v.rstrip("/"))
]


class Settings(BaseSettings):
    """What an installation sets; each field is the variable ``DINGMI_`` + its name."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ENV_FILE,
        env_file_encoding=ENCODING,
        env_ignore_empty=True,
        dotenv_filtering="only_existing",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    bot_token: Annotated[SecretStr, _secretly(r"\d+:[\w-]{20,}")] | None = Field(
        None, description="The bot's token from @BotFather. Needed by `run` and `invite`."
    )
    bot_api_url: Base = Field(
        TELEGRAM,
        description="The Bot API's base: calls go to `{base}/bot<token>/<method>`, "
        "files to `{base}/file/bot<token>/<path>`.",
    )
    database_url: Annotated[str, AfterValidator(_database)] = Field(
        "sqlite://dingmi.db",
        repr=False,
        description="`sqlite://FILE` (one process) or `postgres://user:password@host/name`.",
    )
    http_host: str = Field(
        "127.0.0.1", min_length=1, description="The address the HTTP side binds."
    )
    http_port: int = Field(8080, ge=0, le=65535, description="Its port; 0 takes a free one.")
    public_url: Base | None = Field(
        None,
        description="Where Telegram reaches this program over HTTPS. "
        "Set: webhook mode under it. Unset: polling.",
    )
    webhook_secret: Annotated[SecretStr, _secretly(r"[\w-]{1,256}")] | None = Field(
        None,
        description="What Telegram must send along to the webhook: 1–256 of `A-Z a-z 0-9 _ -`. "
        "Unset: derived from the token, the same in every replica.",
    )
    time_zone: Annotated[str, AfterValidator(_time_zone)] = Field(
        "Asia/Shanghai", description="The office's time zone, for deadlines and shown times."
    )
    language: Literal["zh", "en"] = Field(
        "zh", description="`zh` or `en`, until a person chooses their own."
    )
    training_months: int = Field(
        12, ge=1, le=120, description="How many months an officer's training is valid."
    )
    log_format: Literal["auto", "json", "text"] = Field(
        "auto", description="`json`, `text`, or `auto`: text on a terminal, JSON elsewhere."
    )
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)
    ] = Field("INFO", description="The least that is logged: `DEBUG`, `INFO`, `WARNING`, `ERROR`.")

    @property
    def token(self) -> str | None:
        """The token in the clear, for the wire alone."""
        return self.bot_token.get_secret_value() if self.bot_token else None

    @property
    def secret(self) -> str | None:
        """The webhook's secret: the one set, else one that only the token's holder can know."""
        if self.webhook_secret:
            return self.webhook_secret.get_secret_value()
        if self.token is None:
            return None
        return hmac.new(self.token.encode(), b"dingmi webhook", hashlib.sha256).hexdigest()

    def office(self) -> Office:
        """The rules of this installation that settings state."""
        return Office(
            time_zone=ZoneInfo(self.time_zone),
            language=self.language,
            training_months=self.training_months,
        )


def read(**given: Any) -> Settings:
    """The settings in force; ``given`` ones win. :class:`BadSettings` names all that is wrong."""
    try:
        unknown = {name: _nearest(name) for name in _names_set() if name not in _names()}
        settings = Settings(**given)
    except ValidationError as invalid:
        bad = {str(error["loc"][0]) for error in invalid.errors()}
        raise BadSettings(unknown, [f"{PREFIX}{name.upper()}" for name in sorted(bad)]) from None
    except UnicodeDecodeError:
        raise BadSettings({}, [ENV_FILE]) from None
    if unknown:
        raise BadSettings(unknown, [])
    return settings


def language_asked() -> Literal["zh", "en"]:
    """The language to speak even when the settings cannot be read."""
    value = os.environ.get(f"{PREFIX}LANGUAGE")
    with suppress(UnicodeDecodeError):
        value = value or _env_file().get(f"{PREFIX}LANGUAGE")
    return "en" if value == "en" else "zh"


def names_set() -> set[str]:
    """The variables of ours that are set, here or in ``.env``; never their values."""
    return {name for name in _names_set() if name in _names()}


def settings_table() -> list[str]:
    """The rows of the README's table of settings, in Markdown."""
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        rows.append(f"| `{PREFIX}{name.upper()}` | {_default(field)} | {field.description} |")
    return rows


def _default(field: FieldInfo) -> str:
    return "–" if field.default is None else f"`{field.default}`"


def _names() -> list[str]:
    return [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]


def _names_set() -> list[str]:
    known = {**_env_file(), **os.environ}
    return sorted(name.upper() for name in known if name.upper().startswith(PREFIX))


def _nearest(name: str) -> str | None:
    rests = [known.removeprefix(PREFIX) for known in _names()]
    near = difflib.get_close_matches(name.removeprefix(PREFIX), rests, n=1, cutoff=0.6)
    return PREFIX + near[0] if near else None


def _env_file() -> dict[str, str | None]:
    return dotenv_values(ENV_FILE, encoding=ENCODING) if Path(ENV_FILE).is_file() else {}
