"""Stripe's memory of POST requests by their key (stripe.md §1.3).

The result of a request whose execution began is kept whatever it was, and replayed for 24 hours of
the world's clock; after that the same key runs anew.
"""

import hashlib
from dataclasses import dataclass

from mondaybridge.sandbox.stripe.errors import StripeError
from mondaybridge.sandbox.stripe.forms import Pairs
from mondaybridge.sandbox.world import Request, Response

KEPT_MS = 24 * 3_600_000
MAX_KEY = 255


@dataclass(frozen=True, slots=True)
class Kept:
    """What was answered, when, and to what request."""

    at: int
    fingerprint: bytes
    response: Response


class Idempotency:
    """The results of an account by key, oldest first."""

    def __init__(self) -> None:
        self._kept: dict[str, Kept] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def replay(self, key: str, fingerprint: bytes, now: int) -> Response | None:
        """Return the kept answer; other parameters or another endpoint are refused."""
        self._forget(now)
        if (kept := self._kept.get(key)) is None:
            return None
        if kept.fingerprint != fingerprint:
            raise StripeError(
                "Keys for idempotent requests are bound to the endpoint and the parameters they"
                f" were first used with; use another key than '{key}' for another request.",
                kind="idempotency_error",
            )
        again = {
            "idempotent-replayed": "true",
            "original-request": kept.response.headers.get("request-id", ""),
        }
        return Response(
            kept.response.status, kept.response.body, {**kept.response.headers, **again}
        )

    def keep(self, key: str, fingerprint: bytes, response: Response, now: int) -> None:
        """Remember an answer."""
        self._kept[key] = Kept(now, fingerprint, response)

    def _forget(self, now: int) -> None:
        while self._kept:
            oldest = next(iter(self._kept))
            if now - self._kept[oldest].at < KEPT_MS:
                return
            del self._kept[oldest]


def key_of(request: Request) -> str:
    """Return the key of a request; only POST has one (§1.3)."""
    key = request.headers.get("idempotency-key", "") if request.method == "POST" else ""
    if len(key) > MAX_KEY:
        raise StripeError(f"Idempotency keys have at most {MAX_KEY} characters; got {len(key)}.")
    return key


def fingerprint_of(request: Request, pairs: Pairs) -> bytes:
    """Return what identifies a request: method, path and parameters in any order."""
    whole = f"{request.method} {request.path} {sorted(pairs)!r}"
    return hashlib.sha256(whole.encode()).digest()
