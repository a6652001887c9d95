"""The sandbox describes Telegram truly, and its page has all its words."""

import json
import re
from pathlib import Path

import pytest

import bot.sandbox
from bot.sandbox.methods import METHODS
from bot.sandbox.telegram import bot_api

PACKAGE = Path(bot.sandbox.__file__).parent
OFFICIAL = PACKAGE.parents[2] / "shared" / "telegram" / "bot-api-10.3.json"


def extract(official):
    """What the sandbox keeps of the official description; also how to write it anew."""
    methods = {
        name: {
            field["name"]: {"types": field["types"], "required": field["required"]}
            for field in official["methods"][name]["fields"]
        }
        for name in sorted(METHODS)
    }
    return {
        "version": official["version"],
        "names": sorted(official["methods"]),
        "methods": methods,
    }


def test_the_extract_of_the_bot_api_is_the_official_one():
    if not OFFICIAL.exists():
        pytest.skip("the official description is not beside this repository")

    assert bot_api() == extract(json.loads(OFFICIAL.read_text("utf-8")))


def test_every_method_is_described():
    assert bot_api()["methods"].keys() == METHODS.keys()


def read_parameters():
    for path in (PACKAGE / "methods").glob("*.py"):
        yield from re.findall(
            r'params\.(?:text|integer|flag|json|mapping|array|identifiers)\("(\w+)"',
            path.read_text("utf-8"),
        )


def test_no_method_reads_a_parameter_nobody_may_send():
    known = {name for method in bot_api()["methods"].values() for name in method}
    #: Older spellings that Telegram still takes.
    older = {"reply_to_message_id", "allow_sending_without_reply", "disable_web_page_preview"}

    assert set(read_parameters()) - known - older == {"correct_option_id"}


def words():
    source = (PACKAGE / "page" / "words.js").read_text("utf-8")
    parts = source.split("\n  en: {")
    return [dict(re.findall(r'^    (\w+): "(.*)",$', part, re.MULTILINE)) for part in parts]


def test_the_page_says_everything_in_both_languages():
    chinese, english = words()

    assert chinese.keys() == english.keys()
    facts = {key: re.findall(r"\{\w+\}", text) for key, text in chinese.items()}
    assert facts == {key: re.findall(r"\{\w+\}", text) for key, text in english.items()}


def test_the_page_uses_every_word_and_no_other():
    paths = [path for path in (PACKAGE / "page").glob("*.js") if path.name != "words.js"]
    source = "\n".join(path.read_text("utf-8") for path in paths)
    chinese, _ = words()

    assert set(re.findall(r'\bt\("(\w+)"', source)) <= chinese.keys()
    assert {key for key in chinese if f'"{key}"' not in source} <= {"name"}


def test_the_page_never_parses_data_as_markup():
    for path in (PACKAGE / "page").glob("*.js"):
        source = path.read_text("utf-8")
        assert not re.search(r"innerHTML|insertAdjacentHTML|document\.write|eval\(", source), path


def test_files_stay_short():
    for path in [*PACKAGE.rglob("*.py"), *PACKAGE.glob("page/*.js")]:
        assert len(path.read_text("utf-8").splitlines()) <= 300, path
