"""Whether the hours of a sale may be used: what its invoice says of it (semantics 6.30, ledger 7).

A grant makes the sale due and stays for good; only the use of its hours waits. The state is read
from documents each time, so that the same event twice changes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from mondaybridge.domain.contract import Package, StartsOn


class Sale(Enum):
    """What the newest invoice of a sale shows; ``returned``: credited in full by hand."""

    DUE = "due"
    FINALIZED = "finalized"
    PAID = "paid"
    VOIDED = "voided"
    RETURNED = "returned"


class Usable(Enum):
    """Whether hours may be used, and else what they wait for."""

    YES = "yes"
    WAITS_FOR_INVOICE = "waits for its invoice"
    WAITS_FOR_PAYMENT = "waits for payment"
    FROZEN = "frozen: its sale was voided or credited"


@dataclass(frozen=True, slots=True)
class Locked:
    """Bought minutes that may not be used, and what they wait for."""

    waits: Usable
    minutes: int


NEEDED = {
    StartsOn.INVOICE_FINALIZED: (Usable.WAITS_FOR_INVOICE, {Sale.FINALIZED, Sale.PAID}),
    StartsOn.INVOICE_PAID: (Usable.WAITS_FOR_PAYMENT, {Sale.PAID}),
}


def usable(package: Package, sales: Mapping[str, Sale]) -> Usable:
    """Return whether a package's or a purchase's hours may be used now.

    One that is sold elsewhere has no invoice here to wait for. After a void nothing new is drawn,
    until the rest is refunded or the sale is invoiced again.
    """
    if not package.sale_by_bridge:
        return Usable.YES
    sale = sales.get(package.package_id, Sale.DUE)
    if sale in {Sale.VOIDED, Sale.RETURNED}:
        return Usable.FROZEN
    waits, enough = NEEDED.get(package.starts_on, (Usable.YES, {sale}))
    return Usable.YES if sale in enough else waits


def locked(
    packages: Iterable[Package], minutes: Mapping[str, int], sales: Mapping[str, Sale]
) -> Locked | None:
    """Return what is bought and may not be used, of those that wait for the same.

    Hours that wait come before frozen ones: they are there by themselves once they are paid.
    """
    found = dict.fromkeys((Usable.WAITS_FOR_PAYMENT, Usable.WAITS_FOR_INVOICE, Usable.FROZEN), 0)
    for package in packages:
        why = usable(package, sales)
        if why in found:
            found[why] += max(0, minutes.get(package.package_id, 0))
    return next((Locked(why, count) for why, count in found.items() if count), None)
