"""By when a decrease has to reach the client: a credit note within five working days (ledger 6.8).

HMRC allows 14 days from the decrease (VATREC13040); the bridge is stricter and says when it is not.
"""

from datetime import date, timedelta

from mondaybridge.domain.calendar import Calendar
from mondaybridge.domain.worktime import local_date

CREDIT_DAYS = 5
SATURDAY = 5


def credit_day(calendar: Calendar | None, zone: str, decreased_at: int) -> date:
    """Return the fifth working day after a decrease: the contract's days, else Monday to Friday."""
    day = local_date(decreased_at, zone)
    if calendar is not None:
        return calendar.working_days_after(day, CREDIT_DAYS)
    left = CREDIT_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < SATURDAY
    return day
