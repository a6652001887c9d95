"""``dingmi search``: find items of the guide in force, as the chat does."""

import argparse
import json
from typing import Any

from bot.commands.shell import Shell
from models import catalogue
from models.guide import GuideItem
from models.levels import marking


async def main(shell: Shell, args: argparse.Namespace) -> None:
    """The items found, best first: a line each, or one JSON array."""
    async with shell.database(existing=True):
        await catalogue.refresh()
        items = await catalogue.find(" ".join(args.text), limit=args.limit)
    if args.json:
        shell.out(json.dumps([_facts(item) for item in items], ensure_ascii=False, indent=2))
        return
    for item in items:
        mark = marking(item.level, item.term) or item.level.label
        shell.out(f"{item.code}\t{mark}\t{item.category}\t{item.matter}")
    if not items:
        shell.note(shell.texts("cli-search-nothing"))


def _facts(item: GuideItem) -> dict[str, Any]:
    names = ("code", "category", "matter", "term", "access_scope", "department", "basis", "notes")
    facts = {name: getattr(item, name) for name in names}
    return facts | {"level": item.level.value, "marking": marking(item.level, item.term)}
