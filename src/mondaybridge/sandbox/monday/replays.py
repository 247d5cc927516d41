"""Idempotency keys: a mutation's first answer is kept 30 minutes and given again (monday.md §3)."""

from mondaybridge.sandbox.world import Clock, Response

LIFE_MS = 30 * 60_000
LARGEST_BODY = 1_000_000


class Replays:
    """Answers by token and key; large ones are not kept, without a sign of it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[tuple[str, str], tuple[int, Response]] = {}

    def find(self, token: str, key: str | None) -> Response | None:
        """Return the first answer, marked as replayed."""
        until, response = self._kept.get((token, key or ""), (0, None))
        if response is None or until <= self._clock.now():
            return None
        headers = {**response.headers, "idempotency-replayed": "true"}
        return Response(response.status, response.body, headers)

    def keep(self, token: str, key: str | None, response: Response) -> None:
        """Remember an answer under its key."""
        if key is None or len(response.body) > LARGEST_BODY:
            return
        now = self._clock.now()
        self._kept = {one: kept for one, kept in self._kept.items() if kept[0] > now}
        self._kept[token, key] = (now + LIFE_MS, response)
