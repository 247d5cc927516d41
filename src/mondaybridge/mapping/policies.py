"""What may be chosen where the rules leave a choice: per client and per contract.

Only keys whose effect exists are known; every default stands in the shipped ``mappings.yaml``.
"""

from typing import Annotated, Literal

from pydantic import Field

from mondaybridge.mapping.offers import RolloverTerms
from mondaybridge.mapping.scalars import Amount, Day, Hours, Id, Section

Gate = Literal["off", "warn", "require"]
Activation = Literal["manual", "invoice_finalized", "invoice_paid"]
Percent = Annotated[int, Field(ge=1, le=100)]
Days = Annotated[int, Field(ge=1, le=365)]


class Rounding(Section):
    """How charged time is rounded: up, once per activity and month."""

    increment: Annotated[int, Field(ge=1, le=480)] = 1
    """Minutes."""


class _Shared(Section):
    rounding: Rounding = Rounding()
    """How charged time is rounded."""
    max_session: Hours = 720
    """The longest session that is believed, like "12:00"; a longer one waits for a person."""


class MeteredPolicies(_Shared):
    """Choices of a contract that is billed for the usage."""

    urgent_applies: bool = False
    """Whether urgent time is charged several times; else only packages know it."""
    urgent_factor: Annotated[int, Field(ge=1, le=10)] = 1
    """How many times urgent time is charged, where urgent_applies is true."""


class PlanPolicies(MeteredPolicies):
    """Choices of a contract with a monthly plan."""

    proration: Literal["none", "daily"] = "none"
    """Whether a month in which a plan begins, changes or ends counts whole, or by days."""
    rollover: RolloverTerms | None = None
    """Unused included hours that go on, like {max: "3:00", months: 1}; null: they are lost."""


class HourlyPolicies(MeteredPolicies):
    """Choices of a contract by the hour, with or without bulk purchases."""

    activate_on: Activation = "manual"
    """When bulk hours may be used: on their day, or once their invoice is final, or is paid."""


class PrepaidPolicies(_Shared):
    """Choices of a contract with packages."""

    activate_on: Activation = "manual"
    """When a package's hours may be used: on its day, or once its invoice is final, or is paid."""
    approval_actor: Gate = "require"
    """Whether an approval must be made by one of the client's users, or name the client's mail."""
    request_reference: Gate = "warn"
    """Whether a row must name the request's mail; warn: a remark, where the column is mapped."""
    requester: Gate = "off"
    """Whether a row must name who asked; warn: a remark, where the column is mapped."""
    service_type: Gate = "off"
    """Whether a row must name a known service; warn: a remark, where the column is mapped."""
    minor_auto: Hours | None = 30
    """The longest estimate that starts by itself, like "0:30"; null: nothing does."""
    urgent_factor: Annotated[int, Field(ge=1, le=10)] = 3
    """How many times an urgent activity's time is charged."""
    baseline: Literal["agreed", "none"] = "agreed"
    """Whether activities agreed at the start are kept apart from extras; none: all are requests."""
    baseline_on: Day | None = None
    """The day on which what was agreed is frozen; null: the day after the first package is sold."""
    max_overcommit: Hours | None = None
    """How far confirmations may promise more than is free, like "5:00"; null: up to all hours."""
    overrun: Literal["hold", "bill", "absorb", "next_package"] = "hold"
    """What becomes of time that no package covers; hold: a person decides each time."""
    overrun_limit: Literal["free", "hard"] = "free"
    """What an overrun may use: hours nobody reserved, or all that are left."""
    overage_rate: Id | None = None
    """The price list under `rates` for time beyond packages; null: it cannot be billed."""
    unapproved_time: Literal["hold", "post"] = "hold"
    """Whether time on a row without approval waits for it, or is taken from the package."""
    stale_approval: Literal["clear", "keep"] = "clear"
    """Whether an approval that its row has outgrown is taken out of its cell."""
    forbidden_start: Literal["notice", "revert"] = "notice"
    """What a start without approval meets: a notice, or also the waiting (else new) label."""
    extra_label: Literal["suffix", "off"] = "suffix"
    """Whether " (extra)" is written behind the name of an extra activity."""
    expires_after_months: Annotated[int, Field(ge=1, le=120)] | None = None
    """Months from its sale after which a package without `expires_on` expires; null: never."""
    alerts: list[Percent] = Field(default=[50, 75, 90, 100])
    """At which percentages used the client is told, ascending; []: never."""
    expiry_notices: list[Days] = Field(default=[60, 30, 7])
    """How many days before a package expires the client is told, descending; []: never."""
    expiry_grace_days: Annotated[int, Field(ge=0, le=60)] = 3
    """Days after the expiry for news of earlier work: working days where a calendar is named."""
    end_below: Hours = 0
    """A package ends when no more than this is left, like "0:00"."""
    handover: Literal["manual", "auto"] = "manual"
    """Whether a package at its end waits for `package close`, or is handed over by itself."""
    board_at_end: Literal["archive", "lock"] = "archive"
    """What becomes of a board after its last package."""


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
    legal_document: Literal["stripe", "external"] = "stripe"
    """Whether Stripe's document is the invoice before the law, or another tool writes it."""
    tax: Literal["rates", "automatic"] = "rates"
    """Whether lines bear the tax rates named here, or Stripe works the tax out."""
    after_payment: Literal["balance", "refund", "out_of_band"] = "balance"
    """Where money goes that is credited on a paid invoice; a refund leaves by this choice alone."""
    questioned_lines: Literal["hold", "bill"] = "hold"
    """Whether a line that the client questions waits for its answer, or is billed."""
    answer_days: Annotated[int, Field(ge=1, le=60)] = 5
    """Working days in which a question is answered."""
    accept_days: Annotated[int, Field(ge=1, le=60)] | None = None
    """Working days after which an answer counts as accepted; null: never by itself."""
    min_invoice: Amount = "0.00"
    """A month below this amount is carried to the next invoice."""
    min_credit: Amount = "0.00"
    """A credit below this amount is taken off the next invoice."""
    zero_invoice: Literal["skip", "create"] = "skip"
    """Whether a month that costs nothing gets an invoice of nothing."""
    late_days: Annotated[int, Field(ge=0, le=3650)] = 60
    """Days after a month's close in which later changes are billed; after them a person decides."""
    group_above: Annotated[int, Field(ge=1, le=250)] = 240
    """An invoice with more lines than this has them grouped, the full list beside it."""
    require_note: Gate = "off"
    """Whether time without a note is billed, with a remark, or waits for its note."""
    bounds: BoundsKeys = BoundsKeys()
    """When to stop and ask."""
