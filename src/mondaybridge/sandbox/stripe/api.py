"""The Stripe stand-in: HTTP surface, routing, keys and faults (stripe.md §1.1-§1.8).

Business rules stand in the modules of their objects, planned faults in ``faults.py``.
"""

import base64
import binascii
import json
import re

from mondaybridge.sandbox.stripe import (
    balances,
    credit_notes,
    endpoints,
    events,
    invoices,
    lines,
    objects,
    own_account,
    payments,
    search,
)
from mondaybridge.sandbox.stripe.account import Account, Route
from mondaybridge.sandbox.stripe.data import WEBHOOK_SECRET, StripeData
from mondaybridge.sandbox.stripe.endpoints import API_VERSION
from mondaybridge.sandbox.stripe.errors import StripeError
from mondaybridge.sandbox.stripe.events import Events
from mondaybridge.sandbox.stripe.expand import expand
from mondaybridge.sandbox.stripe.faults import (
    FAULT_KINDS,
    before_execution,
    in_use,
    server_error,
    take,
)
from mondaybridge.sandbox.stripe.forms import Expandable, Form, Json, Pairs, pairs_of, read
from mondaybridge.sandbox.stripe.humans import StripeHumans
from mondaybridge.sandbox.stripe.idempotency import Idempotency, fingerprint_of, key_of
from mondaybridge.sandbox.world import Dropped, Fault, Request, Response, World

__all__ = ["FAULT_KINDS", "WEBHOOK_SECRET", "StripeApi"]

_ROUTES = (
    *objects.ROUTES,
    *invoices.ROUTES,
    *lines.ROUTES,
    *payments.ROUTES,
    *balances.ROUTES,
    *credit_notes.ROUTES,
    *events.ROUTES,
    *own_account.ROUTES,
    *endpoints.ROUTES,
    *search.ROUTES,
)
_FORM = "application/x-www-form-urlencoded"


class StripeApi:
    """One Stripe account behind its API; its state is readable by tests."""

    def __init__(
        self, world: World, data: StripeData | None = None, *, webhook_secret: str = WEBHOOK_SECRET
    ) -> None:
        self.world = world
        self.account = Account(world, data or StripeData())
        self.customers = self.account.customers
        self.tax_rates = self.account.tax_rates
        self.invoices = self.account.invoices
        self.credit_notes = self.account.credit_notes
        self.events = self.account.events
        self.mails = self.account.mails
        self.webhooks = Events(self.account, webhook_secret=webhook_secret)
        self.idempotency = Idempotency()
        self.humans = StripeHumans(self.account, self.perform)
        self._seed()

    def handle(self, request: Request) -> Response:
        """Answer a request; ``Dropped`` says that its connection ended without an answer."""
        route, ids = _routed(request)
        name = route.operation if route else ""
        self.pass_time()
        fault = take(self.world, f"{request.method} {request.path} {name}".strip())
        if fault and fault.kind == "drop_request":
            raise Dropped(executed=False)
        request_id = self.account.new_id("req")[:18]
        self.account.request = (request_id, request.headers.get("idempotency-key"))
        try:
            response = self._answer(request, route, ids, fault)
        except StripeError as refusal:
            response = refusal.response()
        if fault and fault.kind == "drop_answer":
            raise Dropped(executed=True)
        return _dressed(request, response, request_id)

    def pass_time(self) -> None:
        """Let happen what time alone brings, such as an invoice that falls overdue."""
        self.account.request = (None, None)
        payments.pass_time(self.account)

    def perform(self, method: str, path: str, pairs: Pairs) -> Json:
        """Run an operation as Stripe's own pages do: no credentials, no key, no faults."""
        route, ids = _routed(Request(method, path))
        if route is None:
            raise _unknown(method, path)
        self.pass_time()
        return self._run(route, ids, read(route.form, pairs))

    def _answer(
        self, request: Request, route: Route | None, ids: tuple[str, ...], fault: Fault | None
    ) -> Response:
        _check_credentials(request)
        _check_version(request)
        if fault and (refusal := before_execution(fault, self.account)):
            raise refusal
        if route is None:
            raise _unknown(request.method, request.path)
        _check_size(request, self.account)
        pairs = _pairs(request)
        key, now = key_of(request), self.world.clock.now()
        fingerprint = fingerprint_of(request, pairs) if key else b""
        if key and (again := self.idempotency.replay(key, fingerprint, now)):
            return again if self.account.settings.replayed_header else _unmarked(again)
        if fault and fault.kind == "in_use":
            raise in_use(self.account)
        form = read(route.form, pairs)
        response = self._executed(route, ids, form, fault)
        if key:
            named = {"request-id": self.account.request[0] or "", "idempotency-key": key}
            response = Response(response.status, response.body, {**response.headers, **named})
            self.idempotency.keep(key, fingerprint, response, now)
        return response

    def _executed(
        self, route: Route, ids: tuple[str, ...], form: Form, fault: Fault | None
    ) -> Response:
        """Run an operation; from here on its result belongs to the key (§1.3)."""
        kind = fault.kind if fault else ""
        if kind == "saved_500":
            return server_error().response()
        if fault and kind == "payment_lands":
            self._money_lands(fault, form, ids)
        try:
            answer = self._run(route, ids, form)
        except StripeError as refusal:
            return refusal.response()
        if kind == "saved_500_applied":
            return server_error().response()
        return Response(200, json.dumps(answer).encode())

    def _money_lands(self, fault: Fault, form: Form, ids: tuple[str, ...]) -> None:
        """Let the customer pay the invoice that a request is about, just before it runs."""
        identifier = str(getattr(form, "invoice", None) or (*ids, "")[0])
        invoice = self.account.invoices.get(identifier)
        if invoice is not None and invoice.amount_remaining:
            given = fault.options.get("amount")
            payments.receive(self.account, invoice, None if given is None else int(str(given)))

    def _run(self, route: Route, ids: tuple[str, ...], form: Form) -> Json:
        answer = route.run(self.account, form, *ids)
        if isinstance(form, Expandable) and form.expand:
            expand(self.account, answer, form.expand)
        return answer

    def _seed(self) -> None:
        for customer in self.account.settings.customers:
            objects.seed_customer(self.account, customer)
        for rate in self.account.settings.tax_rates:
            objects.seed_tax_rate(self.account, rate)


