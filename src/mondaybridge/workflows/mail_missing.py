"""Mail invoices that are issued and were never mailed: their worker ended, their record is lost.

A restored backup knows neither plan nor effect of what was issued since (S20); Stripe's events say
for 30 days what was mailed. What Stripe refuses to mail, and what a person changed by hand, is
parked by itself, and nothing else waits for it.
"""

from collections.abc import Iterator
from functools import partial

from mondaybridge.app import App
from mondaybridge.domain.contract import Client
from mondaybridge.domain.documents import DocumentKey, ObservedDocument
from mondaybridge.domain.issuing import MAIL_TOLD_MS, Send, Step, Stop
from mondaybridge.errors import Parked
from mondaybridge.store import billing, lease, plans, work
from mondaybridge.store.engine import Tx
from mondaybridge.store.lease import Lease
from mondaybridge.stripe import documents, observation
from mondaybridge.workflows.issue import Effects
from mondaybridge.workflows.papers import DOCUMENT


def mail_missing(app: App, client: Client, held: Lease) -> None:
    """Mail each open invoice of ours, of the days Stripe tells of, that it has not mailed."""
    for key, one in list(_unfinished(app, client)):
        log = Effects(app, held, str(key), _released_at(app, client, one.stripe_id))
        try:
            _mail(app, log, key, one)
        except Parked as refused:
            _keep_in_sight(app, one, refused)
            continue
        with app.store.write() as tx:
            lease.confirm(tx, log.lease)
            plans.set_plan_state(tx, key, "done")


def _mail(app: App, log: Effects, key: DocumentKey, one: ObservedDocument) -> None:
    if observation.was_sent(app.stripe, one.stripe_id, one.finalized_at):
        return
    if not _ours(one):
        raise Parked("somebody changed its lines", f"{one.stripe_id}, by what its lines say")
    step = log.record().attempt("send", 0, one.stripe_id, partial(_send, one.stripe_id))
    if isinstance(step, Stop):
        raise Parked(step.reason, step.evidence)
    if isinstance(step, Send):
        attempt = step.attempt
        documents.send(app.stripe, log, stripe_id=one.stripe_id, key=key, attempt=attempt)


def _released_at(app: App, client: Client, stripe_id: str) -> int:
    """Return when a person last let the client, or this document, go on."""
    with app.store.read() as tx:
        rows = work.state(tx, "close", client.client_id), work.state(tx, DOCUMENT, stripe_id)
    return max((row.released_at for row in rows if row), default=0)


def _keep_in_sight(app: App, one: ObservedDocument, refused: Parked) -> None:
    name = one.number or one.stripe_id
    if _ours(one):
        reason = f"{name} is issued and was not mailed: {refused.reason}"
        way = "Release this to try again, or mail it in Stripe"
    else:
        reason = f"{name} is issued and not as it was made: {refused.reason}"
        way = "Mail it in Stripe if the client has not got it, or void it there; then release this"
    evidence = f"{refused.evidence}. {way}"
    with app.store.write() as tx:
        work.park(tx, DOCUMENT, one.stripe_id, reason, evidence, app.clock.now())


def _send(stripe_id: str, attempt: int) -> Step:
    return Send(stripe_id, attempt, look=False)


def _unfinished(app: App, client: Client) -> Iterator[tuple[DocumentKey, ObservedDocument]]:
    since = app.clock.now() - MAIL_TOLD_MS
    with app.store.read() as tx:
        seen = billing.unfinished(tx, client.client_id)
        theirs = {one.stripe_id for one in seen if not _ours(one) and _told(tx, one)}
    for one in seen:
        waits = one.status == "open" and one.finalized_at > since
        if one.key and one.stripe_id not in theirs and (waits or not _ours(one)):
            yield one.key, one


def _told(tx: Tx, one: ObservedDocument) -> bool:
    """Whether a person was told of a document already: it is theirs, whatever they decided."""
    return work.state(tx, DOCUMENT, one.stripe_id) is not None


def _ours(one: ObservedDocument) -> bool:
    """Whether the whole invoice is as we make them: nobody added or changed a line."""
    lines = one.lines or ()
    ours = bool(lines) and all(line.line_id for line in lines)
    return ours and sum(line.amount_minor for line in lines) == one.subtotal_minor
