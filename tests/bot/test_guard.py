"""The hard limit: no content in the chat. What comes is refused, removed, and kept nowhere."""

import json
import logging

import pytest

from bot import logs
from models.draft import Draft
from models.inbox import InboxUpdate
from models.outbox import Lane, Message
from models.proposal import Proposal, Step

REFUSED = "⛔ 请勿发送文件、图片或文稿内容。本对话只办理定密流程，不承载涉密内容。"
MARKED = "⛔ 文字中含密级标志，像是文稿内容，未予接收。请去掉标志后重新发送。"
NEW = "/new 科工〔2026〕12号 关键工艺"
SECRET = "北斗七号方案"


def written(phone):
    chat = phone.house.telegram.private(phone.user)
    return [post.wire for post in chat.posts.values() if not post.by_bot]


@pytest.fixture
def drafter(house, cast):
    return house.phone(cast.drafter)


@pytest.mark.parametrize("kind", ["document", "photo", "voice", "video", "sticker"])
async def test_a_file_of_any_kind_is_refused_and_removed(house, drafter, kind):
    house.telegram.send_file(drafter.user, "方案.pdf", b"data", kind=kind)
    await house.settle()
    assert drafter.texts == [REFUSED]
    assert written(drafter) == []


@pytest.mark.parametrize("kind", ["document", "photo"])
async def test_a_file_with_words_under_it_is_refused_the_same(house, drafter, kind):
    await drafter.says("/new", "科工〔2026〕12号")
    house.telegram.send_file(drafter.user, "a.bin", b"data", kind=kind, caption="地形图")
    await house.settle()
    assert drafter.last == REFUSED
    assert (await Draft.get(person__telegram_id=drafter.user)).query == ""


async def test_a_forwarded_message_is_refused(house, drafter, cast):
    stranger = house.stranger(7001)
    sent = await stranger.says(SECRET)
    house.telegram.forward(7001, sent, to=drafter.user)
    await house.settle()
    assert drafter.texts == [REFUSED]
    assert written(drafter) == []


POLL = {"id": "1", "question": "机密?", "options": [], "total_voter_count": 0, "is_closed": False,
        "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
        "allows_revoting": True, "members_only": False}  # fmt: skip
ORIGIN = {"type": "hidden_user", "sender_user_name": "某人", "date": 1}


@pytest.mark.parametrize(
    "content",
    [
        {"poll": POLL},
        {"text": "看这个", "external_reply": {"origin": ORIGIN}},
        {"video_note": {"file_id": "a", "file_unique_id": "b", "length": 1, "duration": 1}},
        {"animation": {"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1,
                       "duration": 1}},
        {"audio": {"file_id": "a", "file_unique_id": "b", "duration": 1}},
        {"story": {"chat": {"id": 1, "type": "private"}, "id": 1}},
    ],
    ids=",".join,
)  # fmt: skip
async def test_other_ways_to_bring_content_are_refused_too(house, drafter, content):
    await drafter.sends_raw(**content)
    assert drafter.texts == [REFUSED]
    assert written(drafter) == []


async def test_an_album_is_answered_once_and_removed_whole(house, drafter):
    photo = [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]
    for _ in range(4):
        await drafter.sends_raw(photo=photo, media_group_id="77")
    assert drafter.texts == [REFUSED]
    assert written(drafter) == []


MARKINGS = ["机密★10年", "绝密★启用前", "秘密★", "机 密 ★ 10 年", "机密*10年", "机密☆", "机密 10年",
            "机密·五年", "绝密·长期", "秘密-3年", "机\u200b密★10年", "机密＊１０年", "机密：20年",
            "SECRET//NOFORN", "top secret // x", "标题\n机密★10年\n正文"]  # fmt: skip


@pytest.mark.parametrize("marking", MARKINGS)
async def test_a_marking_in_any_spelling_is_refused_and_removed(drafter, marking):
    await drafter.says(f"关于{marking}的说明")
    assert drafter.texts == [MARKED]
    assert written(drafter) == []


@pytest.mark.parametrize("text", ["机密", "绝密文件怎么定", "秘密级的条目", "保守秘密", "10年"])
async def test_words_that_only_speak_of_secrets_are_no_content(drafter, text):
    await drafter.says("/new", "科工〔2026〕12号", text)
    assert MARKED not in drafter.texts


