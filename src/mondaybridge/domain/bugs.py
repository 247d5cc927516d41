"""Bugs of ours: time is given back only with the documentation that was promised (R55).

Says when a bug counts and what it is called; what is given back is decided where it was charged.
"""

from collections import Counter
from collections.abc import Mapping

from mondaybridge.domain.activity import Activity
from mondaybridge.domain.allocation import PostKey
from mondaybridge.domain.outcome import Held, HeldReason
from mondaybridge.domain.reasons import Cause, Reason


def documented(row: Activity) -> bool:
    """Whether a row is a bug whose documentation is there: it is credited (R55a)."""
    return row.bug and bool(row.documentation.strip())


def undocumented(row: Activity) -> bool:
    """Whether a row is a bug without documentation: nothing is credited, and a person is told."""
    return row.bug and not documented(row)


def bug_cause(row: Activity) -> Cause:
    """Name the documented bug behind a credit, or that a row is one no longer (R55)."""
    if documented(row):
        return Reason.DOCUMENTED_BUG.said(reference=row.documentation.strip())
    return (Reason.BUG_UNDOCUMENTED if row.bug else Reason.BUG_REMOVED).said()


def without_documentation(row: Activity, months: Mapping[str, int]) -> list[Held]:
    """Return, by month charged, what a bug is given back once its documentation is there (R55a)."""
    if not undocumented(row):
        return []
    return [
        Held(row.activity_id, period, HeldReason.UNDOCUMENTED, minutes)
        for period, minutes in sorted(months.items())
        if minutes
    ]


def by_month(posts: Mapping[PostKey, int], activity_id: str) -> dict[str, int]:
    """Sum what stands posted for an activity by month, on whatever package."""
    months: Counter[str] = Counter()
    for post, minutes in posts.items():
        if post.activity_id == activity_id:
            months[post.period] += minutes
    return dict(months)
