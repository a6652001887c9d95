"""All that a chat may show of a case, for whoever looks at it. Metadata only, ever."""

from typing import Final

from bot import words
from bot.keyboards import card_keyboard
from bot.rendered import Text
from bot.shown import Shown
from bot.texts import Texts
from models.assignment import is_reviewed
from models.office import now, office
from models.proposal import Action, Proposal, State, Step

#: Steps that stand in the trail of a decided case; others are told in words or in the details.
_TRAIL: Final = (Action.SUBMIT, Action.RESUBMIT, Action.ENDORSE, Action.APPROVE, Action.RETURN)


def card(it: Shown, t: Texts) -> Text:
    """The living card: at most twelve lines, the one that matters first."""
    case = it.case
    lines = {
        State.WAITING_HEAD: _waiting,
        State.WAITING_OFFICER: _waiting,
        State.UNROUTABLE: _unroutable,
        State.RETURNED: _returned,
        State.WITHDRAWN: _withdrawn,
        State.EFFECTIVE: _effective,
    }[case.state](it, t)
    return Text(
        "\n".join(line for line in lines if line),
        card_keyboard(it, t),
        retired=t.html("card-retired", number=case.number),
        version=case.version,
    )


def _document(it: Shown, t: Texts) -> str:
    case = it.case
    outcome = words.outcome(case.level, case.term, t)
    return t.html("card-document", document=case.document_no, outcome=outcome)


def _title(it: Shown, t: Texts) -> str:
    return t.html("card-title", title=it.case.title) if it.case.title else ""


def basis(case: Proposal, t: Texts) -> str:
    """The item cited, as far as its edition may be shown; or the reason for 非密."""
    if case.item is not None and case.edition is not None:
        text = words.label(case.item, case.edition)
        return t.html("card-basis", code=case.item.code, label=text)
    if case.reason is not None:
        return t.html("card-no-basis", reason=t(f"no-basis-{case.reason.value}"))
    return ""


def _waiting(it: Shown, t: Texts) -> list[str]:
    """A card of a case on its way: for whose turn it is, and for those who wait with it."""
    case = it.case
    facts = {"number": case.number, "name": _turn(case)}
    step = "head" if case.state is State.WAITING_HEAD else "officer"
    if it.is_turn:
        head = t.html(f"card-{step}-turn", **facts)
    elif step == "officer" and it.viewer.id == case.head_id:
        head = t.html("card-endorsed", **facts)
    else:
        head = t.html(f"card-waiting-{step}", **facts)
    return [
        head,
        _document(it, t),
        _title(it, t),
        basis(case, t),
        t.html("card-note", note=case.note) if case.note and it.is_turn else "",
        _drafter(it, t),
        _changes(it, t) if it.is_turn else "",
        _endorsed(it, t),
        t.html("card-why", why=why(case, t)) if it.is_turn else "",
        "　".join(line for line in (_due(it, t), _nudged(it, t)) if line),
        _fate(it, t),
    ]


def _unroutable(it: Shown, t: Texts) -> list[str]:
    number = t.html("card-unroutable-case", number=it.case.number)
    return [
        t.html("card-unroutable" if is_reviewed(it.case) else "card-unroutable-head"),
        number,
        _document(it, t),
        basis(it.case, t),
        _endorsed(it, t),
    ]


def _returned(it: Shown, t: Texts) -> list[str]:
    case, step = it.case, last_return(it.steps)
    if it.is_drafter:
        head = t.html("card-returned-drafter", document=case.document_no)
    else:
        head = t.html("card-returned", number=case.number)
    return [
        head,
        t.html("card-returned-by", name=_actor(step, t), reason=said(step, t)),
        "" if it.is_drafter else _document(it, t),
        _trail(it, t),
        _fate(it, t),
    ]


def _withdrawn(it: Shown, t: Texts) -> list[str]:
    head = t.html("card-withdrawn", number=it.case.number)
    return [head, _document(it, t), _trail(it, t)]


def _effective(it: Shown, t: Texts) -> list[str]:
    case = it.case
    if not it.is_drafter:
        facts = {"number": case.number, "determination": it.determination}
        return [t.html("card-approved", **facts), _document(it, t), _title(it, t), _trail(it, t)]
    mark = case.marking
    told = (
        t.html("card-print", marking=mark)
        if mark
        else t.html("card-print-none", outcome=words.outcome(case.level, case.term, t))
    )
    return [
        t.html("card-approved-drafter", document=case.document_no),
        told,
        t.html("card-determination", determination=it.determination),
        _trail(it, t),
    ]


