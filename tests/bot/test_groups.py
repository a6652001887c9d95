"""Groups, channels and bots: told once that this is no place for it, and left."""

import pytest

from models.draft import Draft
from models.outbox import Message

SENTENCE = "定密只在与本人的私聊中办理，不在群组或频道中办理。"


def said_in(house, chat_id):
    posts = house.telegram.bot.chats[chat_id].posts.values()
    return [post.wire["text"] for post in posts if post.by_bot and "text" in post.wire]


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
@pytest.mark.parametrize("bound", [True, False])
async def test_added_to_a_group_the_bot_says_why_not_and_leaves(house, cast, kind, bound):
    who = cast.drafter.telegram_id if bound else house.stranger(8001).user
    chat = house.telegram.add_group("科技处", who, kind=kind)
    await house.settle()
    assert said_in(house, chat) == [SENTENCE]
    assert [int(call.params["chat_id"]) for call in house.telegram.calls_to("leaveChat")] == [chat]
    assert house.phone(cast.drafter).posts == []


async def put_into_group(house, by):
    """A group from which the bot has not gone yet."""
    house.telegram.fail("leaveChat", times=1, kind=400, description="not now")
    chat = house.telegram.add_group("科技处", by.telegram_id)
    await house.settle()
    return chat


@pytest.mark.parametrize("text", ["/start", "/inbox", "/new 科工〔2026〕12号 地形图", "/nonsense"])
async def test_a_command_in_a_group_gets_one_sentence_there(house, cast, text):
    chat = await put_into_group(house, cast.drafter)
    house.telegram.say(cast.drafter.telegram_id, text, chat_id=chat)
    await house.settle()
    assert said_in(house, chat) == [SENTENCE] * 2
    assert house.phone(cast.drafter).posts == []
    assert not await Draft.filter(is_open=True).exists()


async def test_the_talk_of_a_group_is_ignored(house, cast):
    chat = await put_into_group(house, cast.drafter)
    before = await Message.all().count()
    for text in ("@dingmi_demo_bot 你好", "机密★10年 @dingmi_demo_bot"):
        house.telegram.say(cast.drafter.telegram_id, text, chat_id=chat)
    await house.settle()
    assert said_in(house, chat) == [SENTENCE]
    assert await Message.all().count() == before


async def test_an_invitation_pressed_in_a_group_binds_nobody(house, cast):
    chat = await put_into_group(house, cast.drafter)
    stranger = house.stranger(8001)
    house.telegram.say(stranger.user, "/start abc", chat_id=chat)
    await house.settle()
    assert said_in(house, chat) == [SENTENCE] * 2


async def test_a_button_tapped_in_a_group_does_nothing(house, cast):
    case = await house.submitted(cast)
    chat = await put_into_group(house, cast.head)
    query = house.telegram.tap_raw(cast.head.telegram_id, 1, f"s:{case.id}:endorse:1", chat_id=chat)
    await house.settle()
    assert (await house.telegram.answer(query))["text"] == SENTENCE
    await case.refresh_from_db()
    assert case.version == 1


async def test_channel_posts_and_removals_are_ignored(house, cast):
    chat = await put_into_group(house, cast.drafter)
    house.telegram.remove_from_group(chat, cast.drafter.telegram_id)
    channel = house.telegram.add_group("公告", cast.drafter.telegram_id, kind="channel")
    house.telegram.bot.chats[channel].blocked = False
    house.telegram.publish(channel, "/start")
    await house.settle()
    assert said_in(house, chat) == [SENTENCE]
    assert said_in(house, channel) == [SENTENCE]


async def test_other_bots_are_ignored(house, cast):
    user = house.phone(cast.drafter).user
    chat = house.telegram.private(user)
    robot = {"id": 99, "is_bot": True, "first_name": "机器人"}
    wire = house.telegram.compose(chat, robot, {"text": "/start"})
    house.telegram.bot.queue.put("message", wire, str(chat.id))
    await house.settle()
    assert house.phone(cast.drafter).posts == []
