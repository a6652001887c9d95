"""Keyboards under and beside messages: what Telegram takes, and its words for what it refuses."""

import re
from typing import Any, Final

from .errors import Refused

Json = dict[str, Any]

MAX_BUTTONS: Final = 100
MAX_DATA: Final = 64
MAX_COPY: Final = 256
STYLES: Final = frozenset({"danger", "success", "primary"})
LINK: Final = re.compile(r"(?:https?|tg)://\S+|[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?")
#: A button does exactly one of these.
ACTIONS: Final = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
)
KEYBOARDS: Final = ("inline_keyboard", "keyboard", "remove_keyboard", "force_reply")


def checked(markup: Json) -> Json | None:
    """The markup as Telegram keeps it; None when it holds no button; 400 when it is wrong."""
    if not markup:
        return None
    if not any(kind in markup for kind in KEYBOARDS):
        raise Refused(400, "object expected as reply markup")
    if "inline_keyboard" in markup:
        return _inline(markup["inline_keyboard"])
    if "keyboard" in markup:
        return markup | {"keyboard": _reply(markup["keyboard"])}
    return markup


def inline_only(markup: Json) -> Json | None:
    """The inline keyboard of an edit; other kinds cannot be edited in."""
    if markup and "inline_keyboard" not in markup:
        raise Refused(400, "inline keyboard expected")
    return checked(markup)


def _rows(rows: Any, what: str) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Refused(400, f"can't parse {what}: an Array of Arrays expected")
    return [row for row in rows if row]


def _inline(rows: Any) -> Json | None:
    kept = [[_button(button) for button in row] for row in _rows(rows, "inline keyboard")]
    if sum(map(len, kept)) > MAX_BUTTONS:
        raise Refused(400, "reply markup is too long")
    return {"inline_keyboard": kept} if kept else None


def _button(button: Any) -> Json:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise Refused(
            400, 'can\'t parse inline keyboard button: Field "text" must be of type String'
        )
    if not button["text"].strip():
        raise Refused(400, "can't parse inline keyboard button: button text must be non-empty")
    does = [action for action in ACTIONS if action in button]
    if not does:
        raise Refused(
            400,
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        )
    if len(does) > 1:
        raise Refused(400, f"can't parse inline keyboard button: several actions: {does}")
    if button.get("style", "primary") not in STYLES:
        raise Refused(400, "can't parse inline keyboard button: invalid button style specified")
    _check_action(button, does[0])
    return button


def _check_action(button: Json, does: str) -> None:
    value = button[does]
    if does == "callback_data" and not 1 <= len(str(value).encode()) <= MAX_DATA:
        raise Refused(400, "BUTTON_DATA_INVALID")
    if does == "url" and not LINK.fullmatch(str(value)):
        raise Refused(400, f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
    if does == "copy_text" and not 1 <= len(value.get("text", "")) <= MAX_COPY:
        raise Refused(400, "BUTTON_COPY_TEXT_INVALID")


def _reply(rows: Any) -> list[list[Json]]:
    kept = [
        [{"text": button} if isinstance(button, str) else button for button in row]
        for row in _rows(rows, "keyboard")
    ]
    if not kept:
        raise Refused(400, "object expected as reply markup: the keyboard is empty")
    return kept
