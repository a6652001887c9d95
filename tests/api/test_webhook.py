"""The door for Telegram's updates: strangers first, then nonsense, then what is durable."""

import asyncio
import io
import json

import pytest

from api import webhook
from api.app import WEBHOOK_PATH, create_app
from models import inbox
from models.inbox import InboxUpdate

SECRET = "s3cret_word"
KNOWN = {webhook.SECRET_HEADER: SECRET}


class Store:
    """Keeps what was accepted, or fails."""

    def __init__(self, error=None):
        self.updates, self.error = [], error

    async def accept(self, update):
        await asyncio.sleep(0)
        if self.error:
            raise self.error
        self.updates.append(update)


@pytest.fixture
def store():
    return Store()


@pytest.fixture
async def client(serve, store):
    return await serve(create_app(accept=store.accept, webhook_secret=SECRET))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({webhook.SECRET_HEADER: ""}, 401),
        ({webhook.SECRET_HEADER: "wrong"}, 403),
        ({webhook.SECRET_HEADER: SECRET + "x"}, 403),
        ({webhook.SECRET_HEADER: "密"}, 403),
    ],
)
async def test_a_stranger_learns_nothing_and_stores_nothing(client, store, headers, status):
    answer = await client.post(WEBHOOK_PATH, json={"update_id": 1}, headers=headers)
    assert answer.status == status
    assert set(await answer.json()) == {"error"}
    assert store.updates == []


async def test_without_a_webhook_there_is_no_such_route(serve):
    client = await serve(create_app())
    answer = await client.post(WEBHOOK_PATH, json={"update_id": 1}, headers=KNOWN)
    assert answer.status == 404


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"7", b"{}", b'{"update_id": "1"}', b'{"update_id": null}', b"\xff\xfe",
     b"[" * 100_000],
)  # fmt: skip
async def test_nonsense_is_a_bad_request(client, store, body):
    answer = await client.post(WEBHOOK_PATH, data=body, headers=KNOWN)
    assert answer.status == 400
    assert store.updates == []


async def test_a_body_beyond_the_limit_is_not_read(client, store):
    body = io.BytesIO(b" " * (webhook.LARGEST + 1) + b"{}")
    answer = await client.post(WEBHOOK_PATH, data=body, headers=KNOWN)
    assert answer.status == 413
    assert store.updates == []


async def test_only_post_is_understood(client):
    assert (await client.get(WEBHOOK_PATH, headers=KNOWN)).status == 405


async def test_an_update_that_cannot_be_stored_is_not_confirmed(serve):
    store = Store(error=OSError("the disk of /var/lib is full"))
    client = await serve(create_app(accept=store.accept, webhook_secret=SECRET))
    answer = await client.post(WEBHOOK_PATH, json={"update_id": 1}, headers=KNOWN)
    assert answer.status == 500
    assert await answer.json() == {"error": "Internal Server Error"}


async def test_an_update_is_confirmed_once_it_is_durable(serve, database):
    client = await serve(create_app(accept=inbox.accept, webhook_secret=SECRET))
    update = {"update_id": 7, "message": {"from": {"id": 5}, "text": "你好"}}
    for _ in range(2):  # Telegram sends it again when our answer is lost
        answer = await client.post(WEBHOOK_PATH, json=update, headers=KNOWN)
        assert answer.status == 200
    (row,) = await InboxUpdate.all()
    assert (row.update_id, row.sender, json.loads(row.body)) == (7, 5, update)


async def test_an_update_with_an_impossible_number_is_refused_for_good(serve, database):
    client = await serve(create_app(accept=inbox.accept, webhook_secret=SECRET))
    answer = await client.post(WEBHOOK_PATH, json={"update_id": 2**70}, headers=KNOWN)
    assert answer.status == 400
    assert await InboxUpdate.all().count() == 0
