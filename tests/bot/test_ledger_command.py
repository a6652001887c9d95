"""``dingmi ledger verify``: every misfit has a sentence, and a noted fingerprint is compared."""

import inspect
import re

import pytest

from bot.texts import Texts
from models import db, evidence, ledger
from models.guide import GuideItem
from tests.bot.cli import Terminal
from tests.factories import Cast


@pytest.fixture
def terminal(tmp_path, database_url):
    terminal = Terminal(tmp_path)
    terminal.env["DINGMI_DATABASE_URL"] = database_url
    return terminal


def test_a_noted_fingerprint_is_compared(terminal):
    noted = terminal.types("ledger", "verify").out.split("：")[-1].strip()
    assert terminal.types("ledger", "verify", "--fingerprint", noted).status == 0
    answer = terminal.types("ledger", "verify", "--fingerprint", f"7-{'0' * 64}")
    assert (answer.status, answer.out) == (1, "")
    assert answer.err.startswith("记录的开头与抄存此指纹时不同：7-0")


async def test_what_was_altered_behind_a_signature_is_named(terminal, database_url):
    async with db.database(database_url):
        case = await (await Cast.gather()).approved()
        await GuideItem.filter(code="KJ-002").update(term="20年")
    answer = await terminal.types_beside("ledger", "verify")
    assert (answer.status, answer.out) == (1, "")
    assert answer.err == f"不符：案 {case.number} 第 3 行，所引条目与签批时不同。\n"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_misfit_has_a_sentence(language):
    source = inspect.getsource(ledger) + inspect.getsource(evidence)
    codes = set(re.findall(r'"(\w+_(?:missing|differs?))"', source))
    assert len(codes) == 10
    assert [code for code in codes if not Texts(language).knows(f"cli-broken-{code}")] == []
