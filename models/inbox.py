"""The inbox: every update as it came, once each, durable before it is confirmed to Telegram."""

from tortoise import fields
from tortoise.models import Model


class InboxUpdate(Model):
    """A raw update. Done, parked after five failures, or waiting for its turn."""

    update_id = fields.BigIntField(primary_key=True, generated=False)
    sender = fields.BigIntField()
    body = fields.TextField()
    received_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    attempts = fields.IntField(default=0)
    done_at = fields.DatetimeField(null=True)
    parked_at = fields.DatetimeField(null=True)
    error = fields.CharField(max_length=200, default="")

    class Meta:
        table = "inbox"
        table_description = "updates received"
