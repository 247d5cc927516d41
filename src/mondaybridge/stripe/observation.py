"""What Stripe has, as domain values: lists, never search (architecture 3, stripe.md §1.8).

Issued lines are immutable, so they are read once; a draft's lines are read each time. Answers are
read as plain JSON: the SDK's objects cost ten times as much for a customer with a long history.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

import stripe as stripe_sdk

from mondaybridge.domain.documents import (
    DocumentKey,
    DocumentType,
    ObservedDocument,
    ObservedLine,
    Seen,
    parse_document_key,
)
from mondaybridge.domain.usage import LineId, parse_line_id
from mondaybridge.errors import Parked
from mondaybridge.stripe.client import PAGE, Json, StripeGateway, raw, rows
from mondaybridge.stripe.failures import Missing

# Our keys in Stripe's metadata (50 keys, 500 characters each; stripe.md §1.2). A credit note's
# lines carry their own metadata, as an invoice's lines do.
KEY, PLAN = "mb_key", "mb_plan"
LINE, MINUTES = "mb_line", "mb_minutes"

CREDIT_NOTE = "cn_"  # how the id of one begins
EVENT_SLACK_SECONDS = 300  # between Stripe's clock and ours


def observe(
    gateway: StripeGateway, customer: str, known: Collection[str]
) -> list[ObservedDocument]:
    """Return all invoices and credit notes of a customer, oldest first, invoices before notes.

    Lines are read of drafts of ours and of issued documents that are not ``known``.
    """

    def look(client: stripe_sdk.StripeClient) -> list[ObservedDocument]:
        mine = {"customer": customer, "limit": PAGE}
        invoices = list(rows(client, "/v1/invoices", mine))
        notes = list(rows(client, "/v1/credit_notes", mine))
        found = [
            *(_credit_note(client, note, known) for note in notes),
            *(_invoice(client, invoice, known) for invoice in invoices),
        ]
        return found[::-1]

    return sorted(gateway.read(look), key=lambda seen: seen.created_at)


def read_document(
    gateway: StripeGateway, stripe_id: str, known: Collection[str]
) -> ObservedDocument | None:
    """Return an invoice or credit note as it is now, or None if there is none (any more).

    The lines of one that is ``known`` are read too, to be compared with what is stored.
    """

    def look(client: stripe_sdk.StripeClient) -> ObservedDocument:
        if stripe_id.startswith(CREDIT_NOTE):
            body = raw(client, f"/v1/credit_notes/{stripe_id}", {})
            return _credit_note(client, body, known)
        return _invoice(client, raw(client, f"/v1/invoices/{stripe_id}", {}), known)

    try:
        return gateway.read(look)
    except Missing:
        return None


def read_invoice(gateway: StripeGateway, stripe_id: str) -> ObservedDocument | None:
    """Return one invoice with its lines, or None if there is none (a draft can be deleted)."""
    try:
        return gateway.read(
            lambda client: _invoice(client, raw(client, f"/v1/invoices/{stripe_id}", {}), ())
        )
    except Missing:
        return None


def was_sent(gateway: StripeGateway, stripe_id: str, since: int) -> bool:
    """Whether Stripe mailed an invoice after an instant; events reach back 30 days (§1.8)."""
    start = max(0, since // 1000 - EVENT_SLACK_SECONDS)

    def look(client: stripe_sdk.StripeClient) -> bool:
        asked = {"types": ["invoice.sent"], "created": {"gte": start}, "limit": PAGE}
        sent = rows(client, "/v1/events", asked)
        return any(event["data"]["object"]["id"] == stripe_id for event in sent)

    return gateway.read(look)


def _invoice(
    client: stripe_sdk.StripeClient, invoice: Json, known: Collection[str]
) -> ObservedDocument:
    ours = _metadata(invoice)
    header = ObservedDocument(
        stripe_id=invoice["id"],
        type=DocumentType.INVOICE,
        status=invoice["status"] or "",
        customer=_reference(invoice["customer"]),
        currency=invoice["currency"],
        subtotal_minor=_net(invoice),
        total_minor=invoice["total"],
        created_at=invoice["created"] * 1000,
        number=invoice["number"] or "",
        finalized_at=(invoice["status_transitions"]["finalized_at"] or 0) * 1000,
        key=_document_key(ours),
        plan_digest=ours.get(PLAN, ""),
        paid_minor=invoice["amount_paid"],
        remaining_minor=invoice["amount_remaining"],
        due_at=(invoice.get("due_date") or 0) * 1000,
        failed=_failed(invoice),
        seen=_seen(invoice, "description"),
    )
    return _with_lines(client, "/v1/invoices", header, invoice, known)


def _credit_note(
    client: stripe_sdk.StripeClient, note: Json, known: Collection[str]
) -> ObservedDocument:
    ours = _metadata(note)
    header = ObservedDocument(
        stripe_id=note["id"],
        type=DocumentType.CREDIT_NOTE,
        status=note["status"],
        customer=_reference(note["customer"]),
        currency=note["currency"],
        subtotal_minor=_net(note),
        total_minor=note["total"],
        created_at=note["created"] * 1000,
        number=note["number"],
        finalized_at=note["created"] * 1000,
        key=_document_key(ours),
        plan_digest=ours.get(PLAN, ""),
        invoice_id=_reference(note["invoice"]),
        seen=_seen(note, "memo"),
    )
    return _with_lines(client, "/v1/credit_notes", header, note, known)


def _with_lines(
    client: stripe_sdk.StripeClient,
    path: str,
    header: ObservedDocument,
    body: Json,
    known: Collection[str],
) -> ObservedDocument:
    """Add a document's lines: those it brings, or all of its pages where it brings only some."""
    lines, more = body["lines"]["data"], body["lines"]["has_more"]
    if not _wanted(header, known):
        stored = header.stripe_id in known and not more
        return replace(header, lines=_as_they_are(lines)) if stored else header
    if more:
        lines = rows(client, f"{path}/{header.stripe_id}/lines", {"limit": PAGE})
    return replace(header, lines=tuple(_line(header, row) for row in lines))


