"""What is frozen and what may still move when a contract's packages are allocated anew (ledger 5).

Turns the past (sums, decisions, closed months) and the rows into a pool and claims, and has them
replayed. Says nothing about entries: ``prepaid`` writes the differences.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from mondaybridge.domain.activity import Activity, Approval
from mondaybridge.domain.admission import Activation
from mondaybridge.domain.allocation import (
    OVERAGE,
    RULINGS,
    Choice,
    Claim,
    Fixed,
    Increment,
    Pool,
    PostKey,
    Ruling,
    increments,
    ordered,
    take_back,
    trimmed,
)
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.ledger import LedgerSum, SumGroup
from mondaybridge.domain.outcome import History
from mondaybridge.domain.replay import replay
from mondaybridge.domain.tariff import overage_at
from mondaybridge.domain.work import Piece, Scope, counted_elsewhere, less, pieces, scopes

# Where minutes stand: activity and package, or activity and month.
Place = tuple[str, str]
_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class Past:
    """One contract's past, summed the way its review asks; ``rooms`` is what was ever granted."""

    contract: Contract
    history: History
    rooms: dict[str, int] = field(default_factory=dict)
    posts: dict[PostKey, int] = field(default_factory=dict)
    credits: dict[Place, int] = field(default_factory=dict)
    reserves: dict[Place, int] = field(default_factory=dict)
    expired: dict[str, int] = field(default_factory=dict)
    rulings: dict[str, list[Ruling]] = field(default_factory=dict)

    def absorbed(self, activity_id: str, period: str, until: int | None = None) -> int:
        """Return the minutes of a month that decisions (up to an instant) absorbed."""
        return sum(
            ruling.minutes
            for ruling in self.rulings.get(activity_id, ())
            if ruling.absorbs and ruling.period == period and (until is None or ruling.at <= until)
        )


@dataclass(frozen=True, slots=True)
class Worked:
    """A row with its pieces, cut once for a whole review; a credited row's posts draw nothing.

    ``elsewhere`` is what other contracts posted of the same work by month, ``posted_elsewhere`` all
    that they posted for the row. ``unasked``: the contract's policy posts its time without an
    answer, unless that is a no.
    """

    row: Activity
    pieces: tuple[Piece, ...]
    step: int
    credited: bool = False
    elsewhere: Mapping[str, int] = field(default_factory=dict)
    posted_elsewhere: int = 0
    unasked: bool = False

    def posts(self, activation: Activation) -> bool:
        """Whether its time may post now (ledger 5.1)."""
        return self.row.movable and (activation.active or self.unasked)

    def factor(self, activation: Activation) -> int:
        """Return the factor its time is charged with: the admitted one, else the row's."""
        return activation.factor if activation.steps else self.row.factor

    def scopes(self, factor: int) -> dict[str, Scope]:
        """Charge its time per month."""
        charged = scopes(self.pieces, factor=factor, increment=self.step)
        return {scope.period: scope for scope in less(charged, self.elsewhere)}

    def last_at(self, post: PostKey, contract: Contract) -> int:
        """Return the month's latest work, of the post's own rate where it has one; 0: none."""
        here = (piece.at for piece in self.pieces if piece.period == post.period)
        rated = (
            a for a in here if not post.billed or str(overage_at(contract, a)) == post.rate_key
        )
        return max(rated, default=0)


def past_of(contract: Contract, history: History, sums: Iterable[LedgerSum]) -> Past:
    """Sum a contract's past for its review."""
    past = Past(contract, history)
    for one in sums:
        match one.group:
            case SumGroup.POST:
                place = one.package_id or f"{OVERAGE}{one.rate_key}"
                _add(past.posts, PostKey(one.activity_id, place, one.period), one.minutes)
            case SumGroup.RESERVE:
                _add(past.reserves, (one.activity_id, one.package_id), one.minutes)
            case SumGroup.CREDIT:
                _add(past.credits, (one.activity_id, one.package_id), one.minutes)
            case SumGroup.EXPIRE:
                _add(past.expired, one.package_id, one.minutes)
            case _:  # grants and refunds
                _add(past.rooms, one.package_id, one.minutes)
    _decide(past)
    return past


