"""Pacing: Telegram's limits, kept whatever the network does to the moments of arrival."""

import math
from itertools import pairwise

import pytest

from bot.pacing import Pacing, Window
from models.outbox import Lane

TAP, CARD, REMINDER, BROADCAST = Lane


def test_a_window_counts_a_message_until_so_long_after_its_answer():
    window = Window(2, 10.0)
    window.begin()
    window.begin()
    assert window.opens_at(0.0) == math.inf
    window.end(4.0, counted=True)
    assert window.opens_at(5.0) == 14.0
    window.end(6.0, counted=False)
    assert window.opens_at(6.0) == 6.0
    assert not window.is_idle(13.9)
    assert window.is_idle(14.0)


def send(pacing: Pacing, chat: int, now: float, lane: Lane = TAP) -> None:
    pacing.begin(chat, lane, now)
    pacing.end(chat, now, counted=True)


def test_thirty_a_second_and_not_one_more():
    pacing = Pacing()
    for chat in range(1, 31):
        assert pacing.delay(0.5) == 0.0
        send(pacing, chat, 0.5)
    assert pacing.delay(0.5) == 1.0
    assert pacing.delay(1.5) == 0.0


@pytest.mark.parametrize(("chat", "most", "seconds"), [(7, 3, 3.0), (-7, 20, 60.0)])
def test_a_chat_gets_a_small_burst_and_then_its_rate(chat, most, seconds):
    pacing = Pacing(per_second=1000)
    for _ in range(most):
        assert pacing.resting(0.0) == {}
        send(pacing, chat, 0.0)
    assert pacing.resting(0.0) == {chat: seconds}
    assert pacing.resting(seconds) == {}


def test_13_bulk_is_spread_and_leaves_room_for_answers():
    pacing = Pacing()
    now, bulk = 0.0, []
    while now < 5.0:
        if pacing.delay(now, BROADCAST) == 0.0:
            send(pacing, 1000 + len(bulk), now, BROADCAST)
            bulk.append(now)
        assert pacing.delay(now, CARD) == 0.0  # at any moment a card may leave at once
        now += 0.005
    assert 110 <= len(bulk) <= 121
    assert min(b - a for a, b in pairwise(bulk)) > 0.03


def test_13_one_flooded_chat_waits_alone_and_three_at_once_make_everybody_wait():
    pacing = Pacing()
    assert pacing.refused(1, 30.0, 0.0) is False
    assert pacing.refused(1, 30.0, 1.0) is False
    assert pacing.refused(2, 10.0, 1.0) is False
    assert (pacing.delay(1.0), pacing.resting(1.0)) == (0.0, {1: 30.0, 2: 10.0})

    assert pacing.refused(3, 20.0, 7.5) is False  # the others were more than 5 s ago
    assert pacing.refused(4, 20.0, 8.0) is False
    assert pacing.refused(5, 12.0, 8.5) is True
    assert pacing.delay(8.5) == 12.0


def test_chats_that_make_no_difference_are_forgotten():
    pacing = Pacing()
    for chat in range(1, 1000):
        send(pacing, chat, chat * 0.1)
    pacing.resting(1000.0)
    assert pacing._chats == {}
