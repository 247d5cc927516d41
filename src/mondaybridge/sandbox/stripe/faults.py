"""What goes wrong at Stripe when it is planned in ``world.faults`` with service ``stripe``.

For requests ``match`` is part of ``"POST /v1/invoices Invoice.create"`` (real path, then the
operation's name in Stripe's description), for webhooks part of the event's type:

========================  ==========================================================================
``drop_request``          the connection ends before anything ran
``drop_answer``           the request ran, its answer is lost
``saved_500``             500, nothing applied, kept under the key
``saved_500_applied``     500 although applied, kept under the key
``server_error_unsaved``  500 before execution: nothing applied, nothing kept
``in_use``                409: a request with the same key is still running; not kept
``rate_limit``            429 of the limiter, which the SDK does not retry; not kept
``lock_timeout``          429 with ``Stripe-Should-Retry: true``, which it does; not kept
``forbidden``             403: a restricted key lacks a permission (option ``permission``)
``payment_lands``         the invoice of the request is paid just before (option ``amount``)
``webhook_lost``          an event's webhook never leaves
``webhook_twice``         it leaves twice
``webhook_late``          it leaves ``ms`` later (an hour unless told)
``webhook_first``         it overtakes all that wait
========================  ==========================================================================
"""

from typing import Literal, get_args

from mondaybridge.sandbox.stripe.account import Account
from mondaybridge.sandbox.stripe.errors import StripeError
from mondaybridge.sandbox.world import Delivery, Fault, World

FaultKind = Literal[
    "drop_request",
    "drop_answer",
    "saved_500",
    "saved_500_applied",
    "server_error_unsaved",
    "in_use",
    "rate_limit",
    "lock_timeout",
    "forbidden",
    "payment_lands",
    "webhook_lost",
    "webhook_twice",
    "webhook_late",
    "webhook_first",
]
FAULT_KINDS: tuple[str, ...] = get_args(FaultKind)
HOUR_MS = 3_600_000


def take(world: World, operation: str, *, webhook: bool = False) -> Fault | None:
    """Take the first fault planned for a request, or for the webhook of an event."""
    for fault in world.faults:
        planned = fault.service == "stripe" and fault.times > 0
        if planned and fault.kind.startswith("webhook_") == webhook and fault.match in operation:
            fault.times -= 1
            return fault
    return None


def before_execution(fault: Fault, account: Account) -> StripeError | None:
    """Return the refusal of a fault that keeps a request from running."""
    match fault.kind:
        case "rate_limit":
            return _rate_limit(account)
        case "lock_timeout":
            return _lock_timeout()
        case "server_error_unsaved":
            return server_error()
        case "forbidden":
            return _forbidden(account, str(fault.options.get("permission", "rak_invoice_write")))
        case _:
            return None


def queue(world: World, delivery: Delivery, kind: str) -> None:
    """Put a webhook on its way, with what was planned for it (§1.7)."""
    fault = take(world, kind, webhook=True)
    match fault.kind if fault else "":
        case "webhook_lost":
            return
        case "webhook_twice":
            again = Delivery(delivery.id, delivery.url, dict(delivery.headers), delivery.body, 0)
            again.not_before = delivery.not_before
            world.deliveries += [delivery, again]
        case "webhook_late":
            delay = fault.options.get("ms", HOUR_MS) if fault else 0
            delivery.not_before += int(str(delay))
            world.deliveries.append(delivery)
        case "webhook_first":
            world.deliveries.insert(0, delivery)
        case _:
            world.deliveries.append(delivery)


def server_error() -> StripeError:
    """Return Stripe's own mistake."""
    return StripeError("An unknown error occurred.", status=500, kind="api_error")


def in_use(account: Account) -> StripeError:
    """Return the refusal of a request whose twin is still running."""
    return StripeError(
        "Another request with this idempotency key is still in progress.",
        status=409,
        kind="idempotency_error",
        code=account.settings.in_use_code or None,
    )


def _rate_limit(account: Account) -> StripeError:
    reason = account.settings.rate_limited_reason
    return StripeError(
        "Too many requests hit the API too quickly.",
        status=429,
        code="rate_limit",
        headers={"stripe-rate-limited-reason": reason} if reason else {},
    )


def _lock_timeout() -> StripeError:
    return StripeError(
        "Another request holds this object; try again later.",
        status=429,
        code="lock_timeout",
        headers={"stripe-should-retry": "true"},
    )


def _forbidden(account: Account, permission: str) -> StripeError:
    return StripeError(
        "The provided key 'rk_test_*****' does not have the required permissions for this endpoint"
        f" on account '{account.identifier}'. Having the '{permission}' permission would allow this"
        " request to continue.",
        status=403,
    )
