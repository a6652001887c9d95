"""Every word a person reads: Fluent files, one set a language, loaded once."""

import html
import logging
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from fluent.runtime import FluentBundle, FluentResource

LANGUAGES: Final = ("zh", "en")
_LOCALES: Final = {"zh": "zh-CN", "en": "en"}
_FOLDER: Final = Path(__file__).parent

log = logging.getLogger(__name__)


@cache
def bundle(language: str) -> FluentBundle:
    """The messages of ``language``: ``zh.ftl`` and every ``*.zh.ftl`` beside it."""
    made = FluentBundle([_LOCALES[language]], use_isolating=False)
    for file in sorted(_FOLDER.glob(f"*{language}.ftl")):
        made.add_resource(FluentResource(file.read_text(encoding="utf-8")))
    return made


class Texts:
    """The words of one language: ``texts("help", name="…")``."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else LANGUAGES[0]
        self._bundle = bundle(self.language)

    def __call__(self, key: str, /, **facts: Any) -> str:
        """The message ``key`` as plain text; KeyError when there is none of that name."""
        message = self._bundle.get_message(key)
        if message is None or message.value is None:
            raise KeyError(key)
        text, problems = self._bundle.format_pattern(message.value, _plain(facts))
        if problems:
            log.error("text %s lacks %s", key, problems)
        return str(text)

    def html(self, key: str, /, **facts: Any) -> str:
        """The same for a chat: facts are escaped, the message's own tags stand."""
        return self(key, **{name: escaped(value) for name, value in facts.items()})

    def knows(self, key: str) -> bool:
        """Whether there is a message ``key``."""
        return bool(self._bundle.has_message(key))


def escaped(value: Any) -> Any:
    """``value`` safe inside HTML, when it is text."""
    return html.escape(value, quote=False) if isinstance(value, str) else value


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as Fluent takes them: None and enums as text, numbers left for plurals."""
    return {
        name: value if isinstance(value, int | float) else "" if value is None else str(value)
        for name, value in facts.items()
    }
