"""What people do, as the bot hears of it."""

import pytest
from telegram import BotCommandScopeAllPrivateChats, BotCommandScopeChat, ChatMember, Poll
from telegram.error import BadRequest, Forbidden

from bot.sandbox import CannotDo
from bot.sandbox.views import commands_for


async def test_start_carries_its_payload_and_a_command_entity(bot, telegram):
    telegram.press_start(2, "one-time-code")

    (update,) = await bot.get_updates()
    message = update.message

    assert message.text == "/start one-time-code"
    assert [(e.type, e.offset, e.length) for e in message.entities] == [("bot_command", 0, 6)]
    assert (message.chat.type, message.from_user.language_code) == ("private", "zh-hans")
    assert not message.from_user.is_bot


async def test_replies_and_edits(bot, telegram):
    sent = await bot.send_message(1, "理由？")
    said = telegram.say(1, "一", reply_to=sent.message_id)
    telegram.edit(1, said["message_id"], "二")

    message, edited = await bot.get_updates()

    assert message.message.reply_to_message.text == "理由？"
    assert message.message.text == "一"
    assert edited.edited_message.text == "二"


@pytest.mark.parametrize("kind", ["document", "photo", "voice", "video", "sticker"])
async def test_files_of_every_kind(bot, telegram, kind):
    telegram.send_file(1, "a.bin", b"content", "application/x", kind=kind)

    (update,) = await bot.get_updates()
    sent = update.message.effective_attachment
    sent = sent[-1] if kind == "photo" else sent
    file = await sent.get_file()

    assert bytes(await file.download_as_bytearray()) == b"content"


async def test_no_file_above_20_mb_can_be_fetched(bot, telegram):
    telegram.send_file(1, "big.zip", b"", size=20 * 1024 * 1024 + 1)
    (update,) = await bot.get_updates()

    with pytest.raises(BadRequest, match="File is too big"):
        await update.message.document.get_file()


async def test_a_photo_is_sent_and_its_size_read_from_it(bot):
    png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (7).to_bytes(4, "big") + (5).to_bytes(4, "big")

    sent = await bot.send_photo(1, png, caption="<b>x</b>", parse_mode="HTML")

    assert (sent.photo[0].width, sent.photo[0].height) == (7, 5)
    assert sent.caption_entities[0].type == "bold"


async def test_a_forwarded_message_names_its_origin(bot, telegram):
    sent = await bot.send_message(1, "card")
    telegram.forward(1, sent.message_id, to=2)

    (update,) = await bot.get_updates()

    assert update.message.chat.id == 2
    assert update.message.forward_origin.sender_user.id == bot.id


async def test_protected_messages_cannot_be_forwarded(bot, telegram):
    sent = await bot.send_message(1, "card", protect_content=True)

    with pytest.raises(CannotDo, match="protected"):
        telegram.forward(1, sent.message_id)


async def test_blocking_is_told_and_silences_both_sides(bot, telegram):
    telegram.block(1)
    (update,) = await bot.get_updates()

    assert update.my_chat_member.new_chat_member.status == ChatMember.BANNED
    with pytest.raises(CannotDo, match="blocked"):
        telegram.say(1, "x")


async def test_a_cleared_chat_is_empty_for_the_person_and_not_for_the_bot(bot, telegram):
    sent = await bot.send_message(1, "x")
    telegram.clear_history(1)

    assert await bot.edit_message_text("y", 1, sent.message_id)
    with pytest.raises(CannotDo):
        telegram.forward(1, sent.message_id)


async def test_messages_deleted_for_both_are_gone(bot, telegram):
    sent = await bot.send_message(1, "x")
    telegram.clear_history(1, for_bot=True)

    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("y", 1, sent.message_id)


async def test_a_vote_is_told_unless_the_poll_is_anonymous(bot, telegram):
    sent = await bot.send_poll(1, "?", ["a", "b"], is_anonymous=False, allows_multiple_answers=True)
    telegram.vote(1, sent.message_id, [0, 1])

    (update,) = await bot.get_updates()

    assert update.poll_answer.option_ids == (0, 1)
    stopped = await bot.stop_poll(1, sent.message_id)
    assert (stopped.is_closed, stopped.total_voter_count) == (True, 1)
    with pytest.raises(CannotDo, match="closed"):
        telegram.vote(1, sent.message_id, [0])


