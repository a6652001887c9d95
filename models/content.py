"""What a proposal says of a document, and the rules that it must keep (product rules 1 and 2)."""

import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from models import errors
from models.guide import GuideEdition, GuideItem
from models.levels import MAX_YEARS, Level, Term, TermKind
from models.markings import MARKING_PATTERN
from models.office import DOCUMENT_NO_LIMIT, NOTE_LIMIT, REASON_LIMIT, TITLE_LIMIT, today
from models.proposal import Action, NoBasis, ReturnReason

#: Characters that show nothing but may hide or reorder text: they have no use in a short note.
_INVISIBLE: Final = {"Cf", "Co", "Cs"}
_BLANKS: Final = frozenset(
    map(chr, [0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x2800,
              0x3164, 0xFFA0, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])
)  # fmt: skip
_TERM_LIMIT: Final = 60


@dataclass(frozen=True, slots=True)
class Content:
    """One proposed outcome: what the drafter fills in, whichever door is used."""

    document_no: str
    level: Level
    item: GuideItem | None = None
    term: str = ""
    reason: NoBasis | None = None
    title: str = ""
    note: str = ""


def from_item(document_no: str, item: GuideItem) -> Content:
    """The outcome that ``item`` prescribes: its level, its longest term."""
    boundary = NoBasis.BELOW_THRESHOLD if item.level is Level.UNCLASSIFIED else None
    return Content(document_no, item.level, item, item.term, boundary)


def bears_marking(text: str) -> bool:
    """Whether ``text`` bears a classification marking, however it is written or disguised."""
    shown = _visible(text)
    plain = "".join(c for c in unicodedata.normalize("NFKD", shown)
                    if unicodedata.category(c)[0] != "M")  # fmt: skip
    forms = (shown, unicodedata.normalize("NFKC", shown), unicodedata.normalize("NFC", plain))
    return any(MARKING_PATTERN.search(" ".join(form.split())) for form in forms)


def _visible(text: str) -> str:
    """``text`` without what shows nothing; a control character, a line break too, is a space."""
    kept = (
        " " if unicodedata.category(c) == "Cc" else c
        for c in text
        if c not in _BLANKS and unicodedata.category(c) not in _INVISIBLE
    )
    return unicodedata.normalize("NFC", "".join(kept))


def neutral(text: str, limit: int) -> str:
    """``text`` on one line without invisible characters; refused when it is long or is content.

    :class:`~models.errors.TextTooLong` beyond ``limit`` characters,
    :class:`~models.errors.LooksLikeContent` when it bears a marking (保密法 2024 第29条).
    """
    clean = " ".join(_visible(text).split())
    if bears_marking(clean):
        raise errors.LooksLikeContent
    if len(clean) > limit:
        raise errors.TextTooLong(limit=limit)
    return clean


def said(
    action: Action, reason: ReturnReason | None, comment: str
) -> tuple[ReturnReason | None, str]:
    """The reason of a step, and the comment in its written form.

    A return needs a reason, and ``other`` a sentence; no other step has a reason.
    """
    sentence = neutral(comment, REASON_LIMIT)
    if action is not Action.RETURN:
        return None, sentence
    if reason is None:
        raise errors.ReasonMissing
    if reason is ReturnReason.OTHER and not sentence:
        raise errors.SentenceMissing
    return reason, sentence


def document_number(text: str) -> str:
    """A document number in one written form; refused when empty or longer than 40 characters."""
    clean = neutral(text, 10 * DOCUMENT_NO_LIMIT)
    if not clean or len(clean) > DOCUMENT_NO_LIMIT:
        raise errors.DocumentNumberInvalid(limit=DOCUMENT_NO_LIMIT)
    return clean


def checked(content: Content, edition: GuideEdition | None, day: date | None = None) -> Content:
    """``content`` in its written form, or the refusal that says which rule it breaks.

    The item must belong to ``edition``, the one in force; level and term never exceed the item's
    nor the law's (保密法 2024 第20条, 范围办法 2017 第9条); 非密 needs a reason.
    """
    item = content.item
    if item is not None and (edition is None or item.edition_id != edition.id):
        raise errors.BasisMissing
    if content.level.is_classified and item is None:
        raise errors.BasisMissing
    if item is not None and content.level is not item.level:
        raise errors.LevelNotTheItems(level=item.level.value)
    if content.level is Level.UNCLASSIFIED and content.reason is None:
        raise errors.ReasonMissing
    return replace(
        content,
        document_no=document_number(content.document_no),
        title=neutral(content.title, TITLE_LIMIT),
        note=neutral(content.note, NOTE_LIMIT),
        reason=content.reason if content.level is Level.UNCLASSIFIED else None,
        term=_checked_term(content, item, day or today()),
    )


def _checked_term(content: Content, item: GuideItem | None, day: date) -> str:
    level = content.level
    if level is Level.UNCLASSIFIED or (level is Level.WORK_SECRET and not content.term):
        return ""
    try:
        term = Term.parse(neutral(content.term, _TERM_LIMIT))
    except ValueError:
        raise errors.TermInvalid from None
    end = term.end(day)
    if end is not None and end <= day:
        raise errors.TermInvalid
    if level is Level.WORK_SECRET:
        return str(term)
    assert item is not None
    most = Term.parse(item.term)
    lawful = term.kind is TermKind.LONG or term.within_law(level, day)
    if not (term.within(most, day) and lawful):
        raise errors.TermTooLong(most=item.term, years=MAX_YEARS[level])
    return str(term)
