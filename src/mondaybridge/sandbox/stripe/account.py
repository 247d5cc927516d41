"""One Stripe account: its objects, its sequences and its time; the operations work on this."""

import string
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mondaybridge.sandbox.stripe.data import StripeData
from mondaybridge.sandbox.stripe.errors import missing
from mondaybridge.sandbox.stripe.forms import Form, Json
from mondaybridge.sandbox.stripe.models import (
    BalanceTransaction,
    CreditNote,
    Customer,
    Endpoint,
    Event,
    Invoice,
    Mail,
    Payment,
    TaxRate,
)
from mondaybridge.sandbox.stripe.shelf import Shelf
from mondaybridge.sandbox.world import World

_ALPHABET = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Route:
    """One operation: its place, its name in Stripe's description, its parameters, its deed."""

    method: str
    template: str
    operation: str
    form: type[Form]
    run: Callable[..., Json]


class Account:
    """The state that all operations share."""

    def __init__(self, world: World, settings: StripeData) -> None:
        self.world = world
        self.settings = settings
        self.identifier = "acct_InventedAgency"
        self.customers: Shelf[Customer] = Shelf("customer")
        self.tax_rates: Shelf[TaxRate] = Shelf("tax_rate")
        self.invoices: Shelf[Invoice] = Shelf("invoice", "customer", "status")
        self.credit_notes: Shelf[CreditNote] = Shelf("credit_note", "customer", "invoice")
        self.payments: Shelf[Payment] = Shelf("invoice_payment", "invoice")
        self.balance_transactions: Shelf[BalanceTransaction] = Shelf(
            "customer_balance_transaction", "customer", "invoice"
        )
        self.endpoints: Shelf[Endpoint] = Shelf("webhook_endpoint")
        self.events: Shelf[Event] = Shelf("event", "type")
        self.mails: list[Mail] = []
        self.numbers: set[str] = set()
        self.automatic_rates: dict[str, TaxRate] = {}
        self.due: list[tuple[int, str]] = []
        self.next_invoice_sequence = 1
        self.request: tuple[str | None, str | None] = (None, None)
        self.happened: Callable[[str, Json, Json | None], None] = lambda *_: None

    def now(self) -> int:
        """Return the world's time in seconds."""
        return self.world.clock.now() // 1000

    def new_id(self, prefix: str) -> str:
        """Make an id as opaque as Stripe's, the same for the same seed."""
        return f"{prefix}_{''.join(self.world.random.choices(_ALPHABET, k=24))}"

    def new_place(self, prefix: str) -> dict[str, Any]:
        """Return id, serial and second of creation of a new object."""
        return {
            "id": self.new_id(prefix),
            "serial": self.world.serial(),
            "created": self.now(),
        }

    def customer(self, identifier: str) -> Customer:
        """Return a living customer, or refuse the parameter that names it."""
        param = "customer"
        found = self.customers.find(identifier, param=param, status=400)
        return missing("customer", identifier, param=param, status=400) if found.deleted else found

    def rates(self, identifiers: list[str], *, param: str) -> list[TaxRate]:
        """Return tax rates, or refuse the first id that names none."""
        return [
            self.tax_rates.find(identifier, param=f"{param}[{place}]", status=400)
            for place, identifier in enumerate(identifiers)
        ]
