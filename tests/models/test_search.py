"""A drafter types a few characters on a phone, and the item meant is among the first five."""

import csv
import json
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.levels import Level
from models.search import GuideIndex

SHARED = Path(__file__).parents[3] / "shared" / "search"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="no development data here")


@dataclass(frozen=True)
class Item:
    """An item as the index reads it."""

    code: str
    category: str
    matter: str
    level: Level = Level.SECRET
    term: str = "10年"
    access_scope: str = "项目组成员"
    department: str = "综合处"


#: Invented, like everything here.
GUIDE = [
    Item("KJ-001", "科技/月球基地", "月球基地供氧系统总体设计方案", Level.TOP_SECRET),
    Item("KJ-002", "科技/月球基地", "月球基地宇航员轮换计划"),
    Item("KJ-003", "科技/深海城", "深海城耐压壳体结构设计图纸", access_scope="船坞主任"),
    Item("KJ-010", "科技/深海城", "尚未公布的深海城建设投资额100亿元以上的预算"),
    Item("KJ-012", "科技/时间机器", "时间机器校准参数及其源代码", Level.TOP_SECRET),
    Item("CH-2001-01", "测绘/地形", "涉及巨龙保护区的1:1万地形图"),
    Item("CH-2001-02", "测绘/地形", "涉及巨龙保护区的1:5万地形图"),
    Item("CH-2001-03", "测绘/地形", "面积超过25平方千米的漂浮岛地形图及其数字化成果"),
    Item("CH-2001-04", "测绘/重力", "精度优于±5毫伽的反重力矿异常成果"),
    Item("CH-2002-11", "测绘/控制点", "漂浮岛控制点坐标成果"),
    Item("NY-031", "能源/电网", "500千伏以上魔法电网黑启动方案"),
    Item("NY-032", "能源/电网", "魔法电网调度命令"),
    Item("NY-033", "能源/储备", "龙晶战略储备库位置和平面图"),
    Item("JY-101", "教育/考试", "巫师学院统一招生考试启用前的试题、参考答案"),
    Item("JY-102", "教育/考试", "巫师学院统一招生考试命题人员名单"),
    Item("RS-201", "人事/干部", "拟任飞行员的考察材料"),
    Item("RS-202", "人事/工资", "翼龙骑兵工资调整方案", department="军需处"),
    Item("AQ-301", "安全/举报", "举报人的姓名、住址和涉案人员信息"),
    Item("AQ-302", "安全/警卫", "重大庆典警卫方案和安全保卫部署", Level.CONFIDENTIAL),
    Item("TX-401", "通信/网络", "GNSS导航信号加密算法及密钥管理制度", term="长期"),
]


@pytest.fixture(scope="module")
def guide():
    return GuideIndex.build(GUIDE)


@pytest.fixture(scope="module")
def codes_only():
    return GuideIndex.build(GUIDE, disclosure="codes")


