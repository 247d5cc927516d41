"""The one place where the SDK's errors become ours."""

import re
from collections.abc import Callable

import stripe as stripe_sdk

from mondaybridge.errors import BridgeError, CredentialsError, Parked, TryLater, UpstreamError

SETTING = "MONDAYBRIDGE_STRIPE__API_KEY"
MISSING = 404
IN_USE = 409
SERVER_ERROR = 500
_PERMISSION = re.compile(r"\brak_\w+")  # how Stripe names what a restricted key may do (P30)


class SavedFailure(TryLater):
    """Stripe saved a failure under the key: look what came of it, then raise the attempt."""


class Missing(UpstreamError):  # noqa: N818 - an answer to a read
    """What was to be read does not exist (any more)."""


class Gone(Parked):
    """What was to be changed does not exist (any more)."""


def translated(error: stripe_sdk.StripeError, op: str = "") -> BridgeError:
    """Say in our words what an error of Stripe asks for; ``op`` is the write that met it."""
    for kind, words in _WORDS:
        if isinstance(error, kind):
            return words(error, op)
    return _refused(error, op)


def _unknown_key(_: stripe_sdk.StripeError, __: str) -> BridgeError:
    return CredentialsError(f"Stripe does not know the API key: set {SETTING}")


def _not_allowed(error: stripe_sdk.StripeError, _: str) -> BridgeError:
    told = _message(error)
    named = _PERMISSION.search(told)
    lacks = f"lacks the permission {named[0]}" if named else "may not do this"
    return CredentialsError(f"the API key in {SETTING} {lacks}: {told}")


def _no_answer(error: stripe_sdk.StripeError, _: str) -> BridgeError:
    return TryLater(f"no answer from Stripe: {_message(error)}")


def _too_many(error: stripe_sdk.StripeError, _: str) -> BridgeError:
    return TryLater(f"Stripe asks for patience: {_message(error)}")


def _other_bytes(error: stripe_sdk.StripeError, op: str) -> BridgeError:
    return Parked(f"Stripe knows the key of this {op} with other bytes", _evidence(error))


def _invalid(error: stripe_sdk.StripeError, op: str) -> BridgeError:
    if error.http_status != MISSING:
        return _refused(error, op)
    if op:
        return Gone(f"Stripe no longer has what {op} is about", _evidence(error))
    return Missing(f"Stripe has no such object: {_evidence(error)}")


def _of_server(error: stripe_sdk.StripeError, op: str) -> BridgeError:
    """Judge by status what the SDK has no class for: 409, 424, 5xx, an unreadable body."""
    status = error.http_status or 0
    if status == SERVER_ERROR and op:
        return SavedFailure(f"Stripe failed at {op}, and saved it: {_message(error)}")
    if status in range(400, SERVER_ERROR) and status != IN_USE:
        return _refused(error, op)
    return TryLater(f"Stripe cannot answer now ({status}): {_message(error)}")


def _refused(error: stripe_sdk.StripeError, op: str) -> BridgeError:
    if op:
        return Parked(f"Stripe refuses {op}: {_message(error)}", _evidence(error))
    return UpstreamError(f"Stripe refuses the request: {_evidence(error)}")


_WORDS: tuple[
    tuple[type[stripe_sdk.StripeError], Callable[[stripe_sdk.StripeError, str], BridgeError]], ...
] = (
    (stripe_sdk.AuthenticationError, _unknown_key),
    (stripe_sdk.PermissionError, _not_allowed),
    (stripe_sdk.APIConnectionError, _no_answer),
    (stripe_sdk.RateLimitError, _too_many),
    (stripe_sdk.IdempotencyError, _other_bytes),
    (stripe_sdk.InvalidRequestError, _invalid),
    (stripe_sdk.APIError, _of_server),
)


def _evidence(error: stripe_sdk.StripeError) -> str:
    facts = {
        "status": error.http_status,
        "code": error.code,
        "param": getattr(error, "param", None),
        "request": error.request_id,
        "message": _message(error),
    }
    return ", ".join(f"{name} {value}" for name, value in facts.items() if value)


def _message(error: stripe_sdk.StripeError) -> str:
    return (error.user_message or str(error) or type(error).__name__)[:500]
