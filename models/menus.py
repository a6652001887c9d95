"""Command menus: which commands a person has, and whether the menu in their chat is up to date."""

import asyncio
from typing import Final

from tortoise.transactions import in_transaction

from models import outbox
from models.access import is_officer
from models.office import office
from models.people import Appointment, Person

#: What everybody has, strangers too.
EVERYONE = ("help", "start")

#: So many people are looked at together.
_PAGE: Final = 500


async def commands_of(person: Person) -> list[str]:
    """The commands that are of use to ``person``, the most used first."""
    decides = person.is_head or await is_officer(person)
    return _commands(drafts=person.is_drafter, decides=decides)


def _commands(*, drafts: bool, decides: bool) -> list[str]:
    return [
        *(["new", "mine"] if drafts else []),
        *(["inbox"] if decides else []),
        *(["cancel"] if drafts or decides else []),
        "language",
        "help",
    ]


async def owe_menu(person: Person) -> bool:
    """Owe ``person`` their command menu, unless what they have is what they should have."""
    wanted = _menu(person.language, await commands_of(person))
    if person.telegram_id is None or person.menu == wanted:
        return False
    person.menu = wanted
    async with in_transaction():
        await person.save(update_fields=["menu"])
        await outbox.owe("commands", to=person, lane=outbox.Lane.CARD)
    return True


def _menu(language: str | None, commands: list[str]) -> str:
    """A menu as it is remembered: the language, and the commands in their order."""
    return f"{language or office().language}:{','.join(commands)}"


async def refresh_menus() -> int:
    """Bring every bound person's menu up to date; how many were owed. Harmless twice.

    Everybody is looked at, a page at a time; only whose menu is another is read in full.
    """
    held = Appointment.filter(ended_at__isnull=True).values_list("person_id", flat=True)
    officers, owed, last = set(await held), 0, 0
    bound = Person.filter(telegram_id__isnull=False).order_by("id").limit(_PAGE)
    columns = ("id", "menu", "language", "is_drafter", "is_head")
    while page := await bound.filter(id__gt=last).values_list(*columns):
        for number, menu, language, drafts, heads in page:
            decides = heads or number in officers
            if menu != _menu(language, _commands(drafts=drafts, decides=decides)):
                owed += await owe_menu(await Person.get(id=number))
        last = page[-1][0]
        await asyncio.sleep(0)
    return owed


async def speak(person: Person, language: str) -> None:
    """From now on ``language``, the menu included."""
    person.language = language
    async with in_transaction():
        await person.save(update_fields=["language"])
        await owe_menu(person)