def worked(rows: Mapping[str, Activity], past: Past) -> dict[str, Worked]:
    """Cut every row's work into pieces; what is credited to a row that rests stays as it is."""
    contract = past.contract
    known = {activity_id for activity_id, _ in past.credits}
    unasked, other = contract.policies.posts_unapproved, past.history.elsewhere
    return {
        key: Worked(
            row,
            tuple(pieces(row, contract)) if row.chargeable else (),
            contract.increment_minutes,
            row.bug if row.movable else key in known,
            counted_elsewhere(row, contract, other.get(key, {})),
            sum(other.get(key, {}).values()),
            unasked and row.approval is not Approval.REJECTED,
        )
        for key, row in rows.items()
    }


def fund(
    past: Past, rows: Mapping[str, Worked], activations: Mapping[str, Activation], now: int
) -> tuple[Pool, list[Claim]]:
    """Open the pool with what is frozen, then replay what may still move."""
    pool = _opened(past, rows)
    places: dict[str, set[str]] = {}
    for post in past.posts:
        places.setdefault(post.activity_id, set()).add(post.period)
    claims = []
    for key, row in rows.items():
        known = places.get(key, set())
        if row.row.movable:
            _lower(pool, past, row, activations[key], known)
        if activations[key].activated_at or known or row.unasked:
            claims.append(_claim(pool, past, row, activations[key], known))
    return replay(pool, claims, now), claims


def _decide(past: Past) -> None:
    for number, decision in enumerate(past.history.decisions):
        key, choice = decision.activity_id, decision.choice
        if choice in RULINGS:
            past.rulings.setdefault(key, []).extend(
                Ruling(decision.decided_at, key, period, minutes, choice, number)
                for period, minutes in decision.periods
            )


def _opened(past: Past, rows: Mapping[str, Worked]) -> Pool:
    order = [*(p.package_id for p in ordered(past.contract.packages)), *past.rooms]
    rooms = {key: past.rooms[key] for key in order if key in past.rooms}
    pool = Pool(past.contract, rooms | dict.fromkeys(_rates(past), 0))
    pool.totals = {key: row.posted_elsewhere for key, row in rows.items()}
    for (activity_id, package_id), minutes in past.credits.items():
        if activity_id not in rows:
            pool.rooms[package_id] += minutes
    for post, minutes in past.posts.items():
        row = rows.get(post.activity_id)
        pool.post(post, minutes, draws=not (row and row.credited))
    return pool


def _rates(past: Past) -> list[str]:
    """Return the places of billed minutes, the latest rate last: a decrease is taken from there."""
    dated = sorted(past.contract.policies.overage, key=lambda rate: rate.starts_at)
    known = [f"{OVERAGE}{rate.price}" for rate in dated]
    billed = {post.package_id for post in past.posts if post.billed}
    return [*sorted(billed - {*known}), *known]


def _lower(
    pool: Pool, past: Past, row: Worked, activation: Activation, periods: Iterable[str]
) -> None:
    """Take back what is posted beyond the charge where no replay will do it.

    What a documented bug was billed is taken back whole: its package pays and is credited (6.13).
    """
    charged = row.scopes(row.factor(activation))
    key = row.row.activity_id
    for period in periods:
        if period in past.history.closed or not row.posts(activation):
            target = charged[period].minutes if period in charged else 0
            target -= past.absorbed(key, period, _since(activation))
            posted = _posted(pool, key, period)
            excess = sum(m for _, m in posted) - target
            if row.credited:
                excess = max(excess, sum(m for post, m in posted if post.billed))
            if excess > 0:
                take_back(
                    pool, activity_id=key, period=period, minutes=excess, draws=not row.credited
                )


