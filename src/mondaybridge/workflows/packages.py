"""What the agency gives to a package or takes back from it: with who did it and why (ledger 7).

Hours are never added to an entry that exists: the event is kept, the next review writes its entry.
"""

from dataclasses import dataclass

from mondaybridge.app import App
from mondaybridge.domain.allocation import ordered
from mondaybridge.domain.contract import Contract, Package
from mondaybridge.domain.ledger import Balance, EntryKind, SumGroup
from mondaybridge.domain.money import round_half_up
from mondaybridge.domain.sales import Sale
from mondaybridge.domain.worktime import hours_text, local_date
from mondaybridge.errors import FindingsError
from mondaybridge.reports.ending import find
from mondaybridge.store import facts, ledger, mirror
from mondaybridge.store.engine import Tx
from mondaybridge.store.sales import sales


def credit(app: App, package_id: str, *, minutes: int, reason: str, actor: str) -> str:
    """Record minutes of goodwill for a package; return its contract, to be reviewed (ledger 7)."""
    contract, package = find(app, package_id)
    words = " ".join(reason.split())
    if minutes <= 0 or not words:
        raise FindingsError("goodwill is one minute or more, and has a reason that can be read")
    with app.store.write() as tx:
        ledger.lock(tx, contract.contract_id)
        _refuse_if_over(tx, contract, package, app.clock.now())
        facts.add_event(
            tx,
            contract.contract_id,
            facts.PACKAGE_CHANGE,
            package_id=package_id,
            actor=actor,
            args={"kind": EntryKind.CREDIT.value, "minutes": minutes},
            cause=words,
            at=app.clock.now(),
        )
        mirror.raise_wanted(tx, [contract.contract_id])
    return contract.contract_id


@dataclass(frozen=True, slots=True)
class Refund:
    """Hours that were taken back, and what their sale's line falls by.

    Without an invoice that stands there is nothing to credit: the sale is invoiced with less.
    """

    contract_id: str
    minutes: int
    amount_minor: int
    currency: str
    by_bridge: bool
    invoiced: bool


def refund(app: App, package_id: str, *, minutes: int, reason: str, actor: str) -> Refund:
    """Take hours of a package back that nobody used or holds; its sale falls with them (6.2).

    The credit note on the sale's line follows like every correction: price x refunded / granted.
    """
    contract, package = find(app, package_id)
    words = " ".join(reason.split())
    if minutes <= 0 or not words:
        raise FindingsError("a refund is one minute or more, and has a reason that can be read")
    with app.store.write() as tx:
        ledger.lock(tx, contract.contract_id)
        _refuse_if_over(tx, contract, package, app.clock.now())
        before = _refunded(tx, contract, package_id)
        left = _returnable(tx, contract, package, before)
        if minutes > left:
            raise FindingsError(
                f"of package {package_id} {hours_text(left)} may be refunded, not "
                f"{hours_text(minutes)}: the rest is used, or reserved for approved estimates"
            )
        facts.add_event(
            tx,
            contract.contract_id,
            facts.PACKAGE_CHANGE,
            package_id=package_id,
            actor=actor,
            args={"kind": EntryKind.REFUND.value, "minutes": -minutes},
            cause=words,
            at=app.clock.now(),
        )
        mirror.raise_wanted(tx, [contract.contract_id])
        invoiced = sales(tx, contract).get(package_id) in {Sale.FINALIZED, Sale.PAID}
    price, whole = package.price.unit_minor, package.granted_minutes
    less = round_half_up(price * (before + minutes), whole) - round_half_up(price * before, whole)
    currency, ours = package.price.currency, package.sale_by_bridge
    return Refund(contract.contract_id, minutes, less, currency, ours, invoiced)


def _refunded(tx: Tx, contract: Contract, package_id: str) -> int:
    changes = facts.package_changes(tx, contract.contract_id)
    mine = (c for c in changes if (c.package_id, c.kind) == (package_id, EntryKind.REFUND))
    return -sum(change.minutes for change in mine)


def _returnable(tx: Tx, contract: Contract, package: Package, refunded: int) -> int:
    """Return what is neither used nor reserved, nor asked back before its entry is written."""
    _, balance = ledger.balances(tx, contract.contract_id).get(package.package_id, ("", Balance()))
    written = -sum(
        s.minutes
        for s in ledger.sums(tx, contract.contract_id)
        if (s.package_id, s.group) == (package.package_id, SumGroup.REFUND)
    )
    free = balance.free - (refunded - written)
    return max(0, min(free, package.granted_minutes - refunded))


def _refuse_if_over(tx: Tx, contract: Contract, package: Package, now: int) -> None:
    """Nothing is drawn on a package that is over: hours given to it would help nobody."""
    ended = facts.ended(tx, contract.contract_id)
    if package.package_id in ended:
        why = f"was handed over on {local_date(ended[package.package_id], contract.zone)}"
    elif package.expires_at is not None and package.expires_at <= now:
        why = f"expired on {local_date(package.expires_at - 1, contract.zone)}"
    else:
        return
    going = (
        p.package_id
        for p in ordered(contract.packages)
        if p.package_id not in ended and (p.expires_at is None or now < p.expires_at)
    )
    other = next(going, None)
    remedy = f"credit {other} instead" if other else "sell the next package and credit that one"
    raise FindingsError(
        f"package {package.package_id} {why}, and its hours can be used no more: {remedy}"
    )
