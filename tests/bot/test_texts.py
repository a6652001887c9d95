"""Both languages say everything, with the same facts, and no file holds a broken message."""

import inspect
import re
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast, visitor

from bot import texts
from bot.texts import LANGUAGES, Texts
from models import errors
from models.proposal import Action, NoBasis, ReturnReason, State
from models.routing import Unfit

FOLDER = Path(texts.__file__).parent


class Variables(visitor.Visitor):
    def __init__(self):
        self.names = set()

    def visit_VariableReference(self, node):  # noqa: N802 - the library's name
        self.names.add(node.id.name)


def messages(language):
    found = {}
    for file in sorted(FOLDER.glob(f"*{language}.ftl")):
        for entry in FluentParser().parse(file.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, ast.Junk), f"{file.name}: {entry.content}"
            if isinstance(entry, ast.Message):
                assert entry.id.name not in found, f"{entry.id.name} stands twice"
                seen = Variables()
                seen.visit(entry)
                found[entry.id.name] = seen.names
    return found


def test_both_languages_have_the_same_messages_with_the_same_facts():
    zh, en = messages("zh"), messages("en")
    assert zh.keys() == en.keys()
    different = {key for key in zh if zh[key] != en[key]}
    assert different <= {"card-due", "details-more-lines", "button-title", "button-note"}, different


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_every_state_and_every_reason_has_its_words(language):
    t = Texts(language)
    refusals = [c for _, c in inspect.getmembers(errors, inspect.isclass) if "code" in vars(c)]
    codes = [c.code for c in refusals if not t.knows(f"cli-refused-{c.code}")]
    keys = [f"refusal-{code}" for code in codes]
    keys += [f"state-{s.value}" for s in State] + [f"did-{a.value}" for a in Action]
    keys += [f"reason-{r.value}" for r in ReturnReason] + [f"no-basis-{r.value}" for r in NoBasis]
    keys += [f"unfit-{u.value}" for u in Unfit]
    assert [key for key in keys if not t.knows(key)] == []


def test_no_text_lies_about_unused():
    used = "".join(
        path.read_text(encoding="utf-8")
        for path in FOLDER.parent.rglob("*.py")
        if "sandbox" not in path.parts
    )
    families = ("level-", "reason-", "no-basis-", "role-", "did-", "unfit-", "refusal-", "state-",
                "why-", "trail-", "change-", "card-", "help-", "button-", "command-", "outcome-",
                "party-", "cli-", "draft-")  # fmt: skip
    lonely = [key for key in messages("zh") if key not in used and not key.startswith(families)]
    assert lonely == []


def test_facts_are_escaped_and_the_message_s_own_tags_stand():
    text = Texts("zh").html("card-document", document="<b>&", outcome="机密★10年")
    assert text == "<code>&lt;b&gt;&amp;</code>　机密★10年"


def test_a_message_that_does_not_exist_is_an_error():
    with pytest.raises(KeyError):
        Texts("zh")("no-such-text")
    assert not re.search(r"\{", Texts("en")("button-next", count=3))
