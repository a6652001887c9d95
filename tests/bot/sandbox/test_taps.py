"""Taps on buttons and the bot's answers to them."""

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest

from bot.sandbox import CannotDo


async def card(bot, data="d:1"):
    button = InlineKeyboardButton("同意", callback_data=data, style="success")
    return await bot.send_message(1, "card", reply_markup=InlineKeyboardMarkup([[button]]))


async def test_a_tap_reaches_the_bot_and_its_toast_reaches_the_person(bot, telegram):
    sent = await card(bot)

    query_id = telegram.tap(1, sent.message_id, "同意")
    (update,) = await bot.get_updates()
    query = update.callback_query
    await query.answer("已同意", show_alert=True)

    assert (query.data, query.from_user.first_name) == ("d:1", "Ann")
    assert query.message.message_id == sent.message_id
    answer = await telegram.answer(query_id)
    assert (answer["text"], answer["show_alert"]) == ("已同意", True)


async def test_a_tap_is_answered_once(bot, telegram):
    query_id = telegram.tap(1, (await card(bot)).message_id)
    await bot.answer_callback_query(query_id)

    with pytest.raises(BadRequest) as refused:
        await bot.answer_callback_query(query_id)

    assert refused.value.message == (
        "Query is too old and response timeout expired or query id is invalid"
    )


async def test_a_late_answer_is_refused(bot, telegram, clock):
    query_id = telegram.tap(1, (await card(bot)).message_id)
    clock.pass_by(telegram.answer_within + 1)

    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(query_id)


async def test_a_tap_nobody_fetches_is_forgotten_and_a_message_is_kept(bot, telegram, clock):
    sent = await card(bot)
    telegram.tap(1, sent.message_id)
    telegram.say(1, "still here")
    clock.pass_by(151)

    (update,) = await bot.get_updates()

    assert update.message.text == "still here"


async def test_only_buttons_that_are_there_can_be_tapped(bot, telegram):
    sent = await card(bot)

    for button in ("其他", (0, 1), (1, 0)):
        with pytest.raises(CannotDo, match="no such button"):
            telegram.tap(1, sent.message_id, button)
    with pytest.raises(CannotDo, match="no message"):
        telegram.tap(1, 999)


async def test_a_changed_app_can_send_any_data(bot, telegram):
    telegram.tap_raw(1, (await card(bot)).message_id, "forged")

    assert (await bot.get_updates())[0].callback_query.data == "forged"


async def test_a_tap_under_a_deleted_message_names_an_inaccessible_one(bot, telegram):
    telegram.tap_raw(1, 999, "d:1")

    (update,) = await bot.get_updates()

    assert not update.callback_query.message.is_accessible


@pytest.mark.parametrize("data", ["密" * 22, "x" * 65])
async def test_callback_data_has_64_bytes(bot, data):
    with pytest.raises(BadRequest, match="Button_data_invalid"):
        await card(bot, data)


async def test_more_than_a_hundred_buttons_are_refused(bot):
    row = [InlineKeyboardButton("x", callback_data="x")] * 101

    with pytest.raises(BadRequest, match="Reply markup is too long"):
        await bot.send_message(1, "x", reply_markup=InlineKeyboardMarkup([row]))
