"""The next step towards one planned document, from what Stripe shows and what was sent (S5, S8).

``next_step`` is pure: look, then decide one write. A write that may have happened is continued
with the same attempt; the attempt rises only after a stored failure or when its key is too old. A
refused credit note may only show that a payment landed: it is drawn up afresh, a few times.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mondaybridge.domain.documents import (
    DocumentType,
    Mailed,
    ObservedDocument,
    PlannedDocument,
    PlannedLine,
)
from mondaybridge.domain.money import amount_text

CHUNK_LINES = 100
KEY_LIFE_MS = 20 * 3_600_000
# Stripe tells for 30 days what was mailed (stripe.md §1.7), less one for the clocks.
MAIL_TOLD_MS = 29 * 24 * 3_600_000
REPEATABLE = frozenset({"create_draft", "add_lines", "delete_draft"})
CREDIT = "create_credit_note"
REFUSED = 400
AS_CHANGED = (
    "Mail it in Stripe if it is right and the client has not got it, or void it there; "
    "then release this"
)
# How often a credit note is drawn up anew because Stripe refused its split (stripe.md §0.4).
SPLITS_MAX = 4


@dataclass(frozen=True, slots=True)
class EffectFact:
    """One write on record: ``status`` is 0 while no answer came back."""

    op: str
    chunk: int
    attempt: int
    path: str
    first_sent_at: int
    status: int

    @property
    def succeeded(self) -> bool:
        """Whether the answer was a success."""
        return 200 <= self.status < 300  # noqa: PLR2004 - HTTP

    @property
    def refused(self) -> bool:
        """Whether the answer said that it was not done."""
        return 400 <= self.status < 500  # noqa: PLR2004 - HTTP


@dataclass(frozen=True, slots=True)
class Record:
    """What was written down before now; a refusal older than ``released_at`` may be tried again."""

    effects: Sequence[EffectFact]
    now: int
    released_at: int = 0

    def answered(self, op: str, stripe_id: str) -> bool:
        """Whether a write on an object was answered with success."""
        return any(e.op == op and stripe_id in e.path and e.succeeded for e in self.effects)

    def lately(self, op: str, stripe_id: str) -> bool:
        """Whether a write on an object was sent within the life of its key."""
        sent = (e for e in self.effects if e.op == op and stripe_id in e.path)
        return any(self.now - e.first_sent_at < KEY_LIFE_MS for e in sent)

    def refused(self, op: str, stripe_id: str) -> bool:
        """Whether a write on an object was tried, and refused each time: it did not happen."""
        tried = [e for e in self.effects if e.op == op and stripe_id in e.path]
        return bool(tried) and all(e.refused for e in tried)

    def attempt(self, op: str, chunk: int, stripe_id: str, step: "Callable[[int], Step]") -> "Step":
        """Continue an open write with its attempt; raise it only when a look found nothing.

        The record is older than the look. What was answered well and is not seen may only be made
        again where a person can take it away: a draft, its lines, its deletion.
        """
        known = [e for e in self.effects if (e.op, e.chunk) == (op, chunk)]
        if not known:
            return step(1 + self._let_go())
        last = max(known, key=lambda e: e.attempt)
        same = stripe_id in last.path
        stays = same and last.first_sent_at > self.released_at
        if last.refused and stays and not self._afresh(known):
            return Stop(f"Stripe refused to {op}", f"status {last.status}, attempt {last.attempt}")
        if last.succeeded and same and op not in REPEATABLE:
            return Stop(f"Stripe answered {op} and does not show it", f"attempt {last.attempt}")
        fresh = self.now - last.first_sent_at < KEY_LIFE_MS
        if not last.status and fresh and same:
            return step(last.attempt)
        return step(last.attempt + 1)

    def _let_go(self) -> int:
        """Return how many attempts of any write were refused before a person let them go on.

        A database that was restored has forgotten what it sent: Stripe knows the keys of all writes
        of the document with other bytes, not only of the one that met it. A look comes before each.
        """
        refused = (e for e in self.effects if e.refused)
        old = (e.attempt for e in refused if e.first_sent_at <= self.released_at)
        return max(old, default=0)

    def _afresh(self, known: Sequence[EffectFact]) -> bool:
        """Whether a refused credit note may be looked at afresh: a payment may have changed it."""
        refusals = [e for e in known if e.status and e.first_sent_at > self.released_at]
        credits_only = all(e.op == CREDIT and e.status == REFUSED for e in refusals)
        return credits_only and len(refusals) < SPLITS_MAX


@dataclass(frozen=True, slots=True)
class Create:
    """Make the draft invoice."""

    attempt: int


@dataclass(frozen=True, slots=True)
class AddLines:
    """Add one chunk of lines to the draft."""

    stripe_id: str
    chunk: int
    attempt: int


@dataclass(frozen=True, slots=True)
class Finalize:
    """Finalise the complete draft: it becomes a document."""

    stripe_id: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Send:
    """Have Stripe mail it; ``look`` asks Stripe first whether it was mailed already.

    Where it is not ``traceable`` Stripe's silence says nothing: a person must find it out.
    """

    stripe_id: str
    attempt: int
    look: bool
    traceable: bool = True


@dataclass(frozen=True, slots=True)
class Credit:
    """Create the credit note, lines and all; after a refusal only if its split is another now."""

    attempt: int


@dataclass(frozen=True, slots=True)
class Discard:
    """Delete a draft of ours that cannot become the planned document."""

    stripe_id: str
    attempt: int
    reason: str


@dataclass(frozen=True, slots=True)
class Stop:
    """A person must look: park with this reason and evidence.

    ``document`` is one that is issued and not as planned: it stays so whatever is done next, and is
    kept in sight until somebody releases it.
    """

    reason: str
    evidence: str
    document: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """The document is issued and on its way; of an invoice, why nobody needs to mail it."""

    stripe_id: str
    mailed: Mailed = Mailed.SENT


Step = Create | AddLines | Finalize | Send | Credit | Discard | Stop | Done


def next_step(
    document: PlannedDocument,
    observed: Sequence[ObservedDocument],
    record: Record,
) -> Step:
    """Return the one thing to do next for a planned document."""
    ours = [d for d in observed if d.key == document.key and d.type is document.type]
    issued = [d for d in ours if d.issued]
    voided = [d for d in ours if d.status == "void"]
    drafts = [d for d in ours if d.status == "draft"]
    if len(issued) > 1:
        both = ", ".join(d.stripe_id for d in issued)
        way = "Void the one that is too much in Stripe, then release this"
        return Stop("two documents carry the same key", f"{both}. {way}", issued[-1].stripe_id)
    if issued:
        return _after_issue(document, issued[0], record)
    if voided:
        return Stop("the document was voided in Stripe", voided[0].stripe_id)
    if drafts:
        return _from_draft(document, drafts, record)
    if document.type is DocumentType.CREDIT_NOTE:
        return record.attempt(CREDIT, 0, "", Credit)
    return record.attempt("create_draft", 0, "", Create)


def traceable(issued: ObservedDocument, record: Record) -> bool:
    """Whether Stripe or the record tells for sure if an invoice was mailed."""
    lately = record.now - issued.finalized_at < MAIL_TOLD_MS
    return lately or record.refused("send", issued.stripe_id)


def chunk_of(document: PlannedDocument, chunk: int) -> tuple[PlannedLine, ...]:
    """Return the lines of one ``add_lines`` call."""
    return document.lines[chunk * CHUNK_LINES : (chunk + 1) * CHUNK_LINES]


def _after_issue(
    document: PlannedDocument,
    issued: ObservedDocument,
    record: Record,
) -> Step:
    if issued.subtotal_minor != document.subtotal_minor:
        return Stop(
            "an issued document differs from its plan",
            f"{_instead(issued, document)}. {AS_CHANGED}",
            issued.stripe_id,
        )
    if issued.type is DocumentType.CREDIT_NOTE or record.answered("send", issued.stripe_id):
        return Done(issued.stripe_id)
    # A backup can be from between the two writes: a send it does not know is repeated by its key.
    known = record.answered("finalize", issued.stripe_id)
    safe = known and record.lately("finalize", issued.stripe_id)
    trace = traceable(issued, record)
    if not trace and issued.paid_minor:  # who paid it has it
        return Done(issued.stripe_id, Mailed.PAID)

    def send(attempt: int) -> Step:
        look = not safe or attempt > 1
        return Send(issued.stripe_id, attempt, look=look, traceable=trace)

    return record.attempt("send", 0, issued.stripe_id, send)


def _instead(seen: ObservedDocument, document: PlannedDocument) -> str:
    found = amount_text(seen.subtotal_minor, seen.currency)
    planned = amount_text(document.subtotal_minor, document.currency)
    return f"{seen.stripe_id}: {found} instead of {planned}"


def _from_draft(
    document: PlannedDocument,
    drafts: Sequence[ObservedDocument],
    record: Record,
) -> Step:
    draft = drafts[0]
    if len(drafts) > 1:
        return _discard(record, drafts[1], "a second draft with the same key")
    if draft.plan_digest != document.digest:
        return _discard(record, draft, "a draft of an older plan")
    present = draft.lines or ()
    planned = {str(line.line_id): line.amount_minor for line in document.lines}
    seen = {str(line.line_id): line.amount_minor for line in present}
    if len(seen) != len(present) or not seen.items() <= planned.items():
        return _discard(record, draft, "its lines are not the plan's")
    for chunk in range(-(-len(document.lines) // CHUNK_LINES)):
        found = [str(line.line_id) in seen for line in chunk_of(document, chunk)]
        if not any(found):

            def add(attempt: int, chunk: int = chunk) -> Step:
                return AddLines(draft.stripe_id, chunk, attempt)

            return record.attempt("add_lines", chunk, draft.stripe_id, add)
        if not all(found):
            return _discard(record, draft, "a chunk of its lines is incomplete")
    return _finalize(document, draft, record)


def _discard(record: Record, draft: ObservedDocument, reason: str) -> Step:
    def discard(attempt: int) -> Step:
        return Discard(draft.stripe_id, attempt, reason)

    return record.attempt("delete_draft", 0, draft.stripe_id, discard)


def _finalize(
    document: PlannedDocument,
    draft: ObservedDocument,
    record: Record,
) -> Step:
    if draft.subtotal_minor != document.subtotal_minor:
        return Stop(
            "Stripe's subtotal differs from the plan's",
            _instead(draft, document),
        )

    def finalize(attempt: int) -> Step:
        return Finalize(draft.stripe_id, attempt)

    step = record.attempt("finalize", 0, draft.stripe_id, finalize)
    if isinstance(step, Stop) and draft.seen and draft.seen.trouble:
        return Stop(step.reason, f"{step.evidence}: {draft.seen.trouble}")
    return step
