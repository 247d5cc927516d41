"""Which package pays for which minute, and what no package covers (ledger 5.2-5.4).

Open periods are replayed from the first event on, in order of (activation or work instant,
activity id), so arrival order cannot change the answer; closed periods are frozen and only a
difference is allocated now. Only decisions are sticky.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from mondaybridge.domain.admission import Activation
from mondaybridge.domain.contract import Contract, OverrunLimit, Package
from mondaybridge.domain.ledger import charge
from mondaybridge.domain.work import Piece


class Choice(Enum):
    """What a person may decide about held minutes (ledger 5.2, 5.6)."""

    ABSORB = "absorb"
    NEXT_PACKAGE = "next_package"
    WAIT = "wait"
    KEEP = "keep"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision about one activity's held minutes, by month; sticky (ledger 5.2)."""

    activity_id: str
    choice: Choice
    periods: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, order=True)
class Increment:
    """Charged minutes that one piece of work adds, at the instant from which they may post."""

    at: int
    activity_id: str
    period: str
    work_at: int
    minutes: int


@dataclass(frozen=True, slots=True, order=True)
class PostKey:
    """Where posted minutes stand: activity, package, month."""

    activity_id: str
    package_id: str
    period: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What one activity asks of the packages: its estimate's charge and its work, in order.

    ``late`` holds increases in closed periods, which take what is left now; ``deferred`` the
    minutes per month that a decision lets the next package pay.
    """

    activity_id: str
    activation: Activation
    estimate_minutes: int
    work: tuple[Increment, ...]
    late: tuple[Increment, ...] = ()
    deferred: tuple[tuple[str, int], ...] = ()
    credited: bool = False


@dataclass(slots=True)
class Pool:
    """The packages' minutes during a replay: what is left, reserved and posted."""

    contract: Contract
    rooms: dict[str, int]
    posts: dict[PostKey, int] = field(default_factory=dict)
    reserves: dict[str, int] = field(default_factory=dict)
    unfunded: dict[tuple[str, str], int] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)

    def hard(self, at: int) -> int:
        """Return the contract's hard residual over the packages eligible at an instant."""
        return sum(self.rooms[p.package_id] for p in self.eligible(at))

    def eligible(self, at: int) -> list[Package]:
        """Return the granted packages eligible at an instant, in order of consumption (6.4)."""
        packages = (p for p in ordered(self.contract.packages) if p.package_id in self.rooms)
        return [p for p in packages if p.sold_at <= at < (p.expires_at or at + 1)]

    def posted(self, activity_id: str) -> int:
        """Return the minutes posted for an activity."""
        return self.totals.get(activity_id, 0)

    def post(self, key: PostKey, minutes: int, *, draws: bool = True) -> None:
        """Add signed minutes to a post; a credited bug draws nothing from its package."""
        self.posts[key] = self.posts.get(key, 0) + minutes
        self.totals[key.activity_id] = self.totals.get(key.activity_id, 0) + minutes
        self.rooms[key.package_id] -= minutes if draws else 0


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
    work: Sequence[Piece], *, activity_id: str, factor: int, step: int, not_before: int
) -> list[Increment]:
    """Turn pieces in order into the charged minutes that each adds to its month's total."""
    seconds: dict[str, int] = {}
    added: list[Increment] = []
    for piece in work:
        before = charge(seconds.get(piece.period, 0), factor=factor, increment=step)
        seconds[piece.period] = seconds.get(piece.period, 0) + piece.seconds
        minutes = charge(seconds[piece.period], factor=factor, increment=step) - before
        at = max(piece.at, not_before)
        added.append(Increment(at, activity_id, piece.period, piece.at, minutes))
    return [increment for increment in added if increment.minutes]


def trimmed(work: Sequence[Increment], minutes: int) -> list[Increment]:
    """Take minutes off the end: what was absorbed is never charged."""
    kept: list[Increment] = []
    for one in reversed(work):
        taken = min(one.minutes, minutes)
        minutes -= taken
        if one.minutes > taken:
            rest = one.minutes - taken
            kept.append(Increment(one.at, one.activity_id, one.period, one.work_at, rest))
    return kept[::-1]


def replay(pool: Pool, claims: Sequence[Claim], now: int) -> Pool:
    """Fund all claims from the pool: open periods in order, late work next, deferred work last."""
    by_id = {claim.activity_id: claim for claim in claims}
    for moment in _moments(claims):
        claim = by_id[moment.activity_id]
        match moment.rank:
            case 0:
                _reserve(pool, claim)
            case 1:
                _fund(pool, claim, moment.increment, moment.increment.work_at)
            case _:
                pool.reserves[claim.activity_id] = 0
    for increment in sorted(late for claim in claims for late in claim.late):
        _fund(pool, by_id[increment.activity_id], increment, increment.work_at)
    for claim in claims:
        _defer(pool, claim, now)
    return pool


