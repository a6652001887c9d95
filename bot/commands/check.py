"""``dingmi check``: is everything as it must be? Changes nothing."""

import argparse

from bot import check, runtime
from bot.commands.shell import Shell
from models import office


async def main(shell: Shell, _: argparse.Namespace) -> int:
    """A line for each thing looked at; status 1 when something must be mended."""
    office.use(shell.settings.office())
    status = 0
    async for finding in check.everything(shell.settings, runtime.webhook_url(shell.settings)):
        words = shell.texts(f"cli-check-{finding.key}", **finding.facts)
        shell.out(f"{shell.texts(f'cli-check-{finding.grade}')}　{words}")
        if finding.grade is check.Grade.BAD:
            status = 1
    return status
