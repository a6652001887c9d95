"""The Bot API, one function a method."""

from . import answers, chats, media, messages, polls, settings, updates
from .base import METHODS, Request

__all__ = [
    "METHODS",
    "Request",
    "answers",
    "chats",
    "media",
    "messages",
    "polls",
    "settings",
    "updates",
]
