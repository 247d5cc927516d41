"""What working time must fit: hours that can be kept, a country that is known, promises.

Each key of a calendar is judged apart from the others, so that all that is wrong is said at once.
"""

from pydantic import ValidationError

from mondaybridge.mapping.calendars import build
from mondaybridge.mapping.places import Found, select
from mondaybridge.mapping.terms import CalendarTerms
from mondaybridge.mapping.yaml_tree import Path

SOME_HOURS = {"mon": ["09:00-17:00"]}


def calendar_problems(path: Path, calendar: object) -> Found:
    """Yield what is wrong in a calendar whose keys have the right form."""
    try:
        keys = CalendarTerms.model_validate(calendar)
    except ValidationError:
        return
    if reason := _refusal(hours=keys.hours):
        yield (*path, "hours"), reason
    for index, days in enumerate(keys.closed):
        if reason := _refusal(closed=[days]):
            yield (*path, "closed", index), reason
    if reason := _refusal(country=keys.country):
        yield (*path, "country"), reason
    elif reason := _refusal(country=keys.country, subdivision=keys.subdivision):
        yield (*path, "subdivision"), reason


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
