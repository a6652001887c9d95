from models import content, living, telling, workflow
from models.guide import GuideItem
from models.levels import Level
from models.outbox import Message
from tests.factories import ITEMS, Cast, make_guide


async def test_a_new_edition_is_announced_once_to_those_whose_case_cites_the_old_one(database):
    cast = await Cast.gather()
    item = await cast.item()
    case = await workflow.submit(content.from_item("科工〔2026〕1号", item), by=cast.drafter)
    await living.adopt(cast.head, case, 77)
    await Message.all().update(state="sent")
    assert await telling.announce_edition() == 0

    items = [("KJ-002", "科技/工艺", "改了的事项", Level.SECRET, "20年"), *ITEMS[1:]]
    edition = await make_guide("2027版", items=items)
    assert await GuideItem.filter(edition=edition).count() == len(items)
    assert await telling.announce_edition() == 1
    owed = await Message.filter(state="owed")
    assert [(m.kind, m.person_id, m.facts) for m in owed] == [
        ("card", cast.head.id, {"fresh": False})
    ]
    assert await telling.announce_edition() == 0
