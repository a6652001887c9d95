"""What is answered on purpose although nothing can be done with it."""

from telegram import Update

from bot.context import Context
from bot.handlers.steps import on_reply, replied_card
from bot.handlers.submit import on_text
from models import drafting, errors


async def on_message(update: Update, context: Context) -> None:
    """A plain message: an answer to a card, an answer to a question, or not understood."""
    if await on_reply(update, context):
        return
    row = await drafting.draft_of(context.person)
    if row.question is None and await replied_card(update, context) is not None:
        await context.say("reply-help")
        return
    await on_text(update, context)


async def on_edited(update: Update, context: Context) -> None:
    """An edited message changes nothing: what was sent has been taken as it was."""
    del update
    await context.say("refusal-edited")


async def on_unknown_command(update: Update, context: Context) -> None:
    """No such command; a stranger is not even told that."""
    del update
    assert context.person
    raise errors.UnknownCommand


async def on_unknown_tap(update: Update, context: Context) -> None:
    """A button that is none of ours, or of a form we no longer know."""
    del update
    context.toast("toast-dead")


async def on_anything(update: Update, context: Context) -> None:
    """A message without a word and without content: nothing that a determination needs."""
    del update, context
    raise errors.NotUnderstood
