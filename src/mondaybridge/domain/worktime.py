"""Instants, months and working dates: where time meets a contract's zone.

Instants are UTC epoch milliseconds; durations are computed between instants, never between wall
clock readings (semantics 6.11). Periods are half-open and tile without gap or overlap.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

DAY_MS = 86_400_000


DECEMBER = 12


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A calendar month ``[start, end)`` in some zone, named ``YYYY-MM``."""

    name: str
    start: int
    end: int

    def __contains__(self, instant: int) -> bool:
        return self.start <= instant < self.end


@cache
def month(name: str, zone: str) -> Period:
    """Return the month called ``YYYY-MM`` in a zone; ValueError if it is no month."""
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})", name)
    if not found:
        raise ValueError(f"{name!r} is not a month: write it as YYYY-MM")
    first = date(int(found[1]), int(found[2]), 1)
    after = date.fromisoformat(f"{following(name)}-01")
    return Period(name, midnight(first, zone), midnight(after, zone))


def month_of(instant: int, zone: str) -> Period:
    """Return the month that an instant belongs to in a zone."""
    day = local_date(instant, zone)
    return month(f"{day.year:04d}-{day.month:02d}", zone)


def months(first: str, last: str) -> list[str]:
    """Return the names of the months from first to last, both included."""
    names: list[str] = []
    while first <= last:
        names.append(first)
        first = following(first)
    return names


def following(name: str) -> str:
    """Return the name of the month after this one."""
    year, number = map(int, name.split("-"))
    return f"{year + number // DECEMBER:04d}-{number % DECEMBER + 1:02d}"


def midnight(day: date, zone: str) -> int:
    """Return the instant at which a day begins in a zone."""
    local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return int(local.timestamp()) * 1000


def local_date(instant: int, zone: str) -> date:
    """Return the calendar date of an instant in a zone."""
    return datetime.fromtimestamp(instant // 1000, ZoneInfo(zone)).date()


def time_of_day(instant: int, zone: str) -> str:
    """Return the local time of an instant as ``HH:MM``."""
    return datetime.fromtimestamp(instant / 1000, ZoneInfo(zone)).strftime("%H:%M")


def parts(start: int, end: int, boundaries: Iterable[int]) -> list[tuple[int, int]]:
    """Cut ``[start, end)`` at the boundaries that lie inside it."""
    cuts = [start, *sorted(b for b in set(boundaries) if start < b < end), end]
    return list(pairwise(cuts))


def month_starts(start: int, end: int, zone: str) -> list[int]:
    """Return the instants inside ``(start, end)`` at which a month begins in a zone."""
    starts: list[int] = []
    at = month_of(start, zone).end
    while at < end:
        starts.append(at)
        at = month_of(at, zone).end
    return starts


def iso(instant: int) -> str:
    """Return an instant as ISO 8601 in UTC, to the second."""
    return datetime.fromtimestamp(instant // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def hours_text(minutes: int) -> str:
    """Return minutes as ``h:mm``, with the sign in front."""
    sign = "-" if minutes < 0 else ""
    return f"{sign}{abs(minutes) // 60}:{abs(minutes) % 60:02d}"
