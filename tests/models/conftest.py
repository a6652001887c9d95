"""A fixed day for what reckons with days."""

from collections.abc import Iterator

import pytest
import time_machine


@pytest.fixture
def november() -> Iterator[None]:
    """It is ten in the morning of Monday, 23 November 2026, in the office; the clock goes on."""
    with time_machine.travel("2026-11-23T02:00:00+00:00", tick=True):
        yield
