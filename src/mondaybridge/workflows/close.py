"""Issue what a plan holds and fix the month; every step may be repeated (architecture 3).

What is issued is what Stripe shows. A document that a person must look at is parked, and the
client's other documents and months go on.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from mondaybridge.app import App
from mondaybridge.domain.books import ClosePlan
from mondaybridge.domain.contract import Client
from mondaybridge.domain.documents import DocumentKind, PlannedDocument
from mondaybridge.domain.worktime import DAY_MS, month_of
from mondaybridge.errors import BridgeError, FindingsError, Parked, TryLater
from mondaybridge.store import billing, plans, work
from mondaybridge.store.lease import Lease
from mondaybridge.workflows import customers
from mondaybridge.workflows.books import bring_in, refresh
from mondaybridge.workflows.issue import issue
from mondaybridge.workflows.leases import of_client
from mondaybridge.workflows.link import link_lines
from mondaybridge.workflows.mail_missing import mail_missing
from mondaybridge.workflows.plan import (
    Preview,
    closable,
    overall_hash,
    plan_client,
    preview,
    save_plan,
    signature,
    signatures,
)
from mondaybridge.workflows.statement import fix_month


def apply(app: App, wanted: str) -> list[Preview]:
    """Apply the plan or plans that a hash names; refuse when anything moved since it was shown.

    A client that cannot go on does not stop the others; all reasons are told in the end. Clients
    that were shown as waiting are no part of the whole hash.
    """
    period, _, rest = wanted.partition(":")
    client_id = rest.rpartition(":")[0]
    if client_id:
        return [close_client(app, app.mapping.client(client_id), period, expect=wanted)]
    previews = preview(app, period)
    if wanted != overall_hash(period, previews):
        raise _moved(wanted, period)
    done: list[Preview] = []
    problems: list[str] = []
    for one in (p for p in previews if not p.waiting):
        try:
            done.append(close_client(app, one.client, period, expect=one.hash))
        except BridgeError as problem:
            problems.append(f"{one.client.client_id}: {problem}")
    if problems:
        issued = ", ".join(p.client.client_id for p in done) or "nobody"
        raise FindingsError("\n".join([*problems, f"done for {issued}"]))
    return done


def close_client(app: App, client: Client, period: str, *, expect: str = "") -> Preview:
    """Issue what is due for a client and fix the month, all under the client's lease.

    The plan is made anew from what Stripe shows under the lease; ``expect`` is the hash that a
    person saw. A document that another worker began is brought to its end first.
    """
    refresh(app, client)
    with of_client(app, client) as held, _parking(app, client):
        finish(app, client, held)
        bring_in(app, client, held)
        mail_missing(app, client, held)
        shown = plan_client(app, client, period)
        if expect and shown.hash != expect:
            raise _moved(expect, period)
        _judge(app, client, shown)
        if shown.plan.documents:
            shown = _with_customer(app, client, shown, held)
        save_plan(app, client, shown.plan, held)
        stopped = _issue_all(app, client, shown.plan, held)
        link_lines(app, client)
        if shown.plan.closes and not any(_is_usage(one, period) for one, _ in stopped):
            fix_month(app, client, shown.plan.closes, held)
        for _, parked in stopped:
            raise parked
    return shown


def close_due(app: App, now: int) -> list[Client]:
    """Return the clients with a document under way, or whose plan is not of this moment's state."""
    with app.store.read() as tx:
        current, begun = signatures(app, tx, now), plans.under_way(tx)
        planned = plans.planned_for(tx)
        return [
            client
            for client in app.mapping.clients
            if client.client_id in begun
            or current[client.client_id] != planned.get(client.client_id, "")
        ]


