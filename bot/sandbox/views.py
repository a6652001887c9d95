"""What the page shows of people and chats, as JSON."""

import copy
from typing import Any, Final

from .cast import Chat, Person, Post
from .telegram import Telegram

Json = dict[str, Any]

BUSY_FOR: Final = 15.0  #: seconds an app shows a tapped button as busy


def post_view(telegram: Telegram, chat: Chat, post: Post) -> Json:
    """One bubble. A person's phone shows buttons only under messages, never what they carry."""
    poll = telegram.bot.polls.get(post.wire.get("poll", {}).get("id", ""))
    return {
        "wire": copy.deepcopy(post.wire),
        "out": not post.by_bot,
        "reaction": post.reaction,
        "pinned": post.id in chat.pinned,
        "waiting": _waiting(telegram, chat, post),
        "vote": poll.votes.get(chat.id, []) if poll else [],
    }


def _waiting(telegram: Telegram, chat: Chat, post: Post) -> list[str]:
    """The data of this message's buttons that were tapped just now and not answered yet."""
    waiting = []
    for tap in reversed(telegram.bot.taps.values()):
        if telegram.now() - tap.at > BUSY_FOR:
            break
        if tap.answer is None and (tap.chat_id, tap.message_id) == (chat.id, post.id):
            waiting.append(tap.data)
    return waiting


def person_view(telegram: Telegram, person: Person) -> Json:
    """One line of the list of people."""
    chat = telegram.private(person.id)
    shown = [post for post in chat.posts.values() if not post.hidden]
    unread = [post for post in shown if post.by_bot and post.id > chat.read_to]
    return {
        "id": person.id,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "username": person.username,
        "language_code": person.language_code,
        "note": person.note,
        "start_payload": person.start_payload,
        "started": chat.started,
        "blocked": chat.blocked,
        "unread": len(unread),
    }


def chat_view(telegram: Telegram, user_id: int) -> Json:
    """A whole conversation, oldest message first."""
    chat = telegram.private(user_id)
    bot = telegram.bot
    shown = [post for post in chat.posts.values() if not post.hidden]
    language = telegram.person(user_id).language_code[:2]
    fallback = bot.texts.get(("description", ""), "")
    return {
        "person": person_view(telegram, telegram.person(user_id)),
        "posts": [post_view(telegram, chat, post) for post in shown],
        "keyboard": chat.keyboard,
        "commands": commands_for(telegram, user_id),
        "menu_button": chat.menu_button or bot.menu_button,
        "description": bot.texts.get(("description", language), fallback),
        "pinned": chat.pinned,
        "action": chat.action,
    }


def commands_for(telegram: Telegram, user_id: int) -> list[Json]:
    """The commands this person's app shows: the narrowest scope first, their language first."""
    language = telegram.person(user_id).language_code[:2]
    for scope in (f"chat:{user_id}", "all_private_chats", "default"):
        for spoken in (language, ""):
            found = telegram.bot.commands.get((scope, spoken))
            if found:
                return found
    return []


def state_view(telegram: Telegram) -> Json:
    """What the page needs before it shows a chat."""
    bot = telegram.bot
    return {
        "bot": bot.user() | {"first_name": bot.texts.get(("name", ""), bot.first_name)},
        "hint": telegram.hint,
        "people": [person_view(telegram, person) for person in telegram.people.values()],
        "now": telegram.now(),
    }


def enriched(telegram: Telegram, event: Json) -> Json:
    """An event with what the page would ask for next."""
    chat = telegram.bot.chats.get(event.get("chat", 0))
    if chat is None or chat.type != "private":
        return event
    more: Json = {
        "person": chat.id,
        "summary": person_view(telegram, telegram.person(chat.id)),
        "keyboard": chat.keyboard,
    }
    post = chat.posts.get(event.get("message", 0))
    if post is not None and not post.hidden:
        more["post"] = post_view(telegram, chat, post)
    return event | more
