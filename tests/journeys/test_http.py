"""From empty files to a signed determination: the command line, then plain HTTP, two processes."""

import socket

from bot.sandbox import Telegram
from models.office import today
from tests.journeys.conftest import Program, Visitor

PEOPLE = """工号,姓名,部门,上级部门,职务,角色
A1,林秀,局领导,,副局长,定密责任人
D1,赵国,科技处,局领导,处长,部门负责人
D2,周文,科技处,,科员,拟稿人
"""
OFFICERS = """工号,类型,权限,责任部门,指定文号,生效日期,失效日期,培训日期
A1,指定,绝密,科技处,局保〔2026〕3号,2020-01-01,2090-01-01,{trained}
A1,法定,绝密,*,,2020-01-01,,{trained}
"""
GUIDE = """编号,类别,事项,密级,保密期限,知悉范围,产生部门,依据,备注
KJ-002,科技/工艺,国际领先技术的关键工艺参数,绝密,30年,项目组,科技处,演示目录（虚构）,
CH-101,测绘/地形,1:1万地形图与数字成果,机密,20年,经批准人员,科技处,演示目录（虚构）,
"""
USERS = {"D2": 11, "D1": 12, "A1": 13}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_an_office_is_set_up_and_signs_its_first_document(database_url, tmp_path, session):
    """Polling on SQLite, the webhook on PostgreSQL: each mode and each database once."""
    desk = tmp_path / "desk"
    desk.mkdir()
    files = {"people": PEOPLE, "officers": OFFICERS.format(trained=today()), "guide": GUIDE}
    for name, text in files.items():
        (desk / f"{name}.csv").write_text(text, encoding="gb18030")
    town = Program(desk, language="zh")
    async with town.running("sandbox", "--port", "0", until=r"(http://\S+:\d+)(?:.|\n)*") as found:
        url = found[1]
        for number in USERS.values():
            person = {"id": number, "first_name": f"第{number}"}
            await session.post(f"{url}/sandbox/people", json=person)
        port = free_port()
        settings = {
            "bot_token": Telegram().bot_token,
            "bot_api_url": url,
            "database_url": database_url,
            "http_port": str(port),
        }
        if database_url.startswith("postgres"):
            settings["public_url"] = f"http://127.0.0.1:{port}"
        office = Program(desk, **settings)
        await set_up(office)
        lines = (await office.does("invite", "--all")).splitlines()
        links = {code: link.rsplit("=", 1)[1] for code, _, link in (x.split("\t") for x in lines)}
        async with office.running("run", until=r"ready"):
            async with session.get(f"http://127.0.0.1:{port}/readyz") as response:
                assert response.status == 200
            people = {c: Visitor(session, url, USERS[c]) for c in USERS}
            for code, person in people.items():
                await person.does("start", payload=links[code])
                await person.sees("您已绑定为")
            await sign_one(people["D2"], people["D1"], people["A1"])
        assert "1" in await office.does("ledger", "verify")


async def set_up(office: Program) -> None:
    await office.does("migrate")
    await office.does("import", "people", "people.csv")
    await office.does("import", "officers", "officers.csv")
    await office.does("import", "guide", "guide.csv", "--edition", "2026版", "--effective",
                      "2026-01-01", "--disclosure", "open", "--publish")  # fmt: skip


async def sign_one(drafter: Visitor, head: Visitor, officer: Visitor) -> None:
    await drafter.does("say", text="/new 科工〔2026〕12号 关键工艺")
    await drafter.taps("提交", "拟定　绝密★30年")
    await drafter.sees("🟡 待 赵国 审核")
    await head.taps("同意", "🟡 待您审核")
    await head.sees("✅ 已同意")
    await officer.taps("批准", "🟡 待您审定")
    await officer.sees("✅ 已批准 · 案")
    told = await drafter.sees("✅ 科工〔2026〕12号 已批准")
    assert "请标注：绝密★30年" in told["text"]
