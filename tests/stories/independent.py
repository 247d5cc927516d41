"""What ten years of tasks must cost, computed from the two files with the standard library only.

Nothing of the bridge is imported: who disagrees with these figures disagrees with the rule that the
data's description gives. Times of day are left out, because no session crosses midnight.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

HOURLY_MINOR = 6499
DAY_SECONDS = 7 * 3600
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

Figures = dict[str, dict[str, dict[str, object]]]


def expected(folder: Path) -> Figures:
    """Return ``{project: {month: {"minutes", "total_minor", "lines"}}}``."""
    begun = {row["TaskNumber"]: _begin(row) for row in _rows(folder / "sip-dates.csv")}
    seconds: dict[tuple[str, str], dict[str, int]] = {}
    for row in _rows(folder / "sip-tasks.csv"):
        task = row["TaskNumber"]
        for day, worked in _days(begun[task], row["DeveloperHoursActual"]):
            month = seconds.setdefault((row["ProjectCode"], day.strftime("%Y-%m")), {})
            month[task] = month.get(task, 0) + worked
    figures: Figures = {}
    for (project, period), tasks in sorted(seconds.items()):
        figures.setdefault(project, {})[period] = _month(tasks)
    return figures


def _month(tasks: dict[str, int]) -> dict[str, object]:
    lines = {task: _line(seconds) for task, seconds in tasks.items()}
    return {
        "minutes": sum(minutes for minutes, _ in lines.values()),
        "total_minor": sum(minor for _, minor in lines.values()),
        "lines": {task: list(line) for task, line in lines.items()},
    }


def _line(seconds: int) -> tuple[int, int]:
    minutes = (seconds + 59) // 60
    exact = Decimal(minutes) * HOURLY_MINOR / 60
    return minutes, int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def _days(first: date, hours: str) -> Iterator[tuple[date, int]]:
    left = int((Decimal(hours) * 3600).quantize(Decimal(1), ROUND_HALF_UP))
    day = first
    while left > 0:
        if day.weekday() < 5:
            yield day, min(left, DAY_SECONDS)
            left -= DAY_SECONDS
        day += timedelta(days=1)


def _begin(row: dict[str, str]) -> date:
    number, name, year = (row["StartedOn"] or row["EstimateOn"]).split("-")
    return date(2000 + int(year), MONTHS.index(name) + 1, int(number))


def _rows(path: Path) -> Iterable[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
