"""The steps of a document as calls: each one POST or DELETE, each an effect before it is sent.

What to do next is the domain's decision; these do it, with the same key and bytes however often.
"""

from collections import Counter
from collections.abc import Iterable

from stripe.params import (
    InvoiceAddLinesParamsLine,
    InvoiceCreateParams,
)

from mondaybridge.domain.documents import (
    DocumentKey,
    ObservedDocument,
    PlannedDocument,
    PlannedLine,
    Seen,
)
from mondaybridge.errors import Parked
from mondaybridge.stripe.client import EffectLog, StripeGateway, Write
from mondaybridge.stripe.failures import Gone
from mondaybridge.stripe.observation import KEY, LINE, MINUTES, PLAN

CHUNK = 100  # lines of one add_lines call (stripe.md §1.2)
LIST, MEMBERS = "mb_list", "mb_members"  # digests of what is kept beside the document (6.21)
TEXT_LENGTH = 5000  # of a description or memo (stripe.md §1.2)
NO_LOCATION = "customer_tax_location_invalid"
LOCATE = "Complete the customer's address in Stripe, or set tax: rates in the mapping, then release"
VALUE_LENGTH = 500  # of a metadata value (stripe.md §1.2)


def create_draft(
    gateway: StripeGateway, effects: EffectLog, *, document: PlannedDocument, attempt: int
) -> str:
    """Create an invoice that nobody but us can finish, and return its id (stripe.md §1.4)."""
    params: InvoiceCreateParams = {
        "customer": document.customer,
        "currency": document.currency,
        "auto_advance": False,
        "collection_method": "send_invoice",
        "days_until_due": document.days_until_due,
        "pending_invoice_items_behavior": "exclude",
        "metadata": marks(document),
    }
    if document.description:
        params["description"] = printable(document.description)
    if document.footer:
        params["footer"] = printable(document.footer)
    if document.automatic_tax:
        params["automatic_tax"] = {"enabled": True}
    write = Write(effects, str(document.key), "create_draft", attempt)
    return gateway.write(write, lambda client: client.v1.invoices.create(params)).id


