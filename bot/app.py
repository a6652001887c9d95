"""The bot: its handler table, and the four functions that intake and sender call."""

import json
import logging
from collections.abc import Callable
from typing import Any, Final

from telegram import Bot, BotCommand, Update
from telegram.error import TelegramError
from telegram.ext import (
    ApplicationBuilder,
    ApplicationHandlerStop,
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot import refused
from bot.callbacks import DraftTap, GoTap, LanguageTap, ReasonTap, StepTap, ViewTap
from bot.context import TURN, App, Context, Turn
from bot.gate import Passage, gate
from bot.handlers import lists, refusals, start, steps, submit
from bot.intake import After
from bot.rendered import Rendered
from bot.screens import render
from bot.texts import LANGUAGES, Texts
from models import accounts, errors, outbox
from models.inbox import InboxUpdate
from models.menus import EVERYONE
from models.office import office
from models.outbox import Message

log = logging.getLogger(__name__)

#: A toast longer than this cannot be read before it goes: it waits for a tap.
_GLANCE: Final = 60

Handler = BaseHandler[Any, Context, Any]


def _taps(unpack: Callable[[str], object]) -> Callable[[object], bool]:
    """A pattern that lets through exactly what ``unpack`` understands; forgeries fall further."""

    def is_ours(data: object) -> bool:
        try:
            unpack(str(data))
        except ValueError:
            return False
        return True

    return is_ours


#: One ordered table: the first that fits handles the update.
HANDLERS: Final[list[Handler]] = [
    ChatMemberHandler(start.on_membership, ChatMemberHandler.MY_CHAT_MEMBER),
    MessageHandler(filters.UpdateType.EDITED_MESSAGE, refusals.on_edited),
    CommandHandler("start", start.on_start),
    CommandHandler("help", lists.on_help),
    CommandHandler("new", submit.on_new),
    CommandHandler("mine", lists.on_mine),
    CommandHandler("inbox", lists.on_inbox),
    CommandHandler("cancel", lists.on_cancel),
    CommandHandler("language", lists.on_language),
    MessageHandler(filters.COMMAND, refusals.on_unknown_command),
    MessageHandler(filters.TEXT, refusals.on_message),
    CallbackQueryHandler(steps.on_step, _taps(StepTap.unpack)),
    CallbackQueryHandler(steps.on_reason, _taps(ReasonTap.unpack)),
    CallbackQueryHandler(steps.on_view, _taps(ViewTap.unpack)),
    CallbackQueryHandler(submit.on_draft_tap, _taps(DraftTap.unpack)),
    CallbackQueryHandler(lists.on_go, _taps(GoTap.unpack)),
    CallbackQueryHandler(lists.on_language_tap, _taps(LanguageTap.unpack)),
    CallbackQueryHandler(refusals.on_unknown_tap),
    MessageHandler(filters.ALL, refusals.on_anything),
]


async def _remember(update: object, context: Context) -> None:
    """Keep what a handler raised, so that the transaction around all handlers can roll back."""
    del update
    context.turn.failure = context.error
    raise ApplicationHandlerStop


def build_application(bot: Bot) -> App:
    """PTB's application around ``bot``: no updater, no job queue, no state of its own."""
    builder = ApplicationBuilder().bot(bot).updater(None).job_queue(None)
    application = builder.context_types(ContextTypes(context=Context)).build()
    application.add_handlers(HANDLERS)
    application.add_error_handler(_remember)
    return application  # type: ignore[return-value] # the builder's generics end in JobQueue


async def introduce(bot: Bot) -> None:
    """Tell Telegram what strangers see: the commands that everybody has, in each language."""
    for language in LANGUAGES:
        t = Texts(language)
        commands = [BotCommand(name, t(f"command-{name}")) for name in EVERYONE]
        default = language == office().language
        await bot.set_my_commands(commands, language_code=None if default else language)


class Chat:
    """The chat's side of intake and sender: handle, refuse, apologise, render."""

    def __init__(self, application: App) -> None:
        self._app = application

    async def _turn(self, row: InboxUpdate) -> Turn | None:
        """The update with who sent it; None when there is nobody whom one could answer."""
        update = Update.de_json(json.loads(row.body), self._app.bot)
        if update is None:
            return None
        user = update.effective_user
        person = await accounts.person_of(user.id) if user else None
        return Turn(update, person, Texts((person and person.language) or office().language))

    async def handle(self, row: InboxUpdate) -> After:
        """Let the update take effect, inside the transaction that claimed it.

        Raises what a handler raised: a refusal or an error, either rolls everything back.
        """
        turn = await self._turn(row)
        if turn is None or gate(turn.update, turn.person) is Passage.IGNORE:
            return None
        if turn.person is not None and _shows_reachable(turn):
            await outbox.reachable(turn.person)
        token = TURN.set(turn)
        try:
            await self._app.process_update(turn.update)
        finally:
            TURN.reset(token)
        if turn.failure is not None:
            raise turn.failure
        return self._answer(turn.update, turn.toast)

    async def refuse(self, row: InboxUpdate, refusal: errors.Refusal) -> After:
        """Owe the refusal's words; over a button they are the toast, and the card is put right."""
        turn = await self._turn(row)
        if turn is None:
            return None
        return self._answer(turn.update, await refused.answer(turn, refusal))

    async def apologise(self, row: InboxUpdate, reference: str) -> After:
        """Tell the person that it failed, that nothing was done, and under which number to ask."""
        try:
            turn = await self._turn(row)
        except Exception:
            log.exception("update %d cannot even be read", row.update_id)
            return None
        if turn is None or turn.person is None or turn.update.effective_chat is None:
            return None
        await outbox.owe("say", to=turn.person, text="toast-failed", reference=reference)
        return None

    async def render(self, message: Message) -> Rendered | None:
        """The words and buttons of a message owed."""
        return await render(message)

    def _answer(self, update: Update, text: str) -> After:
        """Answer the tap, if it was one: without it the button would seem to hang."""
        query = update.callback_query
        if query is None:
            return None

        async def answer() -> None:
            try:
                await self._app.bot.answer_callback_query(
                    query.id, text=text[:200] or None, show_alert=len(text) > _GLANCE
                )
            except TelegramError as late:
                log.info("toast of update %d not shown: %s", update.update_id, type(late).__name__)

        return answer


def _shows_reachable(turn: Turn) -> bool:
    """Whether who could not be reached has just written; blocking the bot is told otherwise."""
    flagged = turn.person is not None and turn.person.unreachable_since is not None
    return flagged and turn.update.my_chat_member is None
