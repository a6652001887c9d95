"""Who is told of a step: the cards owed, written in the step's own transaction."""

from tortoise.transactions import in_transaction

from models import living, outbox
from models.guide import GuideEdition
from models.office import now
from models.people import Person
from models.proposal import Proposal, State


async def tell(case: Proposal, actor: Person | None) -> None:
    """Owe a card to whom it concerns: a new one to whose turn it is, an edit to the others."""
    fresh = {case.turn_id}
    if case.state in {State.EFFECTIVE, State.UNROUTABLE}:
        fresh.add(case.drafter_id)
    fresh -= {actor and actor.id}
    quiet = {case.drafter_id, case.head_id, case.officer_id, case.on_behalf_of_id}
    holders = await living.holders(case.id)
    for person_id in sorted(i for i in fresh | quiet | holders if i is not None):
        await outbox.owe_card(case, person_id, fresh=person_id in fresh)
    if case.state is State.UNROUTABLE:
        for admin in await Person.filter(is_admin=True, telegram_id__isnull=False):
            await outbox.owe("unroutable", to=admin, lane=outbox.Lane.CARD, case=case,
                             key=f"unroutable:{case.id}:{case.version}:{admin.id}")  # fmt: skip


async def remind(case: Proposal) -> None:
    """Owe a new card to whose turn it is, and the drafter's own brought up to date."""
    if case.turn_id is not None:
        await outbox.owe_card(case, case.turn_id, fresh=True)
    await outbox.owe_card(case, case.drafter_id, fresh=False)


async def announce_edition() -> int:
    """Once an edition takes effect, bring the cards of open cases that cite another up to date.

    Their people read there whether the cited item still stands (rule 8). Each edition is
    announced once, whoever asks; returns how many cases were touched.
    """
    edition = await GuideEdition.in_force()
    if edition is None or edition.announced_at is not None:
        return 0
    async with in_transaction():
        first = GuideEdition.filter(id=edition.id, announced_at__isnull=True)
        if not await first.update(announced_at=now()):
            return 0
        waiting = (State.WAITING_HEAD, State.WAITING_OFFICER, State.RETURNED)
        cases = Proposal.filter(
            state__in=waiting, edition_id__not=edition.id, item_id__not_isnull=True
        )
        touched = await cases.order_by("id")
        for case in touched:
            for person_id in await living.holders(case.id):
                await outbox.owe_card(case, person_id, fresh=False)
    return len(touched)
