"""``expand``: put the object where its id stands, in one answer or in every row of a list."""

from collections.abc import Callable

from mondaybridge.sandbox.stripe.account import Account
from mondaybridge.sandbox.stripe.errors import StripeError
from mondaybridge.sandbox.stripe.forms import Json
from mondaybridge.sandbox.stripe.invoice_render import invoice_json
from mondaybridge.sandbox.stripe.render import customer_json

_KNOWN: dict[str, Callable[[Account, str], Json]] = {
    "customer": lambda account, name: customer_json(account, account.customers[name]),
    "invoice": lambda account, name: invoice_json(account, account.invoices[name]),
}


def expand(account: Account, answer: Json, paths: list[str]) -> None:
    """Expand the named fields in place; what the stand-in cannot expand is refused."""
    for path in paths:
        listed = answer.get("object") == "list"
        name = path.removeprefix("data.") if listed else path
        rows = answer["data"] if listed else [answer]
        if name not in _KNOWN or (listed and name == path):
            raise StripeError(f"This property cannot be expanded ({path}).", param="expand")
        for row in rows:
            if not isinstance(row.get(name), str):
                raise StripeError(f"This property cannot be expanded ({path}).", param="expand")
            row[name] = _KNOWN[name](account, row[name])
