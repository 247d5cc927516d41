"""Bring one planned document to its end: ask the domain for the next step, do it, look again."""

from collections.abc import Sequence

from mondaybridge.app import App
from mondaybridge.domain.contract import Client
from mondaybridge.domain.documents import (
    DocumentType,
    Mailed,
    ObservedDocument,
    PlannedDocument,
)
from mondaybridge.domain.issuing import (
    CREDIT,
    REFUSED,
    AddLines,
    Create,
    Credit,
    Discard,
    Done,
    EffectFact,
    Finalize,
    Record,
    Send,
    Step,
    Stop,
    next_step,
)
from mondaybridge.errors import Parked, TryLater
from mondaybridge.store import billing, effects, lease, plans, work
from mondaybridge.store.engine import Tx
from mondaybridge.store.lease import Lease
from mondaybridge.stripe import credit_notes, documents, observation, tax_rates
from mondaybridge.workflows.books import bring_in
from mondaybridge.workflows.papers import DOCUMENT

STEPS_MAX = 40


class Effects:
    """One document's writes: put down before they are sent, fenced by the client's lease."""

    def __init__(self, app: App, held: Lease, business_key: str, released_at: int = 0) -> None:
        self._app = app
        self._held = held
        self._business_key = business_key
        self._released_at = released_at

    @property
    def lease(self) -> Lease:
        """The client's lease as last renewed."""
        return self._held

    def begin(
        self,
        *,
        op: str,
        chunk: int,
        attempt: int,
        idem_key: str,
        method: str,
        path: str,
        body: bytes,
    ) -> bytes:
        """Write the request down, or return what was written down when it was first sent."""
        with self._app.store.write() as tx:
            lease.confirm(tx, self._held)
            row = effects.begin(
                tx,
                service="stripe",
                business_key=self._business_key,
                op=op,
                chunk=chunk,
                attempt=attempt,
                idem_key=idem_key,
                method=method,
                path=path,
                body=body,
                now=self._app.clock.now(),
            )
        return row.body

    def answer(self, *, idem_key: str, status: int, answer_id: str) -> None:
        """Write down what came back."""
        with self._app.store.write() as tx:
            now = self._app.clock.now()
            effects.answer(tx, idem_key, status=status, answer_id=answer_id, now=now)

    def fence(self) -> None:
        """Renew the lease, or stop: another worker has taken over."""
        self._held = lease.renew(self._app.store, self._held)

    def refused(self, op: str) -> bytes | None:
        """Return what was sent last, if that was refused and nobody let it be tried again."""
        with self._app.store.read() as tx:
            rows = [row for row in effects.find(tx, self._business_key) if row.op == op]
        last = max(rows, key=lambda row: row.attempt, default=None)
        if last is None or last.http_status != REFUSED or last.first_sent_at <= self._released_at:
            return None
        return last.body

    def record(self) -> Record:
        """Return what was written down so far, for the domain's decision."""
        with self._app.store.read() as tx:
            rows = effects.find(tx, self._business_key)
        facts = [
            EffectFact(r.op, r.chunk, r.attempt, r.path, r.first_sent_at, r.http_status)
            for r in rows
        ]
        return Record(facts, self._app.clock.now(), self._released_at)


def issue(app: App, client: Client, document: PlannedDocument, held: Lease) -> None:
    """Do one step after another until the document is issued and sent, or a person must look.

    What was written down is read before each look, never after: an answer that comes in between
    would else pass for one that Stripe does not show.
    """
    with app.store.read() as tx:
        seen: Sequence[ObservedDocument] = billing.of_key(tx, client.client_id, document.key)
        row = work.state(tx, "close", client.client_id)
    log = Effects(app, held, str(document.key), row.released_at if row else 0)
    _note(app, document, "acting", log)
    touched: str | None = None
    for number in range(STEPS_MAX):
        record = log.record()
        if touched is not None or (number == 0 and record.effects):
            seen = _look(app, client, document, touched or "", log)
        step = _checked(app, document, seen, next_step(document, seen, record))
        if isinstance(step, Done):
            _end(app, client, document, step, seen, log)
            return
        try:
            touched = _perform(app, document, step, log)
        except Parked:
            _give_back(app, client, document, step, seen, log)
            raise
    raise TryLater(f"{document.key} is not issued after {STEPS_MAX} steps")


def _give_back(
    app: App,
    client: Client,
    document: PlannedDocument,
    step: Step,
    seen: Sequence[ObservedDocument],
    log: Effects,
) -> None:
    """Leave the plan to the next close, which succeeds: what is issued is parked by itself (P16).

    Both at once: a plan given back is drawn up anew, and would not find what is wrong again.
    """
    with app.store.write() as tx:
        lease.confirm(tx, log.lease)
        plans.set_plan_state(tx, document.key, "planned")
        if isinstance(step, Stop) and step.document:
            now = app.clock.now()
            _import(tx, client, seen, step.document, now)
            keep_in_sight(tx, step, now)


def keep_in_sight(tx: Tx, step: Stop, now: int) -> None:
    """Park an issued document by itself: from now on it is a person's, its mail too."""
    work.park(tx, DOCUMENT, step.document, step.reason, step.evidence, now)
    billing.mailed(tx, step.document, Mailed.PERSON, now)


