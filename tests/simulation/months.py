"""Months, days and prices by a calculation of our own: the model shares none with the product."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

DAY_MS = 86_400_000
HOUR_MS = 3_600_000
MINUTE_MS = 60_000


def following(name: str) -> str:
    """Return the month after one, both as ``YYYY-MM``."""
    year, number = int(name[:4]), int(name[5:])
    return f"{year + 1}-01" if number == 12 else f"{year}-{number + 1:02d}"


@cache
def instant(name: str, zone: str, day: int = 1, hour: int = 0) -> int:
    """Return when an hour of a day of a month begins in a zone, in UTC epoch milliseconds."""
    local = datetime(int(name[:4]), int(name[5:]), day, hour, tzinfo=ZoneInfo(zone))
    return round(local.timestamp()) * 1000


def month_at(at: int, zone: str) -> str:
    """Return the month that an instant lies in."""
    local = datetime.fromtimestamp(at / 1000, UTC).astimezone(ZoneInfo(zone))
    return f"{local.year}-{local.month:02d}"


def local_day(at: int, zone: str) -> date:
    """Return the date of an instant in a zone."""
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(ZoneInfo(zone)).date()


def midnight(day: date, zone: str) -> int:
    """Return when a date begins in a zone."""
    return instant(f"{day.year}-{day.month:02d}", zone, day.day)


def seconds_by_month(start: int, end: int, zone: str) -> dict[str, int]:
    """Return the seconds of a span that lie in each month."""
    found: dict[str, int] = {}
    at = start
    while at < end:
        name = month_at(at, zone)
        stop = min(end, instant(following(name), zone))
        found[name] = found.get(name, 0) + stop // 1000 - at // 1000
        at = stop
    return found


def price(minutes: int, unit: int) -> int:
    """Return what minutes cost at an hourly price, halves away from zero."""
    whole, rest = divmod(abs(minutes) * unit, 60)
    return (whole + (rest >= 30)) * (-1 if minutes < 0 else 1)


def rounded_up(seconds: int, increment: int) -> int:
    """Return seconds as minutes, in full steps of so many."""
    steps, rest = divmod(seconds, 60 * increment)
    return (steps + (rest > 0)) * increment


def days_later(day: date, days: int) -> date:
    """Return the date so many days after."""
    return day + timedelta(days=days)
