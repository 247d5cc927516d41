"""Open a client's books: a fresh mirror, reviewed; documents imported; what is desired."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from mondaybridge.app import App
from mondaybridge.domain.activity import Activity
from mondaybridge.domain.books import Books
from mondaybridge.domain.contract import Client, Contract, Questioned
from mondaybridge.domain.documents import ObservedDocument
from mondaybridge.domain.issued import issued_lines
from mondaybridge.domain.late import LateRuling
from mondaybridge.domain.ledger import POSTING
from mondaybridge.domain.outcome import Held, HeldReason
from mondaybridge.domain.papers import recognised
from mondaybridge.domain.plan_months import fee_lines
from mondaybridge.domain.questions import fold, in_question
from mondaybridge.domain.reasons import Reason
from mondaybridge.domain.usage import LineId, UsageLine, itemise
from mondaybridge.errors import TryLater
from mondaybridge.i18n.causes import cause_text
from mondaybridge.reports.contract import ContractState, state_of
from mondaybridge.reports.ending import closed_boards
from mondaybridge.store import billing, late, lease, ledger, mirror, work
from mondaybridge.store.engine import Tx
from mondaybridge.store.entry_rows import ContractRow
from mondaybridge.store.lease import Lease
from mondaybridge.store.mirror import BoardFacts
from mondaybridge.store.moved import closings
from mondaybridge.store.registry import billed
from mondaybridge.stripe.observation import observe
from mondaybridge.workflows.addresses import shown_links
from mondaybridge.workflows.beside import Labels, labels
from mondaybridge.workflows.moved import Move, causes, last_moves, moves
from mondaybridge.workflows.papers import take_note
from mondaybridge.workflows.read import read_whole
from mondaybridge.workflows.review import review_contract
from mondaybridge.workflows.wording import Wording

# What waits for a person beside its bill: work before a contract's end is billed, and so is a bug
# until its documentation is there (R55a).
BILLED = frozenset(
    {
        HeldReason.NO_CONTRACT,
        HeldReason.NO_RATE,
        HeldReason.UNDOCUMENTED,
        HeldReason.QUESTIONED,
    }
)


@dataclass(frozen=True, slots=True)
class ContractBooks:
    """One contract's part of the books, read in one transaction.

    ``closed`` says when each month was closed, ``moves`` which entries no document shows;
    ``reviewed`` that none of its rows moved since its last review.
    """

    state: ContractState
    closed: Mapping[str, int]
    labels: Labels
    moves: Sequence[Move]
    rulings: Mapping[LineId, tuple[LateRuling, ...]]
    reviewed: bool

    @property
    def contract(self) -> Contract:
        """The contract itself."""
        return self.state.contract

    @property
    def asked(self) -> set[tuple[str, str, str]]:
        """The activities and months in question, under the contract."""
        about = in_question(fold(self.state.history.questions))
        return {(self.contract.contract_id, *one) for one in about}


@dataclass(frozen=True, slots=True)
class Opened:
    """The books with what is held back from them, by contract, and what they were opened from."""

    books: Books
    held: tuple[tuple[str, Held], ...]
    contracts: tuple[ContractBooks, ...]


def refresh(app: App, client: Client) -> None:
    """Read boards that have no complete read younger than the limit, and review what moved.

    Boards that were closed with their last package are not read any more.

    A board that cannot be seen makes its client wait: nobody knows what it would say.
    """
    oldest = app.clock.now() - app.mapping.timing.fresh_minutes * 60_000
    for fact in _boards(app, client):
        if fact.state == "gone" or fact.complete_at < oldest:
            read_whole(app, fact.board_id)
    for fact in _boards(app, client):
        if fact.state == "gone":
            raise TryLater(
                f"board {fact.board_id} cannot be seen ({fact.reason}): restore it, or take it out "
                f"of {app.mapping.name}; what was posted stays",
                app.clock.now() + app.mapping.timing.sweep_minutes * 60_000,
            )
    with app.store.read() as tx:
        positions = ledger.positions(tx, [c.contract_id for c in client.contracts])
    now = app.clock.now()
    for contract in client.contracts:
        if contract.contract_id not in positions:
            raise TryLater(f"contract {contract.contract_id} has not been registered yet")
        if positions[contract.contract_id].asks_for_review(now):
            review_contract(app, contract.contract_id)


def _boards(app: App, client: Client) -> list[BoardFacts]:
    boards = {board for contract in client.contracts for board in contract.board_ids}
    with app.store.read() as tx:
        boards -= closed_boards(tx, client.contracts)
        return mirror.board_facts(tx, boards)


def open_books(
    app: App, client: Client, observed: Sequence[ObservedDocument] | None = None
) -> Opened:
    """Put what is issued beside what the ledger asks for; without a look, what was imported."""
    now = app.clock.now()
    with app.store.read() as tx:
        client = billed(tx, client)
        positions = ledger.positions(tx, [c.contract_id for c in client.contracts])
        papers = billing.documents(tx, client.client_id)
        parts = [
            _contract_books(tx, one, papers, positions.get(one.contract_id), now)
            for one in client.contracts
        ]
        names = _names(tx, parts)
        released = _released(tx, client)
    observed = papers if observed is None else observed
    held: list[tuple[str, Held]] = []
    rows: dict[str, Activity] = {}
    grouped: Labels = {}
    rulings: dict[LineId, tuple[LateRuling, ...]] = {}
    for one in parts:
        waiting, shown = one.state.held(now)
        held += [(one.contract.contract_id, each) for each in waiting]
        rows |= {row.activity_id: row for row in shown}
        grouped |= one.labels
        rulings |= one.rulings
    desired = [line for one in parts for line in _desired(one, now)]
    unbilled = [move for one in parts for move in one.moves]
    asked = {place for one in parts for place in one.asked}
    wording = Wording(client, names, rows, lambda period: shown_links(app.settings, client, period))
    books = Books(
        client,
        desired,
        observed,
        {one.contract.contract_id: frozenset(one.closed) for one in parts},
        frozenset((key, h.activity_id) for key, h in held if not (h.reason in BILLED or h.kept)),
        wording.line,
        wording.title,
        _posted(parts),
        {
            (one.contract.contract_id, period): at
            for one in parts
            for period, at in one.closed.items()
        },
        now,
        services={key: row.service for key, row in rows.items() if row.service_known},
        labels=grouped,
        causes=causes(unbilled, client.locale, names),
        moved_at=last_moves(unbilled),
        late=rulings,
        released=released,
        by_hand=cause_text(Reason.AT_STRIPE.said(), client.locale),
        resting=_resting(client, desired, observed, asked, grouped),
        heading=wording.heading,
        carried=wording.carried,
        so_far=wording.so_far,
        footer=wording.footer,
    )
    return Opened(books, tuple(held), tuple(parts))


def _contract_books(
    tx: Tx,
    contract: Contract,
    papers: Sequence[ObservedDocument],
    position: ContractRow | None,
    now: int,
) -> ContractBooks:
    key = contract.contract_id
    groups = labels(tx, key)
    return ContractBooks(
        state_of(tx, contract, papers),
        closings(tx, key),
        groups,
        moves(tx, key, groups),
        late.rulings(tx, key),
        reviewed=position is not None and not position.asks_for_review(now),
    )


def _names(tx: Tx, parts: Sequence[ContractBooks]) -> dict[str, str]:
    """Return the names of all rows with time, those that left the boards too."""
    there = {row.activity_id: row.name for one in parts for row in one.state.activities}
    posted = {row.entry.activity_id for one in parts for row in one.state.entries}
    return there | mirror.names(tx, posted - there.keys())


def _desired(one: ContractBooks, now: int) -> Iterator[UsageLine]:
    """Return its time, and what a plan's months cost, used or not (R42)."""
    contract, history = one.contract, one.state.history
    elsewhere = [p.package_id for p in contract.packages if not p.sale_by_bridge]
    entries = [row.entry for row in one.state.entries]
    yield from itemise(contract.contract_id, entries, sold_elsewhere=elsewhere)
    if contract.plans:
        yield from fee_lines(contract, history.plan_months, history.closed, now)


