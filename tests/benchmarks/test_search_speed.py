"""How long building and searching take in a guide of 12,000 items, beside tantivy's own n-grams.

Run with ``-m benchmark -s``. Times depend on the machine, ratios hardly do.
"""

import itertools
import random
import time
from dataclasses import dataclass
from statistics import quantiles

import pytest
import tantivy

from models.search import GuideIndex

pytestmark = pytest.mark.benchmark


@dataclass(frozen=True)
class Item:
    """An item as the index reads it."""

    code: str
    category: str
    matter: str
    level: str = "秘密"
    term: str = "10年"
    access_scope: str = "项目组成员"
    department: str = "综合处"


AREAS = ["全国", "省级", "设区的市级", "县级", "跨省", "涉及巨龙保护区的", "涉及漂浮岛的", ""]
STATES = ["未公开的", "正在制定的", "尚未公布的", "历史", "汇总的", "重点区域", "专项", ""]
MEASURES = [
    "1:1万",
    "小于1:5万",
    "库容10亿立方米以上的",
    "电压等级500千伏以上的",
    "精度优于±5米的",
    "",
]
THINGS = [
    "月球基地",
    "深海城",
    "时间机器",
    "魔法电网",
    "翼龙骑兵",
    "巫师学院统一招生考试",
    "龙晶储备库",
    "反重力矿",
]
PARTS = [
    "总体设计方案",
    "校准参数",
    "位置和平面图",
    "调度命令",
    "人员名单",
    "密钥管理制度",
    "试题及标准答案",
    "储量数据",
]


def guide(size=12_000):
    matters = map("".join, itertools.product(AREAS, STATES, MEASURES, THINGS, PARTS))
    matters = random.Random(1).sample(list(matters), size)
    return [
        Item(f"{i % 20:02}-{i % 7:02}-{i:05}", f"门类{i % 20}/{matter[-6:]}", matter)
        for i, matter in enumerate(matters)
    ]


TEXTS = [
    *("平面图 跨省", "计校准参", "jiaozhuncanshu", "dcydjbq", "翼龙奇兵", "电网dd", "1比1万 方案"),
    *(
        "0200123",
        "尚未公布的巫师学院统一招生考试试题及标准答案",
        "命题老师的名单在哪",
        "10亿立方米",
        "zlsj",
    ),
]


def plain_index(items):
    """The baseline: what tantivy does by itself, character 1- and 2-grams of the matter."""
    schema = tantivy.SchemaBuilder().add_text_field("matter", tokenizer_name="grams").build()
    index = tantivy.Index(schema)
    grams = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.ngram(1, 2)).build()
    index.register_tokenizer("grams", grams)
    with index.writer(64_000_000, 1) as writer:
        for item in items:
            writer.add_document(tantivy.Document(matter=item.matter))
    index.reload()
    searcher = index.searcher()

    def search(text):
        query, _ = index.parse_query_lenient(text, ["matter"])
        return searcher.search(query, 10).hits

    return search


def timed(call, *args):
    start = time.perf_counter()
    result = call(*args)
    return result, time.perf_counter() - start


def p99(search):
    """Milliseconds that 99 of 100 searches stay below."""
    times = [timed(search, text)[1] for _ in range(20) for text in TEXTS]
    return 1000 * quantiles(times, n=100)[98]


def test_building_and_searching_beside_tantivy_s_own_ngrams():
    items = guide()
    index, build = timed(GuideIndex.build, items)
    plain, plain_build = timed(plain_index, items)
    slow, plain_slow = p99(index.search), p99(plain)
    print(  # noqa: T201 - a benchmark reports
        f"\nbuild {build:.2f} s = {build / plain_build:.1f} × plain n-grams ({plain_build:.2f} s)"
        f"\np99 {slow:.2f} ms = {slow / plain_slow:.1f} × plain n-grams ({plain_slow:.2f} ms)"
    )
    assert build / plain_build < 100
    assert slow / plain_slow < 100


def test_time_grows_slower_than_the_guide():
    small, big = (GuideIndex.build(guide(size)) for size in (1_200, 12_000))
    ratio = p99(big.search) / p99(small.search)
    print(f"\np99 in 12,000 items = {ratio:.1f} × p99 in 1,200")  # noqa: T201
    assert ratio < 5
