"""What people and Telegram also do: odd messages, blocking, hostile text, trouble on our side."""

import pytest

from models import catalogue
from models.office import now
from models.people import Person
from models.proposal import Proposal, State
from tests.factories import make_person

NOT_UNDERSTOOD = "没有看懂。新建请用 /new，待办请用 /inbox，其他见 /help。"
EDITED = "已发送的消息修改后不再办理，请重新发送。"


@pytest.mark.parametrize(
    "content",
    [
        {"location": {"latitude": 1.0, "longitude": 2.0}},
        {"contact": {"phone_number": "1", "first_name": "某"}},
        {"dice": {"emoji": "🎲", "value": 3}},
        {"venue": {"location": {"latitude": 1.0, "longitude": 2.0}, "title": "x", "address": "y"}},
        {"future_kind": {"x": 1}},
    ],
    ids=",".join,
)
async def test_messages_that_are_no_words_are_refused_and_removed(house, cast, content):
    drafter = house.phone(cast.drafter)
    await drafter.sends_raw(**content)
    assert [text[:8] for text in drafter.texts] == ["⛔ 请勿发送文件"[:8]]
    assert house.telegram.calls_to("deleteMessage")


async def test_a_message_that_carries_nothing_is_not_understood(house, cast):
    drafter = house.phone(cast.drafter)
    await drafter.sends_raw(new_chat_photo=[])
    assert drafter.texts == [NOT_UNDERSTOOD]


async def test_an_edited_message_changes_nothing_and_says_so(house, cast):
    drafter = house.phone(cast.drafter)
    sent = await drafter.says("/new", "科工〔2026〕12号")
    house.telegram.edit(drafter.user, sent, "科工〔2026〕99号")
    await house.settle()
    assert drafter.last == EDITED
    await drafter.says("KJ-002")
    assert "科工〔2026〕12号" in drafter.last


async def test_a_place_that_moves_is_passed_over(house, cast):
    drafter = house.phone(cast.drafter)
    chat = house.telegram.private(drafter.user)
    user = house.telegram.person(drafter.user).user()
    place = {"location": {"latitude": 1.0, "longitude": 2.0}, "edit_date": 1}
    house.telegram.bot.queue.put(
        "edited_message", house.telegram.compose(chat, user, place), str(chat.id)
    )
    await house.settle()
    assert drafter.posts == []


@pytest.mark.parametrize(
    "update",
    ["inline_query", "channel_post", "poll", "poll_answer", "message_reaction", "something_new"],
)
async def test_updates_that_were_not_asked_for_are_ignored(house, cast, update):
    user = {"id": cast.drafter.telegram_id, "is_bot": False, "first_name": "x"}
    chat = {"id": -5, "type": "channel", "title": "x"}
    body = {
        "inline_query": {"id": "1", "from": user, "query": "x", "offset": ""},
        "channel_post": {"message_id": 1, "date": 1, "chat": chat, "text": "/start"},
        "poll": {"id": "1", "question": "x", "options": [], "total_voter_count": 0,
                 "is_closed": False, "is_anonymous": True, "type": "regular",
                 "allows_multiple_answers": False, "allows_revoting": True,
                 "members_only": False},
        "poll_answer": {"poll_id": "1", "user": user, "option_ids": [],
                        "option_persistent_ids": []},
        "message_reaction": {"chat": user | {"type": "private"}, "message_id": 1, "date": 1,
                             "user": user, "old_reaction": [], "new_reaction": []},
        "something_new": {"x": 1},
    }[update]  # fmt: skip
    house.telegram.bot.queue.put(update, body, "1")
    await house.settle()
    assert house.phone(cast.drafter).posts == []


@pytest.mark.parametrize("text", ["/nonsense", "/新建", "/start@other_bot", "/NEW@other_bot x"])
async def test_unknown_commands_are_answered(house, cast, text):
    drafter = house.phone(cast.drafter)
    await drafter.says(text)
    assert drafter.last in {NOT_UNDERSTOOD, "没有这个命令。可用的命令见 /help。"}


async def test_commands_in_capitals_work(house, cast):
    drafter = house.phone(cast.drafter)
    await drafter.says("/NEW")
    assert drafter.last.startswith("请发送文号")


HOSTILE = [
    "<b>粗</b> & \"引\" 'x' &amp; <script>",
    "</code><a href='x'>",
    "😀👩‍👩‍👧𠮷𝄞",
    "שלום עולם مرحبا",
    "{ $number } {x} %s \\n",
    "<" * 40,
    "'; DROP TABLE proposal; --",
]