def run_close(app: App, client_id: str) -> None:
    """Plan what is due for a client; issue it only where the mapping says ``close: auto``.

    Most edits need no call: Stripe is asked when something seems due, and once a day.
    """
    client, now = app.mapping.client(client_id), app.clock.now()
    with app.store.read() as tx:
        made_from = signature(tx, client, now)
        period = closable(tx, client, now) or month_of(now, client.zone).name
        begun = plans.acting(tx, client_id) is not None
        seen_today = now - billing.last_observed(tx, client_id) < DAY_MS
    look = begun or not seen_today
    planned = None if look else plan_client(app, client, period).plan
    if planned is None or not planned.empty:
        if client.close_automatically:
            close_client(app, client, period)
        else:
            _plan_only(app, client, period)
    else:
        with of_client(app, client) as held:
            save_plan(app, client, planned, held)  # nothing is due; who is in which group is kept
            link_lines(app, client)
    with app.store.write() as tx:
        plans.set_planned_for(tx, client_id, made_from)


def finish(app: App, client: Client, held: Lease) -> None:
    """Continue the document that was being issued when its worker ended."""
    with app.store.read() as tx:
        begun = plans.acting(tx, client.client_id)
    if begun is not None:
        bring_in(app, client, held)
        issue(app, client, begun, held)


def _plan_only(app: App, client: Client, period: str) -> None:
    refresh(app, client)
    with of_client(app, client) as held, _parking(app, client):
        finish(app, client, held)
        bring_in(app, client, held)
        mail_missing(app, client, held)
        save_plan(app, client, plan_client(app, client, period).plan, held)
        link_lines(app, client)


def _with_customer(app: App, client: Client, shown: Preview, held: Lease) -> Preview:
    """Return the plan for a customer that may be known only now.

    One that was made before an older database was restored has documents already: nothing is issued
    from a plan that was made without them (S20).
    """
    customer = customers.ready(app, client, held).stripe_customer
    if all(one.customer == customer for one in shown.plan.documents):
        return shown
    bring_in(app, client, held)
    with app.store.read() as tx:
        found = billing.documents(tx, client.client_id)
    if found:
        raise TryLater(f"{customer} of {client.client_id} has documents already: look again")
    return plan_client(app, client, shown.period)


def _issue_all(
    app: App, client: Client, planned: ClosePlan, held: Lease
) -> list[tuple[PlannedDocument, Parked]]:
    """Issue each document; return those that a person must look at, with the reason."""
    stopped = []
    for document in planned.documents:
        try:
            issue(app, client, document, held)
        except Parked as parked:
            stopped.append((document, parked))
    return stopped


def _is_usage(document: PlannedDocument, period: str) -> bool:
    return (document.key.kind, document.key.scope) == (DocumentKind.USAGE.value, period)


@contextmanager
def _parking(app: App, client: Client) -> Iterator[None]:
    """Keep a refusal where ``park list`` shows it, whoever met it; forget it after success."""
    try:
        yield
    except Parked as parked:
        with app.store.write() as tx:
            now, reason, evidence = app.clock.now(), parked.reason, parked.evidence
            work.park(tx, "close", client.client_id, reason, evidence, now, offer=parked.offer)
        raise
    with app.store.write() as tx:
        work.succeeded(tx, "close", client.client_id)


def _judge(app: App, client: Client, shown: Preview) -> None:
    """Park what does not agree (6.32), or is beyond a bound that nobody let it pass (S10)."""
    if shown.unequal:
        reason = "ledger, statement, documents and boards do not agree"
        raise Parked(reason, "; ".join(shown.unequal))
    planned = shown.plan
    with app.store.read() as tx:
        row = work.state(tx, "close", client.client_id)
    offered = _content(planned)
    let_pass = row.allowed.split(":") if row else []
    if planned.findings and not set(offered) <= set(let_pass):
        evidence = "; ".join(planned.findings)
        raise Parked(
            "this plan is billed only when somebody releases it", evidence, offer=":".join(offered)
        )


def _content(planned: ClosePlan) -> list[str]:
    """Name what a release lets pass: this plan, for these findings; it may need fewer later."""
    told = (hashlib.sha256(one.encode()).hexdigest()[:12] for one in planned.findings)
    return [planned.hash, *told]


def _moved(wanted: str, period: str) -> FindingsError:
    return FindingsError(
        f"no plan has the hash {wanted}: it was applied, or something moved since it was shown. "
        f"Run 'mondaybridge close preview {period}' and look again"
    )
