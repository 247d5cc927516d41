"""Which packages have come to their end, what stands in the way, how far their hand-over is.

Read only; the ceremony itself is ``workflows.handover`` (R17, ledger 5.3).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from mondaybridge.app import App
from mondaybridge.domain.contract import BoardEnd, Contract, Package
from mondaybridge.domain.ending import Obstacle, Why, ending, endings
from mondaybridge.domain.handed_over import CREDITED, goodwill_of
from mondaybridge.domain.prepaid import review_prepaid
from mondaybridge.domain.reasons import Reason
from mondaybridge.domain.sales import Sale, Usable, usable
from mondaybridge.errors import ConfigurationError
from mondaybridge.reports.contract import state_of
from mondaybridge.store import ceremony, facts, ledger, workbooks
from mondaybridge.store.engine import Tx
from mondaybridge.store.sales import sales

HANDOVER = "handover"
COPY, END, SEEN = "copy", "end", "seen"

REMEDIES = {
    Obstacle.OPEN: "is not finished: set it to done or cancelled",
    Obstacle.RUNNING: "has a running timer: stop it",
    Obstacle.UNFUNDED: "has time that no package covers: decide it with `held decide`",
    Obstacle.PARKED: "has a cell that cannot be read: mend it",
    Obstacle.ASKED: "has an answer that is being looked up: try again in some minutes",
    Obstacle.QUESTIONED: "is in question: answer it and end it with `question`, or wait until five "
    "working days have passed since it was asked",
}


class State(Enum):
    """Where a package stands; only of a running one may hours be asked."""

    RUNNING = "running"
    UNSOLD = "not yet sold"
    ENDED = "ended"
    EXPIRED = "expired"
    WAITS_FOR_INVOICE = Usable.WAITS_FOR_INVOICE.value
    WAITS_FOR_PAYMENT = Usable.WAITS_FOR_PAYMENT.value
    FROZEN = Usable.FROZEN.value

    @property
    def gone(self) -> bool:
        """Whether what is left is given up: nothing new is drawn on it (R05, R17)."""
        return self in {State.ENDED, State.EXPIRED}

    @property
    def locked(self) -> bool:
        """Whether what is left may not be used as long as its sale stands so (semantics 6.30)."""
        return self in {State.WAITS_FOR_INVOICE, State.WAITS_FOR_PAYMENT, State.FROZEN}


@dataclass(frozen=True, slots=True)
class Checklist:
    """What a hand-over would do, or has done: why, what stands in the way, which steps are done.

    ``last`` says that the board goes with it; ``why`` is empty while the package goes on.
    """

    package_id: str
    contract_id: str
    revision: int
    why: str
    obstacles: tuple[str, ...]
    last: bool
    steps: tuple[tuple[str, str], ...] = ()

    @property
    def begun(self) -> bool:
        """Whether the copy is made: from then on it only goes forward."""
        return COPY in dict(self.steps)

    @property
    def done(self) -> bool:
        """Whether the ceremony is over."""
        return END in dict(self.steps)


def find(app: App, package_id: str) -> tuple[Contract, Package]:
    """Return a package with its contract; ConfigurationError names what there is."""
    known = [(c, p) for c in app.mapping.contracts for p in c.packages]
    for contract, package in known:
        if package.package_id == package_id:
            return contract, package
    names = ", ".join(package.package_id for _, package in known) or "none"
    raise ConfigurationError(f"{app.mapping.name} names no package {package_id!r}: it has {names}")


def checklist(app: App, package_id: str, revision: int | None = None) -> Checklist:
    """Say what a hand-over would find, on the mirror as it is; nothing is read or written."""
    contract, _ = find(app, package_id)
    with app.store.read() as tx:
        number = revision or revision_of(tx, contract, package_id)
        state, now = state_of(tx, contract), app.clock.now()
        rows = state.activities
        decided = review_prepaid(contract, rows, state.history, now)
        gone = frozenset(ended(tx, contract.contract_id))
        steps = ceremony.steps(tx, subject_of(package_id, number))
    at_end = {e.package_id: e for e in endings(contract, decided, gone, now)}
    seen = at_end.get(package_id) or ending(contract, decided, package_id, gone, Why.ASKED)
    titles = {row.activity_id: row.name for row in rows}
    over = END in steps or number > 1
    told = [f"{titles.get(key, key)!r} {REMEDIES[what]}" for what, key in seen.obstacles]
    return Checklist(
        package_id,
        contract.contract_id,
        number,
        seen.why.value if seen.why and package_id in at_end else "",
        () if over else tuple(told),
        seen.last,
        tuple((name, _told(step.evidence)) for name, step in steps.items()),
    )


def waiting(app: App) -> list[Checklist]:
    """Return the packages at their end that are not handed over, or whose copy is out of date."""
    packages = [p.package_id for c in app.mapping.contracts if c.prepaid for p in c.packages]
    with app.store.read() as tx:
        outdated = set(due_packages(tx, [c for c in app.mapping.contracts if c.prepaid]))
        newest, over = workbooks.newest(tx), set(ceremony.having(tx, END))
    open_ = [key for key in packages if key in outdated or not _over(key, newest, over)]
    found = [checklist(app, key) for key in open_]
    return [one for one in found if not one.done and (one.why or one.begun or one.revision > 1)]


def note_ends(tx: Tx, contract_id: str, packages: Sequence[str], now: int) -> None:
    """Remember which packages may be handed over, as the last review saw it."""
    subject, evidence = _end(contract_id), {"packages": list(packages)}
    known = ceremony.steps(tx, subject).get(SEEN)
    if known is None or dict(known.evidence) != evidence:
        ceremony.look(tx, subject, SEEN, at=now, evidence=evidence)


def due_packages(tx: Tx, contracts: Sequence[Contract]) -> list[str]:
    """Return the packages to hand over now, and outdated copies (ledger 5.3).

    Asked in every round: a few statements, however many packages there are.
    """
    seen, over = ceremony.having(tx, SEEN), set(ceremony.having(tx, END))
    newest = workbooks.newest(tx)
    ready = [c for c in contracts if any(_over(p.package_id, newest, over) for p in c.packages)]
    late = (
        ledger.caused(tx, Reason.HANDED_OVER.said(), [c.contract_id for c in ready])
        if ready
        else set[str]()
    )
    found = []
    for contract in contracts:
        step = seen.get(_end(contract.contract_id))
        at_end = set(step.evidence["packages"]) if step else set[str]()
        for key in (package.package_id for package in contract.packages):
            if _over(key, newest, over):
                outdated = contract.contract_id in late and _outdated(tx, contract.contract_id, key)
                found += [key] if outdated else []
            elif key in at_end or key in newest:
                found.append(key)
    return found


def closed_boards(tx: Tx, contracts: Sequence[Contract]) -> set[str]:
    """Return boards that went with their last package: they are not read any more.

    A package sold later opens them again.
    """
    gone = contracts_over(tx, contracts)
    archived = (c for c in contracts if c.policies.board_end is BoardEnd.ARCHIVE)
    return {board for c in archived if c.contract_id in gone for board in c.board_ids}


def contracts_over(tx: Tx, contracts: Sequence[Contract]) -> set[str]:
    """Return the contracts whose last package was handed over, to the last step (ledger 5.3).

    Nothing of them waits for anybody any more; a package sold later lets them go on.
    """
    gone = facts.handed_over(tx, {c.contract_id for c in contracts if c.packages})
    done = ceremony.having(tx, END) if gone else {}
    found: set[str] = set()
    for contract in contracts:
        mine = {p.package_id for p in contract.packages}
        order = [key for key in gone.get(contract.contract_id, ()) if key in mine]
        if order and len(order) == len(mine) and subject_of(order[-1], 1) in done:
            found.add(contract.contract_id)
    return found


def states(tx: Tx, contract: Contract, now: int) -> dict[str, State]:
    """Return where each package of a contract stands."""
    gone, sold = ended(tx, contract.contract_id), sales(tx, contract)
    return {p.package_id: _state(p, gone, sold, now) for p in contract.packages}


def revision_of(tx: Tx, contract: Contract, package_id: str) -> int:
    """Return the copy's revision to work on: the newest that is not over, or the next one."""
    newest = workbooks.latest(tx, package_id)
    if newest is None:
        return 1
    over = END in ceremony.steps(tx, subject_of(package_id, newest.revision))
    outdated = over and _outdated(tx, contract.contract_id, package_id)
    return newest.revision + 1 if outdated else newest.revision


