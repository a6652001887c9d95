"""What each kind of message owed looks like, made at delivery from the present state."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from telegram import BotCommand, InlineKeyboardButton, InlineKeyboardMarkup

from bot import cards, keyboards, words
from bot.callbacks import GoTap, LanguageTap, Place, View, ViewTap
from bot.draft_screens import draft_screen
from bot.rendered import Commands, Delete, Leave, Rendered, Text
from bot.shown import Shown, shown
from bot.texts import Texts
from models import access, errors
from models.menus import commands_of
from models.office import office
from models.outbox import CARD, Message
from models.people import Person
from models.proposal import Proposal, State
from models.routing import NoHead

Facts = Mapping[str, Any]
_ICONS: Final = {
    State.WAITING_HEAD: "🟡",
    State.WAITING_OFFICER: "🟡",
    State.UNROUTABLE: "🟡",
    State.RETURNED: "↩️",
    State.WITHDRAWN: "－",
    State.EFFECTIVE: "✅",
}
_HISTORY: Final = 8
_LISTED: Final = 10


async def render(message: Message) -> Rendered | None:
    """The words and buttons of ``message``, in its reader's language; None when it is moot."""
    person = message.person
    t = Texts((person and person.language) or office().language)
    screen = _ANYONE.get(message.kind)
    if screen is not None:
        return await screen(message.facts, t)
    if person is None:
        return None
    try:
        return await _BOUND[message.kind](person, message, t)
    except errors.CaseNotFound:
        return None  # they lost sight of it meanwhile


async def _say(facts: Facts, t: Texts) -> Text:
    """A plain sentence: ``text`` names it, the rest are its facts."""
    rest = {name: value for name, value in facts.items() if name not in {"text", "edit"}}
    edit = facts.get("edit")
    return Text(t.html(str(facts["text"]), **rest), edit=int(edit) if edit else None)


async def _delete(facts: Facts, t: Texts) -> Delete:
    del t
    return Delete(int(facts["message_id"]))


async def _leave(facts: Facts, t: Texts) -> Leave:
    del facts, t
    return Leave()


async def _card(person: Person, message: Message, t: Texts) -> Text:
    assert message.case_id is not None
    return cards.card(await shown(message.case_id, person), t)


async def _turned(person: Person, message: Message, t: Texts) -> Text:
    """The card turned to its return reasons, or to the question before a withdrawal."""
    assert message.case_id is not None
    it = await shown(message.case_id, person)
    front = cards.card(it, t)
    returning = message.facts["side"] == "reasons"
    key, keyboard = (
        ("return-which", keyboards.return_chips)
        if returning
        else ("withdraw-sure", keyboards.withdraw_keyboard)
    )
    text = f"{front.text}\n<b>{t.html(key)}</b>"
    return replace(front, text=text, markup=keyboard(it.case, t), edit=_edit(message), slot=CARD)


def _edit(message: Message) -> int | None:
    value = message.facts.get("edit")
    return int(str(value)) if value else None


async def _details(person: Person, message: Message, t: Texts) -> Text:
    """The case in full: the item as far as it may be shown, and who did what when."""
    assert message.case_id is not None
    it = await shown(message.case_id, person)
    case = it.case
    lines = [
        t.html("details-head", number=case.number, document=case.document_no),
        t.html("details-outcome", outcome=words.outcome(case.level, case.term, t)),
        cards.basis(case, t),
        *_item(case, t),
        t.html("card-title", title=case.title) if case.title else "",
        t.html("card-note", note=case.note) if case.note else "",
        t.html("details-history"),
        *_history(it, t),
    ]
    markup = InlineKeyboardMarkup([keyboards.back_to_card(case, t)])
    text = "\n".join(line for line in lines if line)
    return Text(text, markup, edit=_edit(message), slot=CARD, version=case.version)


def _item(case: Proposal, t: Texts) -> list[str]:
    item, edition = case.item, case.edition
    if item is None or edition is None:
        return []
    lines = [t.html("details-edition", edition=edition.name)]
    if not edition.is_open:
        return [*lines, t.html("details-codes")]
    scope = t.html("details-scope", scope=words.shorten(case.access_scope, 200))
    return [
        *lines,
        t.html("details-category", category=item.category),
        t.html("details-matter", matter=words.shorten(item.matter, 500)),
        scope if case.access_scope else "",
        t.html("details-source", basis=words.shorten(item.basis, 200)) if item.basis else "",
    ]


def _history(it: Shown, t: Texts) -> list[str]:
    hidden, lines = max(0, len(it.steps) - _HISTORY), []
    if hidden:
        lines.append(t.html("details-more-lines", count=hidden))
    for step in it.steps[hidden:]:
        facts = {
            "at": words.when(step.at),
            "name": step.actor.name if step.actor else t("party-system"),
            "did": t(f"did-{step.action.value}"),
        }
        if step.reason is None:
            lines.append(t.html("details-line", **facts))
            continue
        key = "details-line-comment" if step.comment else "details-line-reason"
        reason = t(f"reason-{step.reason.value}")
        lines.append(t.html(key, **facts, reason=reason, comment=step.comment))
    return lines


async def _draft(person: Person, message: Message, t: Texts) -> Text | None:
    resumed = bool(message.facts.get("resumed"))
    return await draft_screen(person, t, _edit(message), resumed=resumed)


def _open(case: Proposal, t: Texts) -> list[InlineKeyboardButton]:
    text = t("button-open", number=case.number, document=words.shorten(case.document_no, 20))
    return [keyboards.button(text, ViewTap(case.id, View.OPEN).pack())]


