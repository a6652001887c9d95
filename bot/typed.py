"""Typed answers to a card: 同意, 批准, 退回 期限不当, ok … count like the tap."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from bot.texts import LANGUAGES, Texts
from models.proposal import Action, ReturnReason

_AGREE: Final = frozenset(
    ["同意", "批准", "可以", "好", "好的", "行", "通过", "ok", "okay", "yes", "agree", "agreed",
     "approve", "approved", "endorse", "endorsed", "👍"]
)  # fmt: skip
_OTHERS: Final = {
    "撤回": Action.WITHDRAW,
    "withdraw": Action.WITHDRAW,
    "催办": Action.NUDGE,
    "nudge": Action.NUDGE,
    "修改": Action.RESUBMIT,
    "revise": Action.RESUBMIT,
}
_TRIMMED: Final = " \t\n。.!~,:;、"
#: What a thumb may wear: skin tones and the mark that asks for a colour picture.
_TONES: Final = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f]")
#: 退回 may stand before its reason without a blank; an English word may not, nor 不同意见.
_VERB: Final = re.compile(r"(?:退回|不同意(?!见)|(?:return|reject)(?![a-z]))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a typed answer asks for; ``actions`` are tried in order, the first possible is meant."""

    actions: tuple[Action, ...]
    reason: ReturnReason | None = None
    comment: str = ""


def parse(text: str) -> Typed | None:
    """The step that ``text`` asks for, or None when it is no answer to a card."""
    plain = _TONES.sub("", unicodedata.normalize("NFKC", text)).strip(_TRIMMED)
    word = plain.casefold()
    if word.endswith(("?", "吗")):
        return None
    if word in _AGREE:
        return Typed((Action.ENDORSE, Action.APPROVE))
    if word in _OTHERS:
        return Typed((_OTHERS[word],))
    verb = _VERB.match(plain)
    return _returned(plain[verb.end() :].strip(_TRIMMED)) if verb else None


def _returned(rest: str) -> Typed:
    """A return: by the chip's words where they stand first, else for another reason."""
    if not rest:
        return Typed((Action.RETURN,))
    for language in LANGUAGES:
        t = Texts(language)
        for reason in ReturnReason:
            label = re.escape(t(f"reason-{reason.value}"))
            if named := re.match(rf"{label}(?![a-z])", rest, re.IGNORECASE):
                comment = rest[named.end() :].strip(_TRIMMED)
                return Typed((Action.RETURN,), reason, comment)
    return Typed((Action.RETURN,), ReturnReason.OTHER, rest)
