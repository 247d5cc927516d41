"""Search as Stripe has it: late, by page, and never to be used for what was just written (§0.9).

What search shows is as old as the switch says. Of the query language: clauses joined by AND or OR,
``field:'value'``, ``metadata['key']:'value'``, ``field~'part'``, ``-`` before a clause, and
numbers compared by ``: < <= > >=``.
"""

import json
import re
from collections.abc import Callable
from typing import Annotated

from pydantic import Field

from mondaybridge.sandbox.stripe.account import Account, Route
from mondaybridge.sandbox.stripe.errors import StripeError
from mondaybridge.sandbox.stripe.forms import Expandable, Int, Json, Name
from mondaybridge.sandbox.stripe.invoice_render import invoice_json
from mondaybridge.sandbox.stripe.render import customer_json

_CLAUSE = re.compile(
    r"(?P<no>-?)(?P<field>[a-z_.]+)(?:\[[\"'](?P<key>[^\"']+)[\"']\])?"
    r"(?P<how>:|~|<=|>=|<|>)(?P<quote>[\"']?)(?P<value>[^\"']*)(?P=quote)"
)


class _Search(Expandable):
    query: Name
    limit: Annotated[Int, Field(ge=1, le=100)] = 10
    page: Name | None = None


def _search(account: Account, form: _Search, kind: str, render: Callable[[str], Json]) -> Json:
    """Answer from what was known some time ago, newest first."""
    wanted = _condition(form.query)
    known = [row for row in _as_of(account, kind, render) if wanted(row)]
    first = int(form.page) if form.page and form.page.isdigit() else 0
    shown = known[first : first + form.limit]
    more = first + form.limit < len(known)
    return {
        "object": "search_result",
        "url": f"/v1/{kind}s/search",
        "has_more": more,
        "next_page": str(first + form.limit) if more else None,
        "data": shown,
    }


def _as_of(account: Account, kind: str, render: Callable[[str], Json]) -> list[Json]:
    """Return all objects of a kind as they were before the lag, newest first.

    What changed meanwhile is shown as its last event before that had it, and not at all without.
    """
    since = account.now() - account.settings.search_lag_seconds
    events = [json.loads(event.body) for event in account.events.values()]
    things = [(event["created"], event["data"]["object"]) for event in events]
    of_kind = [(at, thing) for at, thing in things if thing["object"] == kind]
    changed = {thing["id"] for at, thing in of_kind if at > since}
    old = {thing["id"]: thing for at, thing in of_kind if at <= since}
    shelf = account.invoices if kind == "invoice" else account.customers
    rows = [old.get(name) if name in changed else render(name) for name in list(shelf)[::-1]]
    return [row for row in rows if row is not None and not row.get("deleted")]


def _condition(query: str) -> Callable[[Json], bool]:
    """Read a query, or refuse it."""
    word = " OR " if " OR " in query else " AND "
    tests = [_clause(part.strip()) for part in query.split(word)]
    return lambda row: (any if word == " OR " else all)(test(row) for test in tests)


def _clause(text: str) -> Callable[[Json], bool]:
    found = _CLAUSE.fullmatch(text)
    if found is None:
        raise StripeError(f"We were unable to parse your search query: {text}", param="query")
    field, key, value = found["field"], found["key"], found["value"]

    def holds(row: Json) -> bool:
        held = (row.get(field) or {}).get(key) if key else row.get(field)
        return _compares(held, found["how"], value) != bool(found["no"])

    return holds


def _compares(held: object, how: str, value: str) -> bool:
    if how in {":", "~"}:
        given = "null" if held is None else str(held)
        return value.lower() == given.lower() if how == ":" else value.lower() in given.lower()
    if not isinstance(held, int) or not value.isdigit():
        return False
    number = int(value)
    return {"<": held < number, "<=": held <= number, ">": held > number, ">=": held >= number}[how]


def _invoices(account: Account, form: _Search) -> Json:
    return _search(
        account, form, "invoice", lambda name: invoice_json(account, account.invoices[name])
    )


def _customers(account: Account, form: _Search) -> Json:
    return _search(
        account, form, "customer", lambda name: customer_json(account, account.customers[name])
    )


ROUTES = (
    Route("GET", "/v1/invoices/search", "Invoice.search", _Search, _invoices),
    Route("GET", "/v1/customers/search", "Customer.search", _Search, _customers),
)
