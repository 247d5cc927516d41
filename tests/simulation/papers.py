"""The documents of a world as a client sees them at Stripe, with our marks read back."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from mondaybridge.sandbox.stripe.api import StripeApi
from mondaybridge.sandbox.stripe.models import CreditLine, Line

ISSUED = {"open", "paid", "uncollectible", "issued"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an issued document: signed minutes and money, and whose line it is.

    ``identity`` is the six parts of its mark, empty where somebody wrote it by hand.
    """

    identity: tuple[str, ...]
    minutes: int
    amount: int
    period: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Paper:
    """One document that is issued and not void; a credit note's entries are negative.

    ``begun`` is when its draft was made: what it says may be as old.
    """

    stripe_id: str
    customer: str
    currency: str
    key: str
    created: int
    invoice: bool
    entries: tuple[Entry, ...]
    order: int
    begun: int

    @property
    def scope(self) -> str:
        return str(json.loads(self.key)[1]) if self.key else ""

    @property
    def kind(self) -> str:
        return str(json.loads(self.key)[2]) if self.key else ""


def papers(stripe: StripeApi) -> list[Paper]:
    """Return every document that counts, in the order in which they were made."""
    return sorted([*_invoices(stripe), *_notes(stripe)], key=lambda paper: paper.order)


def _invoices(stripe: StripeApi) -> Iterator[Paper]:
    for one in stripe.invoices.values():
        if one.status in ISSUED:
            entries = tuple(_line(line) for line in one.lines)
            key = one.metadata.get("mb_key", "")
            created = (one.finalized_at or one.created) * 1000
            told = created, True, entries, one.serial, one.created * 1000
            yield Paper(one.id, one.customer, one.currency, key, *told)


def _notes(stripe: StripeApi) -> Iterator[Paper]:
    for one in stripe.credit_notes.values():
        if one.status in ISSUED and stripe.invoices[one.invoice].status in ISSUED:
            entries = tuple(_credit(line) for line in one.lines)
            key = one.metadata.get("mb_key", "")
            at = one.created * 1000
            told = at, False, entries, one.serial, at
            yield Paper(one.id, one.customer, one.currency, key, *told)


def _line(line: Line) -> Entry:
    minutes = int(line.metadata.get("mb_minutes", "0"))
    return Entry(_identity(line.metadata), minutes, line.amount, line.period)


def _credit(line: CreditLine) -> Entry:
    """Read a credit; what somebody credited by hand carries the mark of the line that it lowers."""
    minutes = int(line.metadata.get("mb_minutes", "0"))
    marks = line.metadata if "mb_line" in line.metadata else {}
    if not marks and line.line is not None:
        whose = _identity(line.line.metadata)
        return Entry(("by hand", *whose) if whose else (), 0, -line.amount)
    return Entry(_identity(marks), -minutes, -line.amount)


def _identity(marks: dict[str, str]) -> tuple[str, ...]:
    return tuple(json.loads(marks["mb_line"])) if "mb_line" in marks else ()