async def test_a_quiz_takes_one_answer_for_good_and_closes_in_time(bot, telegram, clock):
    quiz = await bot.send_poll(
        1, "?", ["a", "b"], type=Poll.QUIZ, correct_option_ids=[1], open_period=60
    )
    telegram.press_start(2)
    telegram.vote(1, quiz.message_id, [1])
    with pytest.raises(CannotDo, match="final"):
        telegram.vote(1, quiz.message_id, [0])

    late = await bot.send_poll(1, "?", ["a"], open_period=60)
    clock.pass_by(60)

    with pytest.raises(CannotDo, match="closed"):
        telegram.vote(1, late.message_id, [0])


async def test_the_narrowest_scope_and_the_own_language_win(bot, telegram):
    await bot.set_my_commands([("help", "default")])
    await bot.set_my_commands([("help", "默认")], language_code="zh")
    await bot.set_my_commands([("inbox", "private")], scope=BotCommandScopeAllPrivateChats())
    own = BotCommandScopeChat(2)
    await bot.set_my_commands([("stats", "own")], scope=own)

    assert commands_for(telegram, 1)[0]["description"] == "private"
    assert commands_for(telegram, 2)[0]["description"] == "own"
    await bot.delete_my_commands(scope=own)
    await bot.delete_my_commands(scope=BotCommandScopeAllPrivateChats())
    assert commands_for(telegram, 2)[0]["description"] == "默认"
    assert commands_for(telegram, 1)[0]["description"] == "default"
    assert (await bot.get_my_commands(language_code="zh"))[0].description == "默认"


@pytest.mark.parametrize("command", [("Help", "x"), ("help", ""), ("h" * 33, "x")])
async def test_wrong_commands_are_refused(telegram, command):
    asked = {"commands": [{"command": command[0], "description": command[1]}]}

    status, _ = await telegram.call(telegram.bot_token, "setMyCommands", asked)

    assert status == 400


async def test_the_menu_button_of_one_chat_overrides_that_of_all(bot):
    await bot.set_chat_menu_button(1, {"type": "default"})

    assert (await bot.get_chat_menu_button(1)).type == "commands"


async def test_a_group_is_joined_spoken_in_and_left(bot, telegram):
    group = telegram.add_group("科技处", by=1)
    telegram.say(1, "not for the bot", chat_id=group)
    telegram.say(1, "/new@dingmi_demo_bot", chat_id=group)

    joined, service, command = await bot.get_updates()
    await bot.leave_chat(group)

    assert joined.my_chat_member.new_chat_member.status == ChatMember.MEMBER
    assert service.message.new_chat_members[0].id == bot.id
    assert (command.message.text, command.message.chat.type) == (
        "/new@dingmi_demo_bot",
        "supergroup",
    )
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await bot.send_message(group, "x")


async def test_a_channel_is_reached_by_name_and_heard(bot, telegram):
    channel = telegram.add_group("公告", by=1, kind="channel", username="gonggao")
    telegram.publish(channel, "post")

    sent = await bot.send_message("@gonggao", "x")
    updates = await bot.get_updates()

    assert (sent.chat.id, sent.from_user) == (channel, None)
    assert updates[-1].channel_post.text == "post"


async def test_membership_is_told(bot, telegram):
    telegram.block(1)

    assert (await bot.get_chat_member(1, 1)).status == ChatMember.MEMBER
    assert (await bot.get_chat_member(1, bot.id)).status == ChatMember.BANNED
    with pytest.raises(BadRequest, match="User not found"):
        await bot.get_chat_member(1, 99)


async def test_typing_is_shown_until_the_next_message(bot, telegram):
    await bot.send_chat_action(1, "typing")
    assert telegram.private(1).action == "typing"

    await bot.send_message(1, "x")

    assert telegram.private(1).action == ""


async def test_a_reaction_is_shown(bot, telegram):
    said = telegram.say(1, "x")

    await bot.set_message_reaction(1, said["message_id"], "👍")

    assert telegram.private(1).posts[said["message_id"]].reaction == "👍"


async def test_names_and_descriptions_are_kept_by_language(bot):
    await bot.set_my_name("Dingmi", language_code="en")
    await bot.set_my_description("说明")
    await bot.set_my_short_description("短")

    assert (await bot.get_my_name(language_code="en")).name == "Dingmi"
    assert (await bot.get_my_description()).description == "说明"
    assert (await bot.get_my_short_description()).short_description == "短"