def _claim(
    pool: Pool, past: Past, row: Worked, activation: Activation, periods: Iterable[str]
) -> Claim:
    """Sort an activity's work into what moves, what comes late and what is frozen.

    What was absorbed before the activation is never asked for; later decisions act in their turn,
    or, once the month is closed, on what is beyond the posted minutes.
    """
    key, since = row.row.activity_id, _since(activation)
    moves, closed = row.posts(activation), past.history.closed
    parts = _by_period(row, activation)
    work, late, fixed = list[Increment](), list[Increment](), list[Fixed]()
    spent: dict[tuple[str, bool], int] = {}
    for period in sorted({*parts, *periods}):
        before = past.absorbed(key, period, since)
        part = trimmed(parts.get(period, []), before)
        posted = _posted(pool, key, period)
        if moves and period not in closed:
            for post, minutes in posted:
                pool.post(post, -minutes, draws=not row.credited)
            work += part
        else:
            own, other, beyond = _divided(pool, part, posted)
            fixed += own + other
            for one in other:
                _add(spent, (period, one.package_id.startswith(OVERAGE)), one.minutes)
            if moves and activation.active:  # what nobody approved moves no closed month
                late += trimmed(beyond, past.absorbed(key, period) - before)
    return Claim(
        key,
        activation,
        tuple(work),
        tuple(late),
        tuple(fixed),
        tuple(_left_of(past.rulings.get(key, ()), since, spent)),
        row.credited,
    )


def _by_period(row: Worked, activation: Activation) -> dict[str, list[Increment]]:
    parts: dict[str, list[Increment]] = {}
    for one in increments(
        row.pieces,
        activity_id=row.row.activity_id,
        factor=row.factor(activation),
        step=row.step,
        not_before=0 if row.unasked else activation.activated_at,
        raised_at=activation.raised_at,
    ):
        parts.setdefault(one.period, []).append(one)
    return {period: _beyond(part, row.elsewhere.get(period, 0)) for period, part in parts.items()}


def _beyond(work: Sequence[Increment], minutes: int) -> list[Increment]:
    """Leave out the first minutes: another contract posted them (ledger 5.8)."""
    kept = []
    for one in work:
        taken = min(one.minutes, minutes)
        minutes -= taken
        if one.minutes > taken:
            kept.append(replace(one, minutes=one.minutes - taken))
    return kept


def _posted(pool: Pool, key: str, period: str) -> list[tuple[PostKey, int]]:
    """Return what stands posted for an activity's month, in the packages' order."""
    keys = (PostKey(key, package_id, period) for package_id in pool.rooms)
    return [(post, pool.posts[post]) for post in keys if pool.posts.get(post)]


def _divided(
    pool: Pool, work: Sequence[Increment], posted: Sequence[tuple[PostKey, int]]
) -> tuple[list[Fixed], list[Fixed], list[Increment]]:
    """Match frozen posts with the work they stand for, the oldest first; return what is beyond.

    A package stands for work of its own days first; what is left of it a decision put there.
    """
    left = [one.minutes for one in work]
    stock = dict(posted)
    own, other = list[Fixed](), list[Fixed]()
    for fixed, any_day in ((own, False), (other, True)):
        for post, _ in posted:
            for place, one in enumerate(work):
                taken = min(left[place], stock[post])
                if taken and (any_day or _covers(pool, post.package_id, one.work_at)):
                    fixed.append(Fixed(one.at, one.activity_id, post.package_id, taken))
                    left[place] -= taken
                    stock[post] -= taken
    beyond = [replace(one, minutes=rest) for one, rest in zip(work, left, strict=True) if rest]
    return own, other, beyond


def _left_of(
    rulings: Iterable[Ruling], since: int | None, spent: dict[tuple[str, bool], int]
) -> Iterable[Ruling]:
    """Return the decisions that act in the replay, less what they gave to months now frozen."""
    for ruling in rulings:
        if ruling.absorbs:
            if since is not None and ruling.at > since:
                yield ruling
        else:
            place = ruling.period, ruling.choice is Choice.BILL
            used = min(ruling.minutes, spent.get(place, 0))
            spent[place] = spent.get(place, 0) - used
            yield replace(ruling, minutes=ruling.minutes - used)


def _since(activation: Activation) -> int | None:
    """Return up to when absorbed minutes are never asked for; none: whenever it was decided."""
    return activation.activated_at or None


def _covers(pool: Pool, package_id: str, at: int) -> bool:
    return package_id in {package.package_id for package in pool.eligible(at)}


def _add(sums: dict[_Key, int], key: _Key, minutes: int) -> None:
    sums[key] = sums.get(key, 0) + minutes
