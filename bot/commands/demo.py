"""``dingmi demo``: Telegram's side, the bot and an invented office, in one process."""

import argparse
import asyncio
import os
import sys
import tempfile
import webbrowser
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from typing import Final

from pydantic import SecretStr

from bot.alongside import first_of
from bot.commands.shell import Shell
from bot.database import opened
from bot.runtime import PortTaken, Running, StoppedEarly, running, signals
from bot.sandbox import Telegram, serving
from bot.settings import Settings
from bot.texts import LANGUAGES, Texts
from models import accounts, demo_data, office
from models.errors import Refusal
from models.people import Appointment, Person, Role

#: The first account; the cast's follow in the order of :data:`FIRST` and then of their codes.
ACCOUNTS: Final = 700_001
#: Whom the two phones show first, and who comes next on the way of a document.
FIRST: Final = ("D102", "D100", "A002", "A001", "D500")
#: Has an invitation, not yet used: shows how people arrive.
NEWCOMER: Final = "D103"
#: Tells the demo's database from a real one.
FIRST_NAME: Final = "周文博"
#: Seconds that the greetings may take before the address is printed anyway.
PATIENCE: Final = 5.0
HOST: Final = "127.0.0.1"


class NotADemo(Refusal):
    """The database holds people who are not the demo's: nothing is mixed into it."""

    code = "not_a_demo"


async def main(shell: Shell, args: argparse.Namespace) -> None:
    """Prepare, serve, print the address, open a browser where there is one; until Ctrl-C."""
    stop = asyncio.Event()
    port = shell.settings.http_port if args.port is None else args.port
    with signals(stop), _database(args.database) as url:
        chosen = shell.settings.model_copy(
            update={
                "database_url": url,
                "language": args.lang or shell.settings.language,
                "public_url": None,
                "http_host": HOST,
                "http_port": 0,
            }
        )
        shell = Shell(Texts(chosen.language), chosen)
        shell.tell("cli-demo-starting")
        with suppress(StoppedEarly):
            async with _demo(chosen, port, stop) as (address, parts):
                shell.tell("cli-demo-ready", url=address)
                if not args.no_browser and _has_browser():
                    await asyncio.to_thread(webbrowser.open, address)
                await first_of(stop, parts.failed)
        shell.tell("cli-demo-stopped")


@contextmanager
def _database(given: str | None) -> Iterator[str]:
    """The database named, else a fresh file that is gone afterwards."""
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="dingmi-demo-") as folder:
        yield f"sqlite://{folder}/demo.db"


@asynccontextmanager
async def _demo(
    settings: Settings, port: int, stop: asyncio.Event
) -> AsyncIterator[tuple[str, Running]]:
    """Everything up, everybody greeted; yields the page's address."""
    office.use(settings.office())
    telegram = Telegram(hint={name: _hint(Texts(name)) for name in LANGUAGES})
    async with opened(settings.database_url):
        await _fill()
        greeted = await _introduce_cast(telegram, Texts(settings.language))
    async with _serving(telegram, port) as address:
        token = {"bot_token": SecretStr(telegram.bot_token), "bot_api_url": address}
        async with running(settings.model_copy(update=token), stop) as parts:
            await _greet(telegram, greeted)
            yield address, parts


@asynccontextmanager
async def _serving(telegram: Telegram, port: int) -> AsyncIterator[str]:
    async with AsyncExitStack() as stack:
        try:
            address = await stack.enter_async_context(serving(telegram, host=HOST, port=port))
        except OSError as error:
            raise PortTaken(host=HOST, port=port) from error
        yield address


def _hint(texts: Texts) -> str:
    return texts("cli-demo-hint", year=str(office.today().year))


async def _fill() -> None:
    """Load the invented office, unless it is there already."""
    if not await Person.exists():
        await demo_data.load()
    elif not await Person.exists(code=FIRST[0], name=FIRST_NAME):
        raise NotADemo


async def _introduce_cast(telegram: Telegram, texts: Texts) -> list[int]:
    """Give everybody an account at the sandbox, bound but for the newcomer; the ids of the bound."""
    officers = {appointment.person_id for appointment in await Appointment.all()}
    people = await Person.all().prefetch_related("department").order_by("code")
    people.sort(key=lambda person: FIRST.index(person.code) if person.code in FIRST else len(FIRST))
    bound = []
    for number, person in enumerate(people, ACCOUNTS):
        invited = person.code == NEWCOMER and person.telegram_id is None
        code = await accounts.invite(person) if invited or person.telegram_id is None else ""
        roles = [role.value for role in Role if role in person.roles]
        roles += ["officer"] if person.id in officers else []
        telegram.add_person(
            number,
            person.name,
            language_code="zh-hans" if texts.language == "zh" else "en",
            note=" · ".join([*(texts(f"role-{role}") for role in roles), person.department.name]),
            start_payload=code if invited else "",
        )
        if not invited:
            if code:
                await accounts.bind(code, number)
            bound.append(number)
    return bound


async def _greet(telegram: Telegram, people: list[int]) -> None:
    """Have everybody press Start, and wait until the bot has answered them."""
    for number in people:
        telegram.press_start(number)
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            for number in people:
                while not _is_greeted(telegram, number):  # noqa: ASYNC110 - the sandbox has no event
                    await asyncio.sleep(0.02)


def _is_greeted(telegram: Telegram, number: int) -> bool:
    return any(post.by_bot for post in telegram.private(number).posts.values())


def _has_browser() -> bool:
    """Whether a graphical browser would appear; one in the terminal would hide what we print."""
    if sys.platform.startswith(("win", "darwin")):
        return True
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return False
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True
