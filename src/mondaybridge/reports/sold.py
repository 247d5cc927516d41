"""Bought hours that may not be used: what their sale waits for, and the way out (semantics 6.30).

Read only; what the hours may be used for is decided in ``domain.sales``.
"""

from dataclasses import dataclass
from typing import Any

from mondaybridge.app import App
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.documents import DocumentKind, DocumentType
from mondaybridge.domain.worktime import hours_text
from mondaybridge.reports.ending import State, states
from mondaybridge.store import billing, ledger
from mondaybridge.store.engine import Tx


@dataclass(frozen=True, slots=True)
class Locked:
    """What is left of a package or purchase and may not be used; ``number`` is its invoice's."""

    package_id: str
    contract_id: str
    minutes: int
    state: State
    number: str

    @property
    def waits_for(self) -> str:
        """Say in one sentence why the hours may not be used."""
        hours = f"{hours_text(self.minutes)} of {self.package_id}"
        match self.state:
            case State.FROZEN:
                return f"{hours} are frozen: the sale was voided or credited"
            case State.WAITS_FOR_INVOICE:
                return f"{hours} wait for the invoice of their sale"
            case _:
                return f"{hours} wait for the payment of {self.number or 'their sale'}"

    @property
    def way_out(self) -> str:
        """Say what a person can do about it."""
        key = self.package_id
        if self.state is State.FROZEN:
            back = f"`package refund {key} --minutes {self.minutes} --reason …`"
            return f"take the rest back with {back}, or invoice the sale again: see `close preview`"
        if self.state is State.WAITS_FOR_INVOICE or not self.number:
            return "the sale is to be invoiced: see `close status` and `close preview`"
        return f"once {self.number} is paid; if it was paid elsewhere, mark it as paid in Stripe"


def locked(tx: Tx, contract: Contract, now: int) -> list[Locked]:
    """Return what is bought in a contract and may not be used as its sales stand."""
    known = {key: one for key, one in states(tx, contract, now).items() if one.locked}
    if not known:
        return []
    left = {key: one.hard for key, (_, one) in ledger.balances(tx).items() if key in known}
    papers = {
        paper.key.scope: paper.number or paper.stripe_id
        for paper in billing.documents(tx, contract.client_id)
        if paper.key and paper.key.kind == DocumentKind.SALE.value and paper.finalized_at
        if paper.type is DocumentType.INVOICE
    }
    return [
        Locked(key, contract.contract_id, left[key], state, papers.get(key, ""))
        for key, state in known.items()
        if left.get(key, 0) > 0
    ]


def unusable(app: App) -> list[dict[str, Any]]:
    """Return all bought hours that may not be used, as ``status`` shows them."""
    now = app.clock.now()
    with app.store.read() as tx:
        found = [one for c in app.mapping.contracts if c.packages for one in locked(tx, c, now)]
    return [
        {
            "package": one.package_id,
            "contract": one.contract_id,
            "minutes": one.minutes,
            "state": one.state.value,
            "invoice": one.number,
            "waits_for": one.waits_for,
            "way_out": one.way_out,
        }
        for one in found
    ]
