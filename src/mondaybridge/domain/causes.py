"""Why minutes of a closed month were moved: what can be told from the review itself (S7).

Says that the board changed only where no decision, no policy and no hours given since moved them.
"""

from collections.abc import Collection

from mondaybridge.domain.allocation import Choice, Pool, PostKey
from mondaybridge.domain.contract import Overrun
from mondaybridge.domain.ledger import EntryKind
from mondaybridge.domain.metered import cause
from mondaybridge.domain.reasons import Cause, Reason
from mondaybridge.domain.worktime import month


def cause_of(
    pool: Pool, key: PostKey, minutes: int, kind: EntryKind, given: Collection[str]
) -> Cause:
    """Return why a post moved; ``given`` are the packages that get hours in the same review."""
    late = kind is EntryKind.ADJUST
    if late and minutes > 0:
        if _decided(pool, key):
            return (Reason.BILLED_BY_DECISION if key.billed else Reason.NEXT_BY_DECISION).said()
        if key.billed:
            return Reason.BILLED_BY_POLICY.said()
        if key.package_id in given:
            return Reason.GIVEN.said()
        if _by_policy(pool, key):
            return Reason.NEXT_BY_POLICY.said()
    return cause(minutes, late=late)


def _decided(pool: Pool, key: PostKey) -> bool:
    """Whether a person's decision about the month gave something in this review."""
    choice = Choice.BILL if key.billed else Choice.NEXT_PACKAGE
    return any(
        minutes
        and (one.activity_id, one.period, one.choice) == (key.activity_id, key.period, choice)
        for one, minutes in pool.given.items()
    )


def _by_policy(pool: Pool, key: PostKey) -> bool:
    """Whether the package was sold after the month: only the policy lets it pay."""
    if pool.contract.policies.overrun is not Overrun.NEXT_PACKAGE:
        return False
    sold = {p.package_id: p.sold_at for p in pool.packages}
    ends = month(key.period, pool.contract.zone).end
    return sold.get(key.package_id, 0) >= ends
