"""Anybody does anything in any order, on a real database: what must hold holds after each step."""

import asyncio
import itertools
import os
import shutil
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from models import catalogue, db, delivery, errors, ledger, outbox, workflow
from models.content import Content, from_item
from models.delivery import Place
from models.determination import Determination
from models.guide import GuideItem
from models.levels import Level
from models.office import now, today
from models.outbox import LivingCard, Message, MessageState
from models.people import Appointment, AppointmentKind, Delegation, Person
from models.proposal import Action, NoBasis, Proposal, ReturnReason, State, Step
from models.workflow import RULES, Party
from tests.conftest import _execute, run_apart
from tests.factories import ITEMS, appoint, make_department, make_guide, make_person

PEOPLE, DEEDS = st.integers(0, 7), st.sampled_from(Action)
CASES, SEEN = st.integers(0, 3), st.sampled_from([0, 0, 0, 0, 0, -1, 1])
#: Where a step may end besides where the table says: nobody reviews, or nobody can sign.
FURTHER = {
    State.WAITING_HEAD: {State.WAITING_HEAD, State.WAITING_OFFICER, State.UNROUTABLE},
    State.WAITING_OFFICER: {State.WAITING_OFFICER, State.UNROUTABLE},
}
#: Why somebody whose turn it is may still be refused.
LAWFUL = (errors.NotQualified, errors.NotAllowed, errors.SamePerson, errors.ItemChanged,
          errors.NudgedAlready, errors.ReasonMissing, errors.SentenceMissing)  # fmt: skip


