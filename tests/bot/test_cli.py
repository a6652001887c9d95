"""Commands that answer and end: 0 done, 1 refused with a sentence, 2 wrong usage."""

import ast
import importlib
import json
import pkgutil
import re
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

import bot.commands
import bot.texts
from bot.sandbox import Telegram, serving
from bot.texts import Texts
from models import db, inbox, outbox
from models.errors import Refusal
from models.office import now
from models.outbox import Message, MessageState
from models.people import Person
from models.proposal import Proposal
from tests.bot.cli import Terminal
from tests.factories import Cast, appoint, make_person
from tests.machinery import said

PEOPLE = (
    "工号,姓名,部门,上级部门,职务,角色\n"
    "A001,陈志,局领导,,局长,\nD100,赵国,科技处,局领导,处长,部门负责人\nD102,周文,科技处,,,拟稿人\n"
)
OFFICERS = "工号,类型,权限,责任部门,指定文号,生效日期,失效日期,培训日期\nA001,法定,绝密,*,,2024-01-01,,2026-03-12\n"
GUIDE = (
    "编号,类别,事项,密级,保密期限,知悉范围,产生部门,依据,备注\n"
    "KJ-002,科技/工艺,国际领先技术的关键工艺参数,绝密,30年,项目组,科技处,虚构,\n"
    "CH-N01,测绘/地形,小范围地形图,非密,,,科技处,虚构,\n"
)
EDITION = ("--edition", "2026版", "--effective", "2026-01-01")
TOKEN = "123456:" + "abcde" * 6


@pytest.fixture
def terminal(tmp_path):
    for name, content in (("people", PEOPLE), ("officers", OFFICERS), ("guide", GUIDE)):
        (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
    return Terminal(tmp_path)


@pytest.fixture
def office(terminal, database_url):
    """A terminal whose database is migrated and empty, of either kind."""
    terminal.env["DINGMI_DATABASE_URL"] = database_url
    return terminal


# wrong usage, wrong settings


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "缺少：COMMAND"),
        (("dance",), "COMMAND 不能是“dance”"),
        (("import", "guide", "x.csv"), "缺少：--edition, --effective"),
        (("import", "guide", "x.csv", "--edition", "a", "--effective", "soon"), "“soon”不对"),
        (("invite",), "缺少：CODE --all"),
        (("invite", "A001", "--all"), "不能同时使用"),
        (("search", "x", "--limit", "0"), "“0”不对"),
        (("unbind",), "缺少：CODE"),
        (("check", "--fast"), "不认识：--fast"),
    ],
)
def test_wrong_usage_is_said_and_ends_with_2(terminal, words, sentence):
    answer = terminal.types(*words)
    assert (answer.status, answer.out) == (2, "")
    assert sentence in answer.err
    assert "用法：dingmi" in answer.err


def test_help_speaks_the_reader_s_language(terminal):
    assert "查找条目" in terminal.types("--help").out
    english = terminal.types("import", "guide", "--help", DINGMI_LANGUAGE="en")
    assert english.status == 0
    assert "publish it at once" in english.out
    assert "usage: dingmi import guide" in english.out


def test_a_misspelt_setting_stops_the_start_with_a_sentence(terminal):
    answer = terminal.types("migrate", DINGMI_DATABSE_URL="sqlite://x.db")
    assert answer == (1, "", "没有 DINGMI_DATABSE_URL 这项设置，是否指 DINGMI_DATABASE_URL？\n")


def test_a_bad_value_is_told_in_the_reader_s_language_and_not_repeated(terminal):
    answer = terminal.types("run", DINGMI_BOT_TOKEN="hunter2", DINGMI_LANGUAGE="en")
    assert (answer.status, answer.out) == (1, "")
    assert answer.err.startswith("The value of DINGMI_BOT_TOKEN cannot be used")
    assert "hunter2" not in answer.err


def test_run_without_a_token_is_refused_in_one_sentence(terminal):
    answer = terminal.types("run")
    assert (answer.status, answer.out) == (1, "")
    assert answer.err == "未设置 DINGMI_BOT_TOKEN。没有令牌可先试用：dingmi demo\n"