def codes(index, text, limit=5):
    return [hit.code for hit in index.search(text, limit=limit)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("方案 供氧", "KJ-001", id="key words in any order"),
        pytest.param("宇航员轮", "KJ-002", id="part of a phrase"),
        pytest.param("科技 源代码", "KJ-012", id="words of the category"),
        pytest.param("tiaodumingling", "NY-032", id="full pinyin"),
        pytest.param("tiao du ming ling", "NY-032", id="full pinyin with spaces"),
        pytest.param("tiaodumin", "NY-032", id="pinyin half typed"),
        pytest.param("zancubei", "NY-033", id="pinyin as it is heard in the south"),
        pytest.param("dyrymd", "JY-102", id="initials, one of them wrong"),
        pytest.param("mtrymd", "JY-102", id="initials"),
        pytest.param("mingtrymd", "JY-102", id="pinyin and initials together"),
        pytest.param("时间jq", "KJ-012", id="characters before initials"),
        pytest.param("命题 mingdan", "JY-102", id="characters and pinyin apart"),
        pytest.param("翼龙奇兵", "RS-202", id="a wrong homophone"),
        pytest.param("耐压体结构", "KJ-003", id="a missing character"),
        pytest.param("公资调整", "RS-202", id="a wrong first character"),
        pytest.param("KJ-012", "KJ-012", id="a code"),
        pytest.param("kj12", "KJ-012", id="a code without its zeros"),
        pytest.param("ｋｊ－０１２", "KJ-012", id="a code in full width"),
        pytest.param("0104", "CH-2001-04", id="a piece of a code, across its hyphen"),
        pytest.param("1：1万", "CH-2001-01", id="a scale in full width"),
        pytest.param("1比1万 地形图", "CH-2001-01", id="a scale in words"),
        pytest.param("1/50000地形图", "CH-2001-02", id="a scale as a fraction"),
        pytest.param("25平方公里", "CH-2001-03", id="a unit by its other name"),
        pytest.param("25km² 漂浮岛", "CH-2001-03", id="a unit in Latin letters"),
        pytest.param("500kV", "NY-031", id="a unit right behind its number"),
        pytest.param("10000000000元", "KJ-010", id="a number written out"),
        pytest.param("5mgal", "CH-2001-04", id="a unit of gravity"),
        pytest.param("gnss", "TX-401", id="a Latin word"),
        pytest.param("招生考试的题目和答案", "JY-101", id="in other words"),
        pytest.param("龙晶仓库在哪里", "NY-033", id="as people speak"),
        pytest.param("绝密 校准", "KJ-012", id="a level"),
    ],
)
def test_each_way_of_typing_finds_its_item_first(guide, text, code):
    assert codes(guide, text, limit=1) == [code]


@pytest.mark.parametrize(
    ("text", "beginning"),
    [("KJ-00", "KJ-00"), ("kj0", "KJ-0"), ("ch2001", "CH-2001"), ("CH-2001-0", "CH-2001-0")],
)
def test_a_beginning_of_a_code_finds_the_codes_that_begin_so(guide, text, beginning):
    expected = {item.code for item in GUIDE if item.code.startswith(beginning)}
    assert set(codes(guide, text, limit=len(expected))) == expected


def test_of_two_near_duplicates_the_plainer_comes_first():
    plain = Item("B", "测绘", "地形图")
    index = GuideIndex.build([Item("A", "测绘", "涉及漂浮岛的地形图"), plain])
    assert codes(index, "地形图") == ["B", "A"]


def test_equal_items_keep_the_order_of_the_guide():
    index = GuideIndex.build([Item(f"X{i}", "测绘", "地形图") for i in range(9)])
    assert codes(index, "dxt", limit=9) == [f"X{i}" for i in range(9)]


def test_a_hit_tells_what_matched(guide):
    (hit,) = guide.search("黑启动 500kV", limit=1)
    matter = next(item.matter for item in GUIDE if item.code == hit.code)
    parts = [matter[span.start : span.end] for span in hit.matched if span.field == "matter"]
    assert parts == ["500千伏", "黑启动"]


@pytest.mark.parametrize(
    ("text", "field", "part"),
    [
        ("kj12", "code", "KJ-012"),
        ("sjjq", "matter", "时间机器"),
        ("校准餐数", "matter", "校准参数"),
        ("时间ji", "category", "时间机"),
    ],
)
def test_what_matched_is_told_in_the_item_s_own_writing(guide, text, field, part):
    (hit,) = guide.search(text, limit=1)
    item = next(item for item in GUIDE if item.code == hit.code)
    found = [getattr(item, s.field)[s.start : s.end] for s in hit.matched if s.field == field]
    assert found == [part]


