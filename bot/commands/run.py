"""``dingmi run``: the bot, its HTTP side and its clock, until Ctrl-C or SIGTERM."""

import argparse
import asyncio

from bot import runtime
from bot.commands.shell import Shell


async def main(shell: Shell, _: argparse.Namespace) -> None:
    """Run; what stops the start is a sentence, what happens later is in the log."""
    stop = asyncio.Event()
    with runtime.signals(stop):
        await runtime.run(shell.settings, stop)
