"""The ``stripe`` part of a data file: what an account holds and how it is set up at the start.

Habits whose real behaviour is unverified are switches (``switches.py``, stripe.md §6).
"""

from collections import Counter
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from mondaybridge.sandbox.stripe.switches import Part, Switches

WEBHOOK_SECRET = "whsec_sandbox"  # noqa: S105 - the sandbox's, known to everybody


class AddressData(Part):
    """A postal address in Stripe's fields."""

    line1: str | None = None
    line2: str | None = None
    postal_code: str | None = None
    city: str | None = None
    state: str | None = None
    country: Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")] | None = None


class CustomerData(Part):
    """A customer that exists from the start."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    name: str | None = None
    email: str | None = None
    description: str | None = None
    address: AddressData | None = None
    tax_exempt: Literal["none", "exempt", "reverse"] = "none"
    invoice_prefix: Annotated[str, StringConstraints(pattern="^[A-Z0-9]{3,12}$")] | None = None
    currency: Annotated[str, StringConstraints(pattern="^[a-z]{3}$")] | None = None
    balance: int = Field(default=0, description="Minor units; negative is a credit.")
    metadata: dict[str, str] = Field(default_factory=dict)


class TaxRateData(Part):
    """A manual tax rate that exists from the start."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    display_name: Annotated[str, StringConstraints(min_length=1, max_length=50)]
    percentage: Annotated[Decimal, Field(ge=0, le=100, decimal_places=4)]
    inclusive: bool = False
    country: Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")] | None = None
    active: bool = True


class EndpointData(Part):
    """An address that events are posted to; while a secret is rolled it has two."""

    url: Annotated[str, StringConstraints(min_length=1)]
    payload: Literal["snapshot", "thin"] = "snapshot"
    secrets: Annotated[list[str], Field(min_length=1, max_length=16)] = Field(
        default_factory=lambda: [WEBHOOK_SECRET]
    )
    enabled_events: list[str] = Field(default_factory=lambda: ["*"])
    api_version: str = "2026-10-28.endive"


class StripeData(Switches):
    """An account: its customers, tax rates, webhook address and unverified habits."""

    customers: list[CustomerData] = Field(default_factory=list)
    tax_rates: list[TaxRateData] = Field(default_factory=list)
    webhook_url: str | None = Field(default=None, description="Where signed events are posted.")
    webhook_endpoints: list[EndpointData] = Field(
        default_factory=list, description="More such addresses, or others than the plain one."
    )
    account_name: str = "Sandbox Agency"
    account_country: Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")] = "IT"
    currency: Annotated[str, StringConstraints(pattern="^[a-z]{3}$")] = "eur"
    invoice_prefix: Annotated[str, StringConstraints(pattern="^[A-Z0-9]{3,12}$")] = "SANDBOX"
    numbering: Literal["account", "customer"] = Field(
        default="account", description="Which sequence invoice numbers come from."
    )
    automatic_tax: dict[str, Annotated[Decimal, Field(ge=0, le=100)]] = Field(
        default_factory=lambda: {"IT": Decimal(22), "GB": Decimal(20)},
        description="Percentages that automatic tax charges, by the customer's country.",
    )

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        customers = [customer.id for customer in self.customers]
        ids = Counter([*customers, *(rate.id for rate in self.tax_rates)])
        if double := next((name for name, count in ids.items() if count > 1), None):
            raise ValueError(f"the id '{double}' stands twice")
        return self
