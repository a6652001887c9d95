from datetime import date

import pytest

from models.levels import Level, Term, marking

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("10年", "10年"), (" 10 年", "10年"), ("24个月", "2年"), ("18个月", "18个月"), ("30天", "30天"),
        ("30日", "30天"), ("长期", "长期"), ("long-term", "长期"), ("10 years", "10年"),
        ("2030-01-02", "2030年1月2日"), ("2030年1月2日", "2030年1月2日"), ("启用前", "启用前"),
    ],
)  # fmt: skip
def test_a_term_has_one_written_form(text, written):
    assert str(Term.parse(text)) == written
    assert Term.parse(str(Term.parse(text))) == Term.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "0年",
        "10",
        "2030-02-30",
        "机密★10年",
        "x" * 61,
        "4O年",
        "1O年",
        "99yrs",
        "-5年",
        "5年半",
        "abc",
    ],
)
def test_what_states_no_term_is_refused(text):
    with pytest.raises(ValueError):
        Term.parse(text)


@pytest.mark.parametrize(
    ("level", "longest"),
    [(Level.TOP_SECRET, 30), (Level.SECRET, 20), (Level.CONFIDENTIAL, 10)],
)
def test_the_law_caps_terms_at_30_20_and_10_years(level, longest):
    assert Term.parse(f"{longest}年").within_law(level, TODAY)
    assert not Term.parse(f"{longest}年").within_law(Level.UNCLASSIFIED, TODAY)
    assert not Term.parse(f"{longest + 1}年").within_law(level, TODAY)
    assert not Term.parse(f"{12 * longest + 1}个月").within_law(level, TODAY)
    assert not Term.parse(f"{2026 + longest}-11-24").within_law(level, TODAY)


@pytest.mark.parametrize(
    ("term", "most", "fits"),
    [
        ("5年", "10年", True), ("10年", "10年", True), ("11年", "10年", False), ("30天", "1个月", True),
        ("2031-01-01", "10年", True), ("2046-01-01", "10年", False), ("10年", "长期", True),
        ("长期", "10年", False), ("长期", "长期", True), ("启用前", "启用前", True),
        ("启用前", "考试结束前", False), ("1年", "启用前", False), ("启用前", "长期", False),
    ],
)  # fmt: skip
def test_a_term_never_exceeds_the_item_s(term, most, fits):
    assert Term.parse(term).within(Term.parse(most), TODAY) is fits


def test_only_state_secrets_bear_a_marking():
    assert marking(Level.SECRET, "10年") == "机密★10年"
    assert marking(Level.WORK_SECRET, "10年") is None
    assert marking(Level.UNCLASSIFIED, "") is None


def test_levels_are_ordered_by_how_secret_they_are():
    ranks = [level.rank for level in Level]
    assert ranks == sorted(ranks, reverse=True)
    assert [Level.parse(level.label) for level in Level] == list(Level)
