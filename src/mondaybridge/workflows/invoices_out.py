"""Which documents of a month go to the tool that writes the legal invoices (Q11, ledger 6.8).

Read from Stripe each time: only there stand the numbers and the tax. Documents of others are none
of ours; a credit note that a person made on one of ours is.
"""

from collections.abc import Iterable, Sequence

from mondaybridge.app import App
from mondaybridge.domain.contract import Client
from mondaybridge.domain.documents import DocumentType, ObservedDocument, ObservedLine
from mondaybridge.domain.money import parse_rate_key
from mondaybridge.domain.worktime import Period, local_date, month
from mondaybridge.export.invoices import ExportedDocument, ExportedLine
from mondaybridge.stripe.observation import observe
from mondaybridge.workflows.books import billed_ever

BY_HAND = "by_hand"
VOID = "void"


def documents_of(app: App, period: str, clients: Sequence[Client] = ()) -> list[ExportedDocument]:
    """Return the documents that were issued in a month, oldest first, client by client."""
    found: list[ExportedDocument] = []
    for client in clients or app.mapping.clients:
        with app.store.read() as tx:
            customers = billed_ever(tx, client)
        seen = [one for name in customers for one in observe(app.stripe, name, ())]
        seen.sort(key=lambda one: one.created_at)
        found += _of_client(client, month(period, client.zone), seen)
    return found


def _of_client(
    client: Client, span: Period, seen: Sequence[ObservedDocument]
) -> Iterable[ExportedDocument]:
    ours = {one.stripe_id: one for one in seen if one.key is not None}
    lines = {line.stripe_line_id: line for one in ours.values() for line in one.lines or ()}
    for one in seen:
        mine = one.stripe_id in ours or one.invoice_id in ours
        if mine and one.status != "draft" and one.finalized_at in span:
            yield _document(client, one, ours, lines)


def _document(
    client: Client,
    one: ObservedDocument,
    ours: dict[str, ObservedDocument],
    known: dict[str, ObservedLine],
) -> ExportedDocument:
    sign = -1 if one.type is DocumentType.CREDIT_NOTE else 1
    counts = 0 if one.status == VOID else sign
    original = ours.get(one.invoice_id)
    return ExportedDocument(
        number=one.number or one.stripe_id,
        stripe_id=one.stripe_id,
        type=one.type.value,
        kind=one.key.kind if one.key else BY_HAND,
        date=local_date(one.finalized_at, client.zone).isoformat(),
        status=one.status,
        original_number=original.number if original else "",
        client_id=client.client_id,
        client_name=client.name,
        customer=one.customer,
        currency=one.currency,
        net_minor=counts * one.subtotal_minor,
        tax_minor=counts * (one.total_minor - one.subtotal_minor),
        gross_minor=counts * one.total_minor,
        lines=tuple(_line(line, known, sign) for line in one.lines or () if counts),
    )


def _line(line: ObservedLine, known: dict[str, ObservedLine], sign: int) -> ExportedLine:
    """Return a line; one that a person credited is known by the invoice line that it lowers."""
    source = known.get(line.source_line)
    ours = line.line_id or (source.line_id if source else None)
    return ExportedLine(
        contract_id=ours.contract_id if ours else "",
        month=ours.period if ours else "",
        text=line.text or (source.text if source else ""),
        minutes=sign * line.minutes,
        price_minor=parse_rate_key(ours.rate_key).unit_minor if ours else 0,
        net_minor=sign * line.amount_minor,
        tax_minor=sign * line.tax_minor,
        tax_rates=line.tax_rates,
    )
