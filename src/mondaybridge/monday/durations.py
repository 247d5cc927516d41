"""Lengths of time as people type them: ``1.5``, ``1,5``, ``1:30``, ``90m``, ``2h`` (semantics 6.1).

A plain number counts in the mapped unit. What could mean two things is refused, never guessed:
``1h30``, ``1.250`` in a text, a plain number where h:mm is expected. Seconds are whole.
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

Unit = Literal["h", "min", "h:mm"]

LONGEST_HOURS = 100_000
REMEDY = {
    "h": "type hours as 1.5 or 1:30",
    "min": "type minutes as 90 or 1:30",
    "h:mm": "type the time as 1:30",
}

_NUMBER = re.compile(r"([0-9]{1,15})(?:[.,]([0-9]{1,15}))?")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_CLOCK = re.compile(r"([0-9]{1,6}):([0-5][0-9])")
_NAMED = re.compile(r"([0-9.,]{1,15})[ ]?(h|m|min)")
_SECONDS = {"h": 3_600, "m": 60, "min": 60, "h:mm": None}


def seconds(text: str, unit: Unit, *, machine: bool = False) -> int | None:
    """Return whole seconds, or None where the text is no length of time.

    ``machine``: the text is a number as monday stores it, so its dot is always a decimal point.
    """
    text = text.strip()
    clock = _CLOCK.fullmatch(text)
    named = _NAMED.fullmatch(text)
    if clock:
        found: int | None = int(clock[1]) * 3_600 + int(clock[2]) * 60
    elif named:
        found = _counted(named[1], _SECONDS[named[2]], machine=False)
    else:
        found = _counted(text, _SECONDS[unit], machine=machine)
    return found if found is not None and found <= LONGEST_HOURS * 3_600 else None


def _counted(text: str, each: int | None, *, machine: bool) -> int | None:
    number = _NUMBER.fullmatch(text)
    grouped = _THOUSANDS.fullmatch(text) and not (machine and "." in text)
    if not number or grouped:
        return None
    if each is None:
        return 0 if text == "0" else None
    value = Decimal(f"{number[1]}.{number[2] or 0}")
    return int((value * each).to_integral_value(ROUND_HALF_UP))
