"""Who the bot is and how updates reach it."""

import re
from typing import Any, Final

from bot.sandbox.errors import Refused

from .base import Json, Request, method

MOST_UPDATES: Final = 100
LONGEST_POLL: Final = 50
MOST_CONNECTIONS: Final = 100
SECRET: Final = re.compile(r"[\w-]{0,256}", re.ASCII)


@method("getMe")
async def get_me(request: Request) -> Json:
    """The bot itself."""
    return request.bot.user() | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def _allow(request: Request) -> None:
    """Remember which kinds of updates are wanted, when the call says so."""
    if request.params.raw.get("allowed_updates") not in (None, ""):
        request.bot.queue.allowed = request.params.array("allowed_updates")


@method("getUpdates")
async def get_updates(request: Request) -> list[Json]:
    """Long polling; an offset confirms everything before it."""
    if request.bot.webhook.url:
        raise Refused(
            409, "can't use getUpdates method while webhook is active; use deleteWebhook to "
            "delete the webhook first"
        )  # fmt: skip
    _allow(request)
    limit = min(max(request.params.integer("limit", MOST_UPDATES), 1), MOST_UPDATES)
    seconds = min(max(request.params.integer("timeout"), 0), LONGEST_POLL)
    return await request.bot.queue.poll(request.params.integer("offset"), limit, seconds)


@method("setWebhook")
async def set_webhook(request: Request) -> bool:
    """Deliver updates by POST from now on; an empty url ends that."""
    url = request.params.text("url").strip()
    secret = request.params.text("secret_token")
    if not SECRET.fullmatch(secret):
        raise Refused(400, "secret token contains unallowed characters")
    connections = request.params.integer("max_connections", 40)
    if not 1 <= connections <= MOST_CONNECTIONS:
        raise Refused(400, "invalid max_connections specified")
    # Telegram itself wants https; a Bot API server inside a network takes http too.
    if url and not url.startswith(("https://", "http://")):
        raise Refused(400, "bad webhook: An HTTPS URL must be provided for webhook")
    _allow(request)
    hook, queue = request.bot.webhook, request.bot.queue
    await hook.stop()
    if request.params.flag("drop_pending_updates"):
        queue.pending.clear()
    if url:
        hook.url, hook.secret, hook.max_connections = url, secret, connections
        hook.ip_address = request.params.text("ip_address")
        hook.last_error_date, hook.last_error_message = 0, ""
        hook.start(queue)
    queue.ring()
    return True


@method("deleteWebhook")
async def delete_webhook(request: Request) -> bool:
    """Go back to long polling; what is undelivered waits for it."""
    await request.bot.webhook.stop()
    if request.params.flag("drop_pending_updates"):
        request.bot.queue.pending.clear()
    return True


@method("getWebhookInfo")
async def get_webhook_info(request: Request) -> Json:
    """The state of delivery."""
    hook, queue = request.bot.webhook, request.bot.queue
    queue.forget_old()
    info: Json = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(queue.pending),
    }
    optional: dict[str, Any] = {
        "ip_address": hook.ip_address,
        "last_error_date": hook.last_error_date,
        "last_error_message": hook.last_error_message,
        "max_connections": hook.max_connections if hook.url else 0,
        "allowed_updates": queue.allowed,
    }
    return info | {name: value for name, value in optional.items() if value}


@method("logOut")
async def log_out(request: Request) -> bool:
    """Leave this server: deliveries end."""
    await request.bot.webhook.stop()
    return True


@method("close")
async def close(request: Request) -> bool:
    """Prepare to move to another server: deliveries end."""
    await request.bot.webhook.stop()
    return True
