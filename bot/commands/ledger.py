"""``dingmi ledger verify``: walk all chains of the history."""

import argparse

from bot.commands.shell import Shell
from models import ledger


async def main(shell: Shell, _: argparse.Namespace) -> int:
    """Say that every line fits, or name the first that does not: then the status is 1."""
    async with shell.database():
        verdict = await ledger.verify()
    broken = verdict.broken
    if broken is None:
        shell.tell("cli-ledger-whole", cases=verdict.cases, lines=verdict.lines)
        return 0
    shell.note(
        shell.texts(
            "cli-ledger-broken",
            case=broken.case,
            line=broken.seq,
            why=shell.texts(f"cli-broken-{broken.why}"),
        )
    )
    return 1
