"""The fixed wordings of causes: every entry and every correction says why it is there (S7).

The ledger keeps one wording in one language; a tail is what people typed, or names. Texts for
clients stand elsewhere, by the same names; which cause applies is decided where minutes move.
"""

from enum import Enum
from typing import NewType

# What an entry may say of itself: only a wording of this table, or what a person typed.
Cause = NewType("Cause", str)
NOT_SAID = Cause("")


class Reason(Enum):
    """Each kind of cause with its wording in the ledger."""

    WORKED = "worked"
    CHANGED = "changed on the board"
    CHANGED_LATE = "changed on the board after the month was closed"
    DROPPED = "dropped by decision"
    COVERED = "covered in order of work"
    MARGIN = "margin rule of {period}: {edits}"
    DOCUMENTED_BUG = "documented bug: {reference}"
    BUG_UNDOCUMENTED = "bug without documentation"
    BUG_REMOVED = "bug flag removed"
    BUG_EXPIRED = "documented bug, found after the package expired"
    QUESTION = "question upheld: {words}"
    BILLED_BY_DECISION = "billed by decision after the month was closed"
    NEXT_BY_DECISION = "paid by the next package by decision after the month was closed"
    BILLED_BY_POLICY = "billed by the policy after the month was closed"
    NEXT_BY_POLICY = "paid by the next package, by the policy, after the month was closed"
    GIVEN = "paid by hours given after the month was closed"
    HANDED_OVER = "changed after the hand-over"
    SOLD = "package sold"
    USED_BEFORE = "used before go-live"
    EXPIRED = "package expired"
    PUT_OFF = "the end of the package was put off"
    REPLACED = "replaced by another row"
    NEEDED = "need of the activity"
    # Where the ledger is as it was: somebody credited, voided or changed papers at Stripe.
    AT_STRIPE = "changed in Stripe by hand"

    def said(self, **tail: str) -> Cause:
        """Return the cause with its tail in place."""
        return Cause(self.value.format(**tail))


def as_typed(words: str) -> Cause:
    """Return what a person typed as the cause: the reason of a refund, or of goodwill."""
    return Cause(words)
