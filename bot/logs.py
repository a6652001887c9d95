"""Logs: one stream for everything in the process; ids only, and no token ever."""

import logging
import re
import sys
import traceback
from collections.abc import Iterator
from typing import Any, Final, TextIO

import structlog
from structlog.typing import EventDict, Processor

#: A bot token wherever it stands: in a URL, in a message, in a setting.
TOKEN: Final = re.compile(r"\d{5,}:[\w-]{20,}", re.ASCII)
#: The password of a database URL.
PASSWORD: Final = re.compile(r"(?<=://)([^\s:/@]*):[^\s@/]+@")
#: Libraries whose finer messages would carry what people wrote.
TALKATIVE: Final = ("tortoise", "telegram", "aiosqlite", "apscheduler", "httpx", "httpcore")
#: Libraries whose failures never quote a row of the database (named, for loading them is slow).
SPEAKING: Final = frozenset({"telegram", "aiohttp"})


def configure(
    form: str = "auto", level: str = "INFO", *, stream: TextIO | None = None, colours: bool = True
) -> None:
    """Send every log of this process to ``stream`` (stderr) as ``json``, ``text`` or ``auto``."""
    stream = stream or sys.stderr
    if form == "auto":
        form = "text" if stream.isatty() else "json"
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        failure,
        redact,
    ]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _renderer(form, colours=colours and stream.isatty()),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _renderer(form: str, *, colours: bool) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=colours)


def failure(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Put an exception's kind and frames in place of its text: that may quote what people wrote."""
    given = event.pop("exc_info", None)
    if not given:
        return event
    error = given if isinstance(given, BaseException) else _current(given)
    if error is not None:
        event["error"] = " < ".join(_described(error))
        event["frames"] = [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)[-8:]
        ]
    return event


def _current(given: Any) -> BaseException | None:
    return given[1] if isinstance(given, tuple) else sys.exc_info()[1]


def _described(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        library = type(error).__module__.partition(".")[0]
        speaks = isinstance(error, OSError) or library in SPEAKING
        words = f": {error}" if speaks else ""
        yield f"{type(error).__name__}{words}"
        error = error.__cause__ or error.__context__


def redact(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Black out tokens and passwords in every value of the line."""
    return {name: _clean(value) for name, value in event.items()}


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return PASSWORD.sub(r"\1:***@", TOKEN.sub("***", value))
    if isinstance(value, dict):
        return {name: _clean(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(item) for item in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return _clean(str(value))
