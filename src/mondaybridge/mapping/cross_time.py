"""What working time must fit: hours that can be kept, a country that is known, promises.

Each key of a calendar is judged apart from the others, so that all that is wrong is said at once.
"""

from typing import TypeGuard

from mondaybridge.mapping.calendars import build
from mondaybridge.mapping.places import Found, select
from mondaybridge.mapping.yaml_tree import Path

SOME_HOURS = {"mon": ["09:00-17:00"]}


def calendar_problems(path: Path, calendar: object) -> Found:
    """Yield what is wrong with the keys of a calendar that have the right form."""
    keys = {place[-1]: value for place, value in select(calendar, "*")}
    hours, country, part = keys.get("hours"), keys.get("country"), keys.get("subdivision")
    if _is_week(hours) and (reason := _refusal(hours=hours)):
        yield (*path, "hours"), reason
    for place, days in select(calendar, "closed", "*"):
        if isinstance(days, str) and (reason := _refusal(closed=[days])):
            yield (*path, *place), reason
    if isinstance(country, str) and (reason := _refusal(country=country)):
        yield (*path, "country"), reason
    elif (
        isinstance(part, str)
        and (country is None or isinstance(country, str))
        and (reason := _refusal(country=country, subdivision=part))
    ):
        yield (*path, "subdivision"), reason


def _is_week(hours: object) -> TypeGuard[dict[str, list[str]]]:
    return isinstance(hours, dict) and all(
        isinstance(key, str)
        and isinstance(windows, list)
        and all(isinstance(one, str) for one in windows)
        for key, windows in hours.items()
    )


def promise_problems(path: Path, contract: object) -> Found:
    """Yield what keeps a promise that was written down from being kept."""
    for place, promise in select(contract, "promise"):
        if isinstance(promise, dict):
            yield from _promise((*path, *place), promise, contract)


def _promise(path: Path, promise: dict[str | int, object], contract: object) -> Found:
    if not any(name for _, name in select(contract, "calendar")):
        yield path, "needs the calendar that it is counted in: name one as this contract's calendar"
    if all(promise.get(key) is not None for key in ("take_in_charge_days", "respond_hours")):
        yield path, "is in working days or in working hours: keep one of the two keys"
    if promise.get("respond_hours") == "0:00":
        yield (*path, "respond_hours"), "is nothing: promise at least a minute"


def _refusal(
    *,
    hours: dict[str, list[str]] | None = None,
    closed: list[str] | None = None,
    country: str | None = None,
    subdivision: str | None = None,
) -> str:
    """Return why a calendar of these parts, else of usual ones, cannot be built."""
    try:
        build(
            zone="UTC",
            country=country,
            subdivision=subdivision,
            hours=SOME_HOURS if hours is None else hours,
            closed=closed or (),
        )
    except ValueError as error:
        return str(error)
    return ""