def _posted(parts: Iterable[ContractBooks]) -> Counter[tuple[str, str]]:
    """Return what is posted by contract and month: what statements say."""
    posted: Counter[tuple[str, str]] = Counter()
    for one in parts:
        for row in one.state.entries:
            if row.entry.kind in POSTING:
                posted[one.contract.contract_id, row.entry.period] += row.entry.minutes
    return posted


def _released(tx: Tx, client: Client) -> frozenset[str]:
    """Return, word by word, what the client's plans were parked for and somebody let pass."""
    parked, found = None, set[str]()
    for act in work.history_of(tx, "close", client.client_id):
        if act.act == "parked":
            parked = act
        elif parked and act.evidence == parked.reason:  # else it let go on what only waited
            found |= set(parked.evidence.split("; "))
    return frozenset(found)


def _resting(
    client: Client,
    desired: Sequence[UsageLine],
    observed: Sequence[ObservedDocument],
    asked: Collection[tuple[str, str, str]],
    grouped: Collection[tuple[str, str, str]],
) -> frozenset[LineId]:
    """Return the lines that stay as issued while a question about them is open (ledger 6.3).

    By policy they are billed all the same; once they are, they rest too (semantics 6.24).
    """
    if not asked:
        return frozenset()
    lines = {line.line_id for line in issued_lines(observed)}
    hold = client.billing.questioned is Questioned.HOLD
    for one in (line.line_id for line in desired):
        if hold or (one.contract_id, one.period, one.subject) in grouped:
            lines.add(one)
    return frozenset(
        line
        for line in lines
        if {(line.contract_id, line.subject, period) for period in (line.period, "")} & {*asked}
    )


