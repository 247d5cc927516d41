"""How long monday says to wait: headers, bodies and messages, wherever it says so (monday.md §3).

Limits are never hard-coded: the two ``RateLimit`` headers of each answer tell them.
"""

import math
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

import msgspec

DAY_MS = 86_400_000
DEFAULT_SECONDS = 60
LONGEST_SECONDS = 3_600  # whatever a header says (reliability M1)

_RESET = re.compile(r"reset in (\d{1,9}) seconds", re.IGNORECASE)
_POLICY = re.compile(r'"?([^";,]+)"?((?:\s*;\s*[a-z]+=[^;,]*)+)')


def wait_seconds(headers: Mapping[str, str], body: object, now: int) -> int | None:
    """Return the longest wait that an answer asks for, or None when it names none."""
    waits = [*_retry_after(headers.get("retry-after", ""), now), *_in_body(body)]
    waits += _exhausted(headers.get("ratelimit", ""))
    return min(LONGEST_SECONDS, max(waits)) if waits else None


def exhausted_until(headers: Mapping[str, str], now: int) -> int:
    """Return until when a policy has nothing left, 0 when all have; also of a good answer."""
    waits = list(_exhausted(headers.get("ratelimit", "")))
    return now + min(LONGEST_SECONDS, max(waits)) * 1000 if waits else 0


def next_midnight(now: int) -> int:
    """Return the next 00:00 UTC, when the day's calls begin anew."""
    return (now // DAY_MS + 1) * DAY_MS


def _retry_after(text: str, now: int) -> Iterator[int]:
    """Read seconds or an HTTP date."""
    if not text:
        return
    if text.strip().isdecimal():
        yield from _seconds(text)
        return
    try:
        moment: datetime = parsedate_to_datetime(text)
        yield from _seconds(moment.timestamp() - now / 1000)
    except (ValueError, TypeError, OverflowError):
        return


def _in_body(body: object) -> Iterator[int]:
    """Find every ``retry_in_seconds`` and every "reset in … seconds", at any depth."""
    waiting = [msgspec.structs.asdict(body) if isinstance(body, msgspec.Struct) else body]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield from _seconds(part.get("retry_in_seconds"))
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
        elif isinstance(part, str):
            yield from (found for text in _RESET.findall(part) for found in _seconds(text))


def _exhausted(header: str) -> Iterator[int]:
    """Read ``t`` of each policy with nothing left: ``"minuteRate";r=0;t=12``."""
    for _, parameters in _POLICY.findall(header):
        named = dict(part.strip().split("=", 1) for part in parameters.split(";") if "=" in part)
        if named.get("r", "").strip() == "0":
            yield from _seconds(named.get("t"))


def _seconds(value: object) -> Iterator[int]:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return
    if math.isfinite(seconds) and seconds >= 0:
        yield math.ceil(seconds)
