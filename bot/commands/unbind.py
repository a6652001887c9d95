"""``dingmi unbind``: take people's accounts away, for instance when they leave."""

import argparse

from bot.commands.people import named
from bot.commands.shell import Shell
from models import accounts, workflow


async def main(shell: Shell, args: argparse.Namespace) -> None:
    """A sentence each; then what waits for them goes to whom the rules name without them."""
    async with shell.database(existing=True):
        for person in await named(args.codes):
            key = "cli-unbound" if await accounts.unbind(person) else "cli-unbound-already"
            shell.tell(key, code=person.code, name=person.name)
        moved = await workflow.reroute_waiting()
    if moved:
        shell.tell("cli-unbound-rerouted", count=moved)
