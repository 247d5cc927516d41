"""What the agency gives to a package of its own will: goodwill, with who gave it and why.

Hours are never added to an entry that exists: the event is kept, the next review writes its entry.
"""

from mondaybridge.app import App
from mondaybridge.domain.allocation import ordered
from mondaybridge.domain.contract import Contract, Package
from mondaybridge.domain.ledger import EntryKind
from mondaybridge.domain.worktime import local_date
from mondaybridge.errors import FindingsError
from mondaybridge.reports.ending import find
from mondaybridge.store import facts, ledger, mirror
from mondaybridge.store.engine import Tx


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
