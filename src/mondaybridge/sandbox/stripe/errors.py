"""Stripe's refusals as values to raise: status, type, code, parameter, message (stripe.md §1.1)."""

import json
from typing import NoReturn

from mondaybridge.sandbox.world import Response


class StripeError(Exception):
    """One refusal in Stripe's shape; some say more in their headers."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}
        self._fields = {"type": kind, "code": code, "param": param, "message": message}

    def response(self) -> Response:
        """Return the answer that Stripe gives for this refusal."""
        error = {name: value for name, value in self._fields.items() if value is not None}
        return Response(self.status, json.dumps({"error": error}).encode(), self.headers)


def missing(kind: str, identifier: str, *, param: str = "id", status: int = 404) -> NoReturn:
    """Refuse an id that names nothing: 404 for the object of the path, 400 for a parameter."""
    raise StripeError(
        f"No such {kind.replace('_', ' ')}: '{identifier}'",
        status=status,
        code="resource_missing",
        param=param,
    )


def parameter_missing(param: str) -> NoReturn:
    """Refuse a call that lacks a parameter which its other parameters make necessary."""
    raise StripeError(f"Missing required param: {param}.", code="parameter_missing", param=param)