@pytest.mark.parametrize("command", ["migrate", "run", "check", "invite"])
def test_a_database_that_is_away_is_a_sentence_and_no_traceback(terminal, command):
    words = [command, "--all"] if command == "invite" else [command]
    answer = terminal.types(
        *words,
        DINGMI_DATABASE_URL="postgres://dingmi:hunter2@127.0.0.1:1/none",
        DINGMI_BOT_TOKEN=TOKEN,
        DINGMI_BOT_API_URL="http://127.0.0.1:1",
    )
    assert answer.status == 1
    assert "无法打开" in answer.out + answer.err
    assert "Traceback" not in answer.err
    assert "hunter2" not in answer.out + answer.err
    assert TOKEN not in answer.out + answer.err


def test_everything_an_import_can_complain_about_has_its_words_and_no_words_are_idle():
    """The codes are gathered from the importers' source, the keys from the text files."""
    models, texts = (Path(module.__file__).parent for module in (db, bot.texts))
    codes = set()
    for path in models.glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call):
                name = ast.unparse(call.func)
                place = 2 if name.endswith("problems.add") else 1 if name == "_refuse" else None
                if place and isinstance(call.args[place], ast.Constant):
                    codes.add(f"cli-bad-{call.args[place].value}")
                if name == "Remark.of":
                    codes.add(f"cli-remark-{ast.literal_eval(call.args[0])}")
    text = (texts / "cli.zh.ftl").read_text(encoding="utf-8")
    keys = set(re.findall(r"^(cli-(?:bad|remark)-\w+)", text, re.MULTILINE))
    assert keys == codes

    source = "".join(p.read_text(encoding="utf-8") for p in texts.parent.rglob("*.py"))
    families = ("cli-bad-", "cli-remark-", "cli-help-", "cli-setting-needs-", "cli-refused-",
                "cli-check-", "cli-broken-", "cli-import-")  # fmt: skip
    lonely = [key for key in re.findall(r"^(cli-\S+) =", text, re.MULTILINE)
              if not key.startswith(families) and key not in source]  # fmt: skip
    assert lonely == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_refusal_of_the_command_line_has_a_sentence(language):
    for module in pkgutil.iter_modules(bot.commands.__path__, "bot.commands."):
        importlib.import_module(module.name)
    ours = [r for r in Refusal.__subclasses__() if r.__module__ != "models.errors"]
    assert len(ours) >= 9
    assert [r.code for r in ours if not Texts(language).knows(f"cli-refused-{r.code}")] == []


# migrate, import, search, ledger


def test_migrate_names_what_it_applied_and_the_second_time_nothing(terminal):
    first = terminal.types("migrate")
    assert first.status == 0
    assert "已升级：0001_initial" in first.out
    assert terminal.types("migrate") == (0, "数据库已是当前版本。\n", "")


def test_files_are_imported_found_and_imported_again_without_change(office):
    people = office.types("import", "people", "people.csv")
    assert people.status == 0
    assert people.out.startswith("已导入，共 3 行。\n新增 3：A001 D100 D102\n")
    assert office.types("import", "officers", "officers.csv").status == 0
    guide = office.types(
        "import", "guide", "guide.csv", *EDITION, "--disclosure", "open", "--publish"
    )
    assert "版本 2026版：已发布" in guide.out
    again = office.types("import", "people", "people.csv")
    assert "不变 3" in again.out
    assert "新增" not in again.out

    found = office.types("search", "gjlx", "gongyi", "--json", "--limit", "1")
    (item,) = json.loads(found.out)
    assert (item["code"], item["marking"]) == ("KJ-002", "绝密★30年")
    assert office.types("search", "地形图").out.startswith("CH-N01\t非密\t测绘/地形\t小范围地形图")
    whole, fingerprint = office.types("ledger", "verify").out.splitlines()
    assert whole == "核验无误：0 件，0 行。"
    assert re.fullmatch(r"指纹（请抄存于系统之外）：0-[0-9a-f]{64}", fingerprint)


