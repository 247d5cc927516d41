"""What people did in Stripe to a document that we issued: found, told once, never billed again.

An issued document is ours for good: where its mark was taken away, what was stored of it stands
(reliability P14, P16). Paying, crediting and writing off are no such deeds.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from mondaybridge.domain.documents import ObservedDocument, ObservedLine
from mondaybridge.domain.money import amount_text
from mondaybridge.domain.worktime import hours_text

VOID = "void"
AGAIN = (
    "Its time is billed again only with a plan that a person lets pass: look at `close preview`, "
    "apply it, and release the client when it is parked"
)
KEPT = "What was stored stands and nothing is billed again: put the marks back, then release this"


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that a person did to a document of ours, with before and after."""

    stripe_id: str
    reason: str
    evidence: str


def recognised(before: ObservedDocument | None, after: ObservedDocument) -> ObservedDocument:
    """Return a document as ours where it was issued as ours, whatever its marks say now."""
    if before is None or before.key is None or not before.finalized_at:
        return after
    return replace(after, key=before.key, plan_digest=before.plan_digest)


def deed(before: ObservedDocument | None, after: ObservedDocument) -> Deed | None:
    """Return what was done by hand to a document that was issued by us, if anything."""
    if before is None or before.key is None or not before.issued:
        return None
    name = before.number or before.stripe_id
    if after.status == VOID:
        lines = "; ".join(_told(one, before.currency) for one in before.lines or ())
        evidence = f"{before.stripe_id}, key {before.key}, lines: {lines or 'none'}. {AGAIN}"
        return Deed(before.stripe_id, f"{name} was voided in Stripe", evidence)
    changes = [*_marks(before, after), *_amounts(before, after), *_lines(before, after)]
    if not changes:
        return None
    reason = f"{name} was issued by us and was changed in Stripe"
    return Deed(before.stripe_id, reason, f"{'; '.join(changes)}. {KEPT}")


def rewritten(before: ObservedDocument | None, after: ObservedDocument) -> bool:
    """Whether the lines of an issued document say something else than when they were stored."""
    if before is None or before.lines is None or after.lines is None or not before.finalized_at:
        return False
    return Counter(map(_mark, before.lines)) != Counter(map(_mark, after.lines))


def _marks(before: ObservedDocument, after: ObservedDocument) -> Iterable[str]:
    if after.key != before.key:
        yield f"mb_key was {before.key}, is {after.key or 'gone'}"
    if after.plan_digest != before.plan_digest:
        yield f"mb_plan was {before.plan_digest}, is {after.plan_digest or 'gone'}"


def _amounts(before: ObservedDocument, after: ObservedDocument) -> Iterable[str]:
    if (after.subtotal_minor, after.currency) != (before.subtotal_minor, before.currency):
        was = amount_text(before.subtotal_minor, before.currency)
        yield f"the net total was {was}, is {amount_text(after.subtotal_minor, after.currency)}"
    if after.customer != before.customer:
        yield f"the customer was {before.customer}, is {after.customer or 'gone'}"


def _lines(before: ObservedDocument, after: ObservedDocument) -> Iterable[str]:
    if not rewritten(before, after):
        return
    was, is_ = (Counter(map(_mark, one.lines or ())) for one in (before, after))
    for word, some in (("was", was - is_), ("is", is_ - was)):
        for stripe_line_id, identity, minutes, amount in sorted(some.elements()):
            yield f"line {stripe_line_id} {word} {identity or 'unmarked'}, {minutes} min, {amount}"


def _mark(line: ObservedLine) -> tuple[str, str, int, int]:
    identity = str(line.line_id) if line.line_id else ""
    return line.stripe_line_id, identity, line.minutes, line.amount_minor


def _told(line: ObservedLine, currency: str) -> str:
    what = f"{line.line_id.subject} {line.line_id.period}".strip() if line.line_id else "not ours"
    return f"{what} {hours_text(line.minutes)} {amount_text(line.amount_minor, currency)}"