class World(RuleBasedStateMachine):
    """A small unit where nearly everybody is several things at once."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.runner, self.stack = asyncio.Runner(), AsyncExitStack()
        self.clock = time_machine.travel("2026-11-23T02:00:00+00:00", tick=False)
        self.time = self.clock.start()
        self.numbers = itertools.count(1)
        self.versions: dict[int, tuple[int, State]] = {}
        self.run(self.stack.enter_async_context(db.database(self.url, migrated=False)))

    def run(self, awaited: Any) -> Any:
        async def within() -> Any:
            return await awaited

        return self.runner.run(within())

    def teardown(self) -> None:
        self.run(self.stack.aclose())
        self.runner.close()
        self.clock.stop()
        catalogue.forget()

    @initialize()
    def begin(self) -> None:
        self.run(self._begin())

    async def _begin(self) -> None:
        top = await make_department("局领导")
        here = await make_department("科技处", top)
        self.people = [
            await make_person("周文", "drafter", department=here),
            await make_person("吴敏", "drafter", "admin", department=here),  # signs, too
            await make_person("赵国", "head", "drafter", department=here),  # signs, too
            await make_person("孙立", "head", department=here),  # signs, too
            await make_person("林秀", department=top),
            await make_person("何清", "drafter", department=top),
            await make_person("高远", "head", department=top),  # the statutory officer
            await make_person("路人", department=top),
        ]
        for number, kind, *departments in (
            (1, AppointmentKind.DESIGNATED, "科技处"),
            (2, AppointmentKind.DESIGNATED, "科技处"),
            (3, AppointmentKind.DESIGNATED, "科技处", "局领导"),
            (4, AppointmentKind.DESIGNATED, "科技处"),
            (5, AppointmentKind.DESIGNATED),
            (6, AppointmentKind.STATUTORY),
        ):
            await appoint(self.people[number], *departments, kind=kind)
        self.edition = await make_guide()
        self.editions = 1
        for who, what in ((0, "KJ-002"), (1, "BG-001"), (2, "CH-102")):
            await self._submit(self.people[who], what)

    # --- what people do ----------------------------------------------------------------------

    @rule(
        who=PEOPLE, what=st.sampled_from(["KJ-002", "CH-102", "CH-N01", "BG-001", "open", "work"])
    )
    def submit(self, who: int, what: str) -> None:
        self.run(self._submit(self.people[who], what))

    async def _submit(self, by: Person, what: str) -> None:
        by = await Person.get(id=by.id)
        try:
            case = await workflow.submit(await self._content(what), by=by)
        except errors.NotAllowed:
            assert not by.is_drafter
            return
        assert by.is_drafter
        assert case.state in FURTHER[State.WAITING_HEAD]

    async def _content(self, what: str) -> Content:
        number = f"科工〔2026〕{next(self.numbers)}号"
        if what == "open":
            return Content(number, Level.UNCLASSIFIED, reason=NoBasis.NO_ITEM)
        item = await GuideItem.get_or_none(edition_id=self.edition.id, code=what)
        return from_item(number, item) if item else Content(number, Level.WORK_SECRET)

    @rule(which=CASES, who=PEOPLE, action=DEEDS, seen=SEEN, reason=st.none() | st.sampled_from(ReturnReason),
          comment=st.sampled_from(["", "理由"]))  # fmt: skip
    def act(self, which: int, who: int, seen: int, **values: Any) -> None:
        self.run(self._act(which, self.people[who], seen, **values))

    @rule(
        moves=st.lists(
            st.tuples(CASES, st.integers(0, 3), st.integers(0, 1)), min_size=1, max_size=5
        )
    )
    def go_on(self, moves: list[tuple[int, int, int]]) -> None:
        """Steps that are possible, by those who may: else hardly a case would get far."""
        for which, action, who in moves:
            self.run(self._go_on(which, action, who))
            self.everything_fits()

    async def _go_on(self, which: int, choice: int, who: int) -> None:
        case = await self._case(which)
        open_to = [(a, table.party) for (state, a), table in RULES.items() if state is case.state]
        possible = [(a, i) for a, party in open_to for i in sorted(workflow.parties(case, party))]
        if not possible:
            return
        first = [
            one for one in possible if one[0] in {Action.ENDORSE, Action.APPROVE, Action.RESUBMIT}
        ]
        action, actor = (
            (first[who:] or possible)[0] if choice < 2 else possible[choice % len(possible)]
        )
        by = next(p for p in self.people if p.id == actor)
        await self._act(which, by, 0, action=action, reason=ReturnReason.OTHER, comment="理由")

    async def _case(self, which: int) -> Proposal:
        ids = sorted([case.id for case in await Proposal.all().only("id")])
        return await Proposal.get(id=ids[-1 - which % len(ids)])

    async def _act(self, which: int, by: Person, seen: int, *, action: Action,
                   reason: ReturnReason | None, comment: str) -> None:  # fmt: skip
        before, by = await self._case(which), await Person.get(id=by.id)
        trace = await self._trace(before)
        table = RULES.get((before.state, action))
        entitled = table is not None and by.id in workflow.parties(before, table.party)
        try:
            after = await workflow.take_step(
                before.id, action, by=by, seen=before.version + seen, reason=reason,
                comment=comment, what=await self._content("KJ-002"),
            )  # fmt: skip
        except errors.Refusal as refusal:
            assert await self._trace(await Proposal.get(id=before.id)) == trace, (
                "a refusal left a trace"
            )
            lawful = not entitled or seen != 0 or isinstance(refusal, LAWFUL)
            assert lawful, refusal
            return
        assert entitled
        assert table
        assert seen == 0
        assert after.state in FURTHER.get(table.to, {table.to})
        assert after.version == before.version + (action is not Action.NUDGE)

    async def _trace(self, case: Proposal) -> object:
        return dict(case), await Step.all().count(), await Message.all().count()

    @rule(which=CASES, pairs=st.lists(st.tuples(PEOPLE, DEEDS), min_size=2, max_size=5))
    def act_at_once(self, which: int, pairs: list[tuple[int, Action]]) -> None:
        self.run(self._act_at_once(which, pairs))

    async def _act_at_once(self, which: int, pairs: list[tuple[int, Action]]) -> None:
        case, what = await self._case(which), await self._content("KJ-002")
        done = await asyncio.gather(
            *(
                workflow.take_step(case.id, action, by=self.people[who], seen=case.version, what=what,
                                   reason=ReturnReason.TERM_WRONG)
                for who, action in pairs
            ),
            return_exceptions=True,
        )  # fmt: skip
        for one in done:
            assert isinstance(one, Proposal | errors.Refusal), one
        moved = [one for one, (_, action) in zip(done, pairs, strict=True)
                 if isinstance(one, Proposal) and action is not Action.NUDGE]  # fmt: skip
        assert len(moved) <= 1

    # --- what happens around them --------------------------------------------------------------

    @rule(who=PEOPLE, training=st.booleans())
    def train(self, who: int, training: bool) -> None:
        held = Appointment.filter(person_id=self.people[who].id)
        self.run(held.update(trained_on=today() if training else None))

    @rule(who=st.sampled_from([2, 3, 6]), is_head=st.booleans())
    def promote(self, who: int, is_head: bool) -> None:
        self.run(Person.filter(id=self.people[who].id).update(is_head=is_head))

    @rule(who=PEOPLE, substitute=PEOPLE, accepted=st.booleans())
    def leave(self, who: int, substitute: int, accepted: bool) -> None:
        self.run(Delegation.create(
            person=self.people[who], substitute=self.people[substitute], starts_on=today(),
            ends_on=today() + timedelta(days=1), accepted_at=now() if accepted else None,
        ))  # fmt: skip

    @rule()
    def everybody_is_back(self) -> None:
        self.run(Delegation.all().update(cancelled_at=now()))

    @rule(who=PEOPLE, reachable=st.booleans())
    def reach(self, who: int, reachable: bool) -> None:
        become = outbox.reachable if reachable else outbox.unreachable
        self.run(become(self.people[who]))

    @rule(change=st.booleans())
    def publish(self, change: bool) -> None:
        self.run(self._publish(change))

    async def _publish(self, change: bool) -> None:
        self.editions += 1
        items = [(code, category, f"{matter}{self.editions if change else ''}", level, term)
                 for code, category, matter, level, term in ITEMS]  # fmt: skip
        self.edition = await make_guide(f"第{self.editions}版", items=items)

    @rule(hours=st.sampled_from([1, 5, 30]))
    def wait(self, hours: int) -> None:
        self.time.shift(timedelta(hours=hours))

    @rule()
    def sweep(self) -> None:
        self.run(workflow.reroute_waiting())
        assert self.run(workflow.reroute_waiting()) == 0  # harmless twice

    @rule()
    def deliver(self) -> None:
        self.run(self._deliver())

    async def _deliver(self) -> None:
        for message in await delivery.due(100):
            taken = await delivery.claim(message)
            if taken:
                await delivery.delivered(taken, Place(next(self.numbers)))

    # --- what always holds -----------------------------------------------------------------------

    @invariant()
    def everything_fits(self) -> None:
        if hasattr(self, "people"):
            self.run(self._fits())

    async def _fits(self) -> None:
        verdict = await ledger.verify()
        assert verdict.broken is None
        cases = await Proposal.all().order_by("id").prefetch_related("steps")
        assert verdict.lines == sum(case.lines for case in cases)
        signed = await Determination.all().values_list("case_id", flat=True)
        assert sorted(signed) == [case.id for case in cases if case.state is State.EFFECTIVE]
        cards = await LivingCard.all()
        owed = await Message.filter(kind="card", state=MessageState.OWED)
        for case in cases:
            steps = sorted(case.steps, key=lambda step: step.seq)
            self._check_people(case)
            self._check_steps(case, steps)
            self._check_version(case)
            concerned = _concerned(steps)
            waiting = [m.person_id for m in owed if m.case_id == case.id]
            holding = [card.person_id for card in cards if card.case_id == case.id]
            assert {*waiting, *holding} <= concerned, "a card for a stranger"
            assert len(waiting) == len(set(waiting)), "two cards owed to one person"
            assert case.turn_id is None or case.turn_id in {*waiting, *holding}, "nobody was told"

    def _check_people(self, case: Proposal) -> None:
        decide = [i for i in (case.head_id, case.officer_id) if i is not None]
        assert len({case.drafter_id, *decide}) == 1 + len(decide), "one person in two roles"
        assert case.on_behalf_of_id not in {case.drafter_id, case.head_id, case.officer_id} - {None}
        assert (case.state is not State.WAITING_HEAD) or case.head_id
        if case.state in {State.WAITING_OFFICER, State.EFFECTIVE}:
            assert case.officer_id
            assert case.appointment_id
        if case.state is State.UNROUTABLE:
            assert case.officer_id is None
            lacks = "no_head" if case.head_id is None and "direct" not in case.why else None
            assert case.why.get("code") == lacks
            assert ("reasons" in case.why) is (lacks is None)

    def _check_steps(self, case: Proposal, steps: list[Step]) -> None:
        assert case.lines == len(steps)
        assert (steps[0].action, steps[0].before) == (Action.SUBMIT, None)
        for earlier, step in itertools.pairwise(steps):
            assert step.before is earlier.after
            table = RULES[earlier.after, step.action]
            assert step.after in FURTHER.get(table.to, {table.to})
            assert step.at >= earlier.at
            assert (step.actor_id is None) is (table.party is Party.SYSTEM)
        assert steps[-1].after is case.state

    def _check_version(self, case: Proposal) -> None:
        version, state = self.versions.get(case.id, (0, None))
        assert case.version >= version
        assert case.version > version or case.state is state
        self.versions[case.id] = (case.version, case.state)


def _concerned(steps: list[Step]) -> set[int]:
    """The drafter, and whoever the case was ever routed to."""
    names = ("head", "officer", "on_behalf_of")
    routed = {step.record.get(name) for step in steps for name in names}
    return {i for i in (steps[0].actor_id, *routed) if isinstance(i, int)}


_databases = itertools.count(1)


def _world(url: str) -> type[World]:
    return type("World", (World,), {"url": url})


def _explore(world: Any, examples: int, steps: int) -> None:
    run_state_machine_as_test(world, settings=settings(
        max_examples=examples, stateful_step_count=steps, deadline=None,
        suppress_health_check=list(HealthCheck), print_blob=True,
    ))  # fmt: skip


@pytest.fixture(params=["sqlite", "postgres"])
def fresh_worlds(request, tmp_path):
    """Makes a world on a database of its own, as often as it is asked."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")

        def make() -> World:
            path = tmp_path / f"{next(_databases)}.db"
            shutil.copy(template, path)
            return _world(f"sqlite://{path}")()

        return make

    cluster, template = (request.getfixturevalue(n) for n in ("cluster", "postgres_template"))

    def make_on_postgres() -> World:
        name = f"m{os.getpid()}_{next(_databases)}"
        run_apart(_execute, cluster, f"CREATE DATABASE {name} TEMPLATE {template}")
        return _world(cluster.url(name))()

    return make_on_postgres


def test_whatever_people_do_the_rules_hold(fresh_worlds):
    _explore(fresh_worlds, examples=6, steps=30)


@pytest.mark.slow
def test_whatever_people_do_for_long_the_rules_hold(fresh_worlds):
    _explore(fresh_worlds, examples=100, steps=50)
