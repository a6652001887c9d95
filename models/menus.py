"""Command menus: which commands a person has, and whether the menu in their chat is up to date."""

from tortoise.transactions import in_transaction

from models import outbox
from models.access import is_officer
from models.office import office
from models.people import Appointment, Person

#: What everybody has, strangers too.
EVERYONE = ("help", "start")


async def commands_of(person: Person) -> list[str]:
    """The commands that are of use to ``person``, the most used first."""
    return _commands(person, decides=person.is_head or await is_officer(person))


def _commands(person: Person, *, decides: bool) -> list[str]:
    return [
        *(["new", "mine"] if person.is_drafter else []),
        *(["inbox"] if decides else []),
        *(["cancel"] if person.is_drafter or decides else []),
        "language",
        "help",
    ]


async def owe_menu(person: Person) -> bool:
    """Owe ``person`` their command menu, unless what they have is what they should have."""
    return await _owe(person, await commands_of(person))


async def _owe(person: Person, commands: list[str]) -> bool:
    wanted = f"{person.language or office().language}:{','.join(commands)}"
    if person.telegram_id is None or person.menu == wanted:
        return False
    person.menu = wanted
    async with in_transaction():
        await person.save(update_fields=["menu"])
        await outbox.owe("commands", to=person, lane=outbox.Lane.CARD)
    return True


async def refresh_menus() -> int:
    """Bring every bound person's menu up to date; how many were owed. Harmless twice."""
    held = await Appointment.filter(ended_at__isnull=True).only("id", "person_id")
    officers, owed = {one.person_id for one in held}, 0
    for person in await Person.filter(telegram_id__isnull=False).order_by("id"):
        decides = person.is_head or person.id in officers
        owed += await _owe(person, _commands(person, decides=decides))
    return owed


async def speak(person: Person, language: str) -> None:
    """From now on ``language``, the menu included."""
    person.language = language
    async with in_transaction():
        await person.save(update_fields=["language"])
        await owe_menu(person)
