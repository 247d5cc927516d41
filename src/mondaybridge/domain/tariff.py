"""Which price an instant of work has: dated rates, by work date (semantics 6.27)."""

from mondaybridge.domain.contract import Contract, DatedRate
from mondaybridge.domain.money import RateKey


def price_at(contract: Contract, instant: int) -> RateKey | None:
    """Return the rate in force at an instant; null on a package, whose sale paid for it."""
    current: DatedRate | None = None
    for rate in contract.rates:
        if rate.starts_at <= instant:
            current = rate
    return current.price if current else None


def unrated(contract: Contract, instants: list[int]) -> list[int]:
    """Return the instants that no rate covers: they may not be billed as zero (R54b)."""
    if contract.prepaid:
        return []
    return [instant for instant in instants if price_at(contract, instant) is None]
