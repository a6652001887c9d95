"""Who has which commands, and when their menu is sent."""

import asyncio

import pytest

from models import menus
from models.office import now
from models.outbox import Message
from models.people import Person
from tests.factories import Cast, make_person

pytestmark = pytest.mark.usefixtures("november")


@pytest.fixture
async def cast(database):
    return await Cast.gather()


async def owed(person: Person) -> int:
    return await Message.filter(kind="commands", person_id=person.id).count()


async def test_each_has_the_commands_of_their_roles(cast):
    assert await menus.commands_of(cast.drafter) == ["new", "mine", "cancel", "language", "help"]
    for decides in (cast.head, cast.officer):
        assert await menus.commands_of(decides) == ["inbox", "cancel", "language", "help"]
    assert await menus.commands_of(cast.admin) == ["language", "help"]
    both = await make_person("兼任", "drafter", "head")
    assert await menus.commands_of(both) == ["new", "mine", "inbox", "cancel", "language", "help"]


async def test_a_menu_is_owed_once_until_it_changes(cast):
    assert await menus.owe_menu(cast.head)
    assert not await menus.owe_menu(cast.head)
    cast.head.is_drafter = True
    await cast.head.save()
    assert await menus.owe_menu(cast.head)
    assert await owed(cast.head) == 2


async def test_who_has_no_account_is_owed_none(cast):
    unbound = await make_person("无号", "head", bound=False)
    assert not await menus.owe_menu(unbound)
    assert (await Person.get(id=unbound.id)).menu == ""


async def test_a_sweep_brings_every_menu_up_to_date_and_does_nothing_twice(cast):
    assert await menus.refresh_menus() == 4
    assert await menus.refresh_menus() == 0
    cast.appointment.ended_at = now()
    await cast.appointment.save()
    assert await menus.refresh_menus() == 1
    assert (await Person.get(id=cast.officer.id)).menu == "zh:language,help"
    assert await owed(cast.officer) == 2


async def test_the_sweep_looks_at_everybody_page_by_page(cast, monkeypatch):
    monkeypatch.setattr(menus, "_PAGE", 2)
    await make_person("无号", "head", bound=False)
    late = await make_person("末位", "drafter")
    assert await menus.refresh_menus() == 5
    assert await owed(late) == 1
    assert await menus.refresh_menus() == 0


async def test_another_language_changes_the_menu_too(cast):
    await menus.owe_menu(cast.head)
    await menus.speak(cast.head, "en")
    person = await Person.get(id=cast.head.id)
    assert (person.language, person.menu) == ("en", "en:inbox,cancel,language,help")
    assert await owed(cast.head) == 2


async def test_the_sweep_and_the_single_look_agree(cast):
    await menus.refresh_menus()
    for person in await Person.all():
        assert not await menus.owe_menu(person)


async def test_at_once_is_no_trouble(cast):
    await asyncio.gather(*(menus.refresh_menus() for _ in range(3)))
    assert 4 <= await Message.filter(kind="commands").count() <= 12
    assert await menus.refresh_menus() == 0