def test_every_bad_row_is_told_and_nothing_is_imported(office):
    bad = PEOPLE + "D100,重复,科技处,,,拟稿人\nD103,,科技处,,,国王\n"
    (office.folder / "bad.csv").write_text(bad, encoding="gb18030")
    answer = office.types("import", "people", "bad.csv")
    assert (answer.status, answer.out) == (1, "")
    assert answer.err.splitlines() == [
        "第 5 行 · 工号 · D100 与第 3 行重复",
        "第 6 行 · 姓名 · 不能为空",
        "第 6 行 · 角色 · 没有“国王”这种角色",
        "bad.csv 有 3 处问题，未导入任何内容。",
    ]
    assert "新增 3" in office.types("import", "people", "people.csv", "--dry-run").out
    assert "新增 3" in office.types("import", "people", "people.csv").out


def test_a_file_that_is_not_there_is_a_sentence(terminal):
    answer = terminal.types("import", "people", "nowhere.csv")
    assert answer.status == 1
    assert "没有这个文件" in answer.err


@pytest.mark.parametrize("words", [("search", "地形图"), ("ledger", "verify"), ("invite", "--all")])
def test_what_only_reads_makes_no_database(terminal, words):
    answer = terminal.types(*words)
    assert (answer.status, answer.out) == (1, "")
    assert "dingmi.db 不存在" in answer.err
    assert "不存在" in terminal.types(*words).err


def test_search_without_a_guide_says_what_to_do(terminal):
    terminal.types("migrate")
    answer = terminal.types("search", "地形图")
    assert answer == (1, "", "没有现行的定密细目。请先导入并发布：dingmi import guide\n")


def test_an_altered_history_is_found_and_named(terminal):
    demo = ("import", "people", "people.csv")
    assert terminal.types(*demo).status == 0
    with sqlite3.connect(terminal.folder / "dingmi.db") as file:
        file.execute("INSERT INTO counter (series, value) VALUES ('case:2026', 3)")
    file.close()
    answer = terminal.types("ledger", "verify")
    assert (answer.status, answer.out) == (1, "")
    assert "编号有缺" in answer.err


# invite and check, with a Telegram to ask


@pytest.fixture
async def telegram_at():
    telegram = Telegram()
    async with serving(telegram, port=0) as address:
        yield {"DINGMI_BOT_TOKEN": telegram.bot_token, "DINGMI_BOT_API_URL": address}


async def test_invitations_are_a_line_each_and_each_opens_one_account(office, telegram_at):
    await office.types_beside("import", "people", "people.csv")
    answer = await office.types_beside("invite", "D102", "A001", "D102", **telegram_at)
    assert answer.status == 0, answer.err
    rows = [line.split("\t") for line in answer.out.splitlines()]
    assert [row[:2] for row in rows] == [["D102", "周文"], ["A001", "陈志"]]
    links = [row[2] for row in rows]
    assert all(link.startswith("https://t.me/dingmi_demo_bot?start=") for link in links)

    from models import accounts

    async with db.database(office.env["DINGMI_DATABASE_URL"], migrated=False):
        person = await accounts.bind(links[0].partition("start=")[2], 77)
        assert person.code == "D102"
    rest = await office.types_beside("invite", "--all", **telegram_at)
    assert [line.split("\t")[0] for line in rest.out.splitlines()] == ["A001", "D100"]


async def test_an_unknown_code_invites_nobody(terminal, telegram_at):
    await terminal.types_beside("import", "people", "people.csv")
    answer = await terminal.types_beside("invite", "D102", "X1", "X2", **telegram_at)
    assert answer == (1, "", "没有工号 X1, X2 的人员。未做任何改动。\n")


async def test_whoever_leaves_is_unbound_and_what_waited_for_them_is_routed_again(office):
    async with db.database(office.env["DINGMI_DATABASE_URL"], migrated=False):
        cast = await Cast.gather()
        await appoint(await make_person("苏敏", code="A003"), "科技处")
        case = await cast.endorsed()
        await Person.filter(id=case.officer_id).update(code="GONE")
        await make_person("郑洁", code="D103", bound=False)

    unknown = await office.types_beside("unbind", "GONE", "X1")
    assert unknown == (1, "", "没有工号 X1 的人员。未做任何改动。\n")
    answer = await office.types_beside("unbind", "GONE", "D103", "GONE")
    assert (answer.status, answer.err) == (0, "")
    first, second, third = answer.out.splitlines()
    assert first.startswith("GONE ")
    assert first.endswith("：已解除账号绑定，未用的邀请作废。")
    assert second == "D103 郑洁：没有绑定账号；未用的邀请作废。"
    assert third == "1 件已重新送审。"

    async with db.database(office.env["DINGMI_DATABASE_URL"], migrated=False):
        assert (await Person.get(code="GONE")).telegram_id is None
        present = await Proposal.get(id=case.id)
        assert (present.state, present.officer_id != case.officer_id) == (case.state, True)