def _checked(
    app: App, document: PlannedDocument, seen: Sequence[ObservedDocument], step: Step
) -> Step:
    """Compare the whole draft with its plan before it is final; ask before mailing once more."""
    match step:
        case Finalize(stripe_id):
            draft = next(one for one in seen if one.stripe_id == stripe_id)
            if draft.seen is None:  # it is known from the store, which keeps no words
                draft = observation.read_invoice(app.stripe, stripe_id) or draft
            differences = documents.check_draft(document, draft)
            differences += tax_rates.unusable(app.stripe, document)
            if differences:
                told = "; ".join(differences)
                way = "undo it in Stripe, or delete the draft there: it is made anew"
                return Stop("the draft differs from its plan", f"{stripe_id}: {told}. {way}")
        case Send(stripe_id, look=True, traceable=traceable):
            if observation.was_sent(app.stripe, stripe_id, 0):
                return Done(stripe_id)
            if not traceable:
                return Done(stripe_id, Mailed.PERSON)
        case _:
            pass
    return step


def untraceable(stripe_id: str) -> Stop:
    """Say that only a person can find out whether an invoice was mailed; nothing waits for it."""
    reason = "nobody can tell whether the invoice was mailed"
    way = "look at its activity in Stripe, mail it there if it was not, then release this"
    told = f"{stripe_id}: Stripe tells of mail for 30 days only, and no answer is on record"
    return Stop(reason, f"{told}; {way}", stripe_id)


def _perform(app: App, document: PlannedDocument, step: Step, log: Effects) -> str | None:
    """Turn a step into one call; return what to look at next: an invoice, all, or nothing new."""
    gateway, key = app.stripe, document.key
    match step:
        case Create(attempt):
            return documents.create_draft(gateway, log, document=document, attempt=attempt)
        case AddLines(stripe_id, chunk, attempt):
            documents.add_lines(
                gateway, log, stripe_id=stripe_id, document=document, chunk=chunk, attempt=attempt
            )
            return stripe_id
        case Finalize(stripe_id, attempt):
            documents.finalize(gateway, log, stripe_id=stripe_id, key=key, attempt=attempt)
            return stripe_id
        case Send(stripe_id, attempt, _):
            documents.send(gateway, log, stripe_id=stripe_id, key=key, attempt=attempt)
            return None
        case Credit(attempt):
            _credit(app, document, attempt, log)
        case Discard(stripe_id, attempt, _):
            documents.delete_draft(gateway, log, stripe_id=stripe_id, key=key, attempt=attempt)
        case Stop(reason, evidence):
            raise Parked(reason, evidence)
        case Done():
            raise AssertionError("an end is not a step")
    return ""


def _credit(app: App, document: PlannedDocument, attempt: int, log: Effects) -> None:
    """Draw the note up as the invoice stands now; a payment in between asks for another (§0.4).

    What was refused and would be sent again as it was is for a person: it would be refused again.
    """
    split = credit_notes.split_of(app.stripe, document)
    before = log.refused(CREDIT)
    if before is not None and credit_notes.sent_split(before) == split:
        raise Parked("Stripe refused this credit note", f"{document.key}, attempt {attempt - 1}")
    try:
        credit_notes.create(app.stripe, log, document=document, split=split, attempt=attempt)
    except Parked:
        if log.refused(CREDIT) is None or credit_notes.split_of(app.stripe, document) == split:
            raise


def _look(
    app: App, client: Client, document: PlannedDocument, stripe_id: str, log: Effects
) -> Sequence[ObservedDocument]:
    """Read back the invoice that was touched; a list only where its id is not known."""
    if stripe_id:
        found = observation.read_invoice(app.stripe, stripe_id)
        return [found] if found else []
    bring_in(app, client, log.lease)
    with app.store.read() as tx:
        return billing.of_key(tx, client.client_id, document.key)


def _end(
    app: App,
    client: Client,
    document: PlannedDocument,
    end: Done,
    seen: Sequence[ObservedDocument],
    log: Effects,
) -> None:
    """Import a document as it was last read back; nobody has anything to do for it any more."""
    with app.store.write() as tx:
        lease.confirm(tx, log.lease)
        now = app.clock.now()
        _import(tx, client, seen, end.stripe_id, now)
        plans.set_plan_state(tx, document.key, "done")
        if end.mailed is Mailed.PERSON:
            keep_in_sight(tx, untraceable(end.stripe_id), now)
        elif document.type is DocumentType.INVOICE:
            billing.mailed(tx, end.stripe_id, end.mailed, now)


def _import(
    tx: Tx, client: Client, seen: Sequence[ObservedDocument], stripe_id: str, now: int
) -> None:
    mine = [one for one in seen if one.stripe_id == stripe_id]
    billing.import_documents(tx, client.client_id, mine, now, complete=False)


def _note(app: App, document: PlannedDocument, state: str, log: Effects) -> None:
    with app.store.write() as tx:
        lease.confirm(tx, log.lease)
        plans.set_plan_state(tx, document.key, state)
