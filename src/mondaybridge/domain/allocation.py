"""Which package pays for which minute: who asks, in which order packages give, what is left.

The packages' order is that of ledger 5.3; when who may take what is told by ``replay``.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from mondaybridge.domain.admission import Activation
from mondaybridge.domain.contract import Contract, Package
from mondaybridge.domain.ledger import charge
from mondaybridge.domain.work import Piece


class Choice(Enum):
    """What a person may decide about held minutes (ledger 5.2, 5.6)."""

    BILL = "bill"
    ABSORB = "absorb"
    NEXT_PACKAGE = "next_package"
    WAIT = "wait"
    KEEP = "keep"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision about one activity's held minutes, by month; sticky (ledger 5.2).

    ``decided_at`` gives it its place among the other events. Without it, what is absorbed is never
    charged at all, and the next package pays at its sale.
    """

    activity_id: str
    choice: Choice
    periods: tuple[tuple[str, int], ...]
    decided_at: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Increment:
    """Charged minutes that one piece of work adds, at the instant from which they may post."""

    at: int
    activity_id: str
    period: str
    work_at: int
    minutes: int


# What a person may decide about minutes that no package covers, and what acts by itself then.
RULINGS = frozenset({Choice.BILL, Choice.ABSORB, Choice.NEXT_PACKAGE})
# Begins the name of a place that is no package: minutes billed at a rate of their own (5.2).
OVERAGE = "overage:"


@dataclass(frozen=True, slots=True, order=True)
class PostKey:
    """Where posted minutes stand: activity, package, month; billed minutes stand at their rate."""

    activity_id: str
    package_id: str
    period: str

    @property
    def rate_key(self) -> str:
        """Return the rate at which these minutes are billed; empty on a package."""
        return self.package_id.removeprefix(OVERAGE) if self.billed else ""

    @property
    def billed(self) -> bool:
        """Whether no package pays for these minutes."""
        return self.package_id.startswith(OVERAGE)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a decision does with a month's waiting minutes; ``number`` tells twins apart."""

    at: int
    activity_id: str
    period: str
    minutes: int
    choice: Choice
    number: int = 0

    @property
    def absorbs(self) -> bool:
        """Whether the minutes are charged to nobody."""
        return self.choice is Choice.ABSORB


@dataclass(frozen=True, slots=True, order=True)
class Fixed:
    """Frozen minutes of one package, at the instant at which they were due.

    They have drawn on it, unless they were credited.
    """

    at: int
    activity_id: str
    package_id: str
    minutes: int
    draws: bool = True


@dataclass(frozen=True, slots=True, order=True)
class Return:
    """Where minutes of an activity go back: from a handed-over package to another one."""

    activity_id: str
    origin: str
    package_id: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What one activity asks of the packages: reserves by its steps, and its work, in order.

    ``late`` holds increases in closed periods, which take what is left now.
    """

    activity_id: str
    activation: Activation
    work: tuple[Increment, ...] = ()
    late: tuple[Increment, ...] = ()
    fixed: tuple[Fixed, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    credited: bool = False


@dataclass(slots=True)
class Pool:
    """The packages' minutes during a replay: what is left, reserved and posted.

    ``rooms`` stand in the packages' order, the rates of billed minutes last, whose rooms are never
    short. ``totals`` are what an activity posted, here and elsewhere. ``coming`` and ``to_come``
    are frozen minutes whose turn is still ahead, by package and by activity: no longer to be had,
    yet free or reserved at the moment that is replayed. ``absorbed`` is what the policy let go.
    ``ended`` tells when packages were handed over: nothing is drawn on them any more, whatever the
    work's date, and what stands posted there is frozen; ``returns`` is what goes back from there
    (ledger 5.3). ``settled`` is what stands posted on a package that is over, yet was given back
    there or on a package that is over too: it pays for no work any more. ``locked`` is what nobody
    may draw on while a sale waits for its invoice or was voided (semantics 6.30).
    """

    contract: Contract
    rooms: dict[str, int]
    posts: dict[PostKey, int] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)
    reserves: dict[str, int] = field(default_factory=dict)
    reserved: int = 0
    coming: dict[str, int] = field(default_factory=dict)
    to_come: dict[str, int] = field(default_factory=dict)
    waiting: list[Increment] = field(default_factory=list)
    given: dict[Ruling, int] = field(default_factory=dict)
    absorbed: dict[tuple[str, str], int] = field(default_factory=dict)
    ended: Mapping[str, int] = field(default_factory=dict)
    returns: dict[Return, int] = field(default_factory=dict)
    settled: dict[PostKey, int] = field(default_factory=dict)
    locked: dict[str, int] = field(default_factory=dict)
    packages: list[Package] = field(init=False)

    def __post_init__(self) -> None:
        known = (p for p in self.contract.packages if p.package_id in self.rooms)
        self.packages = ordered(known)

    def admit(self, package_id: str) -> None:
        """Let a package of the contract give, though nothing was granted on it yet."""
        self.rooms = {package_id: 0, **self.rooms}
        self.packages = ordered(p for p in self.contract.packages if p.package_id in self.rooms)

    def hard(self, at: int) -> int:
        """Return the contract's hard residual over the packages eligible at an instant."""
        return sum(self.rooms[p.package_id] for p in self.eligible(at))

    def free(self, at: int, work_at: int) -> int:
        """Return what no reserve holds at an instant, with the packages of the work's own date."""
        both = {p.package_id for p in (*self.eligible(at), *self.eligible(work_at))}
        packages = {p for p in both if at < self.ended.get(p, at + 1)}
        return sum(self.rooms[p] + self.coming.get(p, 0) for p in packages) - self.reserved

    def eligible(self, at: int) -> list[Package]:
        """Return the granted packages eligible at an instant, in order of consumption (6.4)."""
        return [
            p
            for p in self.packages
            if p.sold_at <= at < min(p.expires_at or at + 1, self.ended.get(p.package_id, at + 1))
        ]

    def giving(self, work_at: int) -> list[Package]:
        """Return the packages that may still be drawn on for work of an instant, in order."""
        return [p for p in self.eligible(work_at) if p.package_id not in self.ended]

    def posted(self, activity_id: str) -> int:
        """Return the minutes posted for an activity, on whatever contract."""
        return self.totals.get(activity_id, 0)

    def reserve(self, activity_id: str, minutes: int) -> None:
        """Set the reserve of an activity."""
        self.reserved += minutes - self.reserves.get(activity_id, 0)
        self.reserves[activity_id] = minutes

    def post(self, key: PostKey, minutes: int, *, draws: bool = True) -> None:
        """Add signed minutes to a post; a credited bug draws nothing from its package."""
        self.posts[key] = self.posts.get(key, 0) + minutes
        self.totals[key.activity_id] = self.totals.get(key.activity_id, 0) + minutes
        if draws and not key.billed:
            self.rooms[key.package_id] -= minutes

    def unfunded(self) -> dict[tuple[str, str], int]:
        """Return what no package covers, by activity and month."""
        held: dict[tuple[str, str], int] = {}
        for one in self.waiting:
            key = one.activity_id, one.period
            held[key] = held.get(key, 0) + one.minutes
        return held

    def absorb(self, one: Increment) -> None:
        """Let minutes go uncharged."""
        key = one.activity_id, one.period
        self.absorbed[key] = self.absorbed.get(key, 0) + one.minutes