def _turn(case: Proposal) -> str:
    person = case.head if case.state is State.WAITING_HEAD else case.officer
    return person.name if person else ""


def _drafter(it: Shown, t: Texts) -> str:
    case = it.case
    sent = next(s for s in reversed(it.steps) if s.action in {Action.SUBMIT, Action.RESUBMIT})
    return t.html("card-drafter", name=case.drafter.name, department=case.department.name,
                  at=words.when(sent.at))  # fmt: skip


def _endorsed(it: Shown, t: Texts) -> str:
    """When the head endorsed this revision; a reroute afterwards does not hide it."""
    done = [s for s in it.steps if s.action is Action.ENDORSE and s.revision == it.case.revision]
    if not done:
        return ""
    return t.html("card-head", name=_actor(done[-1], t), at=words.when(done[-1].at))


def _due(it: Shown, t: Texts) -> str:
    if it.case.due_at is None:
        return ""
    at = words.due(it.case.due_at, t)
    if it.case.due_at < now():
        return t.html("card-overdue", at=at)
    return t.html("card-due", at=at, days=office().step_days)


def _nudged(it: Shown, t: Texts) -> str:
    last = it.steps[-1]
    if last.action is not Action.NUDGE or last.actor is None:
        return ""
    return t.html("card-nudged", name=last.actor.name, at=words.when(last.at))


def _fate(it: Shown, t: Texts) -> str:
    return t.html(f"card-item-{it.fate}") if it.fate else ""


def _changes(it: Shown, t: Texts) -> str:
    """What the new revision changed against the one before, for whoever reads it again."""
    sent = [s for s in it.steps if s.action in {Action.SUBMIT, Action.RESUBMIT}]
    if len(sent) < 2:  # noqa: PLR2004 - the one before, and this
        return ""
    old, new = sent[-2].record, sent[-1].record
    names = [n for n in ("document_no", "level", "term", "item") if old.get(n) != new.get(n)]
    told = [
        t(f"change-{n}", old=_fact(n, old.get(n), t), new=_fact(n, new.get(n), t)) for n in names
    ]
    changes = t("separator").join(told) or t("change-none")
    return t.html("card-changed", changes=changes)


def _fact(name: str, value: object, t: Texts) -> str:
    if not value:
        return t("none")
    return t(f"level-{value}") if name == "level" else str(value)


def why(case: Proposal, t: Texts) -> str:
    """Why the case came to this person: the power used, who was passed over, whom they replace."""
    facts = case.why
    code = str(facts.get("code", ""))
    parts = []
    if "direct" in facts:
        parts.append(t(f"why-direct-{facts['direct']}"))
    if code:
        ceiling = facts.get("ceiling")
        named = t(f"level-{ceiling}") if ceiling else ""
        parts.append(t(f"why-{code}", department=facts.get("department"), ceiling=named))
    if "on_behalf_of" in facts:
        parts.append(t("why-on-behalf", name=facts["on_behalf_of"]))
    passed = facts.get("passed_over") or []
    assert isinstance(passed, list)
    parts += [t("why-passed", code=c, problem=t(f"unfit-{p}")) for c, p in passed[:2]]
    return t("separator").join(parts)


def _trail(it: Shown, t: Texts) -> str:
    """Who did what and when, in this revision, on one line."""
    steps = [s for s in it.steps if s.action in _TRAIL and s.revision == it.case.revision]
    told = []
    for step in steps:
        facts = {"name": _actor(step, t), "at": words.when(step.at)}
        key = f"trail-{step.action.value}"
        if step.action is Action.APPROVE and it.case.on_behalf_of is not None:
            key, facts = "trail-approve-for", facts | {"absent": it.case.on_behalf_of.name}
        told.append(t.html(key, **facts))
    if it.case.state is State.WITHDRAWN:
        last = it.steps[-1]
        told.append(t.html("trail-withdraw", name=_actor(last, t), at=words.when(last.at)))
    return " → ".join(told)


def _actor(step: Step, t: Texts) -> str:
    return step.actor.name if step.actor else t("party-system")


def last_return(steps: list[Step]) -> Step:
    """The step that returned the case."""
    return next(s for s in reversed(steps) if s.action is Action.RETURN)


def said(step: Step, t: Texts) -> str:
    """A return's reason and, where there is one, its sentence."""
    assert step.reason is not None
    reason = t(f"reason-{step.reason.value}")
    return t("reason-with", reason=reason, comment=step.comment) if step.comment else reason
