"""What is sold by the hour or the month: price lists, monthly plans, bulk purchases (R42-R52).

The forms alone; that they fit one another is said in ``cross_prices`` and ``cross_plans``.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler
from pydantic_core import CoreSchema

from mondaybridge.mapping.scalars import (
    ID_PATTERN,
    Amount,
    Currency,
    Day,
    Hours,
    Id,
    PriceText,
    Section,
    TaxRateId,
)

Rank = Annotated[int, Field(ge=0, le=10**6)]


class DatedAmount(Section):
    """A price from a day on."""

    starts_on: Annotated[Day, Field(alias="from")]
    """The first day of this price."""
    amount: Amount
    """What an hour costs, before tax, in the currency of the rate."""


class Reduction(Section):
    """An overage that is cheaper for the higher plans (R49)."""

    from_rank: Rank
    """Plans of this rank and above have it."""
    starts_on: Annotated[Day, Field(alias="from")]
    """Work from this day on has it; earlier work keeps its price."""
    by: Amount
    """How much less an hour costs; several that apply add up."""


class Rate(Section):
    """An hourly price list; work is priced by its own date."""

    currency: Currency
    """The currency of all amounts here."""
    tax_rate: TaxRateId | None = None
    """Stripe's id of the tax rate on the lines; null: none."""
    hourly: Annotated[list[DatedAmount], Field(min_length=1)]
    """Prices by day, the oldest first."""
    cheaper: list[Reduction] = Field(default=[])
    """Where the list is a plan's overage: what higher plans pay less; []: nothing."""


class PlanTerms(Section):
    """A monthly plan, billed after the month (R42)."""

    rank: Rank
    """Its place among the plans of its currency: a change to a higher one counts at once."""
    included: Hours
    """Hours a month within the plan, like "30:00"."""
    fee: PriceText | None = None
    """The price of a whole month before tax, like "1650.00 GBP"; null: with usage_only."""
    tax_rate: TaxRateId | None = None
    """Stripe's id of the tax rate on the fee; null: none."""
    commitment: Literal["fee", "usage_only"] = "fee"
    """Whether included hours are paid by the fee, or each as it is used."""
    hourly: Id | None = None
    """The price list of included hours, for usage_only; null: the fee pays them."""
    overage: Id
    """The price list of hours beyond the plan."""


class PlanChange(Section):
    """The plan of a contract from a day on."""

    starts_on: Annotated[Day | None, Field(alias="from")] = None
    """The first day of this plan; only a plan that stands alone leaves it out."""
    plan: Id
    """The name of a plan under `plans`."""


@dataclass(frozen=True)
class _OrName:
    """Let editors accept the name alone where a list may stand."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"anyOf": [handler(schema), {"type": "string", "pattern": ID_PATTERN}]}


def _changes(value: object) -> object:
    return [{"plan": value}] if isinstance(value, str) else value


PlanChanges = Annotated[list[PlanChange], Field(min_length=1), BeforeValidator(_changes), _OrName()]


class RolloverTerms(Section):
    """Unused included hours that are kept for later months (semantics 6.15)."""

    max: Hours
    """At most so many hours, like "3:00"."""
    months: Annotated[int, Field(ge=1, le=24)]
    """For so many months after their own."""


class PurchaseTerms(Section):
    """Hours bought in bulk: used first, before anything is billed by the hour (R52)."""

    id: Id
    """The purchase's id, which no package has; it stays for ever."""
    hours: Hours
    """Hours bought, like "7:00"; they cost what the contract's rate asks on that day."""
    bought_on: Day
    """The day from which the hours are there and the purchase is due."""
    tax_rate: TaxRateId | None = None
    """Stripe's id of the tax rate on the purchase; null: none."""
    priority: Annotated[int, Field(ge=1, le=1000)] = 1
    """Of several purchases, the lowest number is used first."""
    expires_on: Day | None = None
    """The last day on which the hours may be used; null: they do not expire."""
    sale: Literal["bridge", "elsewhere"] = "bridge"
    """Who writes the purchase's invoice."""


class BulkTerms(Section):
    """Bulk buying: a discount on the purchase, never on usage (R52)."""

    minimum: Hours
    """The least hours of one purchase that get the discount, like "10:00"."""
    discount_percent: Annotated[int, Field(ge=0, le=100)] = 5
    """Percent off the purchase's line; a smaller purchase costs the full price."""
    purchases: list[PurchaseTerms] = Field(default=[])
    """What was bought; a recorded purchase is never changed."""