def _as_they_are(lines: Iterable[Json]) -> tuple[ObservedLine, ...]:
    """Return lines that are stored, to be compared: a broken mark is for the comparison to find."""
    return tuple(_line(None, row) for row in lines)


def _wanted(header: ObservedDocument, known: Collection[str]) -> bool:
    if header.status == "draft":
        return header.key is not None
    return header.issued and header.stripe_id not in known


def _failed(invoice: Json) -> bool:
    """Whether the last try to pay what is still asked for did not succeed."""
    tried = invoice.get("attempted") or invoice.get("attempt_count")
    return bool(invoice["status"] == "open" and invoice["amount_remaining"] and tried)


def _line(document: ObservedDocument | None, row: Json) -> ObservedLine:
    identity, minutes = _identity(document, _metadata(row))
    source = row.get("invoice_line_item") or ""
    span, taxes = row.get("period") or {}, row.get("taxes") or ()
    return ObservedLine(
        row["id"],
        identity,
        minutes,
        row["amount"],
        source,
        text=row.get("description") or "",
        period=(span.get("start", 0), span.get("end", 0)),
        tax_rates=tuple(sorted(filter(None, map(_tax_rate, taxes)))),
        tax_minor=sum(tax["amount"] for tax in taxes),
    )


def _seen(body: Json, words: str) -> Seen:
    """Read what stands beside the lines, and the tax as Stripe counted it (semantics 6.18)."""
    trouble = body.get("last_finalization_error") or {}
    return Seen(
        body.get(words) or "",
        body.get("footer") or "",
        bool((body.get("automatic_tax") or {}).get("enabled")),
        sum(tax["amount"] for tax in body.get("total_taxes") or ()),
        trouble.get("message") or "",
    )


def _tax_rate(tax: Json) -> str:
    details = tax.get("tax_rate_details") or {}
    return _reference(details.get("tax_rate"))


def _identity(
    document: ObservedDocument | None, ours: Mapping[str, str]
) -> tuple[LineId | None, int]:
    """Read whose line it is; on a draft a broken mark is a difference, once issued a finding."""
    if LINE not in ours:
        return None, 0
    try:
        return parse_line_id(ours[LINE]), int(ours.get(MINUTES, ""))
    except (ValueError, TypeError, RecursionError):
        if document is None or not document.issued:
            return None, 0
        evidence = f"{LINE} {ours[LINE]!r}, {MINUTES} {ours.get(MINUTES)!r}"
        reason = f"a line of {document.stripe_id} does not say what it bills"
        raise Parked(reason, evidence) from None


def _document_key(ours: Mapping[str, str]) -> DocumentKey | None:
    try:
        return parse_document_key(ours[KEY])
    except (KeyError, ValueError, TypeError, RecursionError):
        return None  # not one of ours


def _net(document: Json) -> int:
    """Return what the document amounts to without any tax and after discounts."""
    net = document["total_excluding_tax"]
    return int(document["subtotal"] if net is None else net)


def _metadata(body: Json) -> Mapping[str, str]:
    return body.get("metadata") or {}


def _reference(value: Any) -> str:  # noqa: ANN401 - an id or, expanded, the object
    return value if isinstance(value, str) else str((value or {}).get("id", ""))
