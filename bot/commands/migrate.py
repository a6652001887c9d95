"""``dingmi migrate``: bring the database up to date."""

import argparse

from bot.commands.shell import Shell
from models import db


async def main(shell: Shell, _: argparse.Namespace) -> None:
    """Apply what is pending, and name it."""
    async with shell.database(migrated=False):
        pending = await db.pending_migrations()
    async with shell.database():
        pass
    for name in pending:
        shell.tell("cli-migrated", name=name)
    if not pending:
        shell.tell("cli-migrated-already")
