"""Bring one planned document to its end: ask the domain for the next step, do it, look again."""

from collections.abc import Sequence

from mondaybridge.app import App
from mondaybridge.domain.contract import Client
from mondaybridge.domain.documents import ObservedDocument, PlannedDocument
from mondaybridge.domain.issuing import (
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
from mondaybridge.store.lease import Lease
from mondaybridge.stripe import documents, observation
from mondaybridge.workflows.books import bring_in

LEASE_MS = 60_000
STEPS_MAX = 40


class Effects:
    """One document's writes: put down before they are sent, fenced by the client's lease."""

    def __init__(self, app: App, held: Lease, business_key: str) -> None:
        self._app = app
        self._held = held
        self._business_key = business_key

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

    def record(self, released_at: int) -> Record:
        """Return what was written down so far, for the domain's decision."""
        with self._app.store.read() as tx:
            rows = effects.find(tx, self._business_key)
        facts = [
            EffectFact(r.op, r.chunk, r.attempt, r.path, r.first_sent_at, r.http_status)
            for r in rows
        ]
        return Record(facts, self._app.clock.now(), released_at)


def issue(app: App, client: Client, document: PlannedDocument, held: Lease) -> None:
    """Do one step after another until the document is issued and sent, or a person must look."""
    log = Effects(app, held, str(document.key))
    _note(app, document, "acting")
    with app.store.read() as tx:
        observed: Sequence[ObservedDocument] = billing.documents(tx, client.client_id)
        row = work.state(tx, "close", client.client_id)
    released_at = row.released_at if row else 0
    for _ in range(STEPS_MAX):
        step = next_step(document, observed, log.record(released_at))
        if isinstance(step, Done):
            bring_in(app, client)
            _note(app, document, "done")
            return
        if isinstance(step, Finalize):
            step = _verified(document, observed, step)
        if isinstance(step, Stop):
            _note(app, document, "planned")
            raise Parked(step.reason, step.evidence)
        stripe_id = _perform(app, document, step, log)
        observed = _look(app, client, document, stripe_id)
    raise TryLater(f"{document.key} is not issued after {STEPS_MAX} steps")


def _verified(
    document: PlannedDocument, observed: Sequence[ObservedDocument], step: Finalize
) -> Finalize | Stop:
    """Compare the whole draft with its plan once more: after this it cannot be changed (S6)."""
    draft = next(one for one in observed if one.stripe_id == step.stripe_id)
    differences = documents.check_draft(document, draft)
    return Stop("the draft differs from its plan", "; ".join(differences)) if differences else step


def _perform(app: App, document: PlannedDocument, step: Step, log: Effects) -> str:
    """Turn a step into one call; return the object that it touched, empty for a look at all."""
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
        case Send(stripe_id, attempt, look):
            if not (look and observation.was_sent(gateway, stripe_id, 0)):
                documents.send(gateway, log, stripe_id=stripe_id, key=key, attempt=attempt)
            return stripe_id
        case Credit(attempt):
            documents.create_credit_note(gateway, log, document=document, attempt=attempt)
            return ""
        case Discard(stripe_id, attempt, _):
            documents.delete_draft(gateway, log, stripe_id=stripe_id, key=key, attempt=attempt)
            return ""
        case Done() | Stop():
            raise AssertionError("an end is not a step")


def _look(
    app: App, client: Client, document: PlannedDocument, stripe_id: str
) -> Sequence[ObservedDocument]:
    """Read back the invoice that was touched; a list only where its id is not known."""
    if stripe_id:
        found = observation.read_invoice(app.stripe, stripe_id)
        return [found] if found else []
    bring_in(app, client)
    with app.store.read() as tx:
        return [d for d in billing.documents(tx, client.client_id) if d.key == document.key]


def _note(app: App, document: PlannedDocument, state: str) -> None:
    with app.store.write() as tx:
        plans.set_plan_state(tx, document.key, state)
