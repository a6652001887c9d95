"""What may be proposed, and what may be written in a chat (product rules 1 and 2)."""

import unicodedata
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models import errors
from models.content import Content, checked, document_number, from_item, neutral
from models.guide import Disclosure, GuideEdition, GuideItem
from models.levels import Level
from models.proposal import NoBasis

DAY = date(2026, 11, 23)
NUMBER = "科工〔2026〕12号"


def edition(number: int = 1) -> GuideEdition:
    return GuideEdition(id=number, name=f"{number}版", disclosure=Disclosure.OPEN)


def item(level: Level = Level.SECRET, term: str = "10年", in_edition: int = 1) -> GuideItem:
    made = GuideItem(id=7, code="A-1", category="甲", matter="乙", level=level, term=term)
    made.edition_id = in_edition  # no database is open, so Tortoise knows no foreign keys
    return made


def outcome(of: GuideItem | None = None, level: Level = Level.SECRET, **values: Any) -> Content:
    return Content(values.pop("document_no", NUMBER), level, of, **values)


def term_of(text: str, of: GuideItem) -> str:
    return checked(outcome(of, of.level, term=text), edition(), DAY).term


def test_what_an_item_prescribes_is_accepted_as_it_is():
    cited = item()
    content = checked(from_item(NUMBER, cited), edition(), DAY)
    assert (content.level, content.term, content.item) == (Level.SECRET, "10年", cited)


@pytest.mark.parametrize("level", [Level.TOP_SECRET, Level.SECRET, Level.CONFIDENTIAL])
def test_a_state_secret_needs_an_item(level):
    with pytest.raises(errors.BasisMissing):
        checked(outcome(None, level, term="1年"), edition(), DAY)


def test_the_item_must_be_one_of_the_edition_in_force():
    for in_force in (edition(2), None):
        with pytest.raises(errors.BasisMissing):
            checked(from_item(NUMBER, item()), in_force, DAY)


@pytest.mark.parametrize("level", [one for one in Level if one is not Level.SECRET])
def test_the_level_is_the_item_s_neither_higher_nor_lower(level):
    with pytest.raises(errors.LevelNotTheItems) as refused:
        checked(outcome(item(), level, term="1年", reason=NoBasis.NO_ITEM), edition(), DAY)
    assert refused.value.facts["level"] == "SECRET"


@pytest.mark.parametrize("text", ["9年", "119个月", "2036-11-23", "1天", "10 years"])
def test_a_term_may_be_shorter_than_the_item_s(text):
    assert term_of(text, item())


@pytest.mark.parametrize("text", ["11年", "121个月", "2036-11-24", "长期", "启用前"])
def test_a_term_is_never_longer_than_the_item_s(text):
    with pytest.raises(errors.TermTooLong) as refused:
        term_of(text, item())
    assert refused.value.facts == {"most": "10年", "years": 20}


@pytest.mark.parametrize(
    ("level", "years"),
    [(Level.TOP_SECRET, 30), (Level.SECRET, 20), (Level.CONFIDENTIAL, 10)],
)
def test_no_term_exceeds_the_law_even_if_the_item_s_does(level, years):
    generous = item(level, "60年")
    assert term_of(f"{years}年", generous) == f"{years}年"
    with pytest.raises(errors.TermTooLong):
        term_of(f"{years + 1}年", generous)


def test_long_term_is_only_where_the_item_has_it():
    assert term_of("长期", item(term="长期")) == "长期"
    assert term_of("20年", item(term="长期")) == "20年"
    with pytest.raises(errors.TermTooLong):
        term_of("21年", item(term="长期"))
    with pytest.raises(errors.TermTooLong):
        term_of("长期", item(term="20年"))


def test_an_event_is_measured_against_itself_alone():
    assert term_of(" 启用前 ", item(term="启用前")) == "启用前"
    for text in ("考试前", "1年", "长期"):
        with pytest.raises(errors.TermTooLong):
            term_of(text, item(term="启用前"))


@pytest.mark.parametrize("text", ["", "10", "0年", "2026-02-30", "2026-11-23", "2020-01-01"])
def test_what_is_no_term_or_already_over_is_refused(text):
    with pytest.raises(errors.TermInvalid):
        term_of(text, item())


def test_a_work_secret_needs_neither_item_nor_term_and_takes_one():
    assert checked(outcome(None, Level.WORK_SECRET), None, DAY).term == ""
    assert checked(outcome(None, Level.WORK_SECRET, term="5 年"), None, DAY).term == "5年"
    with pytest.raises(errors.TermInvalid):
        checked(outcome(None, Level.WORK_SECRET, term="5"), None, DAY)


