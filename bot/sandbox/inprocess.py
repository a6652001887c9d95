"""python-telegram-bot over the sandbox, without sockets."""

import json
import re
from typing import Any, Final
from urllib.parse import unquote

from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from .errors import NoAnswer
from .telegram import Telegram

ADDRESS: Final = re.compile(r"(?P<file>/file)?/bot(?P<token>\d+:[\w-]{20,})/(?P<rest>[^?]+)")


class SandboxRequest(BaseRequest):
    """Hands every request of python-telegram-bot to a Telegram in the same process.

    ``Bot(token, request=SandboxRequest(telegram), get_updates_request=SandboxRequest(telegram))``
    """

    def __init__(self, telegram: Telegram) -> None:
        self.telegram = telegram

    @property
    def read_timeout(self) -> float | None:
        """None: nothing here is slow but long polling."""
        return None

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        """One request: a Bot API call, or the download of a file."""
        del method
        found = ADDRESS.search(unquote(url))
        if found is None:
            return 404, b'{"ok":false,"error_code":404,"description":"Not Found"}'
        if found["file"]:
            content = self.telegram.download(found["token"], found["rest"])
            return (404, b"") if content is None else (200, content)
        params: dict[str, Any] = dict(request_data.json_parameters) if request_data else {}
        files = dict(request_data.multipart_data) if request_data else {}
        uploads = {name: (part[0], _bytes(part[1]), part[2]) for name, part in files.items()}
        try:
            status, body = await self.telegram.call(found["token"], found["rest"], params, uploads)
        except NoAnswer as lost:
            if lost.kind == "timeout":
                raise TimedOut from lost
            words = f"the connection was lost ({lost.kind})"
            raise NetworkError(words) from lost
        return status, json.dumps(body, ensure_ascii=False).encode()


def _bytes(content: Any) -> bytes:
    """An upload's content; python-telegram-bot may hand over an open file instead."""
    return bytes(content.read() if hasattr(content, "read") else content)
