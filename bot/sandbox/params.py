"""The parameters of one call, read the way the Bot API reads them.

What arrives on the wire may be a string holding JSON (a form, python-telegram-bot) or the value
itself (a JSON body): both are understood.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import Refused

#: name -> (file name, content, media type)
Files = dict[str, tuple[str, bytes, str]]


@dataclass(frozen=True)
class Params:
    """Typed access to the raw parameters of a call."""

    raw: Mapping[str, Any]
    files: Files = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return self.raw.get(name) not in (None, "")

    def text(self, name: str, default: str = "") -> str:
        """A string parameter, ``default`` when it is missing."""
        value = self.raw.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number; 400 when it is something else."""
        if name not in self:
            return default
        try:
            return int(self.raw[name])
        except (TypeError, ValueError):
            raise Refused(400, f"invalid {name} specified") from None

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean, in any of the spellings Telegram takes."""
        if name not in self:
            return default
        return str(self.raw[name]).lower() in {"true", "yes", "1"}

    def json(self, name: str, what: str = "") -> Any:
        """A JSON-serialised value, None when missing; 400 when it cannot be read."""
        value = self.raw.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise Refused(400, f"can't parse {what or name} JSON object") from None

    def mapping(self, name: str, what: str = "") -> dict[str, Any]:
        """A JSON object, empty when missing."""
        value = self.json(name, what) or {}
        if not isinstance(value, dict):
            raise Refused(400, f"can't parse {what or name}: expected an Object")
        return value

    def array(self, name: str, what: str = "") -> list[Any]:
        """A JSON array, empty when missing."""
        value = self.json(name, what) or []
        if not isinstance(value, list):
            raise Refused(400, f"can't parse {what or name}: expected an Array")
        return value

    def identifiers(self, name: str) -> list[int]:
        """A JSON array of whole numbers."""
        try:
            return [int(value) for value in self.array(name)]
        except (TypeError, ValueError):
            raise Refused(400, f"can't parse {name}: expected an Array of Integer") from None
