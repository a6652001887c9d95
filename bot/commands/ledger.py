"""``dingmi ledger verify``: walk all chains of the history."""

import argparse

from bot.commands.shell import Shell
from models import fingerprint, ledger


async def main(shell: Shell, args: argparse.Namespace) -> int:
    """Say that every line fits, or name the first that does not: then the status is 1.

    With a fingerprint that was noted, also whether the history still begins as it did then.
    """
    noted: str | None = args.fingerprint
    async with shell.database(existing=True):
        verdict = await ledger.verify()
        fits = noted is None or await fingerprint.still_fits(noted)
        present = await fingerprint.fingerprint()
    if broken := verdict.broken:
        why = shell.texts(f"cli-broken-{broken.why}")
        shell.note(shell.texts("cli-ledger-broken", case=broken.case, line=broken.seq, why=why))
        return 1
    if not fits:
        shell.note(shell.texts("cli-ledger-another", noted=noted))
        return 1
    shell.tell("cli-ledger-whole", cases=verdict.cases, lines=verdict.lines)
    shell.tell("cli-ledger-fingerprint", fingerprint=present)
    return 0