async def test_check_names_what_must_be_mended(terminal, telegram_at):
    nothing = await terminal.types_beside("check")
    assert nothing.status == 1
    assert "✘ 须处理　令牌：未设置 DINGMI_BOT_TOKEN" in nothing.out
    assert "✘ 须处理　数据库：dingmi.db 还不存在" in nothing.out
    assert not (terminal.folder / "dingmi.db").exists()

    for table in ("people", "officers"):
        await terminal.types_beside("import", table, f"{table}.csv")
    unbound = await terminal.types_beside("check", **telegram_at)
    assert unbound.status == 1
    assert "⚠ 留意　人员：3 人尚未绑定账号：A001 D100 D102" in unbound.out
    assert "✘ 须处理　审定：今日无人可审定 科技处：绝密、机密、秘密、工作秘密、非密" in unbound.out


async def test_check_ends_with_0_when_all_is_well(office, telegram_at):
    for table, more in (("people", ()), ("officers", ()), ("guide", (*EDITION, "--publish"))):
        await office.types_beside("import", table, f"{table}.csv", *more)
    async with db.database(office.env["DINGMI_DATABASE_URL"], migrated=False):
        for number, person in enumerate(await Person.all(), 1):
            await Person.filter(id=person.id).update(telegram_id=number)
    answer = await office.types_beside("check", **telegram_at)
    assert answer.status == 0, answer.out
    assert "✔ 正常　令牌：@dingmi_demo_bot" in answer.out
    assert "✔ 正常　审定：各部门各密级今日都有人可审定" in answer.out
    assert "✔ 正常　细目：现行 2026版，2 条" in answer.out
    assert telegram_at["DINGMI_BOT_TOKEN"] not in answer.out + answer.err
    assert "⚠" not in answer.out


async def test_check_tells_what_was_never_delivered_and_which_case_waits_blindly(
    office, telegram_at
):
    async with db.database(office.env["DINGMI_DATABASE_URL"], migrated=False):
        cast = await Cast.gather()
        blind, seen = await cast.propose(), await cast.propose(number="科工〔2026〕2号")
        lost = {"state": MessageState.NEVER, "settled_at": now()}
        for case in (blind, seen):
            await Message.filter(case_id=case.id, person_id=cast.head.id).update(**lost)
        await outbox.owe_card(seen, cast.head.id, fresh=True)
        for age in (timedelta(days=6), timedelta(days=8)):
            await outbox.owe("notice", to=cast.head, key=str(age))
            old = lost | {"settled_at": now() - age}
            await Message.filter(key=str(age)).update(**old)
        await inbox.accept(said(5, 77))
        for _ in range(5):
            await inbox.failed(5, "WXYZ KeyError")

    answer = await office.types_beside("check", **telegram_at)
    assert answer.status == 1
    assert "⚠ 留意　队列：近 7 天未能送达（种类:条数）：card:2 notice:1\n" in answer.out
    assert "⚠ 留意　队列：1 条消息处理失败已搁置（序号:日志编号）：5:WXYZ\n" in answer.out
    assert f"✘ 须处理　办理：{blind.number} 等 D100 办理，卡片未能送达\n" in answer.out
    assert f"{seen.number} 等" not in answer.out


async def test_check_sees_a_token_that_telegram_does_not_know(terminal, telegram_at):
    answer = await terminal.types_beside("check", **telegram_at | {"DINGMI_BOT_TOKEN": TOKEN})
    assert answer.status == 1
    assert "✘ 须处理　令牌：Telegram 不认识" in answer.out
    assert TOKEN not in answer.out + answer.err