def _first(cases: list[Proposal]) -> tuple[list[Proposal], bool]:
    """As many as a list shows, and whether there are more."""
    return cases[:_LISTED], len(cases) > _LISTED


def _listed(lines: list[str], cases: list[Proposal], t: Texts, *, more: bool) -> Text:
    """A list with a button to open each."""
    last = [t.html("list-first", count=_LISTED)] if more else []
    return Text("\n".join([*lines, *last]), InlineKeyboardMarkup([_open(c, t) for c in cases]))


async def _inbox(person: Person, message: Message, t: Texts) -> Text:
    del message
    waiting, more = _first(await access.inbox_of(person, _LISTED + 1))
    if not waiting:
        return Text(t.html("inbox-empty"))
    lines = [t.html("inbox-head", count=await access.how_many_wait(person))]
    for place, case in enumerate(waiting, 1):
        lines.append(
            t.html(
                "inbox-line",
                place=str(place),
                document=case.document_no,
                outcome=words.outcome(case.level, case.term, t),
                drafter=case.drafter.name,
                at=words.when(case.waiting_since),
            )
        )
    return _listed(lines, waiting, t, more=more)


async def _mine(person: Person, message: Message, t: Texts) -> Text:
    del message
    cases, more = _first(await access.cases_of(person, _LISTED + 1))
    if not cases:
        return Text(t.html("mine-empty"))
    lines = [t.html("mine-head")]
    for case in cases:
        state = t(f"state-{case.state.value}")
        lines.append(
            t.html(
                "mine-line",
                icon=_ICONS[case.state],
                document=case.document_no,
                outcome=words.outcome(case.level, case.term, t),
                state=state,
            )
        )
    return _listed(lines, cases, t, more=more)


async def _roles(person: Person, t: Texts) -> str:
    names = [t(f"role-{role.value}") for role in sorted(person.roles)]
    if await access.is_officer(person):
        names.append(t("role-officer"))
    return "、".join(names) if t.language == "zh" else ", ".join(names)


async def _welcome(person: Person, message: Message, t: Texts) -> Text:
    """The first words after binding, with what to do first."""
    await person.fetch_related("department")
    hello = t.html(
        "welcome",
        name=person.name,
        roles=await _roles(person, t),
        department=person.department.name,
    )
    shown = await _help(person, message, t)
    return replace(shown, text=f"{hello}\n\n{shown.text}")


async def _help(person: Person, message: Message, t: Texts) -> Text:
    del message
    await person.fetch_related("department")
    known = await commands_of(person)
    facts = {"name": person.name, "department": person.department.name}
    decides = "inbox" in known
    keys = [
        *(f"help-{name}" for name in known if name not in {"help", "start"}),
        *(["help-typed"] if decides else []),
        *(["help-admin"] if person.is_admin else []),
        "help-limit",
    ]
    lines = [t.html("help-head", **facts), *(t.html(key) for key in keys)]
    places = [(p, f"button-{p.value}") for p in (Place.NEW, Place.INBOX, Place.MINE)]
    row = [keyboards.button(t(key), GoTap(p).pack()) for p, key in places if p.value in known]
    return Text("\n".join(lines), InlineKeyboardMarkup([row]) if row else None)


async def _language(person: Person, message: Message, t: Texts) -> Text:
    del person, message
    names = {"zh": "中文", "en": "English"}
    row = [keyboards.button(name, LanguageTap(code).pack()) for code, name in names.items()]
    return Text(t.html("language-which"), InlineKeyboardMarkup([row]))


async def _commands(person: Person, message: Message, t: Texts) -> Commands:
    del message
    known = await commands_of(person)
    return Commands(tuple(BotCommand(name, t(f"command-{name}")) for name in known))


async def _unroutable(person: Person, message: Message, t: Texts) -> Text | None:
    """For administrators: that there is no head, or what keeps each officer from signing."""
    case = await access.case_for(person, message.case_id or 0)
    if case.state is not State.UNROUTABLE:
        return None
    if case.why.get("code") == NoHead.NO_HEAD:
        where = case.department.name
        return Text(t.html("admin-unroutable-head", number=case.number, department=where))
    reasons: Any = case.why["reasons"]
    lines = [t.html("admin-unroutable", number=case.number)]
    for code, why in reasons[:_LISTED]:
        lines.append(t.html("admin-unroutable-line", code=code, problem=t(f"unfit-{why}")))
    if (more := int(str(case.why["count"])) - _LISTED) > 0:
        lines.append(t.html("admin-unroutable-more", count=more))
    none = [] if reasons else [t.html("admin-unroutable-none")]
    return Text("\n".join([*lines, *none, t.html("admin-unroutable-todo")]))


async def _unreachable(person: Person, message: Message, t: Texts) -> Text:
    del person
    return Text(t.html("admin-unreachable", code=message.facts["code"]))


Anyone = Callable[[Facts, Texts], Awaitable[Rendered]]
Bound = Callable[[Person, Message, Texts], Awaitable[Rendered | None]]
_ANYONE: Final[Mapping[str, Anyone]] = {"say": _say, "delete": _delete, "leave": _leave}
_BOUND: Final[Mapping[str, Bound]] = {
    "card": _card,
    "turned": _turned,
    "details": _details,
    "draft": _draft,
    "inbox": _inbox,
    "mine": _mine,
    "welcome": _welcome,
    "help": _help,
    "language": _language,
    "commands": _commands,
    "unroutable": _unroutable,
    "person_unreachable": _unreachable,
}
