"""Whose account a key belongs to, and whether it moves real money (reliability P29)."""

import stripe as stripe_sdk

from mondaybridge.stripe.client import StripeGateway, raw
from mondaybridge.stripe.failures import Missing

LIVE = ("sk_live_", "rk_live_", "sk_org_live_")


def is_live(api_key: str) -> bool:
    """Whether documents made with a key are real; Stripe says it in the key alone."""
    return api_key.startswith(LIVE)


def account_id(gateway: StripeGateway) -> str:
    """Return the id of the account behind the key; empty where the address does not tell it."""

    def look(client: stripe_sdk.StripeClient) -> str:
        return str(raw(client, "/v1/account", {})["id"])

    try:
        return gateway.read(look)
    except Missing:
        return ""
