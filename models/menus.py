"""Command menus: which commands a person has, and whether the menu in their chat is up to date."""

from models import outbox
from models.access import is_officer
from models.office import office
from models.people import Person

#: What everybody has, strangers too.
EVERYONE = ("help", "start")


async def commands_of(person: Person) -> list[str]:
    """The commands that are of use to ``person``, the most used first."""
    decides = person.is_head or await is_officer(person)
    return [
        *(["new", "mine"] if person.is_drafter else []),
        *(["inbox"] if decides else []),
        *(["cancel"] if person.is_drafter or decides else []),
        "language",
        "help",
    ]


async def owe_menu(person: Person) -> bool:
    """Owe ``person`` their command menu, unless what they have is what they should have."""
    if person.telegram_id is None:
        return False
    wanted = f"{person.language or office().language}:{','.join(await commands_of(person))}"
    if person.menu == wanted:
        return False
    person.menu = wanted
    await person.save(update_fields=["menu"])
    await outbox.owe("commands", to=person, lane=outbox.Lane.CARD)
    return True


async def refresh_menus() -> int:
    """Bring every bound person's menu up to date; how many were owed. Harmless twice."""
    owed = 0
    for person in await Person.filter(telegram_id__isnull=False):
        owed += await owe_menu(person)
    return owed


async def speak(person: Person, language: str) -> None:
    """From now on ``language``, the menu included."""
    person.language = language
    await person.save(update_fields=["language"])
    await owe_menu(person)
