"""Mail invoices that are issued and were never mailed: their worker ended, their record is lost.

A restored backup knows neither plan nor effect of what was issued since (S20); Stripe's events say
for 30 days what was mailed. What Stripe refuses to mail, what a person changed by hand, and what
nobody can tell of any more is parked by itself, and nothing else waits for it.
"""

from functools import partial

from mondaybridge.app import App
from mondaybridge.domain.contract import Client
from mondaybridge.domain.documents import DocumentKey, Mailed, ObservedDocument
from mondaybridge.domain.issuing import AS_CHANGED, Record, Send, Step, Stop, traceable
from mondaybridge.errors import Parked
from mondaybridge.store import billing, lease, plans, work
from mondaybridge.store.lease import Lease
from mondaybridge.stripe import documents, observation
from mondaybridge.workflows.issue import Effects, keep_in_sight, untraceable
from mondaybridge.workflows.papers import DOCUMENT


def mail_missing(app: App, client: Client, held: Lease) -> None:
    """Mail each issued invoice of ours that Stripe has not mailed and nobody was told of."""
    with app.store.read() as tx:
        found = billing.unmailed(tx, client.client_id)
    for one in found:
        if one.key:
            _settle(app, client, one.key, one, held)


def _settle(app: App, client: Client, key: DocumentKey, one: ObservedDocument, held: Lease) -> None:
    """Bring one invoice to where nobody needs to mail it, or park what Stripe refused."""
    log = Effects(app, held, str(key), _released_at(app, client, one.stripe_id))
    try:
        how = _mail(app, log, key, one)
    except Parked as refused:
        _park(app, one, refused)
        return
    with app.store.write() as tx:
        lease.confirm(tx, log.lease)
        now = app.clock.now()
        plans.set_plan_state(tx, key, "done")
        if isinstance(how, Stop):
            keep_in_sight(tx, how, now)
        else:
            billing.mailed(tx, one.stripe_id, how, now)


def _mail(app: App, log: Effects, key: DocumentKey, one: ObservedDocument) -> Mailed | Stop:
    record = log.record()
    if stands := _as_it_stands(app, record, one):
        return stands
    step = record.attempt("send", 0, one.stripe_id, partial(_send, one.stripe_id))
    if isinstance(step, Stop):
        raise Parked(step.reason, step.evidence)
    if isinstance(step, Send):
        attempt = step.attempt
        documents.send(app.stripe, log, stripe_id=one.stripe_id, key=key, attempt=attempt)
    return Mailed.SENT


def _as_it_stands(app: App, record: Record, one: ObservedDocument) -> Mailed | Stop | None:
    """Say why an invoice needs no mail of ours, or why a person must look; none: mail it."""
    if record.answered("send", one.stripe_id) or _was_sent(app, one):
        return Mailed.SENT
    if not _ours(one):
        return _changed(one)
    if one.paid_minor:  # who paid it has it; a balance that paid it has shown it to nobody
        return Mailed.PAID
    if one.status == "uncollectible":  # a person gave it up
        return Mailed.PERSON
    return None if traceable(one, record) else untraceable(one.stripe_id)


def _was_sent(app: App, one: ObservedDocument) -> bool:
    return observation.was_sent(app.stripe, one.stripe_id, one.finalized_at)


def _released_at(app: App, client: Client, stripe_id: str) -> int:
    """Return when a person last let the client, or this document, go on."""
    with app.store.read() as tx:
        rows = work.state(tx, "close", client.client_id), work.state(tx, DOCUMENT, stripe_id)
    return max((row.released_at for row in rows if row), default=0)


def _changed(one: ObservedDocument) -> Stop:
    """Say that an invoice is not as we made it: a person decides whether the client gets it."""
    name = one.number or one.stripe_id
    reason = f"{name} is issued and not as it was made: somebody changed its lines"
    return Stop(reason, f"{one.stripe_id}, by what its lines say. {AS_CHANGED}", one.stripe_id)


def _park(app: App, one: ObservedDocument, refused: Parked) -> None:
    reason = f"{one.number or one.stripe_id} is issued and was not mailed: {refused.reason}"
    evidence = f"{refused.evidence}. Release this to try again, or mail it in Stripe"
    with app.store.write() as tx:
        work.park(tx, DOCUMENT, one.stripe_id, reason, evidence, app.clock.now())


def _send(stripe_id: str, attempt: int) -> Step:
    return Send(stripe_id, attempt, look=False)


def _ours(one: ObservedDocument) -> bool:
    """Whether the whole invoice is as we make them: nobody added or changed a line."""
    lines = one.lines or ()
    ours = bool(lines) and all(line.line_id for line in lines)
    return ours and sum(line.amount_minor for line in lines) == one.subtotal_minor
