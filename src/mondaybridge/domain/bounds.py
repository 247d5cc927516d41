"""The bounds beyond which a client is parked instead of billed, each judged alone (ledger 6.10)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median

from mondaybridge.domain.contract import Client
from mondaybridge.domain.documents import (
    DocumentKind,
    DocumentType,
    ObservedDocument,
    PlannedDocument,
)
from mondaybridge.domain.money import amount_text
from mondaybridge.domain.worktime import local_date, month

LINES_MAX = 250
MEDIAN_AFTER_MONTHS = 2
MEDIAN_OVER_MONTHS = 6


def findings(
    client: Client,
    observed: Sequence[ObservedDocument],
    documents: Sequence[PlannedDocument],
    closes: str,
) -> Iterable[str]:
    """Judge each bound alone; beyond one the client is parked with this evidence (S10)."""
    yield from _too_many_lines(client, documents)
    yield from _too_many_documents(client, observed, documents)
    yield from _too_large(client, observed, documents, closes)
    yield from _voided(observed, documents)


def _voided(
    observed: Sequence[ObservedDocument], documents: Sequence[PlannedDocument]
) -> Iterable[str]:
    invoices = [d for d in documents if d.type is DocumentType.INVOICE]
    billed = {d.key.scope for d in invoices}
    billed |= {line.line_id.period for d in invoices for line in d.lines}
    for document in observed:
        if document.key and document.status == "void" and document.key.scope in billed:
            name = document.number or document.stripe_id
            yield f"{name} was voided in Stripe: billing its time again needs a release"


def _too_many_lines(client: Client, documents: Sequence[PlannedDocument]) -> Iterable[str]:
    zone, bounds = client.zone, client.bounds
    corrected: Counter[str] = Counter()
    for document in documents:
        if len(document.lines) > LINES_MAX:
            yield (
                f"{document.key.kind} {document.key.scope} has {len(document.lines)} lines; "
                f"Stripe takes {LINES_MAX} on one invoice"
            )
        for line in document.lines:
            if line.cause:
                corrected[local_date(line.work_from, zone).isoformat()] += 1
    for day, count in sorted(corrected.items()):
        if count > bounds.lines_per_day:
            yield (
                f"{count} corrected lines for work of {day}: the bound is "
                f"lines_per_day: {bounds.lines_per_day}"
            )


def _too_many_documents(
    client: Client,
    observed: Sequence[ObservedDocument],
    documents: Sequence[PlannedDocument],
) -> Iterable[str]:
    bound = client.bounds.documents
    counts = Counter(d.key.scope for d in documents)
    counts.update(d.key.scope for d in observed if d.issued and d.key is not None)
    for scope in sorted({d.key.scope for d in documents}):
        if counts[scope] > bound:
            yield f"{counts[scope]} documents for {scope}: the bound is documents: {bound}"


def _too_large(
    client: Client,
    observed: Sequence[ObservedDocument],
    documents: Sequence[PlannedDocument],
    closes: str,
) -> Iterable[str]:
    limit, why = _limit(client, observed, closes)
    for document in documents:
        if document.key.kind == DocumentKind.USAGE.value and document.subtotal_minor > limit:
            total = amount_text(document.subtotal_minor, document.currency)
            yield f"usage {document.key.scope} comes to {total}; {why}"


def _limit(client: Client, observed: Sequence[ObservedDocument], closes: str) -> tuple[int, str]:
    """Return the largest expected month: a cap at first, then a multiple of the median."""
    totals: Counter[str] = Counter()
    for document in observed:
        key = document.key
        if not (document.issued and document.subtotal_minor):
            continue  # a month that cost nothing says nothing about what is usual
        if key is not None and _is_month(key.scope) and key.scope < closes:
            sign = 1 if document.type is DocumentType.INVOICE else -1
            totals[key.scope] += sign * document.subtotal_minor
    if len(totals) < MEDIAN_AFTER_MONTHS:
        cap = client.bounds.first_minor
        return cap, f"the bound is first_amount: {amount_text(cap, client.currency)}"
    last = [totals[name] for name in sorted(totals)[-MEDIAN_OVER_MONTHS:]]
    limit = int(client.bounds.median_factor * median(last))
    shown = amount_text(limit, client.currency)
    return limit, (
        f"the bound is {shown}, median_factor: {client.bounds.median_factor} times the median "
        f"of the last {len(last)} months"
    )


def _is_month(scope: str) -> bool:
    try:
        month(scope, "UTC")
    except ValueError:
        return False
    return True