@pytest.mark.parametrize("text", HOSTILE)
async def test_whatever_is_typed_appears_literally(house, cast, text):
    """In every place that shows it; joiners without a glyph of their own are left out."""
    await Person.filter(id=cast.drafter.id).update(name=text)
    drafter, head, officer = house.phones_of(cast.drafter, cast.head, cast.officer)
    plain = " ".join(text.replace("\u200d", "").split())
    number = plain[:40].strip()
    await drafter.says("/new", number, text)
    assert number in drafter.last
    await drafter.says("KJ-002")
    await drafter.taps("1. KJ-002", "加标题")
    await drafter.says(text)
    await drafter.taps("加备注")
    await drafter.says(text)
    assert f"标题　{plain}" in drafter.last
    await drafter.taps("提交")
    assert f"标题　{plain}\n" in head.last
    assert f"备注　{plain}\n" in head.last
    assert f"拟稿　{text}（" in head.last
    await head.taps("退回", "其他…")
    await head.says(text)
    assert f"赵国：其他（{plain}）" in drafter.last
    await drafter.taps("详情", "返回", "修改", "重新提交")
    await head.replies("同意")
    await officer.taps("详情", "返回")
    await officer.says("/inbox")
    await officer.taps("批准")
    await drafter.says("/mine")
    assert number in drafter.last
    assert (await Proposal.get()).state is State.EFFECTIVE


async def test_signs_that_turn_text_around_are_left_out(house, cast):
    drafter = house.phone(cast.drafter)
    await drafter.says("/new", "科工\u202e〔2026〕\u200f12号\u2066")
    assert "科工〔2026〕12号" in drafter.last


async def test_who_blocks_the_bot_is_flagged_once_and_administrators_are_told(house, cast):
    house.telegram.block(cast.head.telegram_id)
    await house.settle()
    assert (await Person.get(id=cast.head.id)).unreachable_since is not None
    admin = house.phone(cast.admin)
    told = "⛔ D100 无法送达（已停用或屏蔽本机器人）。流程将避开此人，直至其恢复。"
    assert admin.texts == [told]
    await house.submitted(cast)
    assert admin.texts == [told]


async def test_a_block_noticed_first_by_a_failed_card_is_told_once(house, cast):
    """The card fails before Telegram's own word of the block is read."""
    house.telegram.private(cast.head.telegram_id).blocked = True
    await house.submitted(cast)
    house.telegram.private(cast.head.telegram_id).blocked = False
    house.telegram.block(cast.head.telegram_id)
    await house.settle()
    assert len(house.phone(cast.admin).texts) == 1


async def test_who_comes_back_gets_the_waiting_cards(house, cast):
    house.telegram.block(cast.head.telegram_id)
    case = await house.submitted(cast)
    head = house.phone(cast.head)
    assert head.posts == []
    house.telegram.unblock(cast.head.telegram_id)
    await house.settle()
    assert head.last.startswith(f"🟡 待您审核 · 案 {case.number}")
    await head.taps("同意")
    assert (await Person.get(id=cast.head.id)).unreachable_since is None


async def test_a_word_from_who_was_unreachable_counts_as_coming_back(house, cast):
    await house.submitted(cast)
    await Person.filter(id=cast.head.id).update(unreachable_since=now())
    head = house.phone(cast.head)
    await head.says("/inbox")
    assert (await Person.get(id=cast.head.id)).unreachable_since is None
    assert [text[:6] for text in sorted(head.texts)] == ["↓ 最新卡片", "待您办理：1", "🟡 待您审核"]


async def test_a_failure_on_our_side_is_apologised_for_and_nothing_was_done(
    house, cast, monkeypatch
):
    house.errors_expected = True
    await house.submitted(cast)
    head = house.phone(cast.head)

    async def broken(*_, **__):
        raise RuntimeError("secret words")

    monkeypatch.setattr("models.workflow.take_step", broken)
    monkeypatch.setattr("models.inbox.PAUSES", ())
    head.press("同意")
    await house.settle()
    assert head.last.startswith("⛔ 处理失败，已记录（编号 ")
    assert head.last.endswith("）。您的操作未生效，请稍后重试。")
    assert "secret words" not in head.last
    assert (await Proposal.get()).state is State.WAITING_HEAD


async def test_no_guide_in_force_is_said(house):
    person = await make_person("周文", "drafter")
    drafter = house.phone(person)
    catalogue.forget()
    await drafter.says("/new 科工〔2026〕12号 地形图")
    assert drafter.last == "尚无生效的定密细目，请联系保密办导入。"


async def test_whoever_blocked_the_bot_learns_afterwards_what_they_missed(house, cast):
    case = await house.endorsed(cast)
    drafter, officer = house.phone(cast.drafter), house.phone(cast.officer)
    house.telegram.block(cast.drafter.telegram_id)
    await house.settle()
    await officer.taps("批准")
    assert "已批准" not in drafter.last
    house.telegram.unblock(cast.drafter.telegram_id)
    await house.settle()
    assert drafter.last.startswith(f"✅ {case.document_no} 已批准")
