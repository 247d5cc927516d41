"""What Stripe does not document, as switches: code must work in both positions (stripe.md §6)."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """A part of a data file; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Switches(Part):
    """Positions of the open questions; the defaults are the likelier or the more demanding ones."""

    tax_rounding: Literal["line", "invoice"] = Field(
        default="line", description="Where tax is rounded; Stripe's own level is unverified."
    )
    rounding: Literal["half_up", "half_even"] = Field(
        default="half_up", description="How halves of a minor unit are rounded; unverified."
    )
    credited_in_full: Literal["paid", "open"] = Field(
        default="paid",
        description="Status of an open invoice whose rest a credit note brings to 0; unverified.",
    )
    zero_total: Literal["paid", "open"] = Field(
        default="paid", description="Status of an invoice over nothing once finalised; unverified."
    )
    negative_total: Literal["refused", "credited"] = Field(
        default="refused",
        description="Whether a negative total is refused or goes to the customer's balance.",
    )
    small_amounts: Literal["carried", "due"] = Field(
        default="carried",
        description="Whether less than the currency's minimum charge goes to the balance.",
    )
    preview_needs_split: bool = Field(
        default=False, description="Whether a preview without a split of its excess is refused."
    )
    out_of_band_payments: Literal["unlisted", "listed"] = Field(
        default="unlisted", description="Whether money outside Stripe is among invoice payments."
    )
    overdue_after_days: Annotated[int, Field(ge=0)] = Field(
        default=0, description="Days from the due date until `invoice.overdue`."
    )
    send_on_draft: Literal["finalises", "refused"] = Field(
        default="finalises", description="What `send` does with a draft; unverified."
    )
    inactive_rates: Literal["kept", "refused"] = Field(
        default="kept", description="Finalising with a tax rate that was deactivated since."
    )
    editable_after_finalising: Literal["metadata", "texts"] = Field(
        default="metadata", description="Whether memo and footer can change too; unverified."
    )
    lines_per_call: Annotated[int, Field(ge=1)] = Field(
        default=250, description="The most lines that one call may add; unverified."
    )
    body_bytes: Annotated[int, Field(ge=1)] = Field(
        default=1_000_000, description="The largest body of a request; unverified."
    )
    replayed_header: bool = Field(
        default=True, description="Whether a replay says so in its headers; unverified."
    )
    in_use_code: Literal["idempotency_key_in_use", ""] = Field(
        default="idempotency_key_in_use", description="The code of a concurrent request's refusal."
    )
    rate_limited_reason: str = Field(
        default="", description="The value of `Stripe-Rate-Limited-Reason`; empty leaves it out."
    )
    search_lag_seconds: Annotated[int, Field(ge=0)] = Field(
        default=60, description="How old search is: normally less than a minute, at worst an hour."
    )
