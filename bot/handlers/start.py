"""Arriving: the invitation, the greeting, and leaving groups where the bot has no business."""

from telegram import ChatMember, Update
from telegram.constants import ChatType

from bot.context import Context
from models import accounts, menus, outbox


async def on_start(update: Update, context: Context) -> None:
    """``/start CODE`` binds the account; a bare ``/start`` of a bound person greets them."""
    del update
    code = " ".join(context.args or ())
    if code:
        context.turn.person = await accounts.bind(code, context.chat_id)
    await menus.owe_menu(context.person)
    await context.owe("welcome")


async def on_membership(update: Update, context: Context) -> None:
    """The bot was blocked, unblocked, or put into a group."""
    change = update.my_chat_member
    assert change is not None
    gone = change.new_chat_member.status in {ChatMember.BANNED, ChatMember.LEFT}
    if change.chat.type != ChatType.PRIVATE:
        if not gone:
            await context.say("refusal-private_only")
            await context.owe("leave")
        return
    if gone:
        await outbox.unreachable(context.person)
    else:
        await outbox.reachable(context.person)
