"""Telegram in one process: every call of a bot comes in here, every update goes out from here."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from .errors import Loss, NoAnswer, Refused
from .faults import Fault, Flood
from .membership import Membership
from .methods import METHODS, Request
from .params import Files, Params
from .world import TOKEN, Bot, Json

LONGEST_LOG: Final = 20_000
OK: Final = 200
#: Bot API names are not case-sensitive.
NAMES: Final = {name.lower(): name for name in METHODS}


@dataclass
class Call:
    """One call, for the log."""

    number: int  #: from 1 upwards
    method: str
    params: dict[str, Any]
    when: float
    status: int = 0  #: 0 while it is under way, and for good when no answer arrived
    result: Any = None


@cache
def bot_api() -> dict[str, Any]:
    """The names and parameters of the Bot API, from the extract beside this file."""
    described: dict[str, Any] = json.loads(
        Path(__file__).with_name("bot_api.json").read_text("utf-8")
    )
    return described


class Telegram(Membership):
    """Telegram's side of the wire. See the package's docstring for how to use it."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self._call_count = 0
        self._flood = Flood(self.now)

    def add_bot(self, token: str, username: str, name: str = "") -> Bot:
        """Register another bot; people go on talking to the first."""
        bot = super().add_bot(token, username, name)

        async def execute(call: Json) -> None:
            params = {name: value for name, value in call.items() if name != "method"}
            with suppress(NoAnswer):  # nobody waits for the outcome of a call in a reply
                await self.call(token, str(call["method"]), params)

        bot.webhook.execute = execute
        return bot

    async def call(
        self, token: str, method: str, params: dict[str, Any], files: Files | None = None
    ) -> tuple[int, Json]:
        """Carry out one Bot API call: the HTTP status and the body.

        NoAnswer when an injected fault says the caller never hears back.
        """
        known = NAMES.get(method.lower(), method)
        logged = {**params, **dict.fromkeys(files or {}, "<file>")}
        self._call_count += 1
        call = Call(self._call_count, known, logged, self.now())
        self.calls.append(call)
        del self.calls[:-LONGEST_LOG]
        if self.latency:
            await asyncio.sleep(self.latency)
        try:
            result = await self._carry_out(token, known, Params(params, files or {}))
        except Refused as refused:
            call.status, call.result = refused.status, refused.answer()
        else:
            call.status, call.result = OK, {"ok": True, "result": result}
        return call.status, call.result

    async def _carry_out(self, token: str, method: str, params: Params) -> Any:
        bot = self._bot(token)
        does = METHODS.get(method)
        if does is None:
            self._refuse_unknown(method)
        self._check_names(method, params)
        fault = self._fault(method, params)
        if fault in {"reset", "timeout"}:
            raise NoAnswer(fault)
        if self.flood:
            self._flood.check(method, dict(params.raw))
        assert does is not None
        result = await does(Request(self, bot, params))
        if fault:
            raise NoAnswer(fault)
        return result

    def _bot(self, token: str) -> Bot:
        if not TOKEN.fullmatch(token):
            raise Refused(404, "Not Found")
        bot = self.bots.get(token)
        if bot is None:
            raise Refused(401, "Unauthorized")
        return bot

    def _refuse_unknown(self, method: str) -> None:
        exists = {name.lower(): name for name in bot_api()["names"]}
        if method.lower() in exists:
            raise Refused(501, f"the sandbox does not know {exists[method.lower()]}")
        raise Refused(404, "Not Found")

    def _check_names(self, method: str, params: Params) -> None:
        """Telegram overlooks parameters it does not know; here they are at least written down."""
        known = bot_api()["methods"].get(method, {})
        for name in params.raw:
            if name not in known:
                words = f"{method} has no parameter {name}"
                if words not in self.warnings:
                    self.warnings.append(words)
                if self.strict:
                    raise Refused(400, words)

    def _fault(self, method: str, params: Params) -> Loss | None:
        for fault in self.faults:
            if fault.hits(method, params.text("chat_id")):
                fault.times -= 1
                if isinstance(fault.kind, int):
                    raise fault.refusal()
                return fault.kind
        return None

    def fail(  # noqa: PLR0913 - each is one way to say which calls fail, and how
        self,
        method: str = "*",
        times: int = 1,
        kind: int | Loss = 500,
        *,
        chat_id: int | None = None,
        retry_after: int = 1,
        description: str = "",
    ) -> Fault:
        """Make the next calls fail: a status, or ``reset``, ``lost_answer``, ``timeout``."""
        fault = Fault(method, times, kind, chat_id, retry_after, description)
        self.faults.append(fault)
        return fault

    def download(self, token: str, path: str) -> bytes | None:
        """What is behind ``/file/bot<token>/<path>``; None when nothing is."""
        bot = self.bots.get(token)
        files = bot.files.values() if bot else ()
        return next((kept.content for kept in files if kept.path == path), None)

    def calls_to(self, method: str) -> list[Call]:
        """The calls of one method so far, oldest first."""
        return [call for call in self.calls if call.method == method]

    def duplicate_deliveries(self, count: int = 1) -> None:
        """Deliver the next confirmed updates once more."""
        self.bot.queue.duplicates += count

    def reorder_deliveries(self, count: int = 2) -> None:
        """Release the next updates together, in the wrong order."""
        self.bot.queue.reorder(count)

    async def close(self) -> None:
        """End all deliveries."""
        for bot in self.bots.values():
            await bot.webhook.stop()
