"""Fixtures of the conversations: a house, its cast, and what must hold when they are over."""

import logging
from collections.abc import AsyncIterator, Callable

import pytest

from bot.sandbox import Telegram
from models import wakeup
from models.people import Person
from tests.bot import invariants
from tests.bot.driver import House, Phone
from tests.factories import Cast


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    telegram = Telegram(strict=True)
    yield telegram
    await telegram.close()
    assert not telegram.warnings


@pytest.fixture
async def house(
    database: str, telegram: Telegram, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[House]:
    async with wakeup.hearing(database):
        house = House(telegram)
        await house.open()
        yield house
        await house.settle()
        await house.close()
        if not house.errors_expected:
            records = [*caplog.get_records("setup"), *caplog.get_records("call")]
            assert [r.getMessage() for r in records if r.levelno >= logging.ERROR] == []
            await invariants.check(house)


@pytest.fixture
async def cast(house: House) -> Cast:
    cast = await Cast.gather()
    house.phones_of(cast.drafter, cast.head, cast.officer, cast.admin)
    return cast


@pytest.fixture
def phone_of(house: House) -> Callable[[Person], Phone]:
    return house.phone
