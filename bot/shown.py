"""A case as somebody looks at it: read once, through the one door, for a card or its details."""

from dataclasses import dataclass

from models import access, signing
from models.people import Person
from models.proposal import Proposal, State, Step


@dataclass(frozen=True, slots=True)
class Shown:
    """A case with what its card needs besides: the history, the number signed, who looks."""

    case: Proposal
    steps: list[Step]
    viewer: Person
    determination: str | None
    fate: str | None
    waiting: int

    @property
    def is_drafter(self) -> bool:
        """Whether the viewer drafted it."""
        return self.viewer.id == self.case.drafter_id

    @property
    def is_turn(self) -> bool:
        """Whether it waits for the viewer's decision."""
        case = self.case
        if case.state is State.WAITING_OFFICER:
            return self.viewer.id in {case.officer_id, case.on_behalf_of_id}
        return case.state is State.WAITING_HEAD and self.viewer.id == case.head_id


async def shown(case_id: int, viewer: Person) -> Shown:
    """The case as it is now, through the one door; :class:`CaseNotFound` for a stranger."""
    case = await access.case_for(viewer, case_id)
    steps = await Step.filter(case_id=case_id).order_by("seq").prefetch_related("actor")
    signed = steps[-1].record.get("determination") if case.state is State.EFFECTIVE else None
    open_ = case.state in {State.WAITING_HEAD, State.WAITING_OFFICER, State.RETURNED}
    return Shown(
        case=case,
        steps=steps,
        viewer=viewer,
        determination=str(signed["number"]) if isinstance(signed, dict) else None,
        fate=await signing.item_fate(case) if open_ else None,
        waiting=await access.how_many_wait(viewer),
    )
