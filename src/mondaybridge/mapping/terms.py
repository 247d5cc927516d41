"""Who is billed, for what and how: rates, clients, contracts and the whole document.

Only keys whose effect exists are known; every default stands in the shipped ``mappings.yaml``.
"""

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from mondaybridge.mapping.columns import ColumnSet
from mondaybridge.mapping.scalars import (
    Amount,
    Currency,
    CustomerId,
    Day,
    Hours,
    Id,
    Label,
    MondayId,
    PriceText,
    Section,
    TaxRateId,
    Zone,
)

ONLY: dict[str, JsonValue] = {"additionalProperties": False}


class MondayAccount(Section):
    """The account that the boards belong to."""

    account_slug: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
    """The first part of the account's address; compared with the token's account."""


class TimingKeys(Section):
    """How soon the bridge looks, and how old a look may be."""

    debounce_seconds: Annotated[int, Field(ge=0, le=300)] = 5
    """Wait for more changes of a board after one was announced."""
    max_wait_seconds: Annotated[int, Field(ge=0, le=3600)] = 30
    """But never wait longer than this."""
    sweep_minutes: Annotated[int, Field(ge=1, le=1440)] = 10
    """Read every board in full this often: a lost webhook costs no more."""
    fresh_minutes: Annotated[int, Field(ge=1, le=10080)] = 15
    """A month is only closed on boards read this recently."""


class DatedAmount(Section):
    """A price from a day on."""

    starts_on: Annotated[Day, Field(alias="from")]
    """The first day of this price."""
    amount: Amount
    """What an hour costs, before tax, in the currency of the rate."""


class Rate(Section):
    """An hourly price list; work is priced by its own date."""

    currency: Currency
    """The currency of all amounts here."""
    tax_rate: TaxRateId | None = None
    """Stripe's id of the tax rate on the lines; null: none."""
    hourly: Annotated[list[DatedAmount], Field(min_length=1)]
    """Prices by day, the oldest first."""


class BoardLink(Section):
    """A board of a contract, and how to read its columns."""

    id: MondayId
    """The board's id, in quotes."""
    columns: Id
    """The name of a set under `columns`."""


class PackageTerms(Section):
    """A prepaid package of hours."""

    id: Id
    """The package's id; it stays for ever."""
    granted: Hours
    """Hours bought, like "40:00"."""
    sold_on: Day
    """The day from which the hours are there and the sale is due."""
    price: PriceText
    """The price of the whole package before tax, like "2400.00 EUR"."""
    tax_rate: TaxRateId | None = None
    """Stripe's id of the tax rate on the sale; null: none."""
    opening_used: Hours = 0
    """Hours already used before the bridge counted."""
    priority: Annotated[int, Field(ge=1, le=1000)] = 1
    """Of several packages, the lowest number is used first."""
    sale: Literal["bridge", "elsewhere"] = "bridge"
    """Who writes the sale's invoice."""


class Rounding(Section):
    """How charged time is rounded: up, once per activity and month."""

    increment: Annotated[int, Field(ge=1, le=480)] = 1
    """Minutes."""


class MeteredPolicies(Section):
    """Choices of a contract that is billed by the hour."""

    rounding: Rounding = Rounding()
    """How charged time is rounded."""


class PrepaidPolicies(MeteredPolicies):
    """Choices of a contract with packages."""

    overrun_limit: Literal["free", "hard"] = "free"
    """What an overrun may use: hours nobody reserved, or all that are left."""


class _ContractTerms(Section):
    id: Id
    """The contract's id; it stays for ever."""
    bill_from: Day
    """Work before this day is shown and never billed."""
    until: Day | None = None
    """The first day after the contract; null: open."""
    boards: Annotated[list[BoardLink], Field(min_length=1)]
    """The boards whose work belongs to this contract."""


class PrepaidContract(_ContractTerms):
    """Hours bought in advance: work needs approval and is taken from packages."""

    kind: Literal["prepaid_package"]
    """Packages of hours."""
    packages: Annotated[list[PackageTerms], Field(min_length=1)]
    """What was bought."""
    policies: PrepaidPolicies = PrepaidPolicies()
    """Choices."""


class MeteredContract(_ContractTerms):
    """Hours billed after the month at a dated rate."""

    kind: Literal["pay_as_you_go", "none"]
    """Agreed hourly billing, or the standard rate without a contract."""
    rate: Id
    """The name of a price list under `rates`."""
    policies: MeteredPolicies = MeteredPolicies()
    """Choices."""


ContractTerms = Annotated[PrepaidContract | MeteredContract, Field(discriminator="kind")]


class BoundsKeys(Section):
    """Limits beyond which a client's documents wait for a person (ledger 6.10)."""

    lines_per_day: Annotated[int, Field(ge=1)] = 15
    """Corrections: lines per day worked."""
    documents: Annotated[int, Field(ge=1)] = 3
    """Corrections: documents per month."""
    first_amount: Amount = "10000.00"
    """The first documents: their total, in the client's currency."""
    median_factor: Annotated[int, Field(ge=1)] = 10
    """From the third closed month on: this many times the median of the last six."""


class ClientPolicies(Section):
    """Choices about a client's documents."""

    close: Literal["manual", "auto"] = "manual"
    """Whether documents wait for `close apply`, or are issued when they are due."""
    close_after_days: Annotated[int, Field(ge=0, le=27)] = 2
    """Calendar days after a month's end before it is closed."""
    days_until_due: Annotated[int, Field(ge=0, le=365)] = 14
    """Days that an invoice gives to pay."""
    bounds: BoundsKeys = BoundsKeys()
    """When to stop and ask."""


class ClientTerms(Section):
    """Who is billed: one currency, one language, one time zone, one Stripe customer."""

    name: Label
    """The client's name on statements."""
    locale: Literal["it", "en"]
    """The language of documents."""
    zone: Zone
    """The time zone in which months begin, for all contracts of the client."""
    stripe_customer: CustomerId
    """Stripe's id of the customer."""
    policies: ClientPolicies = ClientPolicies()
    """Choices about documents."""
    contracts: Annotated[list[ContractTerms], Field(min_length=1)]
    """What the client bought."""


class Document(Section):
    """The whole of mappings.yaml."""

    version: Literal[1]
    """The version of this format."""
    monday: MondayAccount
    """The account that the boards belong to."""
    timing: TimingKeys = TimingKeys()
    """How soon and how often the bridge looks."""
    columns: Annotated[dict[Id, ColumnSet], Field(min_length=1, json_schema_extra=ONLY)]
    """Sets of columns by name."""
    rates: dict[Id, Rate] = Field(default={}, json_schema_extra=ONLY)
    """Price lists by name."""
    clients: Annotated[dict[Id, ClientTerms], Field(min_length=1, json_schema_extra=ONLY)]
    """Clients by id."""
