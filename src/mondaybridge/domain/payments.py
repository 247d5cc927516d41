"""How the invoice that billed an activity stands: paid, overdue, failed, given up, voided.

Only what Stripe shows is told, and that a due day has passed; nothing of it moves a minute (P15).
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from mondaybridge.domain.documents import BillingMark
from mondaybridge.domain.outcome import Billing, Wanted
from mondaybridge.domain.papers import VOID
from mondaybridge.domain.worktime import local_date, midnight

OPEN = "open"
_STATES = {"paid": Billing.PAID, "uncollectible": Billing.UNCOLLECTIBLE}


def shown(
    cells: Iterable[Wanted], marks: Mapping[str, BillingMark], zone: str, now: int
) -> tuple[Wanted, ...]:
    """Return the cells, those of billed time with how its invoice stands (P14, P15)."""
    return tuple(_shown(cell, marks.get(cell.activity_id), zone, now) for cell in cells)


def next_at(marks: Iterable[BillingMark], zone: str, now: int) -> int | None:
    """Return when an open invoice is overdue next by time alone."""
    days = {mark.due_at for mark in marks if mark.status == OPEN and mark.due_at}
    moments = (overdue_at(due_at, zone) for due_at in days)
    return min((at for at in moments if at > now), default=None)


def overdue_at(due_at: int, zone: str) -> int:
    """Return from when on a document is overdue: the end of its due day, where the client is."""
    return midnight(local_date(due_at, zone) + timedelta(days=1), zone)


def _shown(cell: Wanted, mark: BillingMark | None, zone: str, now: int) -> Wanted:
    if mark is None:
        return cell
    if mark.status == VOID and cell.billing is Billing.OPEN and cell.charged_minutes:
        return replace(cell, billing=Billing.VOIDED, period=mark.period)
    if cell.billing is Billing.BILLED:
        return replace(cell, billing=_standing(mark, zone, now))
    return cell


def _standing(mark: BillingMark, zone: str, now: int) -> Billing:
    if mark.status in _STATES:
        return _STATES[mark.status]
    if mark.failed:
        return Billing.FAILED
    late = mark.status == OPEN and mark.due_at and now >= overdue_at(mark.due_at, zone)
    return Billing.OVERDUE if late else Billing.BILLED
