"""What the bot tells Telegram about itself: commands, menu button, names."""

import re
from typing import Any, Final

from bot.sandbox.errors import Refused

from .base import Json, Request, method

COMMAND: Final = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE: Final = re.compile(r"(?:[a-z]{2})?")
MOST_COMMANDS: Final = 100
MAX_DESCRIPTION: Final = 256
#: scope type -> the identifiers that belong to it
SCOPES: Final[dict[str, tuple[str, ...]]] = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


def _where(request: Request) -> tuple[str, str]:
    """Which list of commands a call means: its scope and its language."""
    scope = request.params.mapping("scope", "BotCommandScope") or {"type": "default"}
    kind = scope.get("type")
    if kind not in SCOPES:
        raise Refused(400, "can't parse BotCommandScope: Unsupported type specified")
    language = request.params.text("language_code")
    if not LANGUAGE.fullmatch(language):
        raise Refused(400, "invalid language code specified")
    parts = [str(scope.get(name, "")) for name in SCOPES[kind]]
    if not all(parts):
        raise Refused(400, "can't parse BotCommandScope: an identifier is missing")
    if parts and parts[0].lstrip("-").isdigit():
        number = int(parts[0])
        if number not in request.world.people and number not in request.bot.chats:
            raise Refused(400, "chat not found")
    return ":".join([kind, *parts]), language


def _command(command: Any) -> Json:
    if not isinstance(command, dict):
        raise Refused(400, "can't parse BotCommand: expected an Object")
    name = str(command.get("command", "")).removeprefix("/")
    text = str(command.get("description", ""))
    if not COMMAND.fullmatch(name):
        raise Refused(400, "BOT_COMMAND_INVALID")
    if not 1 <= len(text) <= MAX_DESCRIPTION:
        raise Refused(400, "BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": text}


@method("setMyCommands")
async def set_my_commands(request: Request) -> bool:
    """The commands shown to one scope of people, in one language or in all others."""
    where = _where(request)
    commands = [_command(command) for command in request.params.array("commands")]
    if len(commands) > MOST_COMMANDS:
        raise Refused(400, "BOT_COMMANDS_TOO_MUCH")
    request.bot.commands[where] = commands
    request.world.changed("commands")
    return True


@method("getMyCommands")
async def get_my_commands(request: Request) -> list[Json]:
    """The commands of exactly this scope and language."""
    return request.bot.commands.get(_where(request), [])


@method("deleteMyCommands")
async def delete_my_commands(request: Request) -> bool:
    """Forget the commands of this scope and language: a wider scope shows through."""
    request.bot.commands.pop(_where(request), None)
    request.world.changed("commands")
    return True


@method("setChatMenuButton")
async def set_chat_menu_button(request: Request) -> bool:
    """The button beside the composer: of one chat, or of all."""
    button = request.params.mapping("menu_button", "MenuButton") or {"type": "default"}
    if button.get("type") not in {"default", "commands", "web_app"}:
        raise Refused(400, "can't parse MenuButton: Unsupported type specified")
    if "chat_id" in request.params:
        chat = request.chat()
        chat.menu_button = None if button["type"] == "default" else button
    else:
        fallback: Json = {"type": "commands"}
        request.bot.menu_button = fallback if button["type"] == "default" else button
    request.world.changed("commands")
    return True


@method("getChatMenuButton")
async def get_chat_menu_button(request: Request) -> Json:
    """The button in force."""
    own = request.chat().menu_button if "chat_id" in request.params else None
    return own or request.bot.menu_button


def _keep_text(request: Request, name: str, most: int) -> bool:
    text = request.params.text(name)
    if len(text) > most:
        raise Refused(400, f"{name} is too long")
    request.bot.texts[name, request.params.text("language_code")] = text
    request.world.changed("commands" if "description" in name else "bot")
    return True


@method("setMyName")
async def set_my_name(request: Request) -> bool:
    """The bot's name."""
    return _keep_text(request, "name", 64)


@method("setMyDescription")
async def set_my_description(request: Request) -> bool:
    """What an empty chat says about the bot."""
    return _keep_text(request, "description", 512)


@method("setMyShortDescription")
async def set_my_short_description(request: Request) -> bool:
    """What the bot's profile says about it."""
    return _keep_text(request, "short_description", 120)


@method("getMyName")
async def get_my_name(request: Request) -> Json:
    """The bot's name in one language."""
    language = request.params.text("language_code")
    return {"name": request.bot.texts.get(("name", language), request.bot.first_name)}


@method("getMyDescription")
async def get_my_description(request: Request) -> Json:
    """The description in one language."""
    language = request.params.text("language_code")
    return {"description": request.bot.texts.get(("description", language), "")}


@method("getMyShortDescription")
async def get_my_short_description(request: Request) -> Json:
    """The short description in one language."""
    key = ("short_description", request.params.text("language_code"))
    return {"short_description": request.bot.texts.get(key, "")}
