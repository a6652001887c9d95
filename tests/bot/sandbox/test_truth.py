"""What the sandbox sends is what the Bot API describes, field by field."""

import json

import pytest
from telegram import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    ReplyParameters,
)

from .test_shape import OFFICIAL

SIMPLE = {"Integer": int, "String": str, "Boolean": bool, "True": bool, "Float": (int, float)}
#: Unions the description names without a list of their members.
TELLS = {
    "MaybeInaccessibleMessage": lambda v: "InaccessibleMessage" if v["date"] == 0 else "Message",
    "ChatMember": lambda v: {
        "member": "ChatMemberMember",
        "left": "ChatMemberLeft",
        "kicked": "ChatMemberBanned",
        "administrator": "ChatMemberAdministrator",
    }[v["status"]],
    "MessageOrigin": lambda v: {"user": "MessageOriginUser"}[v["type"]],
}


class Description:
    """Checks values against the official types."""

    def __init__(self):
        self.types = json.loads(OFFICIAL.read_text("utf-8"))["types"]

    def complaints(self, value, kind, where):
        if kind.startswith("Array of "):
            inner = kind.removeprefix("Array of ")
            for number, item in enumerate(value):
                yield from self.complaints(item, inner, f"{where}[{number}]")
        elif kind in SIMPLE:
            if not isinstance(value, SIMPLE[kind]):
                yield f"{where}: {value!r} is no {kind}"
        elif kind in TELLS:
            yield from self.complaints(value, TELLS[kind](value), where)
        else:
            yield from self.of_object(value, kind, where)

    def of_object(self, value, kind, where):
        fields = {field["name"]: field for field in self.types[kind]["fields"]}
        for name in value.keys() - fields.keys():
            yield f"{where}: {kind} has no field {name}"
        for name, field in fields.items():
            if name in value:
                yield from self.complaints(value[name], field["types"][0], f"{where}.{name}")
            elif field["required"]:
                yield f"{where}: {kind} needs {name}"


@pytest.fixture
def description():
    if not OFFICIAL.exists():
        pytest.skip("the official description is not beside this repository")
    return Description()


async def everything(bot, telegram):
    """One of every update, and a message of every kind from the bot."""
    telegram.inline_feedback = True
    telegram.press_start(2, "code")
    button = InlineKeyboardButton("x", callback_data="x", style="danger")
    keyboard = InlineKeyboardMarkup([[button]])
    card = await bot.send_message(1, "<b>x</b> /a", "HTML", reply_markup=keyboard)
    await bot.send_message(1, "?", reply_markup=ForceReply(input_field_placeholder="…"))
    await bot.edit_message_text("y", 1, card.message_id, reply_markup=keyboard)
    await bot.send_document(1, b"x", filename="x.txt", caption="c")
    await bot.send_photo(1, b"x", reply_parameters=ReplyParameters(card.message_id))
    await bot.forward_message(1, 1, card.message_id)
    poll = await bot.send_poll(1, "?", ["a", "b"], is_anonymous=False)
    quiz = await bot.send_poll(1, "?", ["a"], type="quiz", correct_option_ids=[0], explanation="e")
    telegram.vote(1, poll.message_id, [0])
    telegram.vote(1, quiz.message_id, [0])
    said = telegram.say(1, "https://x.example #tag @name", reply_to=card.message_id)
    telegram.edit(1, said["message_id"], "z")
    telegram.forward(1, card.message_id)
    for kind in ("document", "photo", "voice", "video", "sticker"):
        telegram.send_file(1, "x.bin", b"x", kind=kind)
    telegram.tap(1, card.message_id)
    telegram.tap_raw(1, 9999, "gone")
    query = telegram.inline(1, "q")
    article = InlineQueryResultArticle("1", "t", InputTextMessageContent("m"))
    await bot.answer_inline_query(query, [article])
    telegram.pick(1, query, "1")
    group = telegram.add_group("g", by=1)
    telegram.remove_from_group(group, by=1)
    channel = telegram.add_group("c", by=1, kind="channel")
    telegram.publish(channel, "post")
    telegram.block(1)
    telegram.unblock(1)


async def test_every_update_has_the_fields_of_its_type(bot, telegram, description):
    await everything(bot, telegram)

    updates = [update.body for update in telegram.bot.queue.pending]

    kinds = {kind for update in updates for kind in update} - {"update_id"}
    assert len(kinds) == 9
    wrong = [c for u in updates for c in description.complaints(u, "Update", "update")]
    assert wrong == []


async def test_every_message_has_the_fields_of_its_type(bot, telegram, description):
    await everything(bot, telegram)

    posts = [post for chat in telegram.bot.chats.values() for post in chat.posts.values()]

    wrong = [c for p in posts for c in description.complaints(p.wire, "Message", "message")]
    assert wrong == []


@pytest.mark.parametrize(
    ("method", "params", "kind"),
    [
        ("getMe", {}, "User"),
        ("getWebhookInfo", {}, "WebhookInfo"),
        ("getChat", {"chat_id": 1}, "ChatFullInfo"),
        ("getChatMember", {"chat_id": 1, "user_id": 1}, "ChatMember"),
        ("getMyName", {}, "BotName"),
    ],
)
async def test_every_answer_has_the_fields_of_its_type(telegram, description, method, params, kind):
    _, body = await telegram.call(telegram.bot_token, method, params)

    assert list(description.complaints(body["result"], kind, method)) == []
