"""What buttons carry: at most 64 bytes, read back as written, and nothing else is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.callbacks import (
    CHANGEABLE,
    REMOVABLE,
    DraftOp,
    DraftTap,
    GoTap,
    LanguageTap,
    Place,
    ReasonTap,
    StepTap,
    View,
    ViewTap,
)
from bot.texts import LANGUAGES
from models.proposal import Action, NoBasis, ReturnReason

LARGEST = 2**31 - 1
numbers = st.integers(0, LARGEST)
KINDS = (StepTap, ReasonTap, ViewTap, DraftTap, GoTap, LanguageTap)
PLAIN = [op for op in DraftOp if op.value in
         {"submit", "cancel", "more", "unclassified", "work", "back", "restart"}]  # fmt: skip
drafts = st.one_of(
    st.builds(DraftTap, st.sampled_from(PLAIN), numbers),
    st.builds(DraftTap, st.just(DraftOp.PICK), numbers, st.integers(1, LARGEST).map(str)),
    st.builds(DraftTap, st.just(DraftOp.REASON), numbers, st.sampled_from([*NoBasis])),
    st.builds(DraftTap, st.just(DraftOp.ASK), numbers, st.sampled_from(sorted(CHANGEABLE))),
    st.builds(DraftTap, st.just(DraftOp.CLEAR), numbers, st.sampled_from(sorted(REMOVABLE))),
    st.builds(DraftTap, st.just(DraftOp.TERM), numbers, st.integers(1, 99).map("{}年".format)),
)
taps = st.one_of(
    st.builds(StepTap, numbers, st.sampled_from(Action), numbers),
    st.builds(ReasonTap, numbers, st.sampled_from(ReturnReason), numbers),
    st.builds(ViewTap, numbers, st.sampled_from(View)),
    drafts,
    st.builds(GoTap, st.sampled_from(Place)),
    st.builds(LanguageTap, st.sampled_from(LANGUAGES)),
)


@given(taps)
def test_a_button_s_data_is_short_and_read_back_as_written(tap):
    data = tap.pack()
    assert 1 <= len(data.encode()) <= 64
    assert type(tap).unpack(data) == tap
    assert sum(_reads(kind, data) for kind in KINDS) == 1


def _reads(kind, data):
    try:
        kind.unpack(data)
    except ValueError:
        return False
    return True


@given(st.text(max_size=64))
def test_any_other_data_is_refused_as_a_value_error(data):
    for kind in KINDS:
        if _reads(kind, data):
            assert kind.unpack(data).pack() == data or ":0" in data


@pytest.mark.parametrize(
    "data",
    ["s:1:endorse:2147483648", "s:99999999999:endorse:1", "s:-1:endorse:1", "s:１:endorse:1",
     "s:1:explode:1", "s:1:endorse", "s:1:endorse:1:1", "r:1:because:1", "v:1:secrets", "v:x:card",
     "d:pick:1:", "d:pick:1:0", "d:pick:1:x", "d:reason:1:whim", "d:ask:1:preview",
     "d:ask:1:return_reason", "d:ask:1:", "d:term:1:长期", "d:term:1:999年", "d:submit:1:x",
     "d:clear:1:document", "d:more:1:2", "g:home", "g:", "l:fr", "l:", "", ":", "s:", "🙂"],
)  # fmt: skip
def test_these_are_no_buttons_of_ours(data):
    assert not any(_reads(kind, data) for kind in KINDS)
