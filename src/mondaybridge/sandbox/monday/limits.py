"""The account's budgets: requests and complexity per minute, calls per day (monday.md §3).

They are always counted and shown in the two headers; calls beyond them are refused only when the
switch ``enforce_limits`` says so, because stories run on a clock that stands still.
"""

from dataclasses import dataclass

from mondaybridge.sandbox.monday.boards import Account
from mondaybridge.sandbox.world import Clock

WINDOW_MS = 60_000
DAY_MS = 86_400_000
BOARDS = "boards"
BOARDS_PER_MINUTE = 40
"""Boards that may be created or duplicated (monday.md §3, per endpoint)."""

_MINUTE = {"enterprise": 5_000, "pro": 2_500}
_CONCURRENCY = {"enterprise": 250, "pro": 100}
_DAILY = {"enterprise": 25_000, "pro": 10_000}


@dataclass(slots=True)
class _Window:
    started: int | None = None
    requests: int = 0
    points: int = 0


class Limits:
    """Counts what was used; complexity separately per kind of token and access."""

    def __init__(self, clock: Clock, account: Account) -> None:
        self._clock = clock
        self._plan = account.plan
        self._windows: dict[str, _Window] = {}
        self._day = 0
        self._tenths = 0

    @property
    def daily(self) -> int:
        """Calls allowed per UTC day."""
        return _DAILY.get(self._plan, 1_000)

    @property
    def calls_today(self) -> float:
        """Calls made since 00:00 UTC; a refused one counts a tenth."""
        self._roll_day()
        return self._tenths / 10

    def exhausted(self, bucket: str) -> str | None:
        """Return the fault kind of the first budget that has nothing left."""
        window = self._window(bucket)
        if self.calls_today >= self.daily:
            return "daily_limit"
        if window.requests >= self._per_minute():
            return "minute_limit"
        return "complexity" if window.points >= self.complexity_quota(bucket) else None

    def too_many_boards(self, made: int) -> bool:
        """Tell whether so many more boards in this minute are refused."""
        return made > 0 and self._window(BOARDS).requests + made > BOARDS_PER_MINUTE

    def count_boards(self, made: int) -> None:
        """Count boards that are created or duplicated."""
        window = self._window(BOARDS)
        window.requests += made
        if made and window.started is None:
            window.started = self._clock.now()

    def count(self, bucket: str, *, tenths: int = 10) -> None:
        """Count one request; ``tenths`` is its weight in the day's budget."""
        self._roll_day()
        self._tenths += tenths
        window = self._window(bucket)
        window.requests += 1
        if window.started is None:
            window.started = self._clock.now()

    def spend(self, bucket: str, points: int) -> None:
        """Take complexity."""
        self._window(bucket).points += points

    def left(self, bucket: str) -> int:
        """Return the complexity left in this window."""
        return max(0, self.complexity_quota(bucket) - self._window(bucket).points)

    def reset_in(self, bucket: str) -> int:
        """Return the seconds until the window starts again."""
        started = self._window(bucket).started
        if started is None:
            return WINDOW_MS // 1000
        return -(-(started + WINDOW_MS - self._clock.now()) // 1000)

    def until_midnight(self) -> int:
        """Return the seconds until the daily budget is new."""
        return -(-(DAY_MS - self._clock.now() % DAY_MS) // 1000)

    def complexity_quota(self, bucket: str) -> int:
        """Return the complexity per minute: personal tokens combined, apps per access."""
        if bucket != "personal":
            return 5_000_000
        return 1_000_000 if self._plan == "free" else 10_000_000

    def headers(self, bucket: str) -> dict[str, str]:
        """Return ``RateLimit`` and ``RateLimit-Policy`` as recorded (monday.md §3)."""
        minute, busy = self._per_minute(), _CONCURRENCY.get(self._plan, 40)
        quota = self.complexity_quota(bucket)
        requests = max(0, minute - self._window(bucket).requests)
        return {
            "ratelimit-policy": (
                f'"minuteRate";q={minute};w=60, '
                f'"concurrency";q={busy};qu="concurrent-requests", '
                f'"complexityMinute";q={quota};w=60;qu="content-bytes"'
            ),
            "ratelimit": (
                f'"minuteRate";r={requests}, "concurrency";r={busy - 1}, '
                f'"complexityMinute";r={self.left(bucket)};t={self.reset_in(bucket)}'
            ),
        }

    def _per_minute(self) -> int:
        return _MINUTE.get(self._plan, 1_000)

    def _window(self, bucket: str) -> _Window:
        window = self._windows.setdefault(bucket, _Window())
        now = self._clock.now()
        if window.started is not None and not 0 <= now - window.started < WINDOW_MS:
            window = self._windows[bucket] = _Window()
        return window

    def _roll_day(self) -> None:
        today = self._clock.now() // DAY_MS
        if today != self._day:
            self._day, self._tenths = today, 0
