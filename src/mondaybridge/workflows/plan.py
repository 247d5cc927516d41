"""What is due for a client, as a plan that a person can look at; nothing is issued here.

A plan is a difference with a hash over all that it would do (architecture 3).
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mondaybridge.app import App
from mondaybridge.domain.billing import plan
from mondaybridge.domain.books import ClosePlan
from mondaybridge.domain.contract import Client, Contract
from mondaybridge.domain.documents import DocumentKey, ObservedDocument, PlannedDocument
from mondaybridge.domain.late import held_late
from mondaybridge.domain.outcome import Held, HeldReason
from mondaybridge.domain.tariff import missing_rate
from mondaybridge.domain.typed import typed_early
from mondaybridge.domain.worktime import (
    DAY_MS,
    following,
    hours_text,
    local_date,
    midnight,
    month,
    month_of,
)
from mondaybridge.errors import ConfigurationError, TryLater
from mondaybridge.store import lease, ledger, mirror, plans
from mondaybridge.store.engine import Tx
from mondaybridge.store.entry_rows import ContractRow
from mondaybridge.store.lease import Lease
from mondaybridge.workflows.beside import keep_beside, keep_lists
from mondaybridge.workflows.books import look_at_stripe, open_books, refresh
from mondaybridge.workflows.equality import unequal
from mondaybridge.workflows.moved import credit_days


@dataclass(frozen=True, slots=True)
class Preview:
    """One client's plan with what a person should know before applying it.

    ``waiting`` says why nothing can be planned at all; ``note`` why the month itself stays open;
    ``drafts`` are invoices that somebody else is writing: reported and left alone (ledger 6.11).
    ``credit_by`` says by when credit notes are due; ``draft`` is what an open month would bring as
    it stands: nothing of it is a document yet (semantics 6.12). ``unequal`` keeps the month from
    being closed: what ledger, statement, documents and boards do not agree on (6.32).
    """

    client: Client
    period: str
    plan: ClosePlan
    held: tuple[tuple[str, Held], ...] = ()
    note: str = ""
    waiting: str = ""
    closed: bool = False
    drafts: tuple[str, ...] = ()
    credit_by: tuple[tuple[DocumentKey, date], ...] = ()
    draft: ClosePlan | None = None
    today: date = date.min
    unequal: tuple[str, ...] = ()

    @property
    def hash(self) -> str:
        """The hash that ``close apply`` takes for this client alone."""
        return f"{self.period}:{self.client.client_id}:{self.plan.hash}"

    @property
    def draft_only(self) -> tuple[PlannedDocument, ...]:
        """What an open month would bring beside what is due now."""
        due = {one.key for one in self.plan.documents}
        return (
            tuple(one for one in self.draft.documents if one.key not in due) if self.draft else ()
        )


def overall_hash(period: str, previews: Sequence[Preview]) -> str:
    """Return one hash over all clients' plans."""
    text = "\n".join(p.hash for p in previews if not p.waiting)
    return f"{period}:{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def preview(app: App, period: str, client_ids: Sequence[str] = ()) -> list[Preview]:
    """Plan a month for each client on a fresh mirror and a fresh look at Stripe."""
    chosen = [c for c in app.mapping.clients if not client_ids or c.client_id in client_ids]
    return [_preview(app, client, period) for client in chosen]


def plan_client(
    app: App, client: Client, period: str, observed: Sequence[ObservedDocument] | None = None
) -> Preview:
    """Plan from what was seen at Stripe, by default what was last imported."""
    opened = open_books(app, client, observed)
    months = {one.contract.contract_id: one.closed for one in opened.contracts}
    closed = _is_closed(client, period, months)
    note = _why_open(client, period, app.clock.now(), months)
    note = note or ("" if closed else unpriced(client, period, opened.held))
    closes = "" if note or closed else period
    drafts = tuple(
        one.stripe_id for one in opened.books.observed if one.status == "draft" and one.key is None
    )
    planned = plan(opened.books, closes)
    with app.store.read() as tx:
        days = ((one.key, credit_days(tx, client, one)) for one in planned.documents)
        credit_by = tuple((key, day) for key, day in days if day)
    return Preview(
        client,
        period,
        planned,
        (*opened.held, *held_late(planned.late)),
        note,
        closed=closed,
        drafts=drafts,
        credit_by=credit_by,
        draft=plan(opened.books, period) if note and period >= _first_month(client) else None,
        today=local_date(app.clock.now(), client.zone),
        unequal=unequal(opened, planned),
    )


def save_plan(app: App, client: Client, planned: ClosePlan, held: Lease) -> None:
    """Keep a plan with what it was made from, in the place of the one before."""
    boards = {board for contract in client.contracts for board in contract.board_ids}
    hashes = [app.mapping.config_hash(c.contract_id) for c in client.contracts]
    keep_lists(app, client, planned)
    with app.store.write() as tx:
        lease.confirm(tx, held)
        keep_beside(tx, app, client, planned)
        facts = mirror.board_facts(tx, boards)
        plans.save_plan(
            tx,
            client.client_id,
            planned.documents,
            config_hash=hashlib.sha256("".join(hashes).encode()).hexdigest(),
            mirror_versions={fact.board_id: fact.mirror_version for fact in facts},
            now=app.clock.now(),
        )


