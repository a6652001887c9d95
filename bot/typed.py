"""Typed answers to a card: 同意, 批准, 退回 期限不当, ok … count like the tap."""

import unicodedata
from dataclasses import dataclass
from typing import Final

from bot.texts import LANGUAGES, Texts
from models.proposal import Action, ReturnReason

_AGREE: Final = frozenset(
    ["同意", "批准", "可以", "好", "好的", "行", "通过", "ok", "okay", "yes", "agree", "agreed",
     "approve", "approved", "endorse", "endorsed", "👍"]
)  # fmt: skip
_RETURN: Final = ("退回", "不同意", "return", "reject")
_OTHERS: Final = {
    "撤回": Action.WITHDRAW,
    "withdraw": Action.WITHDRAW,
    "催办": Action.NUDGE,
    "nudge": Action.NUDGE,
    "修改": Action.RESUBMIT,
    "revise": Action.RESUBMIT,
}
_TRIMMED: Final = " \t\n。.!！~,，:：;；、"


@dataclass(frozen=True, slots=True)
class Typed:
    """What a typed answer asks for; ``actions`` are tried in order, the first possible is meant."""

    actions: tuple[Action, ...]
    reason: ReturnReason | None = None
    comment: str = ""


def parse(text: str) -> Typed | None:
    """The step that ``text`` asks for, or None when it is no answer to a card."""
    plain = unicodedata.normalize("NFKC", text).strip(_TRIMMED)
    word = plain.casefold()
    if word in _AGREE:
        return Typed((Action.ENDORSE, Action.APPROVE))
    if word in _OTHERS:
        return Typed((_OTHERS[word],))
    for verb in _RETURN:
        if word == verb or (word.startswith(verb) and not word[len(verb)].isalnum()):
            return _returned(plain[len(verb) :].strip(_TRIMMED))
        if verb.isascii() is False and word.startswith(verb):
            return _returned(plain[len(verb) :].strip(_TRIMMED))
    return None


def _returned(rest: str) -> Typed:
    """A return: by the chip's words where they stand first, else for another reason."""
    if not rest:
        return Typed((Action.RETURN,))
    for language in LANGUAGES:
        t = Texts(language)
        for reason in ReturnReason:
            label = t(f"reason-{reason.value}")
            if rest.casefold().startswith(label.casefold()):
                comment = rest[len(label) :].strip(_TRIMMED)
                return Typed((Action.RETURN,), reason, comment)
    return Typed((Action.RETURN,), ReturnReason.OTHER, rest)