def look_at_stripe(app: App, client: Client) -> list[ObservedDocument]:
    """List the customer's documents; issued lines that are stored are not read again."""
    with app.store.read() as tx:
        stored = {one.stripe_id: one for one in billing.documents(tx, client.client_id)}
        known = billing.imported_lines(tx, client.client_id)
    return [
        recognised(
            stored.get(one.stripe_id),
            replace(one, lines=stored[one.stripe_id].lines) if one.stripe_id in known else one,
        )
        for one in _seen(app, client, known)
    ]


def bring_in(app: App, client: Client, held: Lease) -> None:
    """Import what Stripe shows; only under the lease, so that no older list comes late."""
    with app.store.read() as tx:
        known = billing.imported_lines(tx, client.client_id)
    observed = _seen(app, client, known)
    with app.store.write() as tx:
        lease.confirm(tx, held)
        now = app.clock.now()
        changes = billing.import_documents(tx, client.client_id, observed, now)
        take_note(tx, client, changes, now)


def billed_ever(tx: Tx, client: Client) -> list[str]:
    """Return the customers whose documents may be a client's: today's, and those billed before.

    Another customer in the file takes nothing back: what the one before was billed stays billed.
    """
    known = {billed(tx, client).stripe_customer, *billing.customers(tx, client.client_id)}
    return sorted(filter(None, known))


def _seen(app: App, client: Client, known: set[str]) -> list[ObservedDocument]:
    """List the documents of the client's customer, and of those that were billed before it.

    Another customer in the file takes nothing back: what the one before was billed stays billed,
    and is credited there.
    """
    with app.store.read() as tx:
        customers = billed_ever(tx, client)
    seen = [observe(app.stripe, name, known) for name in customers]
    return sorted((one for some in seen for one in some), key=lambda one: one.created_at)