def signatures(app: App, tx: Tx, now: int) -> dict[str, str]:
    """Return what each client's plan depends on: its entries and reviews, its month, the day."""
    positions, closed = ledger.positions(tx), ledger.closed_months(tx)
    return {
        client.client_id: _signature(client, now, positions, closed)
        for client in app.mapping.clients
    }


def signature(tx: Tx, client: Client, now: int) -> str:
    """Return what one client's plan depends on."""
    positions = ledger.positions(tx, [c.contract_id for c in client.contracts])
    return _signature(client, now, positions, _closed(tx, client))


def closable(tx: Tx, client: Client, now: int) -> str:
    """Return the earliest open month that may be closed now, if any."""
    return _closable(client, now, _closed(tx, client))


def unpriced(client: Client, period: str, held: Sequence[tuple[str, Held]]) -> str:
    """Say which work has no price: its month stays open rather than bill nothing (R54b)."""
    contracts = {contract.contract_id: contract for contract in client.contracts}
    return "; ".join(
        f"contract {key} has no price for {hours_text(one.minutes)} of activity {one.activity_id} "
        f"in {period}: set {missing_rate(contracts[key])} in the mapping"
        for key, one in held
        if one.reason is HeldReason.NO_RATE and one.period == period
    )


def counted(contract: Contract, period: str) -> bool:
    """Whether a month belongs to a contract: from ``bill_from`` on, until it ends."""
    span = month(period, contract.zone)
    ended = contract.until is not None and contract.until <= span.start
    return contract.bill_from < span.end and not ended


def _signature(
    client: Client,
    now: int,
    positions: Mapping[str, ContractRow],
    closed: Mapping[str, Collection[str]],
) -> str:
    parts = [str(now // DAY_MS), _closable(client, now, closed)]
    for contract in client.contracts:
        row = positions.get(contract.contract_id)
        parts.append(f"{row.entry_seq}.{row.reviewed_version}" if row else "new")
    return " ".join(parts)


def _preview(app: App, client: Client, period: str) -> Preview:
    try:
        refresh(app, client)
    except (TryLater, ConfigurationError) as why:
        return Preview(client, period, ClosePlan(client.client_id, "", ()), waiting=str(why))
    shown = plan_client(app, client, period, look_at_stripe(app, client))
    notes = (*shown.plan.notes, *_typed_early(app, client, period), *_no_customer(shown))
    return replace(shown, plan=replace(shown.plan, notes=notes))


def _no_customer(shown: Preview) -> Iterator[str]:
    """Say whom documents are for where Stripe has no customer yet (P17)."""
    due = (*shown.plan.documents, *shown.draft_only)
    if due and not any(one.customer for one in due):
        yield f"the customer of {shown.client.client_id} at Stripe is made with the first document"


def _typed_early(app: App, client: Client, period: str) -> Iterator[str]:
    """List what people typed just after the month: a number says no day of its own (ledger 7)."""
    with app.store.read() as tx:
        for contract in client.contracts:
            rows = mirror.activities(tx, contract.contract_id)
            for one in typed_early(rows, contract, period):
                day, hours = local_date(one.at, contract.zone), hours_text(one.seconds // 60)
                yield (
                    f"{hours} was typed on {day} at {one.name!r} ({one.activity_id}) and counts "
                    f"then: if it was worked in {period}, let a column say the day "
                    "(actual.work_date), or type it back and enter it where it belongs"
                )


def _closed(tx: Tx, client: Client) -> dict[str, set[str]]:
    return {c.contract_id: ledger.closed_periods(tx, c.contract_id) for c in client.contracts}


def _closable(client: Client, now: int, closed: Mapping[str, Collection[str]]) -> str:
    name = _first_month(client)
    while now >= _due_at(client, name):
        if not _is_closed(client, name, closed):
            return name
        name = following(name)
    return ""


def _is_closed(client: Client, period: str, closed: Mapping[str, Collection[str]]) -> bool:
    """Whether a month is closed for every contract that it belongs to."""
    mine = [contract for contract in client.contracts if counted(contract, period)]
    return all(period in closed.get(c.contract_id, ()) for c in mine)


def _first_month(client: Client) -> str:
    return month_of(min(c.bill_from for c in client.contracts), client.zone).name


def _due_at(client: Client, period: str) -> int:
    """Return when a month may be closed: after its end and the grace in calendar days."""
    end = local_date(month(period, client.zone).end, client.zone)
    return midnight(end + timedelta(days=client.close_after_days), client.zone)


def _why_open(client: Client, period: str, now: int, closed: Mapping[str, Collection[str]]) -> str:
    """Say why a month may not be closed yet, empty if it may or is."""
    first = _first_month(client)
    if period < first:
        return f"{client.client_id} is billed from {first} on"
    if _is_closed(client, period, closed):
        return ""
    if now < _due_at(client, period):
        day = local_date(_due_at(client, period), client.zone).isoformat()
        return f"{period} can be closed from {day} on"
    earlier = _closable(client, now, closed)
    return "" if earlier == period else f"{earlier} comes first: it is not closed yet"