async def test_a_marking_in_a_command_begins_nothing(drafter):
    await drafter.says("/new 科工〔2026〕12号 机密★10年 方案")
    assert drafter.texts == [MARKED]
    assert written(drafter) == []
    assert not await Draft.filter(is_open=True).exists()


async def test_a_marking_edited_in_is_refused_and_removed(house, drafter):
    sent = await drafter.says("/new", "科工〔2026〕12号")
    house.telegram.edit(drafter.user, sent, f"科工〔2026〕12号 机密★10年 {SECRET}")
    await house.settle()
    assert drafter.last == MARKED
    assert not any("机密" in post.get("text", "") for post in written(drafter))


@pytest.mark.parametrize("length", [301, 4000])
async def test_a_long_text_is_refused_and_removed(drafter, length):
    await drafter.says("字" * length)
    assert drafter.texts == ["文字过长（限 300 字）。请缩短后重新发送；勿写文稿内容。"]
    assert written(drafter) == []


async def test_three_hundred_characters_are_no_long_text(house, cast):
    await house.submitted(cast)
    head = house.phone(cast.head)
    await head.taps("退回", "其他…")
    await head.says("理" * 300)
    assert head.last == "已退回 · 周文"


async def test_a_title_that_is_too_long_stays_to_be_shortened(drafter):
    await drafter.says(NEW)
    await drafter.taps("加标题")
    await drafter.says("题" * 61)
    assert written(drafter)[-1]["text"] == "题" * 61


async def everything_stored():
    """All text in all tables that a person's words can reach."""
    stored = []
    for model in (Draft, Proposal, Step, Message, InboxUpdate):
        stored += [json.dumps(row, default=str, ensure_ascii=False) for row in
                   await model.all().values()]  # fmt: skip
    return "\n".join(stored)


async def test_what_was_refused_is_stored_nowhere(house, drafter):
    await drafter.says(NEW)
    await drafter.taps("加标题")
    house.telegram.send_file(drafter.user, f"{SECRET}.pdf", b"data", caption=SECRET)
    await drafter.says(f"{SECRET} 机密★10年", f"{SECRET}{'字' * 300}")
    assert SECRET not in await everything_stored()


async def test_titles_names_and_reasons_never_reach_the_log(house, cast, caplog):
    caplog.set_level(logging.DEBUG)
    drafter, head = house.phones_of(cast.drafter, cast.head)
    await drafter.says("/new 科工〔2026〕12号 关键工艺")
    await drafter.taps("加标题")
    await drafter.says(SECRET)
    await drafter.taps("提交")
    await head.taps("退回", "其他…")
    await head.says("附件未列甲乙丙")
    await head.says("机密★10年")
    await head.taps("详情")
    heard = (r for r in caplog.records if r.name.partition(".")[0] not in logs.TALKATIVE)
    said = "\n".join(r.getMessage() for r in heard)
    for word in (SECRET, "附件未列甲乙丙", "周文", "赵国", "关键工艺", "机密"):
        assert word not in said
    assert house.telegram.bot_token not in said


async def test_every_message_about_a_case_is_protected_from_forwarding(house, cast):
    await house.endorsed(cast)
    await house.phone(cast.officer).taps("批准")
    for phone in house.phones_of(cast.drafter, cast.head, cast.officer):
        assert phone.posts
        assert all(post["has_protected_content"] for post in phone.posts)


async def test_a_kind_of_message_that_nobody_knows_yet_is_content(house, cast):
    drafter = house.phone(cast.drafter)
    await drafter.sends_raw(rich_message={"blocks": [{"type": "paragraph", "text": SECRET}]})
    assert drafter.last.startswith("⛔ 请勿发送文件")
    assert house.telegram.calls_to("deleteMessage")


async def test_telegram_s_own_remarks_are_not_answered(house, cast):
    drafter = house.phone(cast.drafter)
    before = len(drafter.posts)
    await drafter.sends_raw(message_auto_delete_timer_changed={"message_auto_delete_time": 86400})
    assert len(drafter.posts) == before


async def test_a_stranger_is_told_once_an_hour_and_after_all_who_belong_here(house, cast):
    stranger = house.stranger(4711, "某人")
    for _ in range(3):
        await stranger.says("在吗")
    assert len(stranger.posts) == 1
    assert [m.lane for m in await Message.filter(chat_id=4711)] == [Lane.REMINDER]
