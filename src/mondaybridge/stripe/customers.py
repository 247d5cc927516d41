"""Customers at Stripe: looked at, found again by our metadata in a list, and made (stripe.md §1.8).

Never searched: search is late by minutes, and a second customer would split a client's documents.
"""

from dataclasses import dataclass

import stripe as stripe_sdk

from mondaybridge.domain.contract import Client
from mondaybridge.stripe.client import PAGE, EffectLog, Json, StripeGateway, Write, raw, rows
from mondaybridge.stripe.failures import Missing

CLIENT = "mb_client"  # our key in a customer's metadata
CREATE = "create_customer"


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as Stripe has it; one that was deleted has nothing but its id."""

    customer_id: str
    deleted: bool = False
    email: str = ""
    currency: str = ""


def business_key(client_id: str) -> str:
    """Return what the writes about a client's customer are known by."""
    return f"customer:{client_id}"


def read_customer(gateway: StripeGateway, customer_id: str) -> Customer | None:
    """Return a customer, or None where this account and mode has none of that id."""
    try:
        found = gateway.read(lambda client: raw(client, f"/v1/customers/{customer_id}", {}))
    except Missing:
        return None
    if found.get("deleted"):
        return Customer(customer_id, deleted=True)
    email, currency = found.get("email") or "", found.get("currency") or ""
    return Customer(customer_id, email=email, currency=currency)


def made_for(gateway: StripeGateway, client_id: str) -> list[str]:
    """Return the customers that were made for a client, all pages looked through."""

    def look(client: stripe_sdk.StripeClient) -> list[str]:
        every = rows(client, "/v1/customers", {"limit": PAGE})
        return [row["id"] for row in every if _metadata(row).get(CLIENT) == client_id]

    return gateway.read(look)


def create_customer(
    gateway: StripeGateway, effects: EffectLog, *, client: Client, attempt: int
) -> str:
    """Make a client's customer and return its id."""
    write = Write(effects, business_key(client.client_id), CREATE, attempt)
    made = gateway.write(
        write,
        lambda sdk: sdk.v1.customers.create(
            {
                "name": client.name,
                "email": client.email,
                "preferred_locales": [client.locale],
                "metadata": {CLIENT: client.client_id},
            }
        ),
    )
    return made.id


def _metadata(row: Json) -> Json:
    return row.get("metadata") or {}
