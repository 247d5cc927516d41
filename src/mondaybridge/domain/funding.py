"""What is frozen and what may still move when a contract's packages are allocated anew (ledger 5).

Turns the past (sums, decisions, closed months) and the rows into a pool and claims, and has them
replayed. Says nothing about entries: ``prepaid`` writes the differences.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from mondaybridge.domain.activity import Activity, Approval
from mondaybridge.domain.admission import Activation
from mondaybridge.domain.allocation import (
    OVERAGE,
    RULINGS,
    Claim,
    Fixed,
    Increment,
    Pool,
    PostKey,
    Return,
    Ruling,
    increments,
    ordered,
    take_back,
    trimmed,
)
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.handed_over import (
    excess,
    goodwill_of,
    placed,
    returned,
    with_goodwill,
)
from mondaybridge.domain.ledger import LedgerSum, SumGroup
from mondaybridge.domain.matching import beyond, divided, left_of
from mondaybridge.domain.outcome import History
from mondaybridge.domain.replay import replay
from mondaybridge.domain.tariff import overage_at
from mondaybridge.domain.work import Piece, Scope, counted_elsewhere, less, pieces, scopes

# Where minutes stand: activity and package, or activity and month.
Place = tuple[str, str]
_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class Past:
    """One contract's past, summed the way its review asks; ``rooms`` is what was ever granted.

    ``returns`` is what went back from packages that were handed over, whose own rooms rest.
    """

    contract: Contract
    history: History
    rooms: dict[str, int] = field(default_factory=dict)
    posts: dict[PostKey, int] = field(default_factory=dict)
    credits: dict[Place, int] = field(default_factory=dict)
    reserves: dict[Place, int] = field(default_factory=dict)
    expired: dict[str, int] = field(default_factory=dict)
    rulings: dict[str, list[Ruling]] = field(default_factory=dict)
    returns: dict[Return, int] = field(default_factory=dict)

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
    past = Past(with_goodwill(contract, history.ended), history)
    for one in sums:
        if way := returned(one):
            _add(past.returns, way, one.minutes)
            continue
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
    _give_back(pool, past, rows, activations, now)
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
    rooms = _goodwill(past) | rooms | dict.fromkeys(_rates(past), 0)
    pool = Pool(past.contract, rooms, ended=past.history.ended, returns=dict(past.returns))
    pool.totals = {key: row.posted_elsewhere for key, row in rows.items()}
    for (activity_id, package_id), minutes in past.credits.items():
        if activity_id not in rows:
            pool.rooms[package_id] += minutes
    for post, minutes in past.posts.items():
        row = rows.get(post.activity_id)
        pool.post(post, minutes, draws=_draws(past, row, post.package_id))
    return pool


def _goodwill(past: Past) -> dict[str, int]:
    """Return the goodwill packages that something stands on, without what they are given."""
    used = {way.package_id for way in past.returns} | {post.package_id for post in past.posts}
    used |= {package_id for _, package_id in past.reserves}
    return {key: 0 for key in map(goodwill_of, sorted(past.history.ended)) if key in used}


def _draws(past: Past, row: Worked | None, package_id: str) -> bool:
    """Whether posts draw on their package: not where they are credited, or were at its end."""
    if row is None:
        return True
    if package_id in past.history.ended:
        return not past.credits.get((row.row.activity_id, package_id))
    return not row.credited


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
    key = row.row.activity_id
    for period in periods:
        if period in past.history.closed or not row.posts(activation):
            target = _target(past, row, period, activation)
            posted = _posted(pool, key, period)
            excess = sum(m for _, m in posted) - target
            if row.credited:
                excess = max(excess, sum(m for post, m in posted if post.billed))
            if excess > 0:
                take_back(
                    pool, activity_id=key, period=period, minutes=excess, draws=not row.credited
                )


def _target(past: Past, row: Worked, period: str, activation: Activation) -> int:
    """Return a month's charge, less what was absorbed before it was ever asked for."""
    scope = row.scopes(row.factor(activation)).get(period)
    absorbed = past.absorbed(row.row.activity_id, period, _since(activation))
    return (scope.minutes if scope else 0) - absorbed


def _give_back(
    pool: Pool,
    past: Past,
    rows: Mapping[str, Worked],
    activations: Mapping[str, Activation],
    now: int,
) -> None:
    """Give back elsewhere what handed-over packages have too much of (ledger 5.3).

    A row that is gone or rests moves nothing: what went back for it stays.
    """
    frozen: dict[str, set[str]] = {way.activity_id: set() for way in past.returns}
    for post in past.posts:
        if post.package_id in pool.ended:
            frozen.setdefault(post.activity_id, set()).add(post.period)
    for key, periods in frozen.items():
        if key in rows and rows[key].row.movable:
            needs = _needs(pool, past, rows[key], activations[key], periods)
            known = {way: m for way, m in past.returns.items() if way.activity_id == key}
            pool.returns |= placed(pool, key, needs, known, now)
    for way, minutes in pool.returns.items():
        if way.package_id not in pool.rooms:
            pool.admit(way.package_id)
        pool.rooms[way.package_id] += minutes


def _needs(
    pool: Pool, past: Past, row: Worked, activation: Activation, periods: Iterable[str]
) -> dict[str, int]:
    """Return by handed-over package what an activity does not owe it, as far as it is not credited.

    A documented bug owes nothing; otherwise it is what is beyond the charge, which counts as
    posted no longer when the activity asks for more.
    """
    key = row.row.activity_id
    needs = {way.origin: 0 for way in past.returns if way.activity_id == key}
    for period in periods:
        posted = _posted(pool, key, period)
        over = excess(posted, _target(past, row, period, activation), pool.ended)
        pool.totals[key] -= sum(over.values())
        for post, minutes in posted:
            if post.package_id in pool.ended:
                _add(needs, post.package_id, minutes if row.credited else over[post.package_id])
    return {one: max(0, m - past.credits.get((key, one), 0)) for one, m in needs.items()}


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
        free = moves and period not in closed
        for post, minutes in _posted(pool, key, period) if free else ():
            if post.package_id not in pool.ended:
                pool.post(post, -minutes, draws=not row.credited)
        own, other, more = divided(pool, part, _posted(pool, key, period))
        fixed += own + other
        for one in other:
            _add(spent, (period, one.package_id.startswith(OVERAGE)), one.minutes)
        if free:
            work += more
        elif moves and activation.active:  # what nobody approved moves no closed month
            late += trimmed(more, past.absorbed(key, period) - before)
    return Claim(
        key,
        activation,
        tuple(work),
        tuple(late),
        tuple(replace(one, draws=_draws(past, row, one.package_id)) for one in fixed),
        tuple(left_of(past.rulings.get(key, ()), since, spent)),
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
    return {period: beyond(part, row.elsewhere.get(period, 0)) for period, part in parts.items()}


def _posted(pool: Pool, key: str, period: str) -> list[tuple[PostKey, int]]:
    """Return what stands posted for an activity's month, in the packages' order."""
    keys = (PostKey(key, package_id, period) for package_id in pool.rooms)
    return [(post, pool.posts[post]) for post in keys if pool.posts.get(post)]


def _since(activation: Activation) -> int | None:
    """Return up to when absorbed minutes are never asked for; none: whenever it was decided."""
    return activation.activated_at or None


def _add(sums: dict[_Key, int], key: _Key, minutes: int) -> None:
    sums[key] = sums.get(key, 0) + minutes
