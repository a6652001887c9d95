"""The command line: exit status 0 done, 1 refused with a sentence on stderr, 2 wrong usage."""

import asyncio
import importlib
import logging
import sys
from collections.abc import Sequence
from typing import Any, Final

from bot import logs, settings
from bot.commands.parser import parse
from bot.commands.shell import Shell, in_words
from bot.texts import Texts
from models.errors import Refusal

log = logging.getLogger(__name__)

#: Commands that go on until they are stopped; the others only speak up when something is wrong.
LASTING: Final = {"run"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out the command in ``arguments`` (the process's own), and return the exit status."""
    texts = Texts(settings.language_asked())
    args = parse(texts, arguments)
    try:
        in_force = settings.read()
    except settings.BadSettings as bad:
        sys.stderr.writelines(f"{line}\n" for line in _complaints(texts, bad))
        return 1
    level = in_force.log_level if args.command in LASTING else "ERROR"
    logs.configure(in_force.log_format, level)
    try:
        command = importlib.import_module(f"bot.commands.{_module(args.command)}")
        return asyncio.run(_carried_out(command, Shell(texts, in_force), args))
    except Refusal as refusal:
        sys.stderr.write(f"{in_words(texts, refusal)}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    except Exception:
        log.exception("ended by a failure")
        sys.stderr.write(f"{texts('cli-failed')}\n")
        return 1


async def _carried_out(command: Any, shell: Shell, args: Any) -> int:
    status: int | None = await command.main(shell, args)
    return status or 0


def _module(command: str) -> str:
    return {"import": "imports"}.get(command, command)


def _complaints(texts: Texts, bad: settings.BadSettings) -> list[str]:
    """One sentence for each variable that is wrong; never a value, it may be a token."""
    unknown = [
        texts("cli-setting-misspelt", name=name, nearest=nearest)
        if nearest
        else texts("cli-setting-unknown", name=name)
        for name, nearest in bad.unknown.items()
    ]
    prefix = settings.PREFIX
    needs = {name: name.removeprefix(prefix).lower().replace(".", "file-") for name in bad.bad}
    return unknown + [
        texts("cli-setting-bad", name=name, needs=texts(f"cli-setting-needs-{key}"))
        for name, key in needs.items()
    ]


if __name__ == "__main__":
    sys.exit(main())
