"""Sending, editing and deleting messages."""

import copy
from typing import Any

from bot.sandbox import markup
from bot.sandbox.cast import Chat, Post
from bot.sandbox.errors import Refused

from .base import TWO_DAYS, Json, Request, method

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)
MOST_AT_ONCE = 100


@method("sendMessage")
async def send_message(request: Request) -> Json:
    """A text message."""
    request.open_chat()  # who is refused learns that before what is wrong with the text
    content = request.words()
    if not content:
        raise Refused(400, "message text is empty")
    return request.send(content | _preview(request))


def _preview(request: Request) -> Json:
    options = request.params.mapping("link_preview_options")
    if request.params.flag("disable_web_page_preview"):
        options = {"is_disabled": True}
    return {"link_preview_options": options} if options else {}


def _own(request: Request) -> tuple[Chat, Post]:
    """The bot's own message that the call wants to change."""
    chat = request.chat()
    post = request.post(chat, "message to edit not found")
    if not post.by_bot and "via_bot" not in post.wire:
        raise Refused(400, "message can't be edited")
    return chat, post


def _edited(request: Request, chat: Chat, post: Post, wire: Json, *, words: bool) -> Json:
    """Store the new form of ``post``, unless nothing changed."""
    before = {name: value for name, value in post.wire.items() if name != "edit_date"}
    after = {name: value for name, value in wire.items() if name != "edit_date"}
    if before == after:
        raise Refused(400, NOT_MODIFIED)
    if words:  # Telegram shows no "edited" when only the keyboard changed
        wire["edit_date"] = int(request.world.now())
    post.wire = wire
    request.world.changed("edited", chat=chat.id, message=post.id)
    return copy.deepcopy(wire)


def _with_keyboard(request: Request, wire: Json) -> Json:
    wire.pop("reply_markup", None)
    asked = request.params.mapping("reply_markup", "inline keyboard markup")
    keyboard = markup.inline_only(asked)
    return wire | ({"reply_markup": keyboard} if keyboard else {})


@method("editMessageText")
async def edit_message_text(request: Request) -> Json | bool:
    """Other words, and another or no keyboard, in the same message."""
    if "inline_message_id" in request.params:
        raise Refused(501, "the sandbox does not edit inline messages")
    chat, post = _own(request)
    if "text" not in post.wire:
        raise Refused(400, "there is no text in the message to edit")
    content = request.words()
    if not content:
        raise Refused(400, "message text is empty")
    dropped = {"text", "entities", "link_preview_options"}
    wire = {name: value for name, value in post.wire.items() if name not in dropped}
    wire = _with_keyboard(request, wire | content | _preview(request))
    return _edited(request, chat, post, wire, words=True)


@method("editMessageCaption")
async def edit_message_caption(request: Request) -> Json:
    """Other words under a document or photo."""
    chat, post = _own(request)
    dropped = {"caption", "caption_entities"}
    wire = {name: value for name, value in post.wire.items() if name not in dropped}
    wire = _with_keyboard(request, wire | request.words("caption", 1024))
    return _edited(request, chat, post, wire, words=True)


@method("editMessageReplyMarkup")
async def edit_message_reply_markup(request: Request) -> Json:
    """Another or no keyboard under the same words."""
    chat, post = _own(request)
    wire = _with_keyboard(request, dict(post.wire))
    return _edited(request, chat, post, wire, words=False)


def _erase(request: Request, chat: Chat, post: Post) -> None:
    del chat.posts[post.id]
    if post.id in chat.pinned:
        chat.pinned.remove(post.id)
    request.world.changed("deleted", chat=chat.id, message=post.id)


def _check_erasable(request: Request, chat: Chat, post: Post) -> None:
    if request.world.now() - post.wire["date"] > TWO_DAYS:
        raise Refused(400, "message can't be deleted for everyone")
    stranger = chat.type != "private" and not post.by_bot
    if stranger and request.bot.id not in chat.administrators:
        raise Refused(400, "message can't be deleted")


@method("deleteMessage")
async def delete_message(request: Request) -> bool:
    """Remove a message for everyone, within two days."""
    chat = request.chat()
    post = request.post(chat, "message to delete not found")
    _check_erasable(request, chat, post)
    _erase(request, chat, post)
    return True


@method("deleteMessages")
async def delete_messages(request: Request) -> bool:
    """Remove several messages; those not found are passed over."""
    chat = request.chat()
    numbers = request.params.identifiers("message_ids")
    if not numbers:
        raise Refused(400, "message identifiers are not specified")
    if len(numbers) > MOST_AT_ONCE:
        raise Refused(400, "too many message identifiers specified")
    posts = [chat.posts[number] for number in numbers if number in chat.posts]
    for post in posts:
        _check_erasable(request, chat, post)
    for post in posts:
        _erase(request, chat, post)
    return True


def _source(request: Request, verb: str) -> Post:
    """The message to be forwarded or copied, unless its content is protected."""
    origin = Request(
        request.world,
        request.bot,
        type(request.params)(
            {**request.params.raw, "chat_id": request.params.text("from_chat_id")},
        ),
    )
    post = origin.post(origin.chat(), f"message to {verb} not found")
    if post.protected:
        raise Refused(400, f"message can't be {'forwarded' if verb == 'forward' else 'copied'}")
    return post


def _content(post: Post) -> Json:
    frame = {"message_id", "from", "chat", "date", "edit_date", "reply_markup"}
    return {k: copy.deepcopy(v) for k, v in post.wire.items() if k not in frame}


@method("forwardMessage")
async def forward_message(request: Request) -> Json:
    """The same message in another chat, with its origin named."""
    post = _source(request, "forward")
    origin = {
        "type": "user",
        "sender_user": post.wire.get("from", request.bot.user()),
        "date": post.wire["date"],
    }
    return request.send(_content(post) | {"forward_origin": origin})


@method("copyMessage")
async def copy_message(request: Request) -> Json:
    """The same content in another chat, as the bot's own."""
    sent = request.send(_content(_source(request, "copy")))
    return {"message_id": sent["message_id"]}


@method("setMessageReaction")
async def set_message_reaction(request: Request) -> bool:
    """The bot's reaction to a message."""
    chat = request.open_chat()
    post = request.post(chat, "message to react not found")
    reactions: list[Any] = request.params.array("reaction")
    if len(reactions) > 1:
        raise Refused(400, "REACTIONS_TOO_MANY")
    post.reaction = reactions[0].get("emoji", "") if reactions else ""
    request.world.changed("edited", chat=chat.id, message=post.id)
    return True


@method("pinChatMessage")
async def pin_chat_message(request: Request) -> bool:
    """Pin a message on top of the chat."""
    chat = request.open_chat()
    post = request.post(chat, "message to pin not found")
    if post.id not in chat.pinned:
        chat.pinned.append(post.id)
    request.world.changed("pinned", chat=chat.id)
    return True


@method("unpinChatMessage")
async def unpin_chat_message(request: Request) -> bool:
    """Unpin one message, or the newest pinned one."""
    chat = request.open_chat()
    number = request.params.integer("message_id", chat.pinned[-1] if chat.pinned else 0)
    if number not in chat.pinned:
        raise Refused(400, "message to unpin not found")
    chat.pinned.remove(number)
    request.world.changed("pinned", chat=chat.id)
    return True
