"""What the invoices of packages show, read from the stored documents (semantics 6.30)."""

from collections.abc import Iterable

from sqlalchemy import func, select, update

from mondaybridge.domain.contract import Contract
from mondaybridge.domain.documents import DocumentKind, DocumentType, ObservedDocument
from mondaybridge.domain.sales import Sale
from mondaybridge.store.document_tables import document
from mondaybridge.store.engine import Tx
from mondaybridge.store.tables import contract as contracts


def sales(tx: Tx, contract: Contract) -> dict[str, Sale]:
    """Say of each package what the newest invoice of its sale shows; one that has none is due."""
    names = [p.package_id for p in contract.packages if p.sale_by_bridge]
    if not names:
        return {}
    note = document.alias()
    by_hand = (
        select(func.sum(note.c.subtotal))
        .where(note.c.invoice_id == document.c.stripe_id, note.c.scope.is_(None))
        .where(note.c.status == "issued")
        .scalar_subquery()
    )
    query = (
        select(document.c.scope, document.c.status, document.c.subtotal, by_hand.label("by_hand"))
        .where(document.c.client_id == contract.client_id, document.c.scope.in_(names))
        .where(document.c.kind == DocumentKind.SALE.value, document.c.status != "draft")
        .where(document.c.type == DocumentType.INVOICE.value)
        .order_by(document.c.revision, document.c.created_at, document.c.stripe_id)
    )
    rows = tx.execute(query).all()
    return {r.scope: _sale(r.status, r.subtotal, int(r.by_hand or 0)) for r in rows}


def want_reviews(tx: Tx, client_id: str, changed: Iterable[ObservedDocument]) -> None:
    """Have a client's contracts reviewed where a sale is there, paid, voided or credited by hand.

    What a document says of hours is decided anew each time: the same news twice moves nothing.
    """
    sale = DocumentKind.SALE.value
    told = (d for d in changed if d.status != "draft")
    if any(d.key.kind == sale if d.key else d.invoice_id for d in told):
        mine = update(contracts).where(contracts.c.client_id == client_id)
        tx.execute(mine.values(wanted_version=contracts.c.wanted_version + 1))


def _sale(status: str, subtotal: int, by_hand: int) -> Sale:
    if status == "void":
        return Sale.VOIDED
    if by_hand and by_hand >= subtotal:
        return Sale.RETURNED
    return Sale.PAID if status == "paid" else Sale.FINALIZED
