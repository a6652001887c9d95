"""One hash for the whole history so far: noted outside, it shows what no chain can show itself."""

import hashlib
import re
from typing import Final

from tortoise.transactions import in_transaction

from models.db import dialect, sql

_PAGE: Final = 5000
_FORM: Final = re.compile(r"(\d{1,18})-([0-9a-f]{64})")


async def fingerprint() -> str:
    """``LINE-SHA256`` over the hashes of all lines so far, in the order they were written.

    Lines only ever come after: whoever noted it can have any later history compared by
    :func:`still_fits`, and a case that was cut off, or a chain rewritten as a whole, shows.
    """
    async with in_transaction():
        if dialect() != "sqlite":  # lines on their way are let in first: none comes before the last
            await sql("LOCK TABLE step IN SHARE MODE")
        (row,) = await sql("SELECT coalesce(max(id), 0) AS last FROM step")
    last = int(row["last"])
    return f"{last}-{await _digest(last)}"


async def still_fits(noted: str) -> bool:
    """Whether the history still begins as when ``noted`` was its :func:`fingerprint`."""
    form = _FORM.fullmatch(noted.strip().lower())
    return form is not None and await _digest(int(form[1])) == form[2]


async def _digest(last: int) -> str:
    digest, seen = hashlib.sha256(), 0
    query = "SELECT id, hash FROM step WHERE id > ? AND id <= ? ORDER BY id LIMIT ?"
    while page := await sql(query, seen, last, _PAGE):
        seen = page[-1]["id"]
        digest.update("".join(f"{row['hash']}\n" for row in page).encode())
    return digest.hexdigest()
