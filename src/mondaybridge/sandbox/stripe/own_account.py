"""The account itself, as ``GET /v1/account`` tells it to whoever has its key."""

from mondaybridge.sandbox.stripe.account import Account, Route
from mondaybridge.sandbox.stripe.forms import Expandable, Json


def _retrieve(account: Account, _: Expandable) -> Json:
    return {
        "id": account.identifier,
        "object": "account",
        "charges_enabled": True,
        "country": "IT",
        "created": 1,
        "default_currency": account.settings.currency,
        "details_submitted": True,
        "email": None,
        "metadata": {},
        "payouts_enabled": True,
        "type": "standard",
    }


ROUTES = (Route("GET", "/v1/account", "Account.retrieve_current", Expandable, _retrieve),)
