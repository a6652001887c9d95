"""A small cast and a small guide; each test says only what it is about."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any

from models import catalogue, content, workflow
from models.guide import Disclosure, GuideEdition, GuideItem
from models.guide_editions import content_hash
from models.levels import Level
from models.office import now, today
from models.people import Appointment, AppointmentKind, Delegation, Department, Person
from models.proposal import Action, Proposal, ReturnReason, State

_ids = count(1)


async def make_department(name: str = "科技处", parent: Department | None = None) -> Department:
    made, _ = await Department.get_or_create(name=name, defaults={"parent": parent})
    return made


async def make_person(name: str, *roles: str, department: Department | None = None,
                      bound: bool = True, **values: Any) -> Person:  # fmt: skip
    number = next(_ids)
    flags = {f"is_{role}": True for role in roles}
    return await Person.create(
        code=values.pop("code", f"P{number:03d}"),
        name=name,
        department=department or await make_department(),
        telegram_id=1000 + number if bound else None,
        **flags,
        **values,
    )


async def appoint(person: Person, *departments: str, ceiling: Level = Level.TOP_SECRET,
                  kind: AppointmentKind = AppointmentKind.DESIGNATED, **values: Any) -> Appointment:  # fmt: skip
    day = today()
    return await Appointment.create(
        person=person,
        kind=kind,
        ceiling=ceiling,
        departments=list(departments) or ["*"],
        document_no="局保〔2026〕3号",
        valid_from=values.pop("valid_from", day - timedelta(days=100)),
        trained_on=values.pop("trained_on", day - timedelta(days=30)),
        **values,
    )


ITEMS = (
    ("KJ-002", "科技/工艺", "国际领先技术的关键工艺参数", Level.TOP_SECRET, "30年"),
    ("KJ-003", "科技/工艺", "国内领先技术的关键工艺参数", Level.SECRET, "20年"),
    ("CH-101", "测绘/地形", "1:1万地形图与数字成果", Level.SECRET, "长期"),
    ("CH-102", "测绘/地形", "连续覆盖超过25平方千米的地形图", Level.CONFIDENTIAL, "10年"),
    ("CH-N01", "测绘/地形", "连续覆盖不超过25平方千米的地形图", Level.UNCLASSIFIED, ""),
    ("KS-001", "考试/命题", "启用前的试题与参考答案", Level.TOP_SECRET, "启用前"),
    ("BG-001", "办公/内部", "内部会议纪要", Level.WORK_SECRET, "5年"),
)


async def make_guide(name: str = "2026版", *, disclosure: Disclosure = Disclosure.OPEN,
                     effective: date | None = None, items: Any = ITEMS) -> GuideEdition:  # fmt: skip
    scope, basis = "项目组经批准人员", "演示目录（虚构）"
    edition = await GuideEdition.create(
        name=name,
        effective_on=effective or today() - timedelta(days=10),
        disclosure=disclosure,
        content_hash=content_hash((*one, scope, "", basis, "") for one in items),
        imported_at=now(),
        published_at=now(),
        published_via="test",
    )
    await GuideItem.bulk_create(
        GuideItem(
            edition=edition,
            code=code,
            category=category,
            matter=matter,
            level=level,
            term=term,
            access_scope=scope,
            basis=basis,
        )
        for code, category, matter, level, term in items
    )
    catalogue.forget()
    await catalogue.refresh()
    return edition


class Cast:
    """Wen drafts, Zhao heads the department, Lin signs, Yang administers; all have accounts."""

    drafter: Person
    head: Person
    officer: Person
    admin: Person
    appointment: Appointment
    edition: GuideEdition

    @classmethod
    async def gather(cls) -> "Cast":
        cast = cls()
        top = await make_department("局领导")
        office = await make_department("科技处", top)
        cast.drafter = await make_person("周文", "drafter", department=office, code="D102")
        cast.head = await make_person("赵国", "head", department=office, code="D100")
        cast.officer = await make_person("林秀", department=top, code="A002")
        cast.admin = await make_person("杨振", "admin", department=top, code="D500")
        cast.appointment = await appoint(cast.officer, "科技处")
        cast.edition = await make_guide()
        return cast

    async def item(self, code: str = "KJ-002") -> GuideItem:
        return await GuideItem.get(edition=self.edition, code=code)

    async def propose(self, code: str = "KJ-002", number: str = "科工〔2026〕1号", *,
                      by: Person | None = None, **values: Any) -> Proposal:  # fmt: skip
        """A new case that cites the item ``code`` as it prescribes."""
        what = replace(content.from_item(number, await self.item(code)), **values)
        return await workflow.submit(what, by=by or self.drafter)

    async def take(self, case: Proposal, action: Action, by: Person | None = None,
                   **values: Any) -> Proposal:  # fmt: skip
        """``action`` on ``case`` by whose turn it is, who saw its newest version."""
        present = await Proposal.get(id=case.id)
        by = by or {
            Action.ENDORSE: self.head,
            Action.APPROVE: self.officer,
            Action.RETURN: self.officer if present.state is State.WAITING_OFFICER else self.head,
        }.get(action, self.drafter)
        return await workflow.take_step(case.id, action, by=by, seen=present.version, **values)

    async def endorsed(self, *arguments: Any, **values: Any) -> Proposal:
        """A case that waits for the officer."""
        return await self.take(await self.propose(*arguments, **values), Action.ENDORSE)

    async def approved(self, *arguments: Any, **values: Any) -> Proposal:
        """A case that took effect."""
        return await self.take(await self.endorsed(*arguments, **values), Action.APPROVE)

    async def returned(self, *arguments: Any, **values: Any) -> Proposal:
        """A case that the head returned."""
        case = await self.propose(*arguments, **values)
        return await self.take(case, Action.RETURN, reason=ReturnReason.TERM_WRONG)


async def away(
    person: Person, substitute: Person | None = None, *, accepted: bool = True
) -> Delegation:
    """``person`` is absent from yesterday until tomorrow."""
    return await Delegation.create(
        person=person,
        substitute=substitute,
        starts_on=today() - timedelta(days=1),
        ends_on=today() + timedelta(days=1),
        accepted_at=now() if accepted and substitute else None,
    )
