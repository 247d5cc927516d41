"""Working calendars as ``mappings.yaml`` says them: country, opening hours, closing days.

The only place that knows public holidays. Their package is large and slow to load, so it is
loaded by the first calendar that names a country. Each refusal is a sentence for the file's
author; where in the file it belongs is added by the caller.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

from mondaybridge.domain.calendar import Calendar, Window
from mondaybridge.mapping.scalars import nearest

__all__ = ["YEARS", "build"]

YEARS = range(2015, 2051)
"""The years whose public holidays a calendar knows; fixed, so that equal files mean equal days."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ITALIAN_WEEKDAYS = ("lun", "mar", "mer", "gio", "ven", "sab", "dom")
TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CLOSED_RANGE_DAYS_MAX = 366
ONE_DAY = timedelta(days=1)

# Where the whole country shares too few holidays to work by, what is meant without more (R43b):
# without it Easter Monday and the summer bank holiday would count as working days in London.
USUAL_SUBDIVISIONS = {"GB": "ENG"}
WRONG_CODES = {"UK": "GB", "EN": "GB", "EL": "GR"}


def build(
    *,
    zone: str,
    country: str | None,
    hours: Mapping[str, Sequence[str]],
    subdivision: str | None = None,
    closed: Iterable[str] = (),
    years: range = YEARS,
) -> Calendar:
    """Return the calendar; ValueError says in a sentence what cannot be used.

    ``subdivision`` is written ``MI`` or ``IT-MI``; ``closed`` holds days and ``first/last``.
    """
    if subdivision is not None and country is None:
        raise ValueError(f"the subdivision {subdivision!r} needs its country: add country")
    windows = _windows(hours)
    days = frozenset(day for text in closed for day in _closed(text))
    if country is not None:
        days |= _public_holidays(country, subdivision, years)
    return Calendar(zone, windows, days)


def _windows(hours: Mapping[str, Sequence[str]]) -> tuple[tuple[Window, ...], ...]:
    week: dict[str, tuple[Window, ...]] = {}
    for key, texts in hours.items():
        windows = _day_windows(key, texts)
        for weekday in _weekdays(key):
            if weekday in week:
                raise ValueError(f"{weekday} has hours twice: once is in {key!r}")
            week[weekday] = windows
    if not any(week.values()):
        raise ValueError('there are no hours: write them like mon-fri: ["09:00-13:00"]')
    return tuple(week.get(weekday, ()) for weekday in WEEKDAYS)


def _weekdays(key: str) -> tuple[str, ...]:
    first, dash, last = key.partition("-")
    ends = [_weekday(first), _weekday(last if dash else first)]
    if ends[1] < ends[0]:
        raise ValueError(f"{key!r} runs backwards: the week begins on mon")
    return WEEKDAYS[ends[0] : ends[1] + 1]


def _weekday(name: str) -> int:
    if name not in WEEKDAYS:
        raise ValueError(
            f"{name!r} is not a weekday: write mon, tue, wed, thu, fri, sat, sun, "
            f"or two of them with a dash{_meant_weekday(name)}"
        )
    return WEEKDAYS.index(name)


def _meant_weekday(name: str) -> str:
    """Return a hint from the first letters, which say enough in English and Italian."""
    short = name[:3].casefold()
    for names in (WEEKDAYS, ITALIAN_WEEKDAYS):
        if short in names:
            return f"; did you mean {WEEKDAYS[names.index(short)]!r}?"
    return ""


def _day_windows(key: str, texts: Sequence[str]) -> tuple[Window, ...]:
    windows = tuple(sorted(_window(text) for text in texts))
    for before, after in pairwise(windows):
        if after[0] < before[1]:
            raise ValueError(f"{_shown(before)} and {_shown(after)} of {key!r} overlap")
    return windows


def _window(text: str) -> Window:
    start, _, end = text.partition("-")
    window = (_minute(start, text), _minute(end, text))
    if window[1] <= window[0]:
        raise ValueError(f"{text!r} is upside down: it ends before it begins")
    return window


def _minute(text: str, window: str) -> int:
    if not TIME.fullmatch(text):
        raise ValueError(f'{window!r} is not a span of hours: write it like "09:00-13:00"')
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def _shown(window: Window) -> str:
    return "-".join(f"{minute // 60:02d}:{minute % 60:02d}" for minute in window)


def _closed(text: str) -> Iterator[date]:
    first, slash, last = text.partition("/")
    day, end = _day(first, text), _day(last if slash else first, text)
    if end < day:
        raise ValueError(f"{text!r} is upside down: it ends before it begins")
    if (end - day).days >= CLOSED_RANGE_DAYS_MAX:
        raise ValueError(f"{text!r} closes for more than a year: is its last day right?")
    while day <= end:
        yield day
        day += ONE_DAY


def _day(text: str, whole: str) -> date:
    if not DAY.fullmatch(text):
        raise ValueError(
            f'{whole!r} is not a day or a range of days: write "2026-12-24" '
            f'or "2026-08-10/2026-08-21"'
        )
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text} is not a day of the calendar") from None


@cache
def _public_holidays(country: str, subdivision: str | None, years: range) -> frozenset[date]:
    try:
        import holidays  # noqa: PLC0415 - it takes a third of a second; --help must stay quick
    except ImportError:
        raise ValueError(
            f"the public holidays of {country} need the package 'holidays': install it, "
            f"or leave the country out and list the days under closed"
        ) from None
    known = holidays.list_supported_countries(include_aliases=False)
    if country not in known:
        raise ValueError(_unknown_country(country, known))
    part = _subdivision(country, subdivision, known[country])
    return frozenset(holidays.country_holidays(country, subdiv=part, years=years))


def _unknown_country(country: str, known: Iterable[str]) -> str:
    meant = WRONG_CODES.get(country.upper())
    hint = f"; did you mean {meant!r}?" if meant else nearest(country, known)
    return (
        f"{country!r} is not a country whose holidays are known: write two letters, like IT{hint}"
    )


def _subdivision(country: str, subdivision: str | None, known: Sequence[str]) -> str | None:
    if subdivision is None:
        return USUAL_SUBDIVISIONS.get(country)
    name = subdivision.removeprefix(f"{country}-")
    if name in known:
        return name
    if not known:
        raise ValueError(f"{country} has no subdivisions with holidays of their own: leave it out")
    hint = nearest(name, known)
    raise ValueError(f"{subdivision!r} is not a subdivision of {country}, like {known[0]}{hint}")
