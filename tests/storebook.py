"""What the tests of the store write with: a clock that stands still, clients, activities."""

NOW = 1_793_000_000_000


class StillClock:
    """A clock that moves when told."""

    def __init__(self, now: int = NOW) -> None:
        self.at = now

    def now(self) -> int:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += int(seconds * 1000)
