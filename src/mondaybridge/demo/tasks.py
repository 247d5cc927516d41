"""Tasks of a software house, read from two CSV files: who worked how long on what, and from when.

The rule by which hours become sessions is the data's own (its README): at most seven hours a day
from 09:00, Monday to Friday, the last session takes the rest.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path
from zoneinfo import ZoneInfo

from mondaybridge.errors import ConfigurationError

ZONE = "Europe/London"
DAY_SECONDS = 7 * 3600
DAY_BEGINS = 9
WEEKDAYS = 5

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """One session of one developer, as UTC epoch milliseconds."""

    developer: str
    started_at: int
    ended_at: int


@dataclass(frozen=True, slots=True)
class Task:
    """One task with all that its rows say."""

    number: str
    project: str
    summary: str
    status: str
    service: str
    assigned: str
    estimate: str
    estimated_on: date
    stretches: tuple[Stretch, ...]


def read_tasks(folder: Path) -> list[Task]:
    """Read ``sip-tasks.csv`` and ``sip-dates.csv``; a task's first row names it."""
    dates = {row["TaskNumber"]: row for row in _rows(folder / "sip-dates.csv")}
    grouped: dict[str, list[dict[str, str]]] = {}
    for row in _rows(folder / "sip-tasks.csv"):
        grouped.setdefault(row["TaskNumber"], []).append(row)
    try:
        return [_task(rows, dates[number]) for number, rows in grouped.items()]
    except KeyError as missing:
        raise ConfigurationError(f"{folder}: no task, date or column {missing}") from None
    except (ValueError, InvalidOperation) as wrong:
        raise ConfigurationError(f"{folder}: {wrong}") from None


def stretches(developer: str, first: date, hours: str) -> Iterator[Stretch]:
    """Spread a developer's hours over working days, to the whole second."""
    left = int((Decimal(hours) * 3600).quantize(Decimal(1), ROUND_HALF_UP))
    day = first
    while left > 0:
        if day.weekday() < WEEKDAYS:
            seconds = min(left, DAY_SECONDS)
            start = at_hour(day, DAY_BEGINS)
            yield Stretch(developer, start, start + seconds * 1000)
            left -= seconds
        day += timedelta(days=1)


def at_hour(day: date, hour: int) -> int:
    """Return the instant of an hour of the day in the data's zone."""
    local = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(ZONE))
    return int(local.timestamp()) * 1000


def _task(rows: list[dict[str, str]], dates: Mapping[str, str]) -> Task:
    first = rows[0]
    estimated, started = dates["EstimateOn"], dates["StartedOn"]
    work_date = _day(started or estimated)
    return Task(
        number=first["TaskNumber"],
        project=first["ProjectCode"],
        summary=first["Summary"],
        status=first["StatusCode"],
        service=first["SubCategory"],
        assigned=first["AssignedToID"],
        estimate=first["HoursEstimate"],
        estimated_on=_day(estimated or started),
        stretches=tuple(
            one
            for row in rows
            for one in stretches(row["DeveloperID"], work_date, row["DeveloperHoursActual"])
        ),
    )


def _day(text: str) -> date:
    """Read ``09-Nov-04``; the names of months do not depend on the machine's language."""
    number, name, year = text.split("-")
    return date(2000 + int(year), _MONTHS.index(name.lower()) + 1, int(number))


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: {error}") from None
