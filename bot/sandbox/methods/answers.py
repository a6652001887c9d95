"""Answers to taps and to inline queries."""

import copy
from typing import Final

from bot.sandbox import entities, markup
from bot.sandbox.cast import InlineQuery, TapQuery
from bot.sandbox.errors import Refused

from .base import MAX_TEXT, Json, Request, method

TOO_OLD: Final = "query is too old and response timeout expired or query ID is invalid"
MAX_TOAST: Final = 200
MAX_RESULTS: Final = 50
MAX_OFFSET: Final = 64
MAX_ID: Final = 64
CACHE_FOR: Final = 300


def _waiting(request: Request, query: TapQuery | InlineQuery | None) -> TapQuery | InlineQuery:
    """The query, if it can still be answered: once, and not too late."""
    if query is None or query.answer is not None:
        raise Refused(400, TOO_OLD)
    if request.world.now() - query.at > request.world.answer_within:
        raise Refused(400, TOO_OLD)
    return query


@method("answerCallbackQuery")
async def answer_callback_query(request: Request) -> bool:
    """The end of a tap: a toast, an alert, a link, or nothing to see."""
    tap = request.bot.taps.get(request.params.text("callback_query_id"))
    _waiting(request, tap)
    assert tap is not None
    text = request.params.text("text")
    if len(text) > MAX_TOAST:
        raise Refused(400, "MESSAGE_TOO_LONG")
    url = request.params.text("url")
    if url and not url.startswith(("https://t.me/", "http://t.me/", "tg://")):
        raise Refused(400, "URL_INVALID")
    tap.answer = {
        "text": text,
        "show_alert": request.params.flag("show_alert"),
        "url": url,
    }
    tap.answered.set()
    request.world.changed(
        "answered", chat=tap.chat_id, message=tap.message_id, query=tap.id, answer=tap.answer
    )
    return True


@method("answerInlineQuery")
async def answer_inline_query(request: Request) -> bool:
    """Results for what a person types, cached for everyone unless said otherwise."""
    query = request.bot.inline.get(request.params.text("inline_query_id"))
    _waiting(request, query)
    assert query is not None
    results = [_result(result) for result in request.params.array("results")]
    if len(results) > MAX_RESULTS:
        raise Refused(400, "RESULTS_TOO_MUCH")
    if len({result["id"] for result in results}) < len(results):
        raise Refused(400, "RESULT_ID_DUPLICATE")
    offset = request.params.text("next_offset")
    if len(offset.encode()) > MAX_OFFSET:
        raise Refused(400, "NEXT_OFFSET_INVALID")
    query.answer = {
        "results": results,
        "next_offset": offset,
        "button": request.params.mapping("button") or None,
    }
    personal = request.params.flag("is_personal")
    until = request.world.now() + request.params.integer("cache_time", CACHE_FOR)
    owner = query.user_id if personal else 0
    request.bot.inline_cache[query.query, query.offset, owner] = (until, query.answer)
    query.answered.set()
    return True


def _result(result: Json) -> Json:
    """One result, its words already parsed, so that choosing it cannot fail."""
    if not 1 <= len(str(result.get("id", "")).encode()) <= MAX_ID:
        raise Refused(400, "RESULT_ID_INVALID")
    if result.get("type") != "article":
        raise Refused(501, f"the sandbox shows articles, not {result.get('type')}")
    if not result.get("title"):
        raise Refused(400, "can't parse inline query result: article title is empty")
    content = result.get("input_message_content")
    if not isinstance(content, dict) or not content.get("message_text"):
        raise Refused(400, "can't parse inline query result: message text is empty")
    given = content.get("entities") or []
    text, found = entities.parse(content["message_text"], content.get("parse_mode", ""), given)
    if not 1 <= len(text) <= MAX_TEXT:
        raise Refused(400, "MESSAGE_TOO_LONG" if text else "message text is empty")
    message: Json = {"text": text} | ({"entities": found} if found else {})
    keyboard = markup.inline_only(result.get("reply_markup") or {})
    if keyboard:
        message["reply_markup"] = keyboard
    kept = copy.deepcopy(result)
    kept["message"] = message
    return kept