def chunks(document: PlannedDocument) -> int:
    """Return how many ``add_lines`` calls a document takes."""
    return -(-len(document.lines) // CHUNK)


def add_lines(
    gateway: StripeGateway,
    effects: EffectLog,
    *,
    stripe_id: str,
    document: PlannedDocument,
    chunk: int,
    attempt: int,
) -> None:
    """Add one chunk of a document's lines, counted from 0, in the plan's order."""
    planned = document.lines[chunk * CHUNK : (chunk + 1) * CHUNK]
    lines = [_invoice_line(line) for line in planned]
    write = Write(effects, str(document.key), "add_lines", attempt, chunk)
    gateway.write(write, lambda client: client.v1.invoices.add_lines(stripe_id, {"lines": lines}))


def finalize(
    gateway: StripeGateway, effects: EffectLog, *, stripe_id: str, key: DocumentKey, attempt: int
) -> None:
    """Issue a draft; Stripe gives it its number and mails nothing by itself (stripe.md §1.5)."""
    write = Write(effects, str(key), "finalize", attempt)
    try:
        gateway.write(
            write,
            lambda client: client.v1.invoices.finalize_invoice(stripe_id, {"auto_advance": False}),
        )
    except Parked as refused:
        if NO_LOCATION in refused.evidence:
            raise Parked(refused.reason, f"{refused.evidence}. {LOCATE}") from refused
        raise


def send(
    gateway: StripeGateway, effects: EffectLog, *, stripe_id: str, key: DocumentKey, attempt: int
) -> None:
    """Have Stripe mail an issued invoice; beyond the key's life ask ``was_sent`` first."""
    write = Write(effects, str(key), "send", attempt)
    gateway.write(write, lambda client: client.v1.invoices.send_invoice(stripe_id))


def delete_draft(
    gateway: StripeGateway, effects: EffectLog, *, stripe_id: str, key: DocumentKey, attempt: int
) -> None:
    """Delete a draft of ours; one that is gone already is what was wanted."""
    write = Write(effects, str(key), "delete_draft", attempt)
    try:
        gateway.write(write, lambda client: client.v1.invoices.delete(stripe_id))
    except Gone:
        return


def marks(document: PlannedDocument) -> dict[str, str]:
    """Return what lets a document be recognised: its key, what it was made from, its full list."""
    listed = {LIST: document.full_list} if document.full_list else {}
    return {KEY: _value(str(document.key)), PLAN: document.digest, **listed}


def line_marks(line: PlannedLine) -> dict[str, str]:
    """Return what lets a line be recognised: its identity, its minutes, who is behind a group."""
    behind = {MEMBERS: line.members} if line.members else {}
    return {LINE: _value(str(line.line_id)), MINUTES: str(line.minutes), **behind}


def printable(words: str) -> str:
    """Return words as they can be printed: control characters blank, at most Stripe's length."""
    plain = "".join(char if char.isprintable() or char == "\n" else " " for char in words)
    return plain if len(plain) <= TEXT_LENGTH else plain[: TEXT_LENGTH - 1] + "…"


def check_draft(document: PlannedDocument, observed: ObservedDocument) -> list[str]:
    """Say how a draft as read back differs from its plan; empty: it may be finalised (S6).

    Net amounts must be ours to the unit; tax is Stripe's, and must agree with itself (6.18, 6.19).
    """
    seen = observed.seen or Seen()
    facts = {
        "status": ("draft", observed.status),
        "customer": (document.customer, observed.customer),
        "currency": (document.currency, observed.currency),
        "key": (str(document.key), str(observed.key)),
        "plan": (document.digest, observed.plan_digest),
        "net": (document.subtotal_minor, observed.subtotal_minor),
        "description": (printable(document.description), seen.description),
        "footer": (printable(document.footer), seen.footer),
        "automatic tax": (document.automatic_tax, seen.automatic_tax),
    }
    if document.automatic_tax or any(line.tax_rate for line in document.lines):
        facts["total"] = (observed.subtotal_minor + seen.tax_minor, observed.total_minor)
    else:
        facts["total"] = (document.subtotal_minor, observed.total_minor)
    return [
        *(
            f"{name}: planned {planned}, found {found}"
            for name, (planned, found) in facts.items()
            if planned != found
        ),
        *_line_differences(document, observed),
        *_text_differences(document, observed),
        *_tax_differences(observed, seen),
    ]


def _line_differences(document: PlannedDocument, observed: ObservedDocument) -> list[str]:
    planned = sorted(
        (str(line.line_id), line.minutes, line.amount_minor) for line in document.lines
    )
    found = sorted(
        (str(line.line_id or f"not ours: {line.stripe_line_id}"), line.minutes, line.amount_minor)
        for line in observed.lines or ()
    )
    missing, extra = _without(planned, found), _without(found, planned)
    return [
        *(f"missing: {name}, {minutes} min, {amount}" for name, minutes, amount in missing),
        *(f"not planned: {name}, {minutes} min, {amount}" for name, minutes, amount in extra),
    ]


def _text_differences(document: PlannedDocument, observed: ObservedDocument) -> Iterable[str]:
    """Compare what a client reads on each line: its words, its time, the tax rate put on it."""
    found = {line.line_id: line for line in observed.lines or ()}
    for line in document.lines:
        there = found.get(line.line_id)
        if there is None:
            continue
        span = (line.work_from // 1000, line.work_to // 1000) if line.work_from else there.period
        rates = (line.tax_rate,) if line.tax_rate else ()
        facts = {
            "text": (printable(line.description), there.text),
            "period": (span, there.period),
            "tax rate": (there.tax_rates if document.automatic_tax else rates, there.tax_rates),
        }
        for name, (wanted, seen) in facts.items():
            if wanted != seen:
                yield f"{name} of {line.line_id}: planned {wanted}, found {seen}"


def _tax_differences(observed: ObservedDocument, seen: Seen) -> Iterable[str]:
    """Compare the tax of the lines with the document's; Stripe may round once for all of them."""
    lines = observed.lines or ()
    total = sum(line.tax_minor for line in lines)
    if abs(total - seen.tax_minor) > len(lines):
        yield f"tax: the lines bear {total}, the document {seen.tax_minor}"


def _without(
    some: list[tuple[str, int, int]], others: list[tuple[str, int, int]]
) -> list[tuple[str, int, int]]:
    """Return what is left of some after each of the others has taken away its equal, if any."""
    left = Counter(some)
    left.subtract(others)
    return sorted(left.elements())


def _invoice_line(line: PlannedLine) -> InvoiceAddLinesParamsLine:
    """Write a line by amount, its hours and price in words: Stripe has nothing to round (§1.4)."""
    body: InvoiceAddLinesParamsLine = {
        "amount": line.amount_minor,
        "description": printable(line.description),
        "discountable": False,
        "metadata": line_marks(line),
    }
    if line.work_from:
        body["period"] = {"start": line.work_from // 1000, "end": line.work_to // 1000}
    if line.tax_rate:
        body["tax_rates"] = [line.tax_rate]
    return body


def _value(identity: str) -> str:
    """Return an identity whole: one that metadata cannot hold would not be recognised again."""
    if len(identity) > VALUE_LENGTH:
        raise Parked(f"an identity is longer than {VALUE_LENGTH} characters", identity)
    return identity
