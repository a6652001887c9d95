"""People as the command line names them: by their codes."""

from models.errors import Refusal
from models.people import Person


class UnknownPeople(Refusal):
    """Nobody has the ``codes``; nothing was done for the others either."""

    code = "unknown_people"


async def named(codes: list[str]) -> list[Person]:
    """The people with these codes, each once, in this order; or :class:`UnknownPeople`."""
    wanted = list(dict.fromkeys(codes))
    found = {person.code: person for person in await Person.filter(code__in=wanted)}
    if missing := [code for code in wanted if code not in found]:
        raise UnknownPeople(codes=", ".join(missing), count=len(missing))
    return [found[code] for code in wanted]
