"""The demo: an invented office, its officers and its guide, in any year."""

from datetime import date
from typing import Final

from models.demo_guide import guide_rows
from models.guide import Disclosure
from models.guide_import import import_guide
from models.levels import add_months
from models.office import office, today
from models.officers_import import import_officers
from models.people_import import import_people
from models.tables import table_of

__all__ = ["edition_name", "guide_rows", "load", "officer_rows", "people_rows"]

_PEOPLE: Final = """
A001 陈志远 局领导 - 局长 定密责任人
A002 林秀英 局领导 - 副局长 定密责任人
D100 赵国强 科技处 局领导 处长 部门负责人;定密责任人
D101 孙丽华 科技处 - 副处长 定密责任人
D102 周文博 科技处 - 主任科员 拟稿人
D103 吴晓梅 科技处 - 科员 拟稿人
D200 郑海涛 考试中心 局领导 主任 部门负责人
D201 王雅琴 考试中心 - 副主任 定密责任人
D202 冯思远 考试中心 - 科员 拟稿人
D300 褚建平 测绘成果处 局领导 处长 部门负责人;定密责任人
D301 卫东升 测绘成果处 - 科员 拟稿人
D302 蒋雨晴 测绘成果处 - 保密员 拟稿人;保密员
D400 沈明哲 人事处 局领导 处长 部门负责人
D401 韩雪 人事处 - 科员 拟稿人
D500 杨振华 保密办 局领导 主任 部门负责人;管理员
D501 朱琳 保密办 - 保密员 管理员;保密员
D600 秦立新 办公室 局领导 主任 部门负责人;定密责任人
D601 许婷 办公室 - 科员 拟稿人
"""
#: code, kind, ceiling, departments, and how much of the training's validity is used up.
_OFFICERS: Final = (
    ("A001", "法定", "绝密", "*", 0.6),
    ("A002", "指定", "绝密", "科技处;考试中心;测绘成果处;人事处", 0.6),
    ("D100", "指定", "机密", "科技处", 0.6),
    ("D101", "指定", "秘密", "科技处", 0.5),
    ("D201", "指定", "机密", "考试中心;人事处", 0.6),
    ("D300", "指定", "机密", "测绘成果处", 1.2),
    ("D600", "指定", "秘密", "办公室;保密办", 0.5),
)


def people_rows() -> list[dict[str, str]]:
    """The cast: everybody invented. The columns are those of a people file."""
    names = ("code", "name", "department", "parent_department", "position", "roles")
    rows = (line.replace(" - ", "  ").split(" ") for line in _PEOPLE.strip().splitlines())
    return [dict(zip(names, row, strict=True)) for row in rows]


def officer_rows() -> list[dict[str, str]]:
    """The cast's appointments: in force today, and all trained but 褚建平, whose training lapsed."""
    year = today().year - 2
    valid = office().training_months
    return [
        {
            "code": code,
            "kind": kind,
            "ceiling": ceiling,
            "departments": departments,
            "document_no": "" if kind == "法定" else f"局保〔{year}〕3号",
            "valid_from": f"{year}-01-01" if kind == "法定" else f"{year}-03-01",
            "valid_until": "" if kind == "法定" else f"{year + 5}-02-28",
            "trained_on": add_months(today(), -max(1, round(valid * used))).isoformat(),
        }
        for code, kind, ceiling, departments, used in _OFFICERS
    ]


def edition_name() -> str:
    """The name of the demo guide's edition, by the current year."""
    return f"{today().year}版（演示）"


async def load() -> None:
    """Fill an empty database with the cast and the guide, through the importers themselves."""
    await import_people(table_of("people", people_rows()))
    await import_officers(table_of("officers", officer_rows()))
    await import_guide(
        table_of("guide", guide_rows()),
        edition=edition_name(),
        effective=date(today().year, 1, 1),
        disclosure=Disclosure.OPEN,
        publish=True,
        via="demo",
    )
