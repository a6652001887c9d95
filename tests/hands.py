"""What the tests of intake share: handlers that leave one message an update."""

from bot.intake import Intake
from models import outbox
from models.inbox import InboxUpdate
from models.outbox import Message


class Hands:
    """Handlers that owe one message an update, and write down what they were given."""

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.after: list[str] = []
        self.refused: list[int] = []
        self.apologies: list[tuple[int, str]] = []
        self.does = self.nothing

    async def nothing(self, row: InboxUpdate) -> None:
        return None

    async def handle(self, row: InboxUpdate):
        self.seen.append(row.update_id)
        await outbox.owe("effect", chat_id=row.sender, update=row.update_id)
        await self.does(row)

        async def after() -> None:
            self.after.append(f"handled {row.update_id}")

        return after

    async def refuse(self, row: InboxUpdate, refusal):
        self.refused.append(row.update_id)
        await outbox.owe(refusal.code, chat_id=row.sender, update=row.update_id)

        async def after() -> None:
            self.after.append(f"refused {row.update_id}")

        return after

    async def apologise(self, row: InboxUpdate, reference: str):
        self.apologies.append((row.update_id, reference))
        await outbox.owe("sorry", chat_id=row.sender, update=row.update_id)

    def intake(self, **options) -> Intake:
        return Intake(self.handle, self.refuse, self.apologise, **options)


async def effects(kind: str = "effect") -> list[int]:
    return [int(str(m.facts["update"])) for m in await Message.filter(kind=kind).order_by("id")]
