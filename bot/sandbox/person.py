"""The person's side: what somebody with the Telegram app can do to the bot."""

import asyncio
import copy
from typing import Any, Final, Literal

from . import entities
from .cast import Chat, InlineQuery, Post, TapQuery
from .errors import CannotDo
from .files import described, store
from .world import Json, World

FileKind = Literal["document", "photo", "voice", "video", "sticker"]
PRIVATE: Final = "private"


class PersonSide(World):
    """Everything people do; each returns what the app would show, and queues the updates.

    These are plain functions: the bot's reaction comes later, over its own connection. CannotDo
    says that the app would not let a person do this.
    """

    def press_start(self, user_id: int, payload: str | None = None) -> Json:
        """Press Start, or open a deep link ``?start=payload``; returns the message."""
        return self.say(user_id, f"/start {payload}" if payload else "/start")

    def say(
        self, user_id: int, text: str, *, reply_to: int | None = None, chat_id: int | None = None
    ) -> Json:
        """Write to the bot (or in a group); returns the message."""
        plain, found = entities.typed(text)
        if not plain:
            words = "an empty message cannot be sent"
            raise CannotDo(words)
        content = {"text": plain} | ({"entities": found} if found else {})
        return self._post(user_id, content, reply_to=reply_to, chat_id=chat_id)

    def send_file(  # noqa: PLR0913 - what a file is
        self,
        user_id: int,
        filename: str,
        content: bytes,
        mime: str = "application/octet-stream",
        *,
        kind: FileKind = "document",
        caption: str = "",
        size: int | None = None,
    ) -> Json:
        """Send a file; ``size`` claims more bytes than ``content`` has."""
        kept = store(self, self.bot, filename, content, mime, kind=kind, size=size)
        words = {"caption": caption} if caption else {}
        return self._post(user_id, described(kept, kind) | words)

    def edit(self, user_id: int, message_id: int, text: str) -> Json:
        """Change the words of one's own message."""
        chat = self.private(user_id)
        post = self._shown(chat, message_id)
        if post.by_bot or "text" not in post.wire or "via_bot" in post.wire:
            words = "only one's own text message can be edited"
            raise CannotDo(words)
        plain, found = entities.typed(text)
        post.wire = {k: v for k, v in post.wire.items() if k != "entities"}
        post.wire |= {"text": plain, "edit_date": int(self.now())}
        post.wire |= {"entities": found} if found else {}
        self.changed("edited", chat=chat.id, message=post.id)
        self.bot.queue.put("edited_message", post.wire, str(chat.id))
        return copy.deepcopy(post.wire)

    def delete(self, user_id: int, message_id: int, *, for_bot: bool = True) -> None:
        """Remove a message from the chat; bots are not told. Not ``for_bot``: only from view."""
        chat = self.private(user_id)
        post = self._shown(chat, message_id)
        if for_bot:
            del chat.posts[post.id]
        post.hidden = True
        self.changed("deleted", chat=chat.id, message=message_id)

    def clear_history(self, user_id: int, *, for_bot: bool = False) -> None:
        """Delete the whole chat, for oneself or also for the bot."""
        chat = self.private(user_id)
        for number in list(chat.posts):
            if not chat.posts[number].hidden:
                self.delete(user_id, number, for_bot=for_bot)
        chat.keyboard = None

    def forward(self, user_id: int, message_id: int, *, to: int | None = None) -> Json:
        """Forward a message of one's chat to the bot, as ``to`` if they got it first."""
        post = self._shown(self.private(user_id), message_id)
        if post.protected:
            words = "this message is protected: it cannot be forwarded"
            raise CannotDo(words)
        frame = {"message_id", "from", "chat", "date", "edit_date", "reply_markup"}
        frame |= {"reply_to_message", "via_bot"}
        content = {k: copy.deepcopy(v) for k, v in post.wire.items() if k not in frame}
        origin = {"type": "user", "sender_user": post.wire["from"], "date": post.wire["date"]}
        return self._post(to or user_id, content | {"forward_origin": origin})

    def tap(self, user_id: int, message_id: int, button: str | tuple[int, int] = (0, 0)) -> str:
        """Tap a button: its data, its label, or (row, column). Returns the query's id."""
        post = self._shown(self.private(user_id), message_id)
        rows = post.wire.get("reply_markup", {}).get("inline_keyboard", [])
        found = _button(rows, button)
        if found is None or "callback_data" not in found:
            words = f"message {message_id} has no such button to tap: {button!r}"
            raise CannotDo(words)
        return self.tap_raw(user_id, message_id, found["callback_data"])

    def tap_raw(self, user_id: int, message_id: int, data: str, *, chat_id: int = 0) -> str:
        """A callback query with any data, as a changed app could send it."""
        person = self.person(user_id)
        chat = self.bot.chats[chat_id] if chat_id else self.private(user_id)
        tap = TapQuery(self.number(), user_id, chat.id, message_id, data, self.now())
        self.bot.taps[tap.id] = tap
        post = chat.posts.get(message_id)
        gone = {"chat": self.chat_wire(chat), "message_id": message_id, "date": 0}
        query = {
            "id": tap.id,
            "from": person.user(),
            "message": post.wire if post else gone,
            "chat_instance": str(self.bot.id * 31 + chat.id),
            "data": data,
        }
        self.changed("tapped", chat=chat.id, message=message_id, query=tap.id)
        self.bot.queue.put("callback_query", query, str(user_id))
        return tap.id

    async def answer(self, query_id: str, within: float = 5.0) -> Json:
        """Wait for what the bot answers to a tap: text, show_alert, url. TimeoutError if not."""
        tap = self.bot.taps[query_id]
        if tap.answer is None:
            await asyncio.wait_for(tap.answered.wait(), within)
        return tap.answer or {}

    def inline(self, user_id: int, query: str, offset: str = "") -> str:
        """Type ``@bot query`` in the composer. Returns the inline query's id."""
        person = self.person(user_id)
        asked = InlineQuery(self.number(), user_id, user_id, query, offset, self.now())
        self.bot.inline[asked.id] = asked
        cached = self._cached(query, offset, user_id)
        if cached is not None:
            asked.answer = cached
            asked.answered.set()
            return asked.id
        update = {
            "id": asked.id,
            "from": person.user(),
            "chat_type": "sender",
            "query": query,
            "offset": offset,
        }
        self.bot.queue.put("inline_query", update, str(user_id))
        return asked.id

    def _cached(self, query: str, offset: str, user_id: int) -> Json | None:
        """Telegram answers from its cache: this person's own, or the one of everybody."""
        for owner in (user_id, 0):
            until, answer = self.bot.inline_cache.get((query, offset, owner), (0.0, None))
            if answer is not None and self.now() < until:
                return answer
        return None

    async def results(self, inline_query_id: str, within: float = 5.0) -> Json:
        """Wait for the answer to an inline query: results, next_offset, button."""
        asked = self.bot.inline[inline_query_id]
        if asked.answer is None:
            await asyncio.wait_for(asked.answered.wait(), within)
        return copy.deepcopy(asked.answer or {})

    def pick(self, user_id: int, inline_query_id: str, result_id: str) -> Json:
        """Choose a result: its message is posted in one's own name, via the bot."""
        asked = self.bot.inline[inline_query_id]
        results = (asked.answer or {}).get("results", [])
        chosen = next((result for result in results if result["id"] == result_id), None)
        if chosen is None:
            words = f"there is no result {result_id!r} to choose"
            raise CannotDo(words)
        message = copy.deepcopy(chosen["message"]) | {"via_bot": self.bot.user()}
        sent = self._post(user_id, message)
        if self.inline_feedback:
            update = {
                "result_id": result_id,
                "from": self.person(user_id).user(),
                "query": asked.query,
            }
            self.bot.queue.put("chosen_inline_result", update, str(user_id))
        return sent

    def vote(self, user_id: int, message_id: int, option_ids: list[int]) -> None:
        """Vote in a poll, or retract by choosing nothing."""
        post = self._shown(self.private(user_id), message_id)
        poll = post.wire.get("poll")
        if poll is None or poll["id"] not in self.bot.polls:
            words = f"message {message_id} is not a poll of the bot"
            raise CannotDo(words)
        state = self.bot.polls[poll["id"]]
        if poll["is_closed"] or self.now() >= poll.get("close_date", float("inf")):
            words = "this poll is closed"
            raise CannotDo(words)
        if user_id in state.votes and not poll["allows_revoting"]:
            words = "a vote in this poll is final"
            raise CannotDo(words)
        state.votes[user_id] = list(option_ids)
        for number, option in enumerate(poll["options"]):
            option["voter_count"] = sum(number in chosen for chosen in state.votes.values())
        poll["total_voter_count"] = sum(bool(chosen) for chosen in state.votes.values())
        self.changed("edited", chat=user_id, message=message_id)
        self._tell_vote(user_id, poll, option_ids)

    def _tell_vote(self, user_id: int, poll: Json, option_ids: list[int]) -> None:
        if poll["is_anonymous"]:
            self.bot.queue.put("poll", poll, poll["id"])
            return
        names = [poll["options"][number]["persistent_id"] for number in option_ids]
        update = {
            "poll_id": poll["id"],
            "user": self.person(user_id).user(),
            "option_ids": list(option_ids),
            "option_persistent_ids": names,
        }
        self.bot.queue.put("poll_answer", update, str(user_id))

    def read(self, user_id: int) -> None:
        """Look at the chat: nothing in it is unread any more. Bots are never told."""
        chat = self.private(user_id)
        newest = max(chat.posts, default=0)
        if newest > chat.read_to:
            chat.read_to = newest
            self.changed("read", chat=chat.id)

    def _shown(self, chat: Chat, message_id: int) -> Post:
        """A message the person still sees."""
        post = chat.posts.get(message_id)
        if post is None or post.hidden:
            words = f"there is no message {message_id} in this chat"
            raise CannotDo(words)
        return post

    def _post(
        self,
        user_id: int,
        content: Json,
        *,
        reply_to: int | None = None,
        chat_id: int | None = None,
    ) -> Json:
        """Put a person's message into its chat and tell the bot."""
        person = self.person(user_id)
        chat = self.private(user_id) if chat_id is None else self.bot.chats[chat_id]
        if chat.type == PRIVATE and chat.blocked:
            words = "the bot is blocked: unblock it first"
            raise CannotDo(words)
        if reply_to is not None:
            original = copy.deepcopy(self._shown(chat, reply_to).wire)
            original.pop("reply_to_message", None)
            content = content | {"reply_to_message": original}
        wire = self.compose(chat, person.user(), content)
        if chat.type == PRIVATE:
            chat.started = True
            self._put_keyboard_away(chat)
        sent = self.keep(chat, Post(wire, by_bot=False))
        if chat.type == PRIVATE or self._addressed(content):
            self.bot.queue.put("message", wire, str(chat.id))
        return sent

    def _put_keyboard_away(self, chat: Chat) -> None:
        """A forced reply and a one-time keyboard last until the next message."""
        keyboard: dict[str, Any] = chat.keyboard or {}
        if "force_reply" in keyboard or keyboard.get("one_time_keyboard"):
            chat.keyboard = None

    def _addressed(self, content: Json) -> bool:
        """What a bot in privacy mode sees of a group: commands, mentions, replies to it."""
        text = content.get("text", "")
        replied = content.get("reply_to_message", {}).get("from", {})
        mentioned = f"@{self.bot.username}" in text
        return text.startswith("/") or mentioned or replied.get("id") == self.bot.id


def _button(rows: list[list[Json]], wanted: str | tuple[int, int]) -> Json | None:
    """The button at a place, or with this data, or with this label."""
    if isinstance(wanted, tuple):
        row, column = wanted
        inside = 0 <= row < len(rows) and 0 <= column < len(rows[row])
        return rows[row][column] if inside else None
    buttons = [button for row in rows for button in row]
    by_data = [button for button in buttons if button.get("callback_data") == wanted]
    by_label = [button for button in buttons if button["text"] == wanted]
    return next(iter([*by_data, *by_label]), None)
