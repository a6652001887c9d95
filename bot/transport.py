"""The way to Telegram: python-telegram-bot's requests over one aiohttp session."""

import json
from typing import Any, Final

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

_DEFAULT: Final = BaseRequest.DEFAULT_NONE
_CLOSED: Final = "the transport is not open"
_UNREADABLE: Final = "Invalid server response"


class AiohttpRequest(BaseRequest):
    """A transport with its own pool: give ``getUpdates`` an instance of its own. Times in seconds."""

    def __init__(  # noqa: PLR0913 - one time limit for each phase
        self,
        *,
        connections: int = 64,
        read_timeout: float = 10.0,
        write_timeout: float = 5.0,
        connect_timeout: float = 5.0,
        pool_timeout: float = 3.0,
        proxy: str | None = None,
    ) -> None:
        self._connections, self._proxy = connections, proxy
        self._read, self._write = read_timeout, write_timeout
        self._connect, self._pool = connect_timeout, pool_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """How long an answer may take."""
        return self._read

    async def initialize(self) -> None:
        """Open the session; a second call changes nothing."""
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(
                limit=self._connections, ttl_dns_cache=300, keepalive_timeout=60
            )
            self._session = aiohttp.ClientSession(
                connector=connector, headers={"User-Agent": self.USER_AGENT}
            )

    async def shutdown(self) -> None:
        """Close the session and its connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(  # noqa: PLR0913, PLR0917 - the signature is python-telegram-bot's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = _DEFAULT,
        write_timeout: Any = _DEFAULT,
        connect_timeout: Any = _DEFAULT,
        pool_timeout: Any = _DEFAULT,
    ) -> tuple[int, bytes]:
        """Status and body of the answer. TimedOut or NetworkError when there is none."""
        if self._session is None:
            raise RuntimeError(_CLOSED)
        read, write, connect, pool = (
            own if given is _DEFAULT else given
            for given, own in (
                (read_timeout, self._read),
                (write_timeout, self._write),
                (connect_timeout, self._connect),
                (pool_timeout, self._pool),
            )
        )
        timeout = aiohttp.ClientTimeout(
            total=None if read is None else read + (write or 0) + (connect or 0) + (pool or 0),
            connect=None if pool is None else pool + (connect or 0),
            sock_connect=connect,
            sock_read=read,
        )
        try:
            async with self._session.request(
                method, url, data=_form(request_data), timeout=timeout, proxy=self._proxy
            ) as answer:
                return answer.status, await answer.read()
        except TimeoutError as error:
            raise TimedOut from error
        except (aiohttp.ClientError, OSError) as error:
            # the error's own words may hold the URL, and with it the token
            raise NetworkError(type(error).__name__) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer's object. Unlike the library's own, it never logs what it cannot read."""
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            raise TelegramError(_UNREADABLE) from None
        if not isinstance(answer, dict):
            raise TelegramError(_UNREADABLE)
        return answer


def _form(data: RequestData | None) -> Any:
    if data is None:
        return None
    if not data.contains_files:
        return data.json_parameters
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in (data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form
