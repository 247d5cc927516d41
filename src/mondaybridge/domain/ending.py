"""When a package has come to its end, and what stands in the way of handing it over (ledger 5.3).

Says nothing about files, mails or boards: the ceremony is a workflow's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from mondaybridge.domain.activity import Activity, Status
from mondaybridge.domain.admission import Activation
from mondaybridge.domain.allocation import ordered
from mondaybridge.domain.contract import Contract, Package
from mondaybridge.domain.outcome import HeldReason
from mondaybridge.domain.prepaid import Decided


class Why(Enum):
    """Why a package is at its end."""

    USED_UP = "used_up"
    EXPIRED = "expired"
    ASKED = "asked"


class Obstacle(Enum):
    """What must be settled first; each names the row that it is about."""

    OPEN = "open"  # activated and not finished
    RUNNING = "running"  # a timer runs
    UNFUNDED = "unfunded"  # time that no package covers, undecided
    PARKED = "parked"  # a cell that cannot be read may hide time
    ASKED = "asked"  # whose answer it has is being looked up
    QUESTIONED = "questioned"  # the client asks about its time, for at most five working days


@dataclass(frozen=True, slots=True)
class Ending:
    """Whether a package is to be handed over; ``last``: the board goes with it."""

    package_id: str
    why: Why | None
    obstacles: tuple[tuple[Obstacle, str], ...] = ()
    last: bool = True

    @property
    def due(self) -> bool:
        """Whether it may be handed over now."""
        return self.why is not None and not self.obstacles


def endings(contract: Contract, decided: Decided, ended: frozenset[str], now: int) -> list[Ending]:
    """Return the packages at their end, in the order in which they are used."""
    found = []
    for package in ordered(contract.packages):
        if package.package_id in ended or package.sold_at > now:
            continue
        why = _why(contract, decided, package, now)
        if why:
            found.append(ending(contract, decided, package.package_id, ended, why))
    return found


def ending(
    contract: Contract, decided: Decided, package_id: str, ended: frozenset[str], why: Why
) -> Ending:
    """Return what a package's hand-over waits for, whyever it is asked for."""
    others = {p.package_id for p in contract.packages} - ended - {package_id}
    obstacles = tuple(_obstacles(decided, last=not others))
    return Ending(package_id, why, obstacles, last=not others)


def _why(contract: Contract, decided: Decided, package: Package, now: int) -> Why | None:
    lapses_at = package.lapses_at or package.expires_at
    if lapses_at is not None and lapses_at <= now:
        return Why.EXPIRED
    left = decided.pool.rooms.get(package.package_id)
    if left is not None:  # what a sale keeps locked is not used up
        left += decided.pool.locked.get(package.package_id, 0)
    used = left is not None and left <= contract.policies.end_below_minutes
    return Why.USED_UP if used else None


def _obstacles(decided: Decided, *, last: bool) -> Iterator[tuple[Obstacle, str]]:
    """Yield what stands in the way; open rows only where no other package would carry them on."""
    for key, row in decided.rows.items():
        if row.running and row.movable:
            yield Obstacle.RUNNING, key
        if row.unreadable:
            yield Obstacle.PARKED, key
        elif last and _open(row, decided.activations[key]):
            yield Obstacle.OPEN, key
    for key, _ in decided.review.looks if last else ():
        yield Obstacle.ASKED, key
    for key in decided.in_question:
        yield Obstacle.QUESTIONED, key
    unfunded = {h.activity_id for h in decided.review.held if h.reason is HeldReason.UNFUNDED}
    for key in sorted(unfunded) if last else ():
        yield Obstacle.UNFUNDED, key


def _open(row: Activity, known: Activation) -> bool:
    return known.active and (known.reserving or row.status is Status.WORKING)