@pytest.mark.parametrize("term", ["机密10年", "秘密（长期）", "机\u200b密20年"])
def test_a_term_smuggles_no_marking_in(term):
    with pytest.raises(errors.LooksLikeContent):
        checked(outcome(None, Level.WORK_SECRET, term=term), None, DAY)


def test_a_term_holds_no_character_that_shows_nothing():
    shown = checked(outcome(None, Level.WORK_SECRET, term="启\u202e用\x00\n前"), None, DAY)
    assert shown.term == "启用 前"


def test_unclassified_needs_a_reason_and_only_unclassified_keeps_one():
    with pytest.raises(errors.ReasonMissing):
        checked(outcome(None, Level.UNCLASSIFIED), None, DAY)
    kept = checked(outcome(None, Level.UNCLASSIFIED, reason=NoBasis.NO_ITEM, term="3年"), None, DAY)
    assert (kept.reason, kept.term) == (NoBasis.NO_ITEM, "")
    dropped = checked(outcome(item(), term="1年", reason=NoBasis.NO_ITEM), edition(), DAY)
    assert dropped.reason is None


def test_an_item_below_the_threshold_brings_its_reason():
    boundary = item(Level.UNCLASSIFIED, "")
    content = checked(from_item(NUMBER, boundary), edition(), DAY)
    assert (content.reason, content.item) == (NoBasis.BELOW_THRESHOLD, boundary)


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "\u3164\u2800", "甲" * 41, "\x00\n"])
def test_a_document_number_is_neither_empty_nor_long(text):
    with pytest.raises(errors.DocumentNumberInvalid) as refused:
        document_number(text)
    assert refused.value.facts["limit"] == 40


def test_limits_count_characters_not_bytes():
    assert document_number("甲" * 40) == "甲" * 40
    assert neutral("乙" * 60, 60) == "乙" * 60
    assert neutral("e\u0301" * 60, 60) == "é" * 60  # composed before it is counted
    assert neutral(" 甲 \n\t 乙 ", 3) == "甲 乙"  # and after blanks are folded
    for text in ("乙" * 61, "😀" * 61, "\u0958" * 31):  # the last is two characters when composed
        with pytest.raises(errors.TextTooLong) as refused:
            neutral(text, 60)
        assert refused.value.facts["limit"] == 60


def test_what_shows_nothing_or_reorders_is_left_out():
    assert neutral("甲\u200b\u202e\ufeff乙\u00ad\ue000\ud800丙", 60) == "甲乙丙"
    assert neutral("甲\x00\x07\r\n乙\u2028丙", 60) == "甲 乙 丙"
    assert neutral("e\u200b\u0301", 60) == "é"


@given(st.text(max_size=400), st.integers(0, 300))
@example("\ud800", 10)
@example("\u0958" * 100, 150)
def test_any_text_is_refused_or_becomes_one_short_visible_line(text, limit):
    try:
        clean = neutral(text, limit)
    except errors.Refusal:
        return
    assert len(clean) <= limit
    assert clean == " ".join(clean.split())
    assert not {unicodedata.category(c) for c in clean} & {"Cc", "Cf", "Cs", "Co"}
    assert neutral(clean, limit) == clean
    clean.encode()


@given(
    level=st.sampled_from(Level),
    of=st.none() | st.builds(item, st.sampled_from(Level), st.sampled_from(["10年", "长期", "启用前"])),
    number=st.text(max_size=50),
    term=st.text(max_size=70) | st.from_regex(r"\d{1,5}(年|个月|天)", fullmatch=True)
    | st.from_regex(r"\d{4}-\d{1,2}-\d{1,2}", fullmatch=True),
    title=st.text(max_size=80),
    reason=st.none() | st.sampled_from(NoBasis),
)  # fmt: skip
def test_any_proposal_is_refused_or_keeps_the_rules(level, of, number, term, title, reason):
    what = Content(number, level, of, term, reason, title)
    try:
        good = checked(what, edition(), DAY)
    except errors.Refusal:
        return
    assert 1 <= len(good.document_no) <= 40
    assert len(good.title) <= 60
    assert len(good.term) <= 60
    assert good.item is not None or not level.is_classified
    assert (good.reason is not None) is (level is Level.UNCLASSIFIED)
    assert bool(good.term) >= level.is_classified
    assert checked(good, edition(), DAY) == good
