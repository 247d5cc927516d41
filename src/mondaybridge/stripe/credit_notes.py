"""Credit notes as calls: a look at how Stripe would split one, then the one POST that makes it.

Where money goes that was paid already is the plan's word (semantics 6.23); how much that is only
Stripe knows, and a payment may change it at any moment (stripe.md §0.4).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from stripe.params import CreditNoteCreateParams, CreditNoteCreateParamsLine

from mondaybridge.domain.contract import AfterPayment
from mondaybridge.domain.documents import PlannedDocument, PlannedLine
from mondaybridge.domain.money import amount_text, round_half_up
from mondaybridge.errors import CredentialsError, Parked, UpstreamError
from mondaybridge.stripe.client import EffectLog, Json, StripeGateway, Write, raw
from mondaybridge.stripe.documents import line_marks, marks, printable
from mondaybridge.stripe.observation import read_invoice

OP = "create_credit_note"
_FIELDS = {
    AfterPayment.BALANCE: "credit_amount",
    AfterPayment.REFUND: "refund_amount",
    AfterPayment.OUT_OF_BAND: "out_of_band_amount",
}


STEPS = (0, 1, -1, 2, -2)


@dataclass(frozen=True, slots=True)
class Split:
    """Where the part of a credit goes that was paid already: one field of Stripe's, exactly it."""

    field: str = ""
    amount: int = 0


def split_of(gateway: StripeGateway, document: PlannedDocument) -> Split:
    """Ask Stripe what part of a planned note was paid already; it writes nothing (§1.6).

    What Stripe would refuse to create, it refuses here: too much for what the invoice has left.
    """
    where = _FIELDS[AfterPayment(document.after_payment or AfterPayment.BALANCE.value)]
    lines = [_amount(line) for line in document.lines]
    asked: Json = {"invoice": document.invoice_id, "lines": lines}
    try:
        seen = _preview(gateway, asked)
    except CredentialsError:
        raise
    except UpstreamError as refusal:
        found = _tried(gateway, document, asked, where)
        if found is None:
            raise Parked("Stripe would not take this credit note", str(refusal)) from refusal
        seen = found
    _check(document, seen)
    paid = int(seen.get("post_payment_amount") or 0)
    return Split(where, paid) if paid else Split()


def sent_split(body: bytes) -> Split:
    """Read the split back from the bytes of a note that was sent."""
    fields = parse_qs(body.decode())
    given = ((name, int(fields[name][0])) for name in _FIELDS.values() if name in fields)
    return next((Split(*one) for one in given), Split())


def create(
    gateway: StripeGateway,
    effects: EffectLog,
    *,
    document: PlannedDocument,
    split: Split,
    attempt: int,
) -> str:
    """Credit lines of an issued invoice by amount, mail the note, and return its id.

    By amount only: quantity and amount cannot be mixed on one invoice line (stripe.md §0.3).
    """
    params: CreditNoteCreateParams = {
        "invoice": document.invoice_id,
        "lines": [_credit_line(line) for line in document.lines],
        "memo": _memo(document),
        "email_type": "credit_note",
        "metadata": marks(document),
    }
    if split.amount:
        params[split.field] = split.amount  # type: ignore[literal-required]  # one of _FIELDS
    write = Write(effects, str(document.key), OP, attempt)
    return gateway.write(write, lambda client: client.v1.credit_notes.create(params)).id


def _preview(gateway: StripeGateway, asked: Json) -> Json:
    return gateway.read(lambda client: raw(client, "/v1/credit_notes/preview", asked))


def _tried(
    gateway: StripeGateway, document: PlannedDocument, asked: Json, where: str
) -> Json | None:
    """Find the split where a preview wants to be told it; only Stripe says which is right (§6).

    The first try takes the tax that Stripe counted on the lines in proportion; its rounding may
    differ by some minor units.
    """
    invoice = read_invoice(gateway, document.invoice_id)
    if invoice is None:
        return None
    issued = {line.stripe_line_id: line for line in invoice.lines or ()}
    total = document.subtotal_minor + sum(
        round_half_up(issued[line.credits_line].tax_minor * line.amount_minor, whole)
        for line in document.lines
        if line.credits_line in issued and (whole := issued[line.credits_line].amount_minor)
    )
    guess = total - invoice.remaining_minor
    for paid in (guess + step for step in STEPS if guess + step > 0):
        try:
            return _preview(gateway, {**asked, where: paid})
        except CredentialsError:
            raise
        except UpstreamError:
            continue
    return None


def _check(document: PlannedDocument, seen: Json) -> None:
    net = seen["total_excluding_tax"]
    found = int(seen["subtotal"] if net is None else net)
    if found != document.subtotal_minor:
        other, planned = (
            amount_text(minor, document.currency) for minor in (found, document.subtotal_minor)
        )
        raise Parked(
            "Stripe would make another credit note than planned",
            f"{other} instead of {planned} on {document.invoice_id}",
        )


def _amount(line: PlannedLine) -> dict[str, Any]:
    return {
        "type": "invoice_line_item",
        "invoice_line_item": line.credits_line,
        "amount": line.amount_minor,
    }


def _credit_line(line: PlannedLine) -> CreditNoteCreateParamsLine:
    return {
        "type": "invoice_line_item",
        "invoice_line_item": line.credits_line,
        "amount": line.amount_minor,
        "metadata": line_marks(line),
    }


def _memo(document: PlannedDocument) -> str:
    """Say what is credited and why; last what the law wants said (Q11)."""
    said = (document.description, *_causes(document.lines), document.footer)
    return printable("\n".join(filter(None, said)))


def _causes(lines: Sequence[PlannedLine]) -> list[str]:
    told = (": ".join(filter(None, (line.description, line.cause))) for line in lines)
    return list(dict.fromkeys(filter(None, told)))