def _routed(request: Request) -> tuple[Route | None, tuple[str, ...]]:
    """Find the operation of a path; a fixed word goes before an id in the same place."""
    steps = request.path.split("/")
    for route, template in _TABLE.get((request.method, len(steps)), ()):
        pairs = list(zip(template, steps, strict=True))
        if all(word in {"{}", step} for word, step in pairs) and all(steps[1:]):
            return route, tuple(step for word, step in pairs if word == "{}")
    return None, ()


def _table() -> dict[tuple[str, int], list[tuple[Route, list[str]]]]:
    table: dict[tuple[str, int], list[tuple[Route, list[str]]]] = {}
    for route in sorted(_ROUTES, key=lambda route: route.template.count("{}")):
        steps = route.template.split("/")
        table.setdefault((route.method, len(steps)), []).append((route, steps))
    return table


_TABLE = _table()


def _check_credentials(request: Request) -> None:
    """Accept any key that is not empty, as bearer or as the user name of basic credentials."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            value = base64.b64decode(value, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            value = ""
    if scheme.lower() not in {"bearer", "basic"} or not value.strip():
        raise StripeError(
            "No API key was given: send it as 'Authorization: Bearer KEY'.",
            status=401,
            headers={"www-authenticate": 'Basic realm="Stripe"'},
        )


def _check_version(request: Request) -> None:
    version = request.headers.get("stripe-version", API_VERSION)
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}(\.[a-z]+)?", version):
        raise StripeError(f"Invalid Stripe API version: {version}")


def _check_size(request: Request, account: Account) -> None:
    if len(request.body) > account.settings.body_bytes:
        raise StripeError("Request entity too large.", status=413)


def _pairs(request: Request) -> Pairs:
    if request.method != "POST":
        return pairs_of(request.query)
    if request.body and not request.headers.get("content-type", _FORM).startswith(_FORM):
        raise StripeError(f"Requests need the content type {_FORM}.")
    try:
        return [*pairs_of(request.query), *pairs_of(request.body.decode())]
    except UnicodeDecodeError:
        raise StripeError("The body of the request is not UTF-8.") from None


def _unmarked(again: Response) -> Response:
    """Return a replay without the headers that say so (unverified, §1.3)."""
    kept = {n: v for n, v in again.headers.items() if n != "idempotent-replayed"}
    return Response(again.status, again.body, kept)


def _dressed(request: Request, response: Response, request_id: str) -> Response:
    """Add the headers that every answer has."""
    headers = {
        "content-type": "application/json",
        "stripe-version": request.headers.get("stripe-version", API_VERSION),
        **response.headers,
        "request-id": request_id,
    }
    return Response(response.status, response.body, headers)


def _unknown(method: str, path: str) -> StripeError:
    return StripeError(f"Unrecognized request URL ({method}: {path}).", status=404)
