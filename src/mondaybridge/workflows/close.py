"""Close a month for a client: look, plan, issue, link, state; every step may be repeated.

What is issued is what Stripe shows; a plan is a difference with a hash, and ``apply`` refuses
when anything moved since it was shown (architecture 3).
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from mondaybridge.app import App
from mondaybridge.domain.billing import ClosePlan, plan
from mondaybridge.domain.contract import Client
from mondaybridge.domain.outcome import Held
from mondaybridge.domain.worktime import following, local_date, midnight, month, month_of
from mondaybridge.errors import ConfigurationError, FindingsError, Parked, TryLater
from mondaybridge.store import lease, ledger, mirror, plans, work
from mondaybridge.store.engine import Tx
from mondaybridge.store.lease import Lease
from mondaybridge.workflows.books import bring_in, open_books, refresh
from mondaybridge.workflows.issue import LEASE_MS, issue
from mondaybridge.workflows.link import link_lines
from mondaybridge.workflows.statement import fix_month


@dataclass(frozen=True, slots=True)
class Preview:
    """One client's plan with what a person should know before applying it.

    ``waiting`` says why nothing can be planned at all; ``note`` why the month itself stays open.
    """

    client: Client
    period: str
    plan: ClosePlan
    held: tuple[tuple[str, Held], ...] = ()
    note: str = ""
    waiting: str = ""

    @property
    def hash(self) -> str:
        """The hash that ``close apply`` takes for this client alone."""
        return f"{self.period}:{self.client.client_id}:{self.plan.hash}"


def overall_hash(period: str, previews: Sequence[Preview]) -> str:
    """Return one hash over all clients' plans."""
    text = "\n".join(p.hash for p in previews if not p.waiting)
    return f"{period}:{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def preview(app: App, period: str, client_ids: Sequence[str] = ()) -> list[Preview]:
    """Plan a month for each client, after making sure that the mirror is fresh."""
    chosen = [c for c in app.mapping.clients if not client_ids or c.client_id in client_ids]
    return [_fresh_preview(app, client, period) for client in chosen]


def apply(app: App, wanted: str) -> list[Preview]:
    """Apply the plan or plans that a hash names; refuse when anything moved since it was shown."""
    period, _, rest = wanted.partition(":")
    client_id = rest.rpartition(":")[0]
    if client_id:
        return [close_client(app, app.mapping.client(client_id), period, expect=wanted)]
    previews = preview(app, period)
    if wanted != overall_hash(period, previews):
        raise _moved(wanted, period)
    ready = [one for one in previews if not one.waiting]
    return [close_client(app, one.client, period, expect=one.hash) for one in ready]


def close_client(app: App, client: Client, period: str, *, expect: str = "") -> Preview:
    """Issue what is due for a client and fix the month, all under the client's lease.

    The plan is made anew from what Stripe shows under the lease; ``expect`` is the hash that a
    person saw. A document that another worker began is brought to its end first.
    """
    refresh(app, client)
    with _leased(app, client) as held:
        finish(app, client, held)
        shown = _preview(app, client, period)
        if expect and shown.hash != expect:
            raise _moved(expect, period)
        _judge(app, client, shown.plan)
        _save_plan(app, client, shown.plan)
        for document in shown.plan.documents:
            issue(app, client, document, held)
        link_lines(app, client)
        if shown.plan.closes:
            fix_month(app, client, shown.plan.closes)
    return shown


@contextmanager
def _leased(app: App, client: Client) -> Iterator[Lease]:
    held = lease.acquire(app.store, f"client:{client.client_id}", app.holder, LEASE_MS)
    if held is None:
        raise TryLater(f"another worker is closing {client.client_id}")
    try:
        yield held
    finally:
        lease.release(app.store, held)


def finish(app: App, client: Client, held: Lease) -> None:
    """Continue the document that was being issued when its worker ended."""
    with app.store.read() as tx:
        begun = plans.acting(tx, client.client_id)
    if begun is not None:
        bring_in(app, client)
        issue(app, client, begun, held)


def _moved(wanted: str, period: str) -> FindingsError:
    return FindingsError(
        f"no plan has the hash {wanted}: something moved since it was shown. "
        f"Run 'mondaybridge close preview {period}' and look again"
    )


def close_due(app: App, now: int) -> list[Client]:
    """Return the clients with a document under way, or whose plan is not of this moment's state."""
    with app.store.read() as tx:
        return [
            client
            for client in app.mapping.clients
            if plans.acting(tx, client.client_id)
            or _signature(tx, client, now) != plans.planned_for(tx, client.client_id)
        ]


