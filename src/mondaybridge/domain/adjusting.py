"""What is left of a month's charge once a question was upheld (ledger 7, semantics 6.24).

The same for every kind of contract: of the minutes in order of work, those from what is charged
now up to what it had come to are given up. Decides nothing about money.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mondaybridge.domain.activity import Activity
from mondaybridge.domain.allocation import Increment, PostKey
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.questions import Adjustment
from mondaybridge.domain.reasons import Cause
from mondaybridge.domain.work import Scope, counted_elsewhere, less, pieces, scopes


def kept_scopes(charged: Sequence[Scope], adjusted: Mapping[str, Adjustment]) -> list[Scope]:
    """Return the scopes of one activity without what was given up of their months."""
    if not adjusted:
        return list(charged)
    ordered = sorted(range(len(charged)), key=lambda n: (charged[n].last_at, n))
    kept = [scope.minutes for scope in charged]
    for period, one in adjusted.items():
        mine = [n for n in ordered if charged[n].period == period]
        left = _left([charged[n].minutes for n in mine], one)
        for n, minutes in zip(mine, left, strict=True):
            kept[n] = minutes
    return [replace(scope, minutes=minutes) for scope, minutes in zip(charged, kept, strict=True)]


def kept_work(work: Sequence[Increment], adjustment: Adjustment | None) -> list[Increment]:
    """Return one month's increments of an activity without what was given up."""
    if adjustment is None:
        return list(work)
    left = _left([one.minutes for one in work], adjustment)
    return [replace(o, minutes=m) for o, m in zip(work, left, strict=True) if m]


def upheld_posts(
    before: Mapping[PostKey, int],
    after: Mapping[PostKey, int],
    adjusted: Mapping[tuple[str, str], Adjustment],
) -> dict[tuple[str, str], Cause]:
    """Return activities and months that an upheld question moves, each with the cause (S7)."""
    found = {}
    for place, one in adjusted.items():
        then, now = (
            sum(m for post, m in posts.items() if (post.activity_id, post.period) == place)
            for posts in (before, after)
        )
        if then != now and one.explains(then, now):
            found[place] = one.cause
    return found


def worked_by_month(
    activity: Activity, contract: Contract, *, factor: int, elsewhere: Mapping[str, int]
) -> dict[str, int]:
    """Return what an activity's months come to before anything is given up."""
    worked = scopes(pieces(activity, contract), factor=factor, increment=contract.increment_minutes)
    months: dict[str, int] = {}
    for scope in less(worked, counted_elsewhere(activity, contract, elsewhere)):
        months[scope.period] = months.get(scope.period, 0) + scope.minutes
    return months


def _left(minutes: Sequence[int], adjustment: Adjustment) -> list[int]:
    found, total = [], 0
    for more in minutes:
        found.append(adjustment.left_of(total + more) - adjustment.left_of(total))
        total += more
    return found
