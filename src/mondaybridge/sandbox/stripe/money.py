"""The arithmetic of documents: quantities, tax and totals, in minor units.

Halves are rounded away from zero, per line, unless the account says otherwise: which level and
which mode Stripe uses is unverified (stripe.md §6), so both are switches of the data file.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal

from mondaybridge.sandbox.stripe.data import StripeData
from mondaybridge.sandbox.stripe.models import Tax, TaxRate, Totals

_EXACT = Context(prec=80)
_MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN}
_REASONS = {"exempt": "customer_exempt", "reverse": "reverse_charge"}


def times(unit: Decimal, quantity: Decimal, settings: StripeData) -> int:
    """Multiply and round to the minor unit (§1.4)."""
    return _rounded(_EXACT.multiply(unit, quantity), settings)


def taxes_of(
    amount: int, rates: Sequence[TaxRate], *, exempt: str, settings: StripeData
) -> list[Tax]:
    """Compute the taxes of a line; an exempt or reverse-charged customer pays none of them."""
    if exempt in _REASONS:
        return [Tax(rate, 0, amount, _REASONS[exempt]) for rate in rates]
    if any(rate.inclusive for rate in rates):
        return _inclusive(amount, rates, settings)
    return [Tax(rate, _share(amount, rate, settings), amount, "not_available") for rate in rates]


def totals_of(amounts: Iterable[int], taxes: Iterable[Tax], *, settings: StripeData) -> Totals:
    """Sum a document: what is exclusive comes on top of the lines."""
    subtotal = sum(amounts)
    sums = tuple(_by_rate(taxes, settings))
    on_top = sum(tax.amount for tax in sums if not tax.rate.inclusive)
    return Totals(subtotal=subtotal, total=subtotal + on_top, taxes=sums)


def _by_rate(taxes: Iterable[Tax], settings: StripeData) -> Iterable[Tax]:
    groups: dict[tuple[str, str], list[Tax]] = defaultdict(list)
    for tax in taxes:
        groups[tax.rate.id, tax.reason].append(tax)
    for (_, reason), group in groups.items():
        rate, taxable = group[0].rate, sum(tax.taxable for tax in group)
        amount = sum(tax.amount for tax in group)
        if settings.tax_rounding == "invoice" and reason == "not_available" and not rate.inclusive:
            amount = _share(taxable, rate, settings)
        yield Tax(rate, amount, taxable, reason)


def _inclusive(amount: int, rates: Sequence[TaxRate], settings: StripeData) -> list[Tax]:
    """Take the taxes out of an amount; the last rate gets what rounding leaves."""
    percent = sum((rate.percentage for rate in rates), Decimal(0))
    net = _rounded(_EXACT.divide(Decimal(amount * 100), 100 + percent), settings)
    shares = [_share(net, rate, settings) for rate in rates[:-1]]
    shares.append(amount - net - sum(shares))
    return [
        Tax(rate, share, net, "not_available") for rate, share in zip(rates, shares, strict=True)
    ]


def _share(amount: int, rate: TaxRate, settings: StripeData) -> int:
    return _rounded(_EXACT.multiply(Decimal(amount), rate.percentage) / 100, settings)


def _rounded(value: Decimal, settings: StripeData) -> int:
    return int(value.quantize(Decimal(1), _MODES[settings.rounding], _EXACT))
