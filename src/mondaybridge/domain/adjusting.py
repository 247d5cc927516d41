"""What is left of a month's charge once a question was upheld (ledger 7, semantics 6.24).

The same for every kind of contract: of the minutes in order of work, those from what is charged
now up to what it had come to are given up. Decides nothing about money.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mondaybridge.domain.allocation import Increment, PostKey
from mondaybridge.domain.questions import Adjustment
from mondaybridge.domain.work import Scope


def kept_scopes(charged: Sequence[Scope], adjusted: Mapping[str, Adjustment]) -> list[Scope]:
    """Return the scopes of one activity without what was given up of their months."""
    if not adjusted:
        return list(charged)
    ordered = sorted(charged, key=lambda scope: (scope.last_at, scope.rate_key))
    kept: dict[tuple[str, str], int] = {}
    for period in {scope.period for scope in ordered}:
        mine = [scope for scope in ordered if scope.period == period]
        left = _left([scope.minutes for scope in mine], adjusted.get(period))
        kept |= {(s.period, s.rate_key): m for s, m in zip(mine, left, strict=True)}
    return [replace(scope, minutes=kept[scope.period, scope.rate_key]) for scope in charged]


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
) -> dict[tuple[str, str], str]:
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


def _left(minutes: Sequence[int], adjustment: Adjustment | None) -> list[int]:
    if adjustment is None:
        return list(minutes)
    found, total = [], 0
    for more in minutes:
        found.append(adjustment.left_of(total + more) - adjustment.left_of(total))
        total += more
    return found
