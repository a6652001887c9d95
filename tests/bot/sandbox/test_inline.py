"""Inline mode: results while one types, and the cache Telegram keeps of them."""

import pytest
from telegram import (
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
)
from telegram.error import BadRequest

from bot.sandbox import CannotDo


def article(number, **more):
    content = InputTextMessageContent(f"<b>KJ-{number}</b>", parse_mode="HTML")
    return InlineQueryResultArticle(str(number), f"条目 {number}", content, **more)


async def test_results_are_shown_and_the_choice_is_posted_via_the_bot(bot, telegram):
    telegram.inline_feedback = True
    query_id = telegram.inline(1, "dxt")
    (update,) = await bot.get_updates()
    await update.inline_query.answer([article(1), article(2, description="绝密")], next_offset="2")

    shown = await telegram.results(query_id)
    telegram.pick(1, query_id, "2")
    _, posted, chosen = await bot.get_updates()

    assert [r["title"] for r in shown["results"]] == ["条目 1", "条目 2"]
    assert shown["next_offset"] == "2"
    assert (posted.message.text, posted.message.via_bot.id) == ("KJ-2", bot.id)
    assert posted.message.entities[0].type == "bold"
    assert chosen.chosen_inline_result.result_id == "2"


async def test_what_was_not_offered_cannot_be_chosen(bot, telegram):
    query_id = telegram.inline(1, "x")

    with pytest.raises(CannotDo, match="no result"):
        telegram.pick(1, query_id, "1")


async def test_results_are_shared_from_the_cache_unless_personal(bot, telegram):
    query_id = telegram.inline(1, "x")
    await bot.answer_inline_query(query_id, [article(1)], cache_time=300)

    leaked = await telegram.results(telegram.inline(2, "x"), within=0)

    assert leaked["results"][0]["title"] == "条目 1"


async def test_personal_results_stay_with_their_person_and_for_their_time(bot, telegram, clock):
    query_id = telegram.inline(1, "x")
    await bot.answer_inline_query(query_id, [article(1)], cache_time=5, is_personal=True)

    with pytest.raises(TimeoutError):
        await telegram.results(telegram.inline(2, "x"), within=0)
    assert await telegram.results(telegram.inline(1, "x"), within=0)
    clock.pass_by(5)
    with pytest.raises(TimeoutError):
        await telegram.results(telegram.inline(1, "x"), within=0)


async def test_a_button_over_the_results_starts_the_bot(bot, telegram):
    query_id = telegram.inline(2, "x")
    top = InlineQueryResultsButton("绑定账号", start_parameter="bind")
    await bot.answer_inline_query(query_id, [], button=top)

    assert (await telegram.results(query_id))["button"] == {
        "text": "绑定账号",
        "start_parameter": "bind",
    }


@pytest.mark.parametrize(
    ("results", "words"),
    [
        ([article(n) for n in range(51)], "Results_too_much"),
        ([article(1), article(1)], "Result_id_duplicate"),
        ([article("x" * 64), article("密" * 21 + "xx")], "Result_id_invalid"),
    ],
)
async def test_wrong_results_are_refused(telegram, bot, results, words):
    query_id = telegram.inline(1, "x")
    raw = {"inline_query_id": query_id, "results": [r.to_dict() for r in results]}

    status, body = await telegram.call(telegram.bot_token, "answerInlineQuery", raw)

    assert (status, body["description"].lower()) == (400, f"bad request: {words.lower()}")


async def test_a_late_answer_is_refused(bot, telegram, clock):
    query_id = telegram.inline(1, "x")
    clock.pass_by(61)

    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_inline_query(query_id, [])
