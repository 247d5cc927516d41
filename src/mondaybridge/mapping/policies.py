"""What may be chosen where the rules leave a choice: per client and per contract.

Only keys whose effect exists are known; every default stands in the shipped ``mappings.yaml``.
"""

from typing import Annotated, Literal

from pydantic import Field

from mondaybridge.mapping.scalars import Amount, Day, Hours, Id, Section

Gate = Literal["off", "warn", "require"]
Percent = Annotated[int, Field(ge=1, le=100)]
Days = Annotated[int, Field(ge=1, le=365)]


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
    max_session: Hours = 720
    """The longest session that is believed, like "12:00"; a longer one waits for a person."""
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
    bounds: BoundsKeys = BoundsKeys()
    """When to stop and ask."""