class TestACodesEdition:
    """Its wording must not be guessed from what a search finds, nor from its order."""

    def test_is_found_by_code_and_by_category(self, codes_only):
        assert codes(codes_only, "kj12", limit=1) == ["KJ-012"]
        assert set(codes(codes_only, "月球基地")[:2]) == {"KJ-001", "KJ-002"}
        assert set(codes(codes_only, "yqjd")[:2]) == {"KJ-001", "KJ-002"}

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("校准参数", "KJ-012"),
            ("jiaozhuncanshu", "KJ-012"),
            ("jzcs", "KJ-012"),
            ("绝密", "KJ-001"),
            ("长期", "TX-401"),
            ("船坞主任", "KJ-003"),
            ("军需处", "RS-202"),
        ],
    )
    def test_is_not_found_by_anything_else(self, guide, codes_only, text, code):
        assert code in codes(guide, text)
        assert code not in codes(codes_only, text, limit=len(GUIDE))

    def test_finds_and_orders_the_same_whatever_the_wording(self, codes_only):
        reworded = [
            replace(
                item, matter="无", level=Level.CONFIDENTIAL, term="", access_scope="", department=""
            )
            for item in GUIDE
        ]
        blank = GuideIndex.build(reworded, disclosure="codes")
        texts = [item.matter + item.access_scope for item in GUIDE] + [
            "KJ",
            "测绘",
            "dx",
            "考试 题",
        ]
        assert [codes_only.search(text) for text in texts] == [blank.search(text) for text in texts]

    def test_is_what_any_other_disclosure_than_open_means(self):
        assert GuideIndex.build(GUIDE, disclosure="OPEN").search("绝密") == []


@pytest.mark.parametrize("text", ["", " ", "\0", "🚀🚀", "…、。", "()[]{}+-\"'*"])
def test_nothing_typed_finds_nothing(guide, text):
    assert guide.search(text) == []


def test_an_empty_guide_finds_nothing():
    empty = GuideIndex.build([])
    assert (len(empty), empty.search("地形图")) == (0, [])


def test_the_index_counts_its_items(guide):
    assert len(guide) == len(GUIDE)


@pytest.mark.parametrize(("limit", "found"), [(-1, 0), (0, 0), (1, 1), (3, 3), (1000, 3)])
def test_no_more_are_found_than_asked_for(guide, limit, found):
    assert len(guide.search("地形图", limit=limit)) == found


ANY_TEXT = st.text(max_size=256) | st.text(
    "地形图的一级〇𠀀dxtnghzcsuv0123456789:.万千比/-+\"'()[]{}*?~^\\ \t\n\0\u200b🚀", max_size=256
)


@settings(max_examples=300, deadline=None)
@given(text=ANY_TEXT)
def test_any_text_is_a_query(guide, text):
    hits = guide.search(text, limit=5)
    assert len(hits) <= 5
    for hit in hits:
        item = next(item for item in GUIDE if item.code == hit.code)
        for span in hit.matched:
            assert 0 <= span.start < span.end <= len(getattr(item, span.field))


@settings(max_examples=100, deadline=None)
@given(text=ANY_TEXT)
def test_any_text_can_be_indexed(text):
    index = GuideIndex.build([Item(text, text, text, text, text, text, text)])
    for hit in index.search(text):
        assert hit.code == text


@pytest.mark.parametrize(
    "text", ["9" * 256, "ng" * 128, "shsh" * 64, "地" * 256, "1:" * 128, "a " * 128]
)
def test_a_long_query_is_a_query_too(guide, text):
    assert len(guide.search(text)) <= 10


def test_threads_may_share_an_index(guide):
    texts = [item.matter[:6] for item in GUIDE] * 5
    alone = [guide.search(text) for text in texts]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(guide.search, texts)) == alone


@pytest.fixture(scope="module")
def big_guide():
    names = ("code", "category", "matter", "level", "term", "access_scope", "department")
    with (SHARED / "guide_12k.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return GuideIndex.build(Item(**dict(zip(names, row, strict=False))) for row in rows)


@needs_shared
def test_in_a_big_guide_the_item_meant_is_among_the_first_five(big_guide):
    found = defaultdict(list)
    for line in (SHARED / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        found[case["kind"]].append(bool({*codes(big_guide, case["query"])} & {*case["relevant"]}))
    rates = {kind: sum(hits) / len(hits) for kind, hits in found.items()}
    assert len(rates) == 9
    assert min(rates.values()) >= 0.8, rates
    assert sum(rates.values()) / len(rates) >= 0.94, rates
