"""Terms that would price a closed month anew: said with the month and the way out (6.27, ledger 6).

What was recorded at the close is compared with what the contract says now; nothing is changed.
"""

from collections.abc import Collection, Iterable, Mapping

from mondaybridge.domain.contract import Contract
from mondaybridge.domain.ledger import LedgerSum, SumGroup
from mondaybridge.domain.money import amount_text, parse_rate_key
from mondaybridge.domain.plan_months import PLAN_TERMS, Fee, PlanMonth, bought, plan_terms
from mondaybridge.domain.tariff import lists_in
from mondaybridge.domain.worktime import hours_text, month

WAY_OUT = "put it back, and let what is new start in an open month"


def repriced(
    contract: Contract,
    prices: Mapping[str, Mapping[str, str]],
    plan_months: Mapping[str, PlanMonth],
    worked: Collection[str],
) -> Iterable[str]:
    """Say which closed months other terms would price anew; ``worked`` are those with time."""
    for period in sorted(prices):
        span = month(period, contract.zone)
        before, now = prices[period], lists_in(contract, span) | plan_terms(contract)
        for name in sorted({*before, *now}) if period in worked else ():
            if before.get(name) != now.get(name):
                yield _said(period, name, before.get(name), now.get(name))
        if period in plan_months:
            yield from _plan(plan_months[period], bought(contract, span))


def own_prices(
    prices: Mapping[str, Mapping[str, str]], sums: Iterable[LedgerSum]
) -> list[tuple[str, str]]:
    """Return closed months with a price that none of their lists had: it was a row's own (6.27)."""
    found: set[tuple[str, str]] = set()
    for one in sums:
        price = (
            parse_rate_key(one.rate_key) if one.group is SumGroup.POST and one.rate_key else None
        )
        if price and price.unit_minor and one.period in prices:
            said = f"{amount_text(price.unit_minor, price.currency)} an hour"
            words = (text for told in prices[one.period].values() for text in told.split(", then "))
            if not any(text.startswith(said) for text in words):
                found.add((one.period, said))
    return sorted(found)


def _said(period: str, name: str, before: str | None, now: str | None) -> str:
    if name in PLAN_TERMS:
        return f"{period} is closed with {name} {before}, the file says {now}: {WAY_OUT}"
    if before is None:
        return f"{period} is closed without {name}, the file says {now}: {WAY_OUT}"
    return f"{period} is closed at {before} ({name}), the file says {now or 'nothing'}: {WAY_OUT}"


def _plan(recorded: PlanMonth, now: PlanMonth) -> Iterable[str]:
    period = recorded.period
    if recorded.allowance != now.allowance:
        then, says = hours_text(recorded.allowance), hours_text(now.allowance)
        yield f"{period} is closed with {then} included, the file says {says}: {WAY_OUT}"
    if _fees(recorded.fees) != _fees(now.fees):
        then, says = _fees(recorded.fees), _fees(now.fees)
        yield f"{period} is closed with {then}, the file says {says}: {WAY_OUT}"


def _fees(fees: Iterable[Fee]) -> str:
    found = []
    for fee in fees:
        price = parse_rate_key(fee.rate_key)
        tax = f" with tax rate {price.tax_rate}" if price.tax_rate else ""
        found.append(
            f"a fee of {amount_text(fee.amount_minor, price.currency)}{tax} for {fee.subject}"
        )
    return " and ".join(found) or "no fee"
