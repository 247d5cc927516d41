"""Hours typed just after a month's end, which may be that month's (ledger 7).

A number's increase counts when it was made, unless a column says the day of the work; a person
looks at the list before the month is closed. Nothing is moved here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from mondaybridge.domain.activity import Activity, Capture
from mondaybridge.domain.calendar import weekdays
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.worktime import local_date, midnight, month

WORKING_DAYS = 2
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class TypedEarly:
    """Time typed on one of the first working days of a month, and when."""

    at: int
    activity_id: str
    name: str
    seconds: int


def typed_early(
    activities: Iterable[Activity], contract: Contract, period: str
) -> list[TypedEarly]:
    """Return increases typed in the first two working days after a month, the oldest first.

    An increase at local midnight has a date that a person chose: it is where it belongs.
    """
    zone, begins = contract.zone, month(period, contract.zone).end
    calendar = contract.calendar or weekdays(zone)
    last = calendar.working_days_after(local_date(begins, zone) - ONE_DAY, WORKING_DAYS)
    ends = midnight(last + ONE_DAY, zone)
    return sorted(
        TypedEarly(one.started_at, row.activity_id, row.name, one.seconds)
        for row in activities
        for one in row.sessions
        if one.origin is Capture.NUMBER
        and one.seconds > 0
        and begins <= one.started_at < ends
        and one.started_at != midnight(local_date(one.started_at, zone), zone)
    )
