"""Refusals: a rule said no. A code and facts; the words are made at the edge."""

from collections.abc import Mapping
from typing import Any, ClassVar


class Refusal(Exception):
    """A rule said no. Nothing was changed, and the person may read why.

    The domain never writes prose: the chat, the command line and the API each turn ``code`` and
    ``facts`` into words, in the reader's language.
    """

    code: ClassVar[str]

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code, facts)
        self.facts: Mapping[str, Any] = facts


class NotBound(Refusal):
    """The account belongs to nobody of the unit. They get one sentence and no data."""

    code = "not_bound"


class NotAllowed(Refusal):
    """Their roles do not include this; ``needs`` names the role."""

    code = "not_allowed"


class InviteInvalid(Refusal):
    """The invitation is unknown, used or older than 72 hours."""

    code = "invite_invalid"


class AccountTaken(Refusal):
    """The Telegram account already belongs to another person of the unit."""

    code = "account_taken"


class CaseNotFound(Refusal):
    """No such case, or none that this person may see: the two look alike."""

    code = "case_not_found"


class NotYourTurn(Refusal):
    """The case waits for somebody else; ``waits_for`` is the party."""

    code = "not_your_turn"


class NoSuchStep(Refusal):
    """The case's state does not know this action."""

    code = "no_such_step"


class AlreadyMoved(Refusal):
    """Somebody was faster: ``action``, ``by`` (a name) and ``at`` say who did what and when."""

    code = "already_moved"


class StaleCard(Refusal):
    """The button was drawn for an earlier state of the same case."""

    code = "stale_card"


class StaleDraft(Refusal):
    """The button belongs to an earlier form of the draft."""

    code = "stale_draft"


class NoDraft(Refusal):
    """There is nothing to go on with."""

    code = "no_draft"


class DocumentNumberInvalid(Refusal):
    """The document number is empty or longer than ``limit`` characters."""

    code = "document_no_invalid"


class BasisMissing(Refusal):
    """A classified outcome needs a guide item in force (定密规定 2025 第6条)."""

    code = "basis_missing"


class LevelNotTheItems(Refusal):
    """The level is the item's fixed level, ``level`` (范围办法 2017 第9条)."""

    code = "level_not_the_items"


class TermInvalid(Refusal):
    """The text states no term."""

    code = "term_invalid"


class TermTooLong(Refusal):
    """Longer than the item's term or the legal cap; ``most`` is what is allowed."""

    code = "term_too_long"


class TermEnded(Refusal):
    """The term is a date, ``term``, that has come before the signature: it must be resubmitted."""

    code = "term_ended"


class ReasonMissing(Refusal):
    """A non-classified outcome needs a reason code; so does a return."""

    code = "reason_missing"


class SentenceMissing(Refusal):
    """A return for another reason needs a sentence."""

    code = "sentence_missing"


class TextTooLong(Refusal):
    """Free text longer than ``limit`` characters."""

    code = "text_too_long"


class LooksLikeContent(Refusal):
    """Free text that bears a classification marking: content has no place in the chat."""

    code = "looks_like_content"


class ContentRefused(Refusal):
    """A file, photo, voice or forwarded message (保密法 2024 第29条)."""

    code = "content_refused"


class NudgedAlready(Refusal):
    """At most one nudge in four hours; ``again_at`` says when the next is possible."""

    code = "nudged_already"


class ItemChanged(Refusal):
    """A newer edition changed or dropped the cited item: the case must be resubmitted."""

    code = "item_changed"


class NotQualified(Refusal):
    """The officer may not sign (any more): ``why`` is the first rule that fails."""

    code = "not_qualified"


class SamePerson(Refusal):
    """Drafter, head and officer of one case are three different people."""

    code = "same_person"


class NoGuide(Refusal):
    """No edition of the guide is in force."""

    code = "no_guide"


class PrivateOnly(Refusal):
    """Dingmi talks to people in private chats only."""

    code = "private_only"


class NotUnderstood(Refusal):
    """The message is no command and answers no question."""

    code = "not_understood"


class UnknownCommand(Refusal):
    """No such command for this person."""

    code = "unknown_command"


class ImportRefused(Refusal):
    """Nothing of ``file`` was imported: ``bad`` lists the bad cells, ``count`` of them."""

    code = "import_refused"


class EditionExists(Refusal):
    """``edition`` is published or cited, and not like the file: editions are kept for ever.

    ``differs`` names what is different: content, effective_on, disclosure.
    """

    code = "edition_exists"
