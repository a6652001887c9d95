"""Polls and quizzes."""

import copy
from typing import Any, Final

from bot.sandbox import entities
from bot.sandbox.cast import PollState
from bot.sandbox.errors import Refused

from .base import Json, Request, method

MAX_QUESTION: Final = 300
MAX_OPTION: Final = 100
MAX_EXPLANATION: Final = 200
MOST_OPTIONS: Final = 12


def _options(request: Request) -> list[Json]:
    raw = request.params.array("options")
    texts = [option if isinstance(option, str) else option.get("text", "") for option in raw]
    if not 1 <= len(texts) <= MOST_OPTIONS:
        few = "poll must have at least 1 option" if not texts else "poll has too many options"
        raise Refused(400, few)
    if not all(1 <= len(text) <= MAX_OPTION for text in texts):
        raise Refused(400, f"poll options length must not exceed {MAX_OPTION}")
    return [
        {"persistent_id": str(number), "text": text, "voter_count": 0}
        for number, text in enumerate(texts)
    ]


def _quiz(request: Request, options: list[Json]) -> Json:
    """Right answers and the explanation of a quiz."""
    params = request.params
    right = params.identifiers("correct_option_ids")
    if "correct_option_id" in params:
        right = [params.integer("correct_option_id")]
    if not right or not all(0 <= number < len(options) for number in right):
        raise Refused(400, "wrong correct option ID specified")
    mode, given = params.text("explanation_parse_mode"), params.array("explanation_entities")
    text, found = entities.parse(params.text("explanation"), mode, given)
    if len(text) > MAX_EXPLANATION:
        raise Refused(400, "MESSAGE_TOO_LONG")
    quiz: Json = {"correct_option_ids": right}
    if text:
        quiz |= {"explanation": text, "explanation_entities": found}
    return quiz


def _times(request: Request) -> Json:
    open_period = request.params.integer("open_period")
    if open_period:
        until = int(request.world.now()) + open_period
        return {"open_period": open_period, "close_date": until}
    close_date = request.params.integer("close_date")
    return {"close_date": close_date} if close_date else {}


@method("sendPoll")
async def send_poll(request: Request) -> Json:
    """A poll or a quiz."""
    chat = request.open_chat()
    params = request.params
    mode, given = params.text("question_parse_mode"), params.array("question_entities")
    question, _ = entities.parse(params.text("question"), mode, given)
    if not 1 <= len(question) <= MAX_QUESTION:
        raise Refused(400, f"poll question length must not exceed {MAX_QUESTION}")
    options = _options(request)
    kind = params.text("type", "regular")
    poll: Json = {
        "id": request.world.number(),
        "question": question,
        "options": options,
        "total_voter_count": 0,
        "is_closed": params.flag("is_closed"),
        "is_anonymous": params.flag("is_anonymous", default=True),
        "type": kind,
        "allows_multiple_answers": params.flag("allows_multiple_answers"),
        "allows_revoting": params.flag("allows_revoting", default=kind == "regular"),
        "members_only": False,
    }
    poll |= _times(request) | (_quiz(request, options) if kind == "quiz" else {})
    sent = request.send({"poll": poll})
    state = PollState(poll, chat.id, sent["message_id"])
    request.bot.polls[poll["id"]] = state
    return sent


@method("stopPoll")
async def stop_poll(request: Request) -> Json:
    """Close a poll and return its final state."""
    chat = request.chat()
    post = request.post(chat, "message with poll to stop not found")
    poll: dict[str, Any] | None = post.wire.get("poll")
    if poll is None or not post.by_bot:
        raise Refused(400, "message with poll to stop not found")
    if poll["is_closed"]:
        raise Refused(400, "poll has already been closed")
    poll["is_closed"] = True
    request.world.changed("edited", chat=chat.id, message=post.id)
    return copy.deepcopy(poll)