def run_close(app: App, client_id: str) -> None:
    """Plan what is due for a client; issue it only where the mapping says ``close: auto``."""
    client, now = app.mapping.client(client_id), app.clock.now()
    with app.store.read() as tx:
        signature = _signature(tx, client, now)
        period = _closable(tx, client, now) or month_of(now, client.zone).name
    if _something(app, client, period):
        if client.close_automatically:
            close_client(app, client, period)
        else:
            _plan_only(app, client, period)
    link_lines(app, client)
    with app.store.write() as tx:
        plans.set_planned_for(tx, client_id, signature)


def _something(app: App, client: Client, period: str) -> bool:
    """Whether anything seems due, by what was last read from Stripe: most edits need no call."""
    with app.store.read() as tx:
        begun = plans.acting(tx, client.client_id)
    return begun is not None or not _preview(app, client, period, fresh=False).plan.empty


def _plan_only(app: App, client: Client, period: str) -> None:
    with _leased(app, client) as held:
        finish(app, client, held)
    shown = _fresh_preview(app, client, period)
    if shown.waiting:
        raise TryLater(shown.waiting)
    _save_plan(app, client, shown.plan)


def _fresh_preview(app: App, client: Client, period: str) -> Preview:
    try:
        refresh(app, client)
    except (TryLater, ConfigurationError) as why:
        return Preview(client, period, ClosePlan(client.client_id, "", ()), waiting=str(why))
    return _preview(app, client, period)


def _preview(app: App, client: Client, period: str, *, fresh: bool = True) -> Preview:
    opened = open_books(app, client, fresh=fresh)
    with app.store.read() as tx:
        note = _why_open(tx, client, period, app.clock.now())
        closed = period in _closed(tx, client)
    closes = "" if note or closed else period
    return Preview(client, period, plan(opened.books, closes), opened.held, note)


def _judge(app: App, client: Client, planned: ClosePlan) -> None:
    """Beyond a bound the client is parked, unless a person let this very plan pass (S10)."""
    with app.store.read() as tx:
        row = work.state(tx, "close", client.client_id)
    if planned.findings and (row is None or row.allowed != planned.hash):
        evidence = f"{'; '.join(planned.findings)}; release with plan {planned.hash}"
        with app.store.write() as tx:
            now = app.clock.now()
            work.park(tx, "close", client.client_id, "beyond a bound", evidence, now)
        raise Parked(f"client {client.client_id} is beyond a bound", evidence)


def _save_plan(app: App, client: Client, planned: ClosePlan) -> None:
    with app.store.write() as tx:
        boards = {board for contract in client.contracts for board in contract.board_ids}
        versions = {
            fact.board_id: fact.mirror_version
            for fact in mirror.board_facts(tx)
            if fact.board_id in boards
        }
        hashes = [app.mapping.config_hash(c.contract_id) for c in client.contracts]
        plans.save_plan(
            tx,
            client.client_id,
            planned.documents,
            config_hash=hashlib.sha256("".join(hashes).encode()).hexdigest(),
            mirror_versions=versions,
            now=app.clock.now(),
        )


def _closed(tx: Tx, client: Client) -> set[str]:
    """Return the months that are closed for all of a client's contracts."""
    closed = [ledger.closed_periods(tx, c.contract_id) for c in client.contracts]
    return set.intersection(*closed) if closed else set()


def _first_month(client: Client) -> str:
    return month_of(min(c.bill_from for c in client.contracts), client.zone).name


def _due_at(client: Client, period: str) -> int:
    """Return when a month may be closed: after its end and the grace in calendar days."""
    end = local_date(month(period, client.zone).end, client.zone)
    return midnight(end + timedelta(days=client.close_after_days), client.zone)


def _why_open(tx: Tx, client: Client, period: str, now: int) -> str:
    """Say why a month may not be closed yet, empty if it may or is."""
    closed, first = _closed(tx, client), _first_month(client)
    if period in closed:
        return ""
    if period < first:
        return f"{client.client_id} is billed from {first} on"
    if now < _due_at(client, period):
        day = local_date(_due_at(client, period), client.zone).isoformat()
        return f"{period} can be closed from {day} on"
    name = first
    while name < period:
        if name not in closed:
            return f"{name} comes first: it is not closed yet"
        name = following(name)
    return ""


def _closable(tx: Tx, client: Client, now: int) -> str:
    """Return the earliest open month that may be closed now, if any."""
    closed, name = _closed(tx, client), _first_month(client)
    while name in closed:
        name = following(name)
    return name if now >= _due_at(client, name) else ""


def _signature(tx: Tx, client: Client, now: int) -> str:
    """Return what a plan depends on, as text: entries, reviews, and the month that is due."""
    positions = ledger.positions(tx)
    parts = [_closable(tx, client, now)]
    for contract in client.contracts:
        row = positions.get(contract.contract_id)
        parts.append(f"{row.entry_seq}.{row.reviewed_version}" if row else "new")
    return " ".join(parts)
