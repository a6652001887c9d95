"""The guard of the chat: a marking is recognised in any dress, talk about levels is none."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import errors
from models.content import bears_marking, neutral

TABLE = (
    # level, star, term
    ("机密★10年", True), ("绝密*长期", True), ("秘密＊5年", True), ("秘密★", True), ("机密✩", True),
    ("机密⭐10年", True), ("机密★\ufe0f10年", True), ("机 密 ☆ 10年", True), ("机密 · ★ 10年", True),
    ("绝密★启用前", True), ("机密级★", True), ("绝.密★10年", True), ("国家秘密★10年", True),
    ("关于某事（机密★20年）的通知", True), ("级别应为机密★10年", True), ("一机密★", True),
    # another sign between level and term, or none
    ("秘密10年", True), ("秘密·十年", True), ("机密—二十年", True), ("机密——10年", True), ("机密：10年", True),
    ("机密长期", True), ("机密（10年）", True), ("机密【长期】", True), ("绝密/30年", True), ("机密_10年", True),
    ("机密~10年", True), ("机密●10年", True), ("机密×10年", True), ("机密x10年", True), ("机密※10年", True),
    ("机密◆ 10 年", True), ("“机密”10年", True), ("机密级10年", True), ("秘密6个月", True), ("秘密 六个月", True),
    ("秘密 30日", True), ("秘密 30天", True), ("机密 永久", True), ("机密 10 years", True),
    ("机密，10年", True), ("机密、10年。", True), ("定为机密。10年", True),
    # a date
    ("机密至2030年", True), ("机密·至二〇三〇年", True), ("机密2030-01-01", True), ("机密 2030年1月1日", True),
    ("机密2030/1/1前", True), ("机密20300101", True), ("机密，2030-01-01", True),
    # an event
    ("机密·启用前", True), ("绝密 启用前", True), ("绝密启用前", True), ("机密●考试结束前", True),
    ("秘密 成绩公布前", True), ("绝密（使用完毕前）", True), ("秘密·活动结束后1年", True), ("绝密 启用前 试卷", True),
    # 内部 and other secrets with a star
    ("内部★5年", True), ("內部☆长期", True), ("工作秘密★5年", True), ("商业秘密★3年", True), ("工作机密10年", True),
    # traditional, full width, invisible, composed
    ("绝密級長期", True), ("絕密★30年", True), ("機密★10年", True), ("祕密10年", True), ("機密・啟用前", True),
    ("机密１０年", True), ("机密⑩年", True), ("机密\u00a0\u300010年", True), ("机\u200b密★10年", True),
    ("机\u2060密\u200d★", True), ("机\u202e密10年", True), ("机\u0301密★", True), ("机\ufe00密10年", True),
    ("机\u3164密★", True), ("机\u034f密\u180b★", True), ("机\n密\n★", True), ("机\x00密10年", True),
    ("秘\u2028密\u20298年", True), ("⼀机密★", True), ("\ud800机密10年", True), ("绝密\u200b 启\u200b用前", True),
    # English
    ("SECRET//NOFORN", True), ("top secret // x", True), ("内容SECRET//A", True), ("ＳＥＣＲＥＴ／／", True),
    ("SECRET ★ 10 years", True), ("secretary // office", False), ("SECRET plan", False),
    # what people say of levels and terms
    ("级别应为机密", False), ("期限不当，应为10年", False), ("秘密级偏高", False), ("期限应为10年", False),
    ("级别应为机密, 期限应为10年", False), ("密级应为机密，期限10年", False), ("密级：机密 期限：10年", False),
    ("绝密级偏高，建议机密", False), ("机密级，10年偏长", False), ("定为机密，启用前再议", False),
    ("密级机密 期限为启用前", False), ("机密 请在公布前改正", False), ("机密 目前偏高", False),
    ("机密文件归档前", False), ("试题启用前为绝密", False), ("10年，机密", False), ("期限10年 机密", False),
    ("不涉及国家秘密，10年后公开", False), ("国家秘密公开前，须审批", False), ("不涉及机密，10年后公开", False),
    # what documents are called
    ("关于保密检查的通知", False), ("机密要害部位10处", False), ("机密 12月会议纪要", False),
    ("机密2026年检查", False), ("机密2026年3月5日会议纪要", False), ("国家秘密载体 3 份", False),
    ("★★★ 重要", False), ("内部★重要", False), ("内部 5年规划", False), ("手机，密码10年未改", False),
    ("科工〔2026〕12号 地形图 1:1万", False), ("10年规划", False), ("长期规划", False),
    # secrets that are not the state's
    ("商业秘密 3年保护期", False), ("商业秘密3年", False), ("商業秘密 3年", False), ("商业机密 3年", False),
    ("工作秘密 5年", False), ("工作秘密5年", False), ("工作秘密，5年", False), ("工作秘密 公布前", False),
)  # fmt: skip


@pytest.mark.parametrize(("text", "is_marking"), TABLE)
def test_a_marking_is_told_from_talk(text, is_marking):
    assert bears_marking(text) is is_marking
    if is_marking:
        with pytest.raises(errors.LooksLikeContent):
            neutral(text, 300)
    else:
        assert neutral(text, 300) == text


@given(
    st.sampled_from(["绝密", "机密", "秘密", "機密"]),
    st.text(st.sampled_from("·•●×※—-/:：|~ ★☆*()（"), min_size=0, max_size=2),
    st.sampled_from(["10年", "十年", "长期", "6个月", "2030-01-01", "至2030年", "启用前"]),
)
def test_level_sign_and_term_side_by_side_are_a_marking(level, sign, term):
    assert bears_marking(f"关于试题的通知 {level}{sign}{term}")


@pytest.mark.parametrize(
    "filler", [" ", "·", " ·", "密", "机密", "前", "机密 ", "十", "至", "机.", "1"]
)
def test_no_text_keeps_the_guard_busy(filler):
    began = time.perf_counter()
    assert bears_marking("机密" + filler * 2000) in {True, False}
    assert time.perf_counter() - began < 1
