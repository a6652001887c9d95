"""``dingmi invite``: one-time links that bind people's Telegram accounts."""

import argparse

from bot.commands.people import named
from bot.commands.shell import Shell
from bot.connect import connected, make_bot
from models import accounts
from models.people import Person


async def main(shell: Shell, args: argparse.Namespace) -> None:
    """A line each: code, name and link. Everybody who is asked for is invited, or nobody."""
    async with shell.database(existing=True):
        people = await (_without_account() if args.all else named(args.codes))
        if not people:
            shell.note(shell.texts("cli-invite-nobody"))
            return
        settings = shell.settings
        async with connected(make_bot(settings.token, settings.bot_api_url)) as bot:
            username = bot.username
        for person in people:
            link = f"https://t.me/{username}?start={await accounts.invite(person)}"
            shell.out(f"{person.code}\t{person.name}\t{link}")


async def _without_account() -> list[Person]:
    return await Person.filter(telegram_id__isnull=True).order_by("code")
