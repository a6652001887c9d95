"""Lists and places: /mine, /inbox, the next in line, help, language, cancel."""

from telegram import Update

from bot.callbacks import GoTap, LanguageTap, Place
from bot.context import Context
from bot.handlers.submit import begin_or_resume
from bot.texts import Texts
from models import access, drafting, living, menus, outbox


async def on_mine(update: Update, context: Context) -> None:
    """What I drafted, and how far it is."""
    del update
    await context.owe("mine")


async def on_inbox(update: Update, context: Context) -> None:
    """What waits for me."""
    del update
    await context.owe("inbox")


async def on_help(update: Update, context: Context) -> None:
    """What I can do here, by my roles."""
    del update
    await menus.owe_menu(context.person)
    await context.owe("help")


async def on_cancel(update: Update, context: Context) -> None:
    """Drop what was begun; it always works. An unfinished return goes first, alone."""
    del update
    if await drafting.forget_return(context.person):
        await context.say("return-dropped")
        if (await drafting.draft_of(context.person)).is_open:
            await context.owe("draft", resumed=True)
        return
    begun = await drafting.cancel(context.person)
    await context.say("cancelled" if begun else "nothing-to-cancel")


async def on_language(update: Update, context: Context) -> None:
    """Which language?"""
    del update
    await context.owe("language")


async def on_language_tap(update: Update, context: Context) -> None:
    """The language tapped, from now on, menu included."""
    del update
    language = LanguageTap.unpack(context.data).language
    await menus.speak(context.person, language)
    await living.redraw(context.person)
    context.turn.t = Texts(language)
    context.toast("language-set")
    await context.say("language-set", edit=context.tapped)


async def on_go(update: Update, context: Context) -> None:
    """A button that leads to a list, a new draft, or the next case that waits."""
    place = GoTap.unpack(context.data).place
    if place is Place.NEXT:
        await _next(context)
    elif place is Place.NEW:
        await begin_or_resume(context)
    else:
        await {Place.INBOX: on_inbox, Place.MINE: on_mine, Place.HELP: on_help}[place](
            update, context
        )


async def _next(context: Context) -> None:
    """The case that has waited longest, as a new card at the bottom."""
    waiting = await access.inbox_of(context.person, limit=1)
    if not waiting:
        context.toast("toast-nothing-more")
        return
    await outbox.owe_card(waiting[0], context.person.id, fresh=True)
