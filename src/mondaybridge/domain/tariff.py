"""Which price an instant of work has: dated rates, by work date (semantics 6.27)."""

from collections.abc import Iterable

from mondaybridge.domain.contract import Contract, DatedRate
from mondaybridge.domain.money import RateKey
from mondaybridge.domain.worktime import Period


def price_at(contract: Contract, instant: int) -> RateKey | None:
    """Return the rate in force at an instant; null on a package, whose sale paid for it."""
    return None if contract.prepaid else _in_force(contract.rates, instant)


def overage_at(contract: Contract, instant: int) -> RateKey | None:
    """Return what work of an instant costs that no package covers (ledger 5.2); null: no rate."""
    return _in_force(contract.policies.overage, instant)


def prices_in(contract: Contract, period: Period) -> list[RateKey]:
    """Return all prices in force at some time of a period; a package's are those beyond it."""
    rates = contract.policies.overage if contract.prepaid else contract.rates
    first = _in_force(rates, period.start)
    later = [rate.price for rate in rates if rate.starts_at in period]
    return [first, *later] if first else later


def _in_force(rates: Iterable[DatedRate], instant: int) -> RateKey | None:
    begun = (rate for rate in rates if rate.starts_at <= instant)
    current = max(begun, key=lambda rate: rate.starts_at, default=None)
    return current.price if current else None