def ended(tx: Tx, contract_id: str) -> set[str]:
    """Return the packages that were handed over."""
    return {e.package_id for e in facts.events(tx, contract_id, HANDOVER)}


def subject_of(package_id: str, revision: int) -> str:
    """Return under which name the steps of a ceremony are kept."""
    return f"{HANDOVER}:{package_id}:{revision}"


def _state(package: Package, gone: Collection[str], sold: Mapping[str, Sale], now: int) -> State:
    if package.package_id in gone:
        return State.ENDED
    if package.expires_at is not None and package.expires_at <= now:
        return State.EXPIRED
    if now < package.sold_at:
        return State.UNSOLD
    found = usable(package, sold)
    return State.RUNNING if found is Usable.YES else State(found.value)


def _outdated(tx: Tx, contract_id: str, package_id: str) -> bool:
    """Whether something was changed after the hand-over that the copy does not tell (5.3)."""
    events = [e for e in facts.events(tx, contract_id, HANDOVER) if e.package_id == package_id]
    head = str(events[-1].args["head"]) if events else ""
    entries = ledger.entries(tx, contract_id)
    place = next((n for n, e in enumerate(entries) if e.hash == head), len(entries))
    later = (e.entry for e in entries[place + 1 :])
    goodwill, returned = goodwill_of(package_id), f"{CREDITED}{package_id}"
    return any(e.package_id == goodwill or e.source == returned for e in later)


def _over(package_id: str, newest: Mapping[str, int], over: Collection[str]) -> bool:
    return subject_of(package_id, newest.get(package_id, 1)) in over


def _end(contract_id: str) -> str:
    return f"end:{contract_id}"


def _told(evidence: Mapping[str, Any]) -> str:
    return ", ".join(str(value) for value in evidence.values())
