"""What every command is handed: words, settings, and where to write."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bot.database import opened
from bot.settings import Settings
from bot.texts import Texts
from models import db, office
from models.errors import Refusal


class DatabaseMissing(Refusal):
    """The SQLite file ``file`` is not there: perhaps the wrong folder, or a mistyped name."""

    code = "database_missing"


@dataclass(frozen=True, slots=True)
class Shell:
    """The terminal, in the reader's language."""

    texts: Texts
    settings: Settings

    def out(self, line: str) -> None:
        """A line of the answer."""
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    def note(self, line: str) -> None:
        """A line about the answer: never part of what a program reads."""
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()

    def tell(self, key: str, **facts: Any) -> None:
        """The text ``key``, as a line of the answer."""
        self.out(self.texts(key, **facts))

    @asynccontextmanager
    async def database(
        self, *, migrated: bool = True, existing: bool = False
    ) -> AsyncIterator[None]:
        """The database of the settings, under the office's rules.

        ``existing``: a file that is not there is refused, not made: nothing can be read from it.
        """
        office.use(self.settings.office())
        file = db.file_of(self.settings.database_url)
        if existing and file is not None and not file.exists():
            raise DatabaseMissing(file=file.name)
        async with opened(self.settings.database_url, migrated=migrated):
            yield


def in_words(texts: Texts, refusal: Refusal) -> str:
    """The sentence for ``refusal``."""
    key = f"cli-refused-{refusal.code}"
    if not texts.knows(key):
        return texts("cli-refused", code=refusal.code)
    return texts(key, **refusal.facts)
