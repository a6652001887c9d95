"""The ways Telegram says no, and the ways a network fails."""

from http import HTTPStatus
from typing import Any, Final, Literal

#: How Telegram begins the description of each kind of refusal.
PREFIX: Final = {
    HTTPStatus.BAD_REQUEST: "Bad Request: ",
    HTTPStatus.FORBIDDEN: "Forbidden: ",
    HTTPStatus.CONFLICT: "Conflict: ",
    HTTPStatus.TOO_MANY_REQUESTS: "Too Many Requests: ",
    HTTPStatus.NOT_IMPLEMENTED: "Not Implemented: ",
}

Loss = Literal["reset", "lost_answer", "timeout"]


class Refused(Exception):
    """Telegram's refusal of a call: the status, its own words, and its parameters."""

    def __init__(self, status: int, words: str, **parameters: int) -> None:
        self.status = status
        self.description = PREFIX.get(HTTPStatus(status), "") + words
        self.parameters = parameters
        super().__init__(self.description)

    def answer(self) -> dict[str, Any]:
        """The body Telegram answers with."""
        body = {"ok": False, "error_code": self.status, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


class NoAnswer(Exception):
    """The caller never sees an answer; ``kind`` says how the network failed.

    ``reset``: the call was not carried out. ``lost_answer``: it was. ``timeout``: it was
    not, and the connection stays open and silent.
    """

    def __init__(self, kind: Loss) -> None:
        self.kind = kind
        super().__init__(kind)


class CannotDo(ValueError):
    """A person asked for something the Telegram app would not let them do."""
