"""What was agreed when a package began, and what every other row is (R08, R12, R20; ledger 4)."""

from collections.abc import Collection, Mapping

from mondaybridge.domain.activity import Activity, Approval, Presence, Status
from mondaybridge.domain.admission import Activation, Origin
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.ledger import charge
from mondaybridge.domain.outcome import Baseline, History

ENDED = frozenset({Status.DONE, Status.CANCELLED})


def frozen(
    contract: Contract, rows: Mapping[str, Activity], history: History, granted: int, now: int
) -> Baseline | None:
    """Return the baseline that this review freezes: at the first whole look after its moment.

    Once frozen it stays: what comes later is extra (R08), also what was typed before that look.
    """
    begins = contract.policies.baseline_at
    if begins is None or history.baseline or min(now, history.seen_until(now)) < begins:
        return None
    agreed = tuple(
        (key, _charged(row, contract))
        for key, row in sorted(rows.items())
        if row.presence is not Presence.DELETED and not row.redo_of and row.created_at < begins
    )
    return Baseline(now, agreed, granted)


def agreed_rows(baseline: Baseline | None) -> frozenset[str] | None:
    """Return the rows of a baseline to ask ``origin_of`` with; none: nothing is frozen yet."""
    return None if baseline is None else frozenset(key for key, _ in baseline.agreed)


def origin_of(row: Activity, contract: Contract, agreed: Collection[str] | None) -> Origin:
    """Return how a row came into its package; before the freeze what is there is agreed."""
    if row.redo_of:
        return Origin.REDO
    if contract.policies.baseline_at is None:
        return Origin.REQUEST
    if agreed is None or row.activity_id in agreed:
        return Origin.AGREED
    return Origin.EXTRA


def planned(
    rows: Mapping[str, Activity],
    activations: Mapping[str, Activation],
    contract: Contract,
    baseline: Baseline | None,
) -> int:
    """Return the charge of agreed rows that nobody has answered: an extra must leave it be."""
    if baseline is None:
        return 0
    open_rows = (rows[key] for key, _ in baseline.agreed if key in rows)
    return sum(
        _charged(row, contract)
        for row in open_rows
        if _unanswered(row) and not activations[row.activity_id].active
    )


def replaced(rows: Collection[Activity]) -> dict[str, str]:
    """Return the rows that another row does again, with that row (R20).

    One that was cancelled or rejected, or is gone, does nothing again: the original stands.
    """
    return {
        row.redo_of: row.activity_id
        for row in sorted(rows, key=lambda r: r.activity_id)
        if row.redo_of not in {"", row.activity_id} and _stands(row)
    }


def _stands(row: Activity) -> bool:
    return (
        row.presence is not Presence.DELETED
        and row.status is not Status.CANCELLED
        and row.approval is not Approval.REJECTED
    )


def _unanswered(row: Activity) -> bool:
    return (
        row.approval is not Approval.REJECTED
        and row.status not in ENDED
        and row.presence is not Presence.DELETED
        and row.chargeable
    )


def _charged(row: Activity, contract: Contract) -> int:
    return charge(
        row.estimate_seconds or 0, factor=row.factor, increment=contract.increment_minutes
    )
