"""``dingmi sandbox``: Telegram's side alone, for a bot started by ``dingmi run``."""

import argparse
import asyncio
import ipaddress

from bot.commands.shell import Shell
from bot.runtime import PortTaken, signals
from bot.sandbox import Telegram, serving
from models.errors import Refusal

#: Somebody to be, until the page adds others.
VISITORS = ((700001, "甲"), (700002, "乙"))


class RemoteRefused(Refusal):
    """Other machines could reach ``host``, and nobody said that they may."""

    code = "remote_refused"


async def main(shell: Shell, args: argparse.Namespace) -> None:
    """Serve until Ctrl-C, and say how to point a bot here."""
    if not (args.allow_remote or _is_loopback(args.host)):
        raise RemoteRefused(host=args.host)
    telegram, stop = Telegram(), asyncio.Event()
    for number, name in VISITORS:
        telegram.add_person(number, name)
    with signals(stop):
        try:
            async with serving(
                telegram, host=args.host, port=args.port, allow_remote=args.allow_remote
            ) as url:
                shell.tell("cli-sandbox-ready", url=url, token=telegram.bot_token)
                await stop.wait()
        except OSError as error:
            raise PortTaken(host=args.host, port=args.port) from error


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
