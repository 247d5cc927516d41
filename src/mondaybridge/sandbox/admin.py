"""Routes that steer the world and exist at neither vendor: time, faults, people, a look inside.

=======================================  ===========================================================
``POST /admin/clock``                    ``{"now": ms or ISO 8601}`` or ``{"advance_ms": n}``
``POST /admin/faults``                   ``{"service", "kind", "match", "times", "options"}``
``DELETE /admin/faults``                 forget all faults
``POST /admin/humans/METHOD``            a person acts in monday; the body holds the arguments
``POST /admin/stripe/humans/METHOD``     a person acts in Stripe's dashboard
``GET /admin/deliveries``                webhooks that wait
``GET /admin/state``                     the time, and how many of everything there are
=======================================  ===========================================================
"""

import inspect
import json
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mondaybridge.sandbox.monday.api import MondayApi
from mondaybridge.sandbox.monday.data import Instant
from mondaybridge.sandbox.monday.faults import KINDS as MONDAY_FAULT_KINDS
from mondaybridge.sandbox.stripe.api import FAULT_KINDS, StripeApi
from mondaybridge.sandbox.stripe.errors import StripeError
from mondaybridge.sandbox.world import Fault, Request, Response, World

PREFIX = "/admin"

Arguments: TypeAlias = dict[str, object]


class _ClockForm(BaseModel):
    model_config = ConfigDict(extra="forbid")

    now: Instant | None = None
    advance_ms: Annotated[int, Field(ge=0)] | None = None


class _FaultForm(BaseModel):
    model_config = ConfigDict(extra="forbid")

    service: Literal["monday", "stripe"]
    kind: Annotated[str, Field(min_length=1)]
    match: str = ""
    times: Annotated[int, Field(ge=1)] = 1
    options: dict[str, object] = Field(default_factory=dict)


class Admin:
    """The routes under ``/admin``, the same on both ports."""

    def __init__(self, world: World, monday: MondayApi, stripe: StripeApi) -> None:
        self._world = world
        self._monday = monday
        self._stripe = stripe
        self._routes: dict[tuple[str, str], Callable[[Arguments], object]] = {
            ("POST", "/clock"): self._clock,
            ("POST", "/faults"): self._plan_fault,
            ("GET", "/faults"): lambda _: [_fault_json(each) for each in world.faults],
            ("DELETE", "/faults"): self._forget_faults,
            ("GET", "/deliveries"): self._deliveries,
            ("GET", "/state"): self._state,
        }

    def handle(self, request: Request) -> Response | None:
        """Answer a request that steers the world; ``None`` if it is for the stand-in."""
        if request.path != PREFIX and not request.path.startswith(f"{PREFIX}/"):
            return None
        act = self._found(request.method, request.path.removeprefix(PREFIX))
        if act is None:
            return _json(
                HTTPStatus.NOT_FOUND, {"error": f"no route {request.method} {request.path}"}
            )
        try:
            return _json(HTTPStatus.OK, act(_arguments(request)))
        except ValidationError as wrong:
            return _json(HTTPStatus.BAD_REQUEST, {"error": _first(wrong)})
        except (ValueError, StripeError) as wrong:
            return _json(HTTPStatus.BAD_REQUEST, {"error": str(wrong)})

    def _found(self, method: str, path: str) -> Callable[[Arguments], object] | None:
        if method == "POST" and path.startswith("/humans/"):
            name = path.removeprefix("/humans/")
            return lambda arguments: self._monday.admin_human(name, arguments)
        if method == "POST" and path.startswith("/stripe/humans/"):
            name = path.removeprefix("/stripe/humans/")
            return lambda arguments: self._stripe_human(name, arguments)
        return self._routes.get((method, path))

    def _clock(self, arguments: Arguments) -> object:
        form = _ClockForm.model_validate(arguments)
        if (form.now is None) == (form.advance_ms is None):
            raise ValueError("give either 'now' or 'advance_ms'")
        if form.now is not None:
            self._world.clock.set(form.now)
        else:
            self._world.clock.advance(form.advance_ms or 0)
        return {"now": self._world.clock.now()}

    def _plan_fault(self, arguments: Arguments) -> object:
        form = _FaultForm.model_validate(arguments)
        kinds = FAULT_KINDS if form.service == "stripe" else MONDAY_FAULT_KINDS
        if form.kind not in kinds:
            raise ValueError(f"no fault '{form.kind}' at {form.service}; there are {_names(kinds)}")
        fault = Fault(form.service, form.kind, form.match, form.times, form.options)
        self._world.faults.append(fault)
        return _fault_json(fault)

    def _forget_faults(self, _: Arguments) -> object:
        self._world.faults.clear()
        return {"faults": []}

    def _deliveries(self, _: Arguments) -> object:
        return [
            {
                "id": each.id,
                "url": each.url,
                "not_before": each.not_before,
                "attempt": each.attempt,
                "body": each.body.decode(),
            }
            for each in self._world.deliveries
        ]

    def _state(self, _: Arguments) -> object:
        stripe, monday = self._stripe, self._monday.state
        return {
            "now": self._world.clock.now(),
            "faults": len([fault for fault in self._world.faults if fault.times > 0]),
            "deliveries": len(self._world.deliveries),
            "monday": {
                "users": len(monday.users),
                "boards": len(monday.boards),
                "items": len(monday.items),
                "updates": len(monday.updates),
                "assets": len(monday.assets),
                "notifications": len(monday.notifications),
                "webhooks": len(monday.webhooks),
                "calls_today": self._monday.limits.calls_today,
            },
            "stripe": {
                "customers": len(stripe.customers),
                "tax_rates": len(stripe.tax_rates),
                "invoices": len(stripe.invoices),
                "credit_notes": len(stripe.credit_notes),
                "events": len(stripe.events),
                "mails": len(stripe.mails),
            },
        }

    def _stripe_human(self, name: str, arguments: Arguments) -> object:
        act = None if name.startswith("_") else getattr(self._stripe.humans, name, None)
        if act is None:
            known = [each for each in dir(self._stripe.humans) if not each.startswith("_")]
            raise ValueError(f"nobody can '{name}' in Stripe; there are {_names(known)}")
        try:
            inspect.signature(act).bind(**arguments)
        except TypeError as wrong:
            raise ValueError(f"{name}: {wrong}") from None
        return act(**arguments)


def _arguments(request: Request) -> Arguments:
    try:
        content = json.loads(request.body) if request.body else {}
    except (ValueError, RecursionError):
        raise ValueError("the body is not JSON") from None
    if not isinstance(content, dict):
        raise ValueError("the body must be a JSON object")  # noqa: TRY004 - becomes a 400
    return content


def _first(wrong: ValidationError) -> str:
    error = wrong.errors(include_url=False)[0]
    place = ".".join(map(str, error["loc"]))
    return f"{place}: {error['msg']}"


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _fault_json(fault: Fault) -> Arguments:
    return {
        "service": fault.service,
        "kind": fault.kind,
        "match": fault.match,
        "times": fault.times,
        "options": fault.options,
    }


def _json(status: HTTPStatus, content: object) -> Response:
    return Response(
        status.value,
        json.dumps(content, default=str).encode(),
        {"content-type": "application/json"},
    )
