"""What a renderer makes of a message owed, ready for the wire."""

from dataclasses import dataclass

from telegram import BotCommand, ForceReply, InlineKeyboardMarkup


@dataclass(frozen=True, slots=True)
class Text:
    """A message in HTML: a new one, or in place of ``edit`` where that can still be edited.

    ``version`` is the case's version that a card shows. ``slot`` "draft" makes it the bearer of the person's draft buttons. ``retired`` is what the
    older message of the same card is edited to when this one takes its place.
    """

    text: str
    markup: InlineKeyboardMarkup | ForceReply | None = None
    edit: int | None = None
    slot: str | None = None
    retired: str | None = None
    protect: bool = True
    version: int = 0


@dataclass(frozen=True, slots=True)
class Delete:
    """The removal of a message from the chat."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Commands:
    """The command menu of one private chat."""

    commands: tuple[BotCommand, ...]


@dataclass(frozen=True, slots=True)
class Leave:
    """The bot leaves the chat: a group or a channel, where it has no business."""


Rendered = Text | Delete | Commands | Leave