def ordered(packages: Iterable[Package]) -> list[Package]:
    """Order packages by priority, expiry with none last, sale, id: total and deterministic."""
    return sorted(
        packages,
        key=lambda p: (
            p.priority,
            p.expires_at is None,
            p.expires_at or 0,
            p.sold_at,
            p.package_id,
        ),
    )


def increments(
    work: Sequence[Piece],
    *,
    activity_id: str,
    factor: int,
    step: int,
    not_before: int,
    raised_at: int = 0,
) -> list[Increment]:
    """Turn pieces in order into the charged minutes that each adds to its month's total.

    Work from before the factor was raised counts once in its turn; what the factor adds to it falls
    due when it was raised (ledger 4).
    """
    seconds: dict[str, int] = {}
    added: list[Increment] = []
    early = [piece for piece in work if piece.at < raised_at]
    for piece in work:
        now = 1 if piece.at < raised_at else factor
        before = charge(seconds.get(piece.period, 0), factor=now, increment=step)
        seconds[piece.period] = seconds.get(piece.period, 0) + piece.seconds
        minutes = charge(seconds[piece.period], factor=now, increment=step) - before
        at = max(piece.at, not_before)
        added.append(Increment(at, activity_id, piece.period, piece.at, minutes))
    for period in sorted({piece.period for piece in early}):
        total = sum(piece.seconds for piece in early if piece.period == period)
        once = charge(total, increment=step)
        at = max(piece.at for piece in early if piece.period == period)
        more = charge(total, factor=factor, increment=step) - once
        added.append(Increment(max(raised_at, not_before), activity_id, period, at, more))
    return [increment for increment in added if increment.minutes]


def trimmed(work: Sequence[Increment], minutes: int) -> list[Increment]:
    """Take minutes off the beginning: what was absorbed is never charged."""
    kept: list[Increment] = []
    for one in work:
        taken = min(one.minutes, minutes)
        minutes -= taken
        if one.minutes > taken:
            kept.append(replace(one, minutes=one.minutes - taken))
    return kept


def take_back(
    pool: Pool,
    *,
    activity_id: str,
    period: str,
    minutes: int,
    draws: bool = True,
    kept: Collection[str] = (),
) -> None:
    """Lower frozen posts of an activity's month, from the last package back (ledger 5.3).

    What a handed-over package has, it keeps, and so do the ``kept`` ones.
    """
    for package_id in reversed([p for p in pool.rooms if p not in pool.ended and p not in kept]):
        key = PostKey(activity_id, package_id, period)
        taken = min(pool.posts.get(key, 0), minutes)
        if taken:
            pool.post(key, -taken, draws=draws)
            minutes -= taken


def spread(
    pool: Pool, claims: Sequence[Claim], now: int, pinned: Mapping[tuple[str, str], int]
) -> dict[tuple[str, str], int]:
    """Allocate reserves to the packages eligible today, in order; the excess stays on the last.

    ``pinned`` are the reserves of unreadable rows: they stay where they are.
    """
    packages = pool.eligible(now)
    room = {p.package_id: pool.rooms[p.package_id] for p in packages}
    for (_, package_id), minutes in pinned.items():
        room[package_id] = room.get(package_id, 0) - minutes
    allocated = dict(pinned)
    stay = {activity_id for activity_id, _ in pinned}
    for claim in sorted(claims, key=lambda c: (c.activation.activated_at, c.activity_id)):
        need = 0 if claim.activity_id in stay else pool.reserves.get(claim.activity_id, 0)
        for package in packages:
            last = package is packages[-1]
            taken = need if last else min(need, max(0, room[package.package_id]))
            room[package.package_id] -= taken
            need -= taken
            if taken:
                allocated[claim.activity_id, package.package_id] = taken
    return allocated
