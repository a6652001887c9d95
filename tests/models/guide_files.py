"""Small guides for the tests of importing them."""

from datetime import date

from models import db
from models.guide_import import import_guide
from models.tables import parse_table

HEADER = "编号,类别,事项,密级,保密期限,知悉范围,产生部门,依据,备注"
KEY = "KJ-1,科技/项目,关键工艺参数,机密,20年,项目组,科技处,演示目录,"
EXAM = "KS-1,考试,启用前的试题,绝密,启用前,命题组,考试中心,演示目录,"
OPEN = "KS-2,考试,已公布的考试大纲,非密,,,考试中心,信息公开要求,应当公开"


def guide(*rows):
    return parse_table("\n".join((HEADER, *rows)).encode(), "guide.csv")


async def store(*rows, edition="2026版", effective=date(2026, 1, 1), **options):
    return await import_guide(guide(*rows), edition=edition, effective=effective, **options)


async def everything():
    return [
        await db.sql("SELECT * FROM guide_edition ORDER BY id"),
        await db.sql("SELECT * FROM guide_item ORDER BY id"),
    ]