def take_back(
    pool: Pool, *, activity_id: str, period: str, minutes: int, draws: bool = True
) -> None:
    """Lower frozen posts of an activity's month, from the last package back (ledger 5.3)."""
    order = [package.package_id for package in ordered(pool.contract.packages)]
    keys = [k for k in pool.posts if (k.activity_id, k.period) == (activity_id, period)]
    for key in sorted(keys, key=lambda k: order.index(k.package_id), reverse=True):
        taken = min(pool.posts[key], minutes)
        pool.post(key, -taken, draws=draws)
        minutes -= taken


def spread(pool: Pool, claims: Sequence[Claim], now: int) -> dict[tuple[str, str], int]:
    """Allocate reserves to the packages eligible today, in order; the excess stays on the last."""
    packages = pool.eligible(now)
    room = {p.package_id: max(0, pool.rooms[p.package_id]) for p in packages}
    allocated: dict[tuple[str, str], int] = {}
    for claim in sorted(claims, key=lambda c: (c.activation.activated_at, c.activity_id)):
        need = pool.reserves.get(claim.activity_id, 0)
        for package in packages:
            last = package is packages[-1]
            taken = need if last else min(need, room[package.package_id])
            room[package.package_id] -= taken
            need -= taken
            if taken:
                allocated[claim.activity_id, package.package_id] = taken
    return allocated


def _moments(claims: Sequence[Claim]) -> list["_Moment"]:
    """Activations, then work, then releases of the same instant; ties by activity."""
    moments: list[_Moment] = []
    for claim in claims:
        activation = claim.activation
        moments.append(_Moment(activation.activated_at, _RESERVE, claim.activity_id))
        moments += [_Moment(one.at, _WORK, claim.activity_id, one) for one in claim.work]
        if activation.released_at:
            moments.append(_Moment(activation.released_at, _RELEASE, claim.activity_id))
    return sorted(moments)


_RESERVE, _WORK, _RELEASE = range(3)
_NOTHING = Increment(0, "", "", 0, 0)


@dataclass(frozen=True, slots=True, order=True)
class _Moment:
    at: int
    rank: int
    activity_id: str
    increment: Increment = _NOTHING


def _reserve(pool: Pool, claim: Claim) -> None:
    posted = pool.posted(claim.activity_id)
    pool.reserves[claim.activity_id] = max(0, claim.estimate_minutes - posted)


def _fund(pool: Pool, claim: Claim, increment: Increment, eligible_at: int) -> None:
    """Post what the own reserve and the residual cover; the rest is unfunded (ledger 5.2)."""
    minutes = _covered(pool, claim, increment.minutes, eligible_at)
    posted = _take(pool, claim, increment, minutes, eligible_at)
    reserve = pool.reserves.get(claim.activity_id, 0)
    pool.reserves[claim.activity_id] = max(0, reserve - posted)
    rest = increment.minutes - posted
    if rest:
        key = claim.activity_id, increment.period
        pool.unfunded[key] = pool.unfunded.get(key, 0) + rest


def _covered(pool: Pool, claim: Claim, minutes: int, eligible_at: int) -> int:
    if claim.credited:
        return minutes
    hard = pool.hard(eligible_at)
    if pool.contract.overrun_limit is OverrunLimit.HARD:
        return min(minutes, max(0, hard))
    free = hard - sum(pool.reserves.values())
    own = pool.reserves.get(claim.activity_id, 0)
    return min(minutes, own + max(0, free), max(0, hard))


def _take(pool: Pool, claim: Claim, increment: Increment, minutes: int, eligible_at: int) -> int:
    taken = 0
    for package in pool.eligible(eligible_at):
        left = minutes - taken
        part = left if claim.credited else min(left, max(0, pool.rooms[package.package_id]))
        if part:
            key = PostKey(claim.activity_id, package.package_id, increment.period)
            pool.post(key, part, draws=not claim.credited)
            taken += part
    return taken


def _defer(pool: Pool, claim: Claim, now: int) -> None:
    """Let packages of today pay what a person decided to leave to the next one."""
    for period, limit in claim.deferred:
        held = pool.unfunded.pop((claim.activity_id, period), 0)
        minutes = min(held, limit)
        if minutes:
            _fund(pool, claim, Increment(now, claim.activity_id, period, now, minutes), now)
        if held > minutes:
            key = claim.activity_id, period
            pool.unfunded[key] = pool.unfunded.get(key, 0) + held - minutes
