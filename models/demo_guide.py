"""The demo guide: some written items, and some ten thousand put together from invented words."""

from collections.abc import Iterator
from typing import Final

from models.demo_items import ITEMS
from models.demo_words import SUBJECTS, Subject
from models.levels import Level

BASIS: Final = "演示目录（虚构）"
_FIELDS: Final = ("code", "category", "matter", "level", "term", "access_scope", "department")
#: The level of an aspect (down) of a thing of a size (across): the larger, the more secret.
_LEVELS: Final = (
    (Level.TOP_SECRET, Level.SECRET, Level.SECRET, Level.CONFIDENTIAL),
    (Level.SECRET, Level.SECRET, Level.CONFIDENTIAL, Level.CONFIDENTIAL),
    (Level.SECRET, Level.CONFIDENTIAL, Level.CONFIDENTIAL, Level.CONFIDENTIAL),
    (Level.CONFIDENTIAL, Level.CONFIDENTIAL, Level.CONFIDENTIAL, Level.WORK_SECRET),
    (Level.SECRET, Level.CONFIDENTIAL, Level.CONFIDENTIAL, Level.WORK_SECRET),
    (Level.CONFIDENTIAL, Level.CONFIDENTIAL, Level.WORK_SECRET, Level.WORK_SECRET),
)
_TERMS: Final = {
    Level.TOP_SECRET: ("30年", "25年", "20年"),
    Level.SECRET: ("20年", "15年", "10年"),
    Level.CONFIDENTIAL: ("10年", "5年", "3年", "18个月"),
    Level.WORK_SECRET: ("",),
}
_SCOPES: Final = {
    Level.TOP_SECRET: ("经局领导批准的人员", "专班核心成员"),
    Level.SECRET: ("{}经批准的人员", "{}及承办人员", "局领导及{}负责人"),
    Level.CONFIDENTIAL: ("{}工作人员", "{}及有关部门承办人员", "参加该项工作的人员"),
    Level.WORK_SECRET: ("{}内部", "本单位内部"),
}
#: Every so many items of a weighty kind there is one without an end.
_LONG_TERM_EVERY: Final = 7
#: The aspect that is secret only until something happens.
_PASSING: Final = 2


def guide_rows() -> list[dict[str, str]]:
    """All rows of the demo guide, the same every time, ready to be imported."""
    return [*_written(), *(row for subject in SUBJECTS for row in _made(subject))]


def _written() -> Iterator[dict[str, str]]:
    for line in ITEMS.strip().splitlines():
        *values, notes = line.split("|")
        yield dict(zip(_FIELDS, values, strict=True)) | {"basis": BASIS, "notes": notes}


def _made(subject: Subject) -> Iterator[dict[str, str]]:
    number = 1000
    for branch, things in subject.things.items():
        for place, thing in enumerate(things.split()):
            for matter, level, term, notes in _matters(subject, thing, place):
                number += 1
                scope = ""
                if level in _SCOPES:
                    scopes = _SCOPES[level]
                    scope = scopes[number % len(scopes)].format(subject.department)
                yield {
                    "code": f"{subject.prefix}-{number}",
                    "category": f"{subject.name}/{branch}",
                    "matter": matter,
                    "level": level.label,
                    "term": term,
                    "access_scope": scope,
                    "department": subject.department,
                    "basis": BASIS,
                    "notes": notes,
                }


def _matters(subject: Subject, thing: str, place: int) -> Iterator[tuple[str, Level, str, str]]:
    """What the guide says of one thing: matter, level, term and notes."""
    aspects = subject.aspects.split()
    for kind, aspect in enumerate(aspects):
        for size, level in zip(subject.sizes, _LEVELS[kind], strict=True):
            yield f"{size}{thing}{aspect}", level, _term(subject, level, kind, place), ""
    for aspect in aspects[:3]:
        matter = f"{subject.below}{thing}{aspect}"
        yield matter, Level.UNCLASSIFIED, "", "界限条目：未达到规模"
    yield f"{thing}工作的{subject.inside}", Level.WORK_SECRET, "", "按内部事项管理"
    yield f"{thing}工作中尚未定稿的过程性资料", Level.WORK_SECRET, "", ""
    yield f"{thing}的{subject.public}", Level.UNCLASSIFIED, "", "应当公开"
    yield f"已依法公开的{thing}相关内容", Level.UNCLASSIFIED, "", "已公开"


def _term(subject: Subject, level: Level, kind: int, place: int) -> str:
    if kind == _PASSING and level.is_classified:
        return subject.until
    if kind == 0 and level is Level.TOP_SECRET and place % _LONG_TERM_EVERY == 0:
        return "长期"
    terms = _TERMS[level]
    return terms[(kind + place) % len(terms)]
