"""What a handler is given: the person, their words, and the few things a handler does."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackContext, ExtBot

from bot.texts import Texts
from models import errors, outbox
from models.people import Person
from models.proposal import Proposal


@dataclass(slots=True)
class Turn:
    """One update on its way through the handlers, and what it leaves to do after the commit."""

    update: Update
    person: Person | None
    t: Texts
    toast: str = ""
    failure: BaseException | None = None


TURN: ContextVar[Turn] = ContextVar("turn")

App = Application[ExtBot[None], "Context", dict[str, Any], dict[str, Any], dict[str, Any], Any]


class Context(CallbackContext[ExtBot[None], dict[str, Any], dict[str, Any], dict[str, Any]]):
    """PTB's context with the present turn at hand."""

    @property
    def turn(self) -> Turn:
        """The update being handled."""
        return TURN.get()

    @property
    def person(self) -> Person:
        """Who wrote or tapped; a stranger never gets as far as a handler that asks."""
        if self.turn.person is None:
            raise errors.NotBound
        return self.turn.person

    @property
    def t(self) -> Texts:
        """The words of their language."""
        return self.turn.t

    @property
    def chat_id(self) -> int:
        """The private chat."""
        chat = self.turn.update.effective_chat
        assert chat is not None
        return chat.id

    @property
    def text(self) -> str:
        """What they wrote."""
        message = self.turn.update.effective_message
        return (message.text or "") if message else ""

    @property
    def data(self) -> str:
        """What the tapped button carries."""
        query = self.turn.update.callback_query
        return (query.data or "") if query else ""

    @property
    def tapped(self) -> int | None:
        """The id of the message whose button was tapped."""
        query = self.turn.update.callback_query
        return query.message.message_id if query and query.message else None

    def toast(self, key: str, **facts: Any) -> None:
        """Say this over the tapped button, once everything is committed."""
        self.turn.toast = self.t(key, **facts)

    async def owe(self, kind: str, *, case: Proposal | None = None, **facts: Any) -> None:
        """Owe this chat an answer of this kind, before anything else that waits to be sent."""
        person = self.turn.person
        to = person if person and person.telegram_id == self.chat_id else None
        await outbox.owe(kind, to=to, chat_id=self.chat_id, case=case, **facts)

    async def say(self, key: str, **facts: Any) -> None:
        """Owe them a plain sentence."""
        await self.owe("say", text=key, **facts)
