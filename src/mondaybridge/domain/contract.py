"""What a client bought: terms, packages and dated rates, as values."""

from dataclasses import dataclass
from enum import Enum

from mondaybridge.domain.money import RateKey


class ContractKind(Enum):
    """The kinds of contract (R48)."""

    PREPAID_PACKAGE = "prepaid_package"
    POSTPAID_PLAN = "postpaid_plan"
    PAY_AS_YOU_GO = "pay_as_you_go"
    NONE = "none"


class OverrunLimit(Enum):
    """What an overrun may draw on: the free or the hard residual (ledger 5.2)."""

    FREE = "free"
    HARD = "hard"


@dataclass(frozen=True, slots=True)
class Package:
    """A prepaid grant of minutes; ``price`` keeps the whole sale in its unit (ledger 6.2)."""

    package_id: str
    granted_minutes: int
    sold_at: int
    price: RateKey
    opening_minutes: int = 0
    priority: int = 1
    expires_at: int | None = None
    sale_by_bridge: bool = True


@dataclass(frozen=True, slots=True)
class DatedRate:
    """An hourly price from an instant on; work is rated by its own date (semantics 6.27)."""

    starts_at: int
    price: RateKey


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits beyond which a client is parked instead of billed (ledger 6.10)."""

    lines_per_day: int = 15
    documents: int = 3
    first_minor: int = 1_000_000
    median_factor: int = 10


@dataclass(frozen=True, slots=True)
class Contract:
    """The terms of one contract; all instants are UTC, all months are the zone's."""

    contract_id: str
    client_id: str
    kind: ContractKind
    zone: str
    bill_from: int
    until: int | None = None
    increment_minutes: int = 1
    rates: tuple[DatedRate, ...] = ()
    packages: tuple[Package, ...] = ()
    overrun_limit: OverrunLimit = OverrunLimit.FREE
    board_ids: tuple[str, ...] = ()

    @property
    def prepaid(self) -> bool:
        """Whether admission, reservation and residuals exist (ledger 1)."""
        return self.kind is ContractKind.PREPAID_PACKAGE


@dataclass(frozen=True, slots=True)
class Client:
    """Who is billed: one currency, one Stripe customer; its contracts share one zone."""

    client_id: str
    name: str
    locale: str
    currency: str
    zone: str
    stripe_customer: str
    contracts: tuple[Contract, ...]
    close_automatically: bool = False
    close_after_days: int = 2
    days_until_due: int = 14
    bounds: Bounds = Bounds()
