"""Who is billed, for what and how: rates, clients, contracts and the whole document.

Only keys whose effect exists are known; every default stands in the shipped ``mappings.yaml``.
"""

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from mondaybridge.mapping.columns import ColumnSet
from mondaybridge.mapping.offers import BulkTerms, PlanChanges, PlanTerms, Rate
from mondaybridge.mapping.policies import (
    ClientPolicies,
    HourlyPolicies,
    MeteredPolicies,
    PlanPolicies,
    PrepaidPolicies,
)
from mondaybridge.mapping.scalars import (
    Currency,
    CustomerId,
    Day,
    Email,
    Hours,
    Id,
    Label,
    MondayId,
    PersonKey,
    PriceText,
    Section,
    ServiceKey,
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
    stripe_minutes: Annotated[int, Field(ge=1, le=1440)] = 10
    """Ask Stripe for its events this often: a lost webhook costs no more."""


class CalendarTerms(Section):
    """Working time: what promises of hours and of working days are counted in (R04, R18)."""

    zone: Zone
    """The time zone of the hours."""
    country: Annotated[str, Field(max_length=32)] | None = None
    """The country whose public holidays are kept, in two letters; null: none."""
    subdivision: Annotated[str, Field(max_length=32)] | None = None
    """A part of the country with holidays of its own, like MI or IT-MI; null: the country's."""
    hours: Annotated[dict[str, list[str]], Field(min_length=1)]
    """Opening hours by weekday or range: mon-fri: ["09:00-13:00", "14:00-18:00"]."""
    closed: list[str] = Field(default=[])
    """Further days closed, each "2026-12-24" or "2026-08-10/2026-08-21"."""


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
    expires_on: Day | None = None
    """The last day on which the hours may be used; null: they do not expire."""
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


class PromiseTerms(Section):
    """How soon a request is taken up; with neither key the time is measured and never missed."""

    take_in_charge_days: Annotated[int, Field(ge=1, le=60)] | None = None
    """Working days until a request is taken in charge; a warning comes on the day before."""
    respond_hours: Hours | None = None
    """Working hours until it is answered, like "4:00"; a warning comes an hour before."""


class TemplateTerms(Section):
    """What `package open` copies for this contract's next package (R21)."""

    board: MondayId
    """The id of the board that is copied, in quotes."""
    name: Label
    """The copy's name; {client}, {contract} and {package} are filled in."""


class _ContractTerms(Section):
    id: Id
    """The contract's id; it stays for ever."""
    bill_from: Day
    """Work before this day is shown and never billed."""
    until: Day | None = None
    """The first day after the contract; null: open."""
    boards: list[BoardLink]
    """The boards whose work belongs to this contract; none yet only beside a template."""
    calendar: Id | None = None
    """The name of a calendar under `calendars`; null: no clocks, and days count as they come."""
    template: TemplateTerms | None = None
    """The board that `package open` copies; null: boards are made by hand."""


class PrepaidContract(_ContractTerms):
    """Hours bought in advance: work needs approval and is taken from packages."""

    kind: Literal["prepaid_package"]
    """Packages of hours."""
    packages: Annotated[list[PackageTerms], Field(min_length=1)]
    """What was bought."""
    promise: PromiseTerms | None = PromiseTerms(take_in_charge_days=5)
    """How soon a request is taken up, where a calendar is named; null: no clock."""
    policies: PrepaidPolicies = PrepaidPolicies()
    """Choices."""


class _MeteredContract(_ContractTerms):
    rates_by_person: dict[PersonKey, Id] = Field(default={}, json_schema_extra=ONLY)
    """Price lists of people, by monday user id or address; {}: nobody has one."""
    rates_by_service: dict[ServiceKey, Id] = Field(default={}, json_schema_extra=ONLY)
    """Price lists of types of service, by the name or id of their label; {}: none."""
    promise: PromiseTerms | None = None
    """How soon a request is taken up, where a calendar is named; null: no clock."""


class PlanContract(_MeteredContract):
    """A monthly plan, billed after the month; hours beyond it cost its overage."""

    kind: Literal["postpaid_plan"]
    """A monthly plan."""
    plan: PlanChanges
    """A name under `plans`; where it changes, a list: [{from: 2026-01-01, plan: support-30}]."""
    policies: PlanPolicies = PlanPolicies()
    """Choices."""


class HourlyContract(_MeteredContract):
    """Hours billed after the month at a dated rate, or bought in bulk before."""

    kind: Literal["pay_as_you_go"]
    """Agreed hourly billing."""
    rate: Id
    """The name of a price list under `rates`."""
    bulk: BulkTerms | None = None
    """Hours bought in bulk; null: none are sold."""
    policies: HourlyPolicies = HourlyPolicies()
    """Choices."""


class NoContract(_MeteredContract):
    """Hours of a client without a contract, billed at the standard rate (R54)."""

    kind: Literal["none"]
    """No contract."""
    rate: Id | None = None
    """The name of a price list under `rates`; null: the `standard` one of the currency."""
    policies: MeteredPolicies = MeteredPolicies()
    """Choices."""


ContractTerms = Annotated[
    PrepaidContract | PlanContract | HourlyContract | NoContract, Field(discriminator="kind")
]


class ClientTerms(Section):
    """Who is billed: one currency, one language, one time zone, one Stripe customer."""

    name: Label
    """The client's name on statements."""
    locale: Literal["it", "en"]
    """The language of documents."""
    zone: Zone
    """The time zone in which months begin, for all contracts of the client."""
    stripe_customer: CustomerId | None = None
    """Stripe's id of the customer; null: made once, with the address under `email`."""
    email: Email | None = None
    """Where Stripe sends documents of a customer that is made here; null: it exists already."""
    currency: Currency | None = None
    """The currency of all documents; null: that of the contracts' prices."""
    users: list[Email] = Field(default=[])
    """The addresses of the people who may approve for the client, as monday knows them."""
    contact: Email | None = None
    """The address that requests go to, as mails to the client say; null: none is named."""
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
    calendars: dict[Id, CalendarTerms] = Field(default={}, json_schema_extra=ONLY)
    """Working calendars by name."""
    columns: Annotated[dict[Id, ColumnSet], Field(min_length=1, json_schema_extra=ONLY)]
    """Sets of columns by name."""
    rates: dict[Id, Rate] = Field(default={}, json_schema_extra=ONLY)
    """Price lists by name."""
    plans: dict[Id, PlanTerms] = Field(default={}, json_schema_extra=ONLY)
    """Monthly plans by name."""
    standard: dict[Currency, Id] = Field(default={})
    """By currency the price list of work that has no other price; {}: none."""
    clients: Annotated[dict[Id, ClientTerms], Field(min_length=1, json_schema_extra=ONLY)]
    """Clients by id."""
