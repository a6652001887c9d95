"""What a bot may send, edit and delete, and Telegram's words when it may not."""

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from telegram.error import BadRequest, Forbidden


def keyboard(*labels):
    return InlineKeyboardMarkup([[InlineKeyboardButton(a, callback_data=f"d:{a}") for a in labels]])


async def test_a_message_arrives_with_its_entities_in_utf16_units(bot):
    sent = await bot.send_message(1, "🟡 <b>机密★10年</b> &lt;ok&gt; /help", parse_mode="HTML")

    assert sent.text == "🟡 机密★10年 <ok> /help"
    assert [(e.type, sent.parse_entity(e)) for e in sent.entities] == [
        ("bold", "机密★10年"),
        ("bot_command", "/help"),
    ]
    assert sent.entities[0].offset == 3


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("定<x>y</x>", 'Unsupported start tag "x" at byte offset 3'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Unsupported start tag "span" at byte offset 0'),
    ],
)
async def test_bad_html_is_refused_in_telegrams_words(telegram, html, words):
    params = {"chat_id": "1", "text": html, "parse_mode": "HTML"}

    status, body = await telegram.call(telegram.bot_token, "sendMessage", params)

    assert (status, body) == (
        400,
        {
            "ok": False,
            "error_code": 400,
            "description": f"Bad Request: can't parse entities: {words}",
        },
    )


async def test_nested_formats_links_and_code_blocks(bot):
    html = (
        '<i>a <a href="https://example.com/?a=1&amp;b=2">b</a></i> '
        '<pre><code class="language-python">x</code></pre> '
        '<span class="tg-spoiler">s</span> <blockquote expandable>q</blockquote>'
    )

    sent = await bot.send_message(1, html, parse_mode="HTML")

    assert [(e.type, e.url or e.language) for e in sent.entities] == [
        ("italic", None),
        ("text_link", "https://example.com/?a=1&b=2"),
        ("pre", "python"),
        ("spoiler", None),
        ("expandable_blockquote", None),
    ]


async def test_blanks_at_both_ends_go_and_entities_move_along(bot):
    sent = await bot.send_message(1, "\n  <b> x</b>  ", parse_mode="HTML")

    assert (sent.text, sent.parse_entity(sent.entities[0])) == ("x", "x")


@pytest.mark.parametrize(
    ("text", "words"), [(" ", "Message text is empty"), ("x" * 4097, "Message is too long")]
)
async def test_text_must_have_a_length(bot, text, words):
    with pytest.raises(BadRequest, match=words):
        await bot.send_message(1, text)


async def test_a_stranger_s_chat_is_not_found(bot):
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(99, "hello")


async def test_who_never_pressed_start_cannot_be_written_to(bot):
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(2, "hello")


async def test_who_blocked_the_bot_cannot_be_written_to_until_unblocked(bot, telegram):
    telegram.block(1)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(1, "hello")

    telegram.unblock(1)

    assert await bot.send_message(1, "hello")


async def test_an_edit_changes_words_and_keyboard_and_shows_a_date(bot, clock):
    sent = await bot.send_message(1, "one", reply_markup=keyboard("a"))
    clock.pass_by(60)

    edited = await bot.edit_message_text("two", 1, sent.message_id)

    assert (edited.text, edited.reply_markup) == ("two", None)
    assert (edited.edit_date - sent.date).seconds == 60


async def test_an_edit_that_changes_nothing_is_refused_word_for_word(bot):
    sent = await bot.send_message(1, "one", reply_markup=keyboard("a"))
    with pytest.raises(BadRequest) as refused:
        await bot.edit_message_text("one", 1, sent.message_id, reply_markup=keyboard("a"))

    assert refused.value.message == (
        "Message is not modified: specified new message content and reply markup are exactly "
        "the same as a current content and reply markup of the message"
    )
    assert await bot.edit_message_reply_markup(1, sent.message_id, reply_markup=keyboard("b"))


async def test_what_is_gone_can_be_neither_edited_nor_deleted(bot):
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("x", 1, 999)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(1, 999)


async def test_a_person_s_message_can_be_deleted_but_not_edited(bot, telegram):
    said = telegram.say(1, "secret")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", 1, said["message_id"])

    assert await bot.delete_message(1, said["message_id"])


async def test_after_two_days_a_message_stays(bot, clock):
    sent = await bot.send_message(1, "one")
    clock.pass_by(48 * 3600 + 1)
    with pytest.raises(BadRequest, match="Message can't be deleted for everyone"):
        await bot.delete_message(1, sent.message_id)

    assert await bot.edit_message_text("two", 1, sent.message_id)


async def test_several_messages_are_deleted_and_missing_ones_passed_over(bot, telegram):
    sent = [await bot.send_message(1, "x") for _ in range(2)]

    assert await bot.delete_messages(1, [*(m.message_id for m in sent), 999])
    assert not {m.message_id for m in sent} & telegram.private(1).posts.keys()


async def test_a_reply_quotes_its_message(bot, telegram):
    said = telegram.say(1, "question")

    sent = await bot.send_message(1, "x", reply_parameters=ReplyParameters(said["message_id"]))

    assert sent.reply_to_message.text == "question"


async def test_a_reply_to_nothing_is_refused_unless_it_may_stand_alone(bot):
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(1, "x", reply_parameters=ReplyParameters(999))

    lenient = ReplyParameters(999, allow_sending_without_reply=True)

    assert (await bot.send_message(1, "x", reply_parameters=lenient)).reply_to_message is None


async def test_protected_content_is_neither_forwarded_nor_copied(bot):
    sent = await bot.send_message(1, "x", protect_content=True)

    assert sent.has_protected_content
    with pytest.raises(BadRequest, match="Message can't be forwarded"):
        await bot.forward_message(1, 1, sent.message_id)
    with pytest.raises(BadRequest, match="Message can't be copied"):
        await bot.copy_message(1, 1, sent.message_id)


async def test_open_content_is_forwarded_with_its_origin(bot):
    sent = await bot.send_message(1, "x")

    forwarded = await bot.forward_message(1, 1, sent.message_id)

    assert forwarded.forward_origin.sender_user.id == bot.id


async def test_a_message_is_pinned_and_unpinned(bot):
    sent = await bot.send_message(1, "x")
    await bot.pin_chat_message(1, sent.message_id)
    assert (await bot.get_chat(1)).pinned_message.text == "x"

    await bot.unpin_chat_message(1)

    assert (await bot.get_chat(1)).pinned_message is None
