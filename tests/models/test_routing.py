"""Who endorses, who signs, and why: product rules 3 and 4, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import office
from models.levels import Level
from models.people import Appointment, AppointmentKind, Person
from models.routing import (
    NAMED,
    Ask,
    Candidate,
    Heads,
    NoRoute,
    Roster,
    Route,
    Unfit,
    choose_head,
    choose_officer,
    own_power,
    unfit,
)

DAY = date(2026, 11, 23)
DRAFTER, HEAD = 1, 2


def person(number: int, **values: Any) -> Person:
    return Person(**{"id": number, "code": f"A{number:03d}", "name": f"官{number}",
                     "telegram_id": 1000 + number} | values)  # fmt: skip


def appointment(number: int = 0, *departments: str, **values: Any) -> Appointment:
    facts = {
        "id": number, "kind": AppointmentKind.DESIGNATED, "ceiling": Level.TOP_SECRET,
        "departments": list(departments) or ["*"], "valid_from": DAY - timedelta(days=99),
        "trained_on": DAY - timedelta(days=30),
    }  # fmt: skip
    return Appointment(**facts | values)


def officer(number: int, *departments: str, waiting: int = 0, away: bool = False,
            stand_in: int | None = None, someone: Person | None = None, **values: Any) -> Candidate:  # fmt: skip
    return Candidate(someone or person(number), appointment(number, *departments, **values),
                     waiting, away, stand_in)  # fmt: skip


def ask(level: Level = Level.SECRET, head: int | None = HEAD, day: date = DAY) -> Ask:
    return Ask(level, "科技处", DRAFTER, head, day)


def statutory(number: int, **values: Any) -> Candidate:
    return officer(number, kind=AppointmentKind.STATUTORY, **values)


def chosen(*candidates: Candidate, of: Ask | None = None) -> Route:
    route = choose_officer(candidates, of or ask())
    assert isinstance(route, Route)
    return route


def chosen_id(*candidates: Candidate, of: Ask | None = None) -> int:
    return chosen(*candidates, of=of).candidate.person.id


def reasons(*candidates: Candidate, of: Ask | None = None) -> list[tuple[int, Unfit]]:
    route = choose_officer(candidates, of or ask())
    assert isinstance(route, NoRoute)
    return [(who.id, why) for who, why in route.reasons]


# --- the order of preference ---------------------------------------------------------------------


def test_the_narrowest_scope_comes_first():
    assert (
        chosen_id(officer(10), officer(11, "科技处", "财务处"), officer(12, "科技处", waiting=9))
        == 12
    )
    assert chosen_id(officer(10), officer(11, "科技处", "财务处")) == 11


def test_of_equal_scopes_whoever_has_the_fewest_waiting():
    assert chosen_id(officer(10, "科技处", waiting=3), officer(11, "科技处", waiting=2)) == 11


def test_of_equal_queues_the_code_decides():
    assert chosen_id(officer(12, "科技处"), officer(11, "科技处"), officer(13, "科技处")) == 11


def test_the_statutory_officer_comes_last_whatever_the_scope_and_the_queue():
    assert chosen_id(statutory(10), officer(11, waiting=99)) == 11
    assert chosen_id(officer(10, "财务处"), statutory(11)) == 11


def test_the_statutory_officer_covers_every_department():
    lone = officer(10, "财务处", kind=AppointmentKind.STATUTORY)
    assert chosen(lone).why["code"] == "statutory"


@given(st.permutations(range(6)))
def test_the_choice_does_not_depend_on_the_order_of_the_rows(order):
    rows = [officer(10), officer(11, "科技处", waiting=1), officer(12, "科技处"),
            officer(13, "科技处", trained_on=None), statutory(14), officer(15, "财务处")]  # fmt: skip
    assert chosen_id(*(rows[i] for i in order)) == 12


# --- what an officer must fulfil -------------------------------------------------------------------


@pytest.mark.parametrize("same", [DRAFTER, HEAD])
def test_neither_the_drafter_nor_the_head_signs(same):
    assert reasons(officer(same, "科技处")) == [(same, Unfit.SAME_PERSON)]
    assert chosen_id(officer(same, "科技处"), officer(10)) == 10
    assert reasons(statutory(same)) == [(same, Unfit.SAME_PERSON)]


def test_whoever_heads_another_department_may_sign_when_there_is_no_head():
    assert chosen_id(officer(HEAD, "科技处"), of=ask(head=None)) == HEAD


@pytest.mark.parametrize(
    ("shift", "fits"), [(-1, False), (0, True), (10, True), (11, False)]
)  # valid from day 0 to day 10, both included
def test_an_appointment_counts_from_its_first_day_to_its_last(shift, fits):
    held = appointment(1, valid_from=DAY, valid_until=DAY + timedelta(days=10))
    it = Candidate(person(10), held)
    problem = unfit(it, ask(day=DAY + timedelta(days=shift)))
    assert problem == (None if fits else Unfit.NOT_IN_FORCE)


def test_an_appointment_that_was_ended_counts_no_more():
    assert unfit(officer(10, ended_at=datetime.now(UTC)), ask()) is Unfit.NOT_IN_FORCE


def test_an_appointment_covers_the_departments_it_names():
    assert unfit(officer(10, "财务处"), ask()) is Unfit.DEPARTMENT
    assert unfit(officer(10, "财务处", "科技处"), ask()) is None
    assert unfit(officer(10, "*"), ask()) is None


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("ceiling", [Level.TOP_SECRET, Level.SECRET, Level.CONFIDENTIAL])
def test_nobody_signs_above_their_ceiling(level, ceiling):
    problem = unfit(officer(10, ceiling=ceiling), ask(level))
    assert problem == (Unfit.CEILING if level.rank > ceiling.rank else None)


@pytest.mark.parametrize(
    ("day", "fits"), [("2026-03-01", True), ("2026-03-02", False), ("2025-02-28", True)]
)
def test_training_counts_for_twelve_months(day, fits):
    it = officer(10, trained_on=date(2025, 3, 1), valid_from=date(2020, 1, 1))
    problem = unfit(it, ask(day=date.fromisoformat(day)))
    assert problem == (None if fits else Unfit.UNTRAINED)


def test_the_office_says_how_long_training_counts():
    office.use(office.Office(training_months=6))
    it = officer(10, trained_on=date(2026, 5, 22))
    assert unfit(it, ask()) is Unfit.UNTRAINED


def test_whoever_was_never_trained_is_suspended():
    assert unfit(officer(10, trained_on=None), ask()) is Unfit.UNTRAINED


def test_whoever_cannot_be_written_to_gets_no_case():
    nobody = officer(10, someone=person(10, telegram_id=None))
    silent = officer(11, someone=person(11, unreachable_since=datetime.now(UTC)))
    assert reasons(nobody, silent) == [(11, Unfit.UNREACHABLE), (10, Unfit.NO_ACCOUNT)]


def test_where_nobody_can_sign_each_one_s_reason_is_named():
    found = reasons(
        officer(10, "财务处"), officer(11, trained_on=None), officer(12, away=True),
        officer(13, ceiling=Level.CONFIDENTIAL), statutory(14, valid_until=DAY - timedelta(days=1)),
    )  # fmt: skip
    assert dict(found) == {
        10: Unfit.DEPARTMENT, 11: Unfit.UNTRAINED, 12: Unfit.AWAY, 13: Unfit.CEILING,
        14: Unfit.NOT_IN_FORCE,
    }  # fmt: skip
    assert reasons() == []


# --- absence and substitutes -----------------------------------------------------------------------


def test_whoever_is_away_is_replaced_by_the_substitute_and_both_are_named():
    route = chosen(
        officer(10, "科技处", away=True, stand_in=11), officer(11), officer(12, "科技处")
    )
    assert (route.candidate.person.id, route.on_behalf_of and route.on_behalf_of.id) == (11, 10)
    assert route.why["on_behalf_of"] == "官10"
    assert route.candidate.appointment.id == 11  # the substitute's own power, not the absent one's


def test_a_substitute_who_has_not_accepted_does_not_count():
    away = officer(10, "科技处", away=True, stand_in=None)
    assert chosen_id(away, officer(11)) == 11
    assert chosen(away, officer(11)).on_behalf_of is None


@pytest.mark.parametrize(
    "unqualified",
    [
        officer(11, ceiling=Level.CONFIDENTIAL), officer(11, "财务处"), officer(11, trained_on=None),
        officer(11, valid_from=DAY + timedelta(days=1)),
        officer(11, someone=person(11, telegram_id=None)),
    ],
)  # fmt: skip
def test_a_substitute_must_qualify_too(unqualified):
    away = officer(10, "科技处", away=True, stand_in=11)
    assert chosen_id(away, unqualified, officer(12)) == 12
    assert (10, Unfit.AWAY) in reasons(away, unqualified)


def test_a_substitute_without_any_appointment_signs_nothing():
    assert reasons(officer(10, away=True, stand_in=77)) == [(10, Unfit.AWAY)]


def test_substitutes_make_no_chain():
    first = officer(10, "科技处", away=True, stand_in=11)
    second = officer(11, "科技处", away=True, stand_in=12)
    only = officer(12, "财务处")  # qualifies for neither on their own
    assert reasons(first, second, only)[:2] == [(10, Unfit.AWAY), (11, Unfit.AWAY)]
    both = officer(12, "科技处", "财务处")
    route = chosen(first, second, both)
    assert (route.candidate.person.id, route.on_behalf_of and route.on_behalf_of.id) == (12, 11)


def test_two_who_replace_each_other_while_both_are_away_sign_nothing():
    first = officer(10, away=True, stand_in=11)
    second = officer(11, away=True, stand_in=10)
    assert reasons(first, second) == [(10, Unfit.AWAY), (11, Unfit.AWAY)]


@pytest.mark.parametrize("same", [DRAFTER, HEAD])
def test_a_substitute_is_neither_the_drafter_nor_the_head(same):
    away = officer(10, "科技处", away=True, stand_in=same)
    assert reasons(away, officer(same))[0] == (10, Unfit.AWAY)


@pytest.mark.parametrize("same", [DRAFTER, HEAD])
def test_nobody_stands_in_for_the_drafter_or_the_head(same):
    route = chosen(officer(same, "科技处", away=True, stand_in=11), officer(11))
    assert (route.candidate.person.id, route.on_behalf_of) == (11, None)


def test_a_substitute_uses_whichever_of_their_appointments_qualifies():
    away, stand_in = officer(10, "科技处", away=True, stand_in=11), person(11)
    narrow = Candidate(stand_in, appointment(21, "财务处"))
    wide = Candidate(stand_in, appointment(22, kind=AppointmentKind.STATUTORY))
    assert chosen(away, narrow, wide).candidate.appointment.id == 22


# --- one roster for many cases ---------------------------------------------------------------------


ROWS = st.builds(
    officer,
    st.integers(1, 6),
    st.sampled_from(["科技处", "财务处", "*"]),
    waiting=st.integers(0, 3),
    away=st.booleans(),
    stand_in=st.integers(1, 6),
    kind=st.sampled_from(AppointmentKind),
    ceiling=st.sampled_from([Level.TOP_SECRET, Level.CONFIDENTIAL]),
    trained_on=st.sampled_from([DAY, None]),
)
ASKS = st.builds(
    Ask,
    st.sampled_from(Level),
    st.sampled_from(["科技处", "财务处", "人事处"]),
    st.integers(1, 3),
    st.none() | st.integers(4, 6),
    st.just(DAY),
)


def step_by_step(rows: list[Candidate], of: Ask) -> tuple[int, int | None] | None:
    """Rule 4 spelt out: who signs under which appointment, and for whom; or nobody."""
    ranked = sorted(rows, key=lambda c: (
        c.appointment.kind is AppointmentKind.STATUTORY, c.appointment.covers_all, c.waiting,
        c.person.code, c.appointment.id))  # fmt: skip
    for row in ranked:
        if unfit(row, of) is None:
            return row.appointment.id, None
        if unfit(row, of) is Unfit.AWAY:
            for other in ranked:
                if other.person.id == row.substitute_id and unfit(other, of) is None:
                    return other.appointment.id, row.person.id
    return None


@given(st.lists(ROWS, max_size=6, unique_by=lambda c: c.person.id),
       st.lists(st.tuples(ASKS, st.integers(1, 6), st.integers(0, 2)), max_size=8))  # fmt: skip
def test_a_roster_that_remembers_answers_as_if_each_case_were_the_first(rows, turns):
    roster = Roster(rows)
    for of, who, more in turns:
        route = roster.choose(of)
        found = None
        if isinstance(route, Route):
            absent = route.on_behalf_of
            found = route.candidate.appointment.id, absent and absent.id
        assert found == step_by_step(rows, of)
        assert roster.anyone(of) is (found is not None)
        roster.shift(who, more)
        rows = [replace(c, waiting=c.waiting + more) if c.person.id == who else c for c in rows]


def test_of_many_who_cannot_sign_the_closest_are_named_and_all_are_counted():
    many = [officer(n, "财务处") for n in range(100, 1100)]
    near = [officer(n, trained_on=None) for n in range(10, 15)]
    route = choose_officer([*many, *near, officer(10, "财务处")], ask())
    assert isinstance(route, NoRoute)
    assert (len(route.reasons), route.count) == (NAMED, 1005)
    assert [why for _, why in route.reasons[:6]] == [Unfit.UNTRAINED] * 5 + [Unfit.DEPARTMENT]
    assert len({person.id for person, _ in route.reasons}) == NAMED


def test_of_many_who_were_passed_over_some_are_named_and_all_are_counted():
    lapsed = [officer(n, "科技处", trained_on=None) for n in range(100, 200)]
    why = chosen(*lapsed, officer(10)).why
    assert (len(why["passed_over"]), why["passed_over_count"]) == (NAMED, 100)


# --- why -------------------------------------------------------------------------------------------


def test_the_card_says_which_power_is_used_and_who_was_passed_over():
    route = chosen(
        officer(HEAD, "科技处"), officer(10, "财务处"), officer(11, "科技处", trained_on=None),
        officer(12, "科技处", "财务处", ceiling=Level.SECRET),
    )  # fmt: skip
    assert route.why == {
        "code": "designated",
        "ceiling": "SECRET",
        "department": "科技处",
        "passed_over": [["A002", "same_person"], ["A011", "untrained"]],
    }  # who has nothing to do with the department is not worth a word


# --- one's own power -------------------------------------------------------------------------------


def test_the_appointment_a_case_was_routed_by_is_used_where_it_suffices():
    held = [appointment(1, "科技处"), appointment(2), appointment(3, ceiling=Level.CONFIDENTIAL)]
    for preferred, used in ((2, 2), (3, 1), (None, 1)):
        power = own_power(person(10), held, ask(), preferred)
        assert isinstance(power, Appointment)
        assert power.id == used


def test_of_several_problems_the_least_is_named():
    held = [appointment(1, "财务处"), appointment(2, trained_on=None)]
    assert own_power(person(10), held, ask()) is Unfit.UNTRAINED
    assert own_power(person(10), [], ask()) is Unfit.NOT_IN_FORCE
    assert own_power(person(HEAD), held, ask()) is Unfit.SAME_PERSON


def test_being_out_of_reach_keeps_nobody_from_signing_with_their_own_hand():
    cut_off = person(10, telegram_id=None, unreachable_since=datetime.now(UTC))
    assert isinstance(own_power(cut_off, [appointment(1)], ask()), Appointment)


# --- heads -----------------------------------------------------------------------------------------


def test_the_head_of_the_department_reviews():
    route = choose_head([Heads("科技处", [person(5)]), Heads("局", [person(6)])], DRAFTER)
    assert route.head
    assert (route.head.id, route.why) == (5, {"code": "head", "department": "科技处"})


def test_a_department_without_head_has_the_one_above():
    route = choose_head([Heads("科", []), Heads("科技处", []), Heads("局", [person(6)])], DRAFTER)
    assert route.head
    assert (route.head.id, route.why) == (6, {"code": "head_above", "department": "局"})


def test_a_drafter_who_is_the_head_has_the_one_above_never_a_peer():
    chain = [Heads("科技处", [person(DRAFTER), person(5)]), Heads("局", [person(6)])]
    route = choose_head(chain, DRAFTER)
    assert route.head
    assert route.head.id == 6


def test_a_drafter_who_heads_the_department_above_is_not_their_own_reviewer():
    chain = [Heads("科", []), Heads("科技处", [person(DRAFTER)]), Heads("局", [person(6)])]
    route = choose_head(chain, DRAFTER)
    assert route.head
    assert route.head.id == 6


@pytest.mark.parametrize(
    ("chain", "code"),
    [
        ([Heads("科技处", [person(DRAFTER)])], "drafter_is_head"),
        ([Heads("科技处", [person(DRAFTER)]), Heads("局", [])], "drafter_is_head"),
        ([Heads("科", []), Heads("科技处", [person(DRAFTER)])], "drafter_is_head"),
        ([Heads("科技处", []), Heads("局", [])], "no_head"),
        ([], "no_head"),
    ],
)
def test_where_nobody_can_review_the_record_says_why(chain, code):
    route = choose_head(chain, DRAFTER)
    assert (route.head, route.why, route.without) == (None, {"code": code}, code)


def test_of_several_heads_whoever_can_be_written_to_then_the_code():
    heads = [person(5, telegram_id=None), person(7), person(6)]
    route = choose_head([Heads("科技处", heads)], DRAFTER)
    assert route.head
    assert route.head.id == 6
