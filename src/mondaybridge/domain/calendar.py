"""Working time: when a house is open, and what a promise of working hours or days means in it.

A calendar is told everything: its zone, its windows by weekday and the days on which it stays
closed. It looks up no holidays and asks no clock. Lengths are counted between instants, never
between readings of a wall clock, so that a change of the clock neither gives nor takes time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from mondaybridge.domain.worktime import local_date

WEEK_DAYS = 7
DAY_MINUTES = 1440
# Nobody closes for a year and promises hours: a longer search finds a mistake, not an opening.
CLOSED_DAYS_MAX = 400
ONE_DAY = timedelta(days=1)

Window = tuple[int, int]
"""Minutes of the day, ``[start, end)``; 1440 is the midnight that ends it."""

_USUAL: Window = (9 * 60, 18 * 60)


class NeverOpenError(ValueError):
    """A calendar shows no opening for longer than any house stays closed."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Open hours in a zone: windows for each weekday, Monday first, and whole days closed (R04)."""

    zone: str
    windows: tuple[tuple[Window, ...], ...]
    closed: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if len(self.windows) != WEEK_DAYS:
            raise ValueError("a calendar has windows for seven weekdays, Monday first")
        for windows in self.windows:
            _check(windows)

    def is_working_day(self, day: date) -> bool:
        """Tell whether the house opens at all on a day."""
        return bool(self.spans(day))

    def is_open(self, instant: int) -> bool:
        """Tell whether an instant lies in a window; a window's end is outside it."""
        day = local_date(instant, self.zone)
        return any(start <= instant < end for start, end in self.spans(day))

    def next_open(self, instant: int) -> int:
        """Return the instant itself when open, else the next opening (R04)."""
        return next(self._open_from(instant))[0]

    def add_open(self, start: int, milliseconds: int) -> int:
        """Return when so much open time has gone by, counted from the next opening (6.29)."""
        if milliseconds < 0:
            raise ValueError(f"open time is counted forwards: {milliseconds} ms is negative")
        ahead = self._open_from(start)
        opens, closes = next(ahead)
        left = milliseconds
        while left > closes - opens:
            left -= closes - opens
            opens, closes = next(ahead)
        return opens + left

    def open_between(self, start: int, end: int) -> int:
        """Return the open milliseconds in ``[start, end)``; 0 when end is not after start."""
        day, last, total = local_date(start, self.zone), local_date(end, self.zone), 0
        while start < end and day <= last:
            spans = self.spans(day)
            total += sum(max(0, min(b, end) - max(a, start)) for a, b in spans)
            day += ONE_DAY
        return total

    def working_days_after(self, day: date, count: int) -> date:
        """Return the n-th working day after a day, which itself never counts (R18)."""
        return self._walk(day, count, ONE_DAY)

    def working_days_before(self, day: date, count: int) -> date:
        """Return the n-th working day before a day, which itself never counts."""
        return self._walk(day, count, -ONE_DAY)

    def opens_at(self, day: date) -> int:
        """Return when a working day's first window opens."""
        return self._hours(day)[0][0]

    def closes_at(self, day: date) -> int:
        """Return the close of business of a working day: the end of its last window."""
        return self._hours(day)[-1][1]

    def open_of_day_after(self, start: int, working_days: int) -> int:
        """Return when the n-th working day after an instant's own day opens."""
        day = local_date(start, self.zone)
        return self.opens_at(self.working_days_after(day, working_days))

    def close_of_day_after(self, start: int, working_days: int) -> int:
        """Return the close of business of the n-th working day after an instant's own day.

        The day of receipt never counts, whatever the hour and whether or not it was a working
        day (R18, ledger 7): Friday after hours and Saturday both count from Monday.
        """
        day = local_date(start, self.zone)
        return self.closes_at(self.working_days_after(day, working_days))

    def spans(self, day: date) -> list[tuple[int, int]]:
        """Return a day's windows as instants; one that the clock skips whole is left out."""
        if day in self.closed:
            return []
        bounds = [
            (_instant(self.zone, day, start), _instant(self.zone, day, end))
            for start, end in self.windows[day.weekday()]
        ]
        return [(start, end) for start, end in bounds if start < end]

    def _open_from(self, instant: int) -> Iterator[tuple[int, int]]:
        day, idle = local_date(instant, self.zone), 0
        while idle <= CLOSED_DAYS_MAX:
            ahead = [(max(a, instant), b) for a, b in self.spans(day) if b > instant]
            yield from ahead
            idle = 0 if ahead else idle + 1
            day += ONE_DAY
        raise NeverOpenError(self._sentence(day))

    def _walk(self, day: date, count: int, step: timedelta) -> date:
        if count < 1:
            raise ValueError(f"working days are counted from 1: {count} is none")
        left, idle = count, 0
        while left:
            day += step
            opens = self.is_working_day(day)
            left -= opens
            idle = 0 if opens else idle + 1
            if idle > CLOSED_DAYS_MAX:
                raise NeverOpenError(self._sentence(day))
        return day

    def _hours(self, day: date) -> list[tuple[int, int]]:
        spans = self.spans(day)
        if not spans:
            raise ValueError(f"{day} is not a working day: it has no hours")
        return spans

    def _sentence(self, day: date) -> str:
        return (
            f"the calendar in {self.zone} stays closed for more than {CLOSED_DAYS_MAX} days, "
            f"seen at {day}: give it hours, or take days off its list of closed days"
        )


@lru_cache(maxsize=64)
def weekdays(zone: str) -> Calendar:
    """Return the calendar of whoever named none: Monday to Friday, from nine to six."""
    return Calendar(zone, ((_USUAL,),) * 5 + ((),) * 2)


def _check(windows: tuple[Window, ...]) -> None:
    for start, end in windows:
        if not 0 <= start < end <= DAY_MINUTES:
            raise ValueError(
                f"the window {start} to {end} does not lie in a day from left to right"
            )
    for before, after in pairwise(windows):
        if after[0] < before[1]:
            raise ValueError(
                f"the window from {after[0]} begins before the one before it has ended"
            )


@lru_cache(maxsize=8192)
def _instant(zone: str, day: date, minute: int) -> int:
    """Return the first instant at which a day's clock reads a minute, or would have read it.

    A minute that the clock skips is the instant of the change; one that it reads twice is the
    first of the two. So windows keep their order and never overlap on the days of a change.
    """
    info = ZoneInfo(zone)
    wanted = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minute)
    skipped = 0
    while not _is_read(wanted - timedelta(minutes=skipped), info):
        skipped += 1
    read = (wanted - timedelta(minutes=skipped)).replace(tzinfo=info)
    # The minute after the last one that is read is the change itself.
    return (int(read.timestamp()) + (60 if skipped else 0)) * 1000


def _is_read(wall: datetime, info: ZoneInfo) -> bool:
    """Tell whether the clock of a zone shows this reading at all."""
    shown = datetime.fromtimestamp(wall.replace(tzinfo=info).timestamp(), info)
    return shown.replace(tzinfo=UTC) == wall
