"""What is frozen and what may still move when a contract's packages are allocated anew (ledger 5).

Turns the past (sums, decisions, closed months) and the rows into a pool and claims, and has them
replayed. Says nothing about entries: ``prepaid`` writes the differences.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from mondaybridge.domain.activity import Presence
from mondaybridge.domain.adjusting import kept_work
from mondaybridge.domain.admission import Activation
from mondaybridge.domain.allocation import (
    OVERAGE,
    Claim,
    Fixed,
    Increment,
    Pool,
    PostKey,
    increments,
    ordered,
    take_back,
    trimmed,
)
from mondaybridge.domain.handed_over import (
    excess,
    goodwill_of,
    placed,
    settled,
)
from mondaybridge.domain.matching import beyond, divided, left_of
from mondaybridge.domain.past import Past, Worked, add
from mondaybridge.domain.replay import replay
from mondaybridge.domain.sales import Usable, usable
from mondaybridge.domain.tombstones import beside, dropped, endings


def fund(
    past: Past, rows: Mapping[str, Worked], activations: Mapping[str, Activation], now: int
) -> tuple[Pool, list[Claim]]:
    """Open the pool with what is frozen, then replay what may still move."""
    pool = _opened(past, rows)
    places: dict[str, set[str]] = {}
    for post in past.posts:
        places.setdefault(post.activity_id, set()).add(post.period)
    for key, row in rows.items():
        if row.row.movable:
            _settle(pool, past, row, activations[key], places.get(key, set()))
            _lower(pool, past, row, activations[key], places.get(key, set()))
        elif row.row.presence is Presence.DELETED:
            _drop(pool, past, row, activations[key])
    _give_back(pool, past, rows, activations, now)
    claims = []
    for key, row in rows.items():
        known = places.get(key, set())
        if activations[key].activated_at or known or row.unasked:
            claims.append(_claim(pool, past, row, activations[key], known))
    return replay(pool, claims, now), claims


def _opened(past: Past, rows: Mapping[str, Worked]) -> Pool:
    order = [*(p.package_id for p in ordered(past.contract.packages)), *past.rooms]
    rooms = {key: past.rooms[key] for key in order if key in past.rooms}
    rooms = _goodwill(past) | rooms | dict.fromkeys(_rates(past), 0)
    pool = Pool(past.contract, rooms, ended=past.history.ended, returns=dict(past.returns))
    pool.totals = {key: row.posted_elsewhere for key, row in rows.items()}
    for (activity_id, package_id), minutes in past.credits.items():
        if activity_id not in rows or package_id in rows[activity_id].kept:
            pool.rooms[package_id] += minutes
    for post, minutes in past.posts.items():
        row = rows.get(post.activity_id)
        pool.post(post, minutes, draws=row is None or _draws(row, post.package_id))
    _lock(pool, past)
    return pool


def _lock(pool: Pool, past: Past) -> None:
    """Let nothing new be drawn where a sale is not there yet, or no more (semantics 6.30).

    What stands posted stays: the package keeps the room of just that.
    """
    for package in pool.packages:
        if usable(package, past.history.sales) is not Usable.YES:
            left = max(0, pool.rooms[package.package_id])
            pool.rooms[package.package_id] -= left
            pool.locked[package.package_id] = left


def _goodwill(past: Past) -> dict[str, int]:
    """Return the goodwill packages that something stands on, without what they are given."""
    used = {way.package_id for way in past.returns} | {post.package_id for post in past.posts}
    used |= {package_id for _, package_id in past.reserves}
    names = (goodwill_of(package.package_id) for package in past.contract.packages)
    return {key: 0 for key in sorted(names) if key in used}


def _draws(row: Worked, package_id: str) -> bool:
    """Whether posts draw on their package: not where they are credited as they move."""
    return package_id in row.kept or not row.credited


def _drew(past: Past, row: Worked, package_id: str) -> bool:
    """Whether posts took minutes in their turn: not where they are credited by now."""
    credited = past.credits.get((row.row.activity_id, package_id), 0)
    return not (row.credited and (credited or package_id not in row.kept))


def _settle(
    pool: Pool, past: Past, row: Worked, activation: Activation, periods: Iterable[str]
) -> None:
    """Tell what was given back for good: it counts as posted no longer; a bug asks for nothing."""
    key = row.row.activity_id
    given = dict[str, int]() if row.credited else past.given_for_good(key)
    for package_id in () if row.credited else row.kept:
        add(given, package_id, past.credits.get((key, package_id), 0))
    if any(given.values()):
        posted = [one for period in periods for one in _posted(pool, key, period)]
        charged = {period: _target(past, row, period, activation) for period in periods}
        found = settled(posted, charged, given)
        pool.settled |= found
        pool.totals[key] -= sum(found.values())


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
                    pool,
                    activity_id=key,
                    period=period,
                    minutes=excess,
                    draws=not row.credited,
                    kept=row.kept,
                )


def _drop(pool: Pool, past: Past, row: Worked, activation: Activation) -> None:
    """Take back what a person dropped of a deleted row's unbilled time (ledger 5.6).

    What packages paid for stays posted.
    """
    key = row.row.activity_id
    decided, known = endings(past.history).get(key, ()), beside(past.posts, key)
    less = dropped(row.row, known, past.history, decided, past.unposted(row, activation))
    for place, minutes in less.items():
        pool.post(PostKey(key, f"{OVERAGE}{place.rate_key}", place.period), -minutes)


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
    """Give back elsewhere what packages that are over have too much of (ledger 5.3).

    A row that is gone or rests moves nothing: what went back for it stays.
    """
    frozen: dict[str, set[str]] = {way.activity_id: set() for way in past.returns}
    for post in past.posts:
        if post.activity_id in rows and post.package_id in rows[post.activity_id].kept:
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
    """Return by package that is over what an activity does not owe it, less what is credited.

    A documented bug owes nothing; otherwise it is what is beyond the charge, which counts as
    posted no longer when the activity asks for more, and what was given back for good.
    """
    key = row.row.activity_id
    needs = {way.origin: 0 for way in past.returns if way.activity_id == key}
    for period in periods:
        posted = _posted(pool, key, period)
        over = excess(posted, _target(past, row, period, activation), row.kept)
        pool.totals[key] -= sum(over.values())
        for post, minutes in posted:
            if post.package_id in row.kept:
                add(needs, post.package_id, minutes if row.credited else over[post.package_id])
    if row.credited:
        return {one: max(0, m - past.credits.get((key, one), 0)) for one, m in needs.items()}
    stays = past.given_for_good(key)
    return {one: minutes + stays.get(one, 0) for one, minutes in needs.items()}


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
            if post.package_id not in row.kept:
                pool.post(post, -minutes, draws=not row.credited)
        own, other, more = divided(pool, part, _posted(pool, key, period))
        fixed += own + other
        for one in other:
            add(spent, (period, one.package_id.startswith(OVERAGE)), one.minutes)
        if free:
            work += more
        elif moves and activation.active:  # what nobody approved moves no closed month
            late += trimmed(more, past.absorbed(key, period) - before)
    return Claim(
        key,
        activation,
        tuple(work),
        tuple(late),
        tuple(replace(one, draws=_drew(past, row, one.package_id)) for one in fixed),
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
    return {
        period: kept_work(beyond(part, row.elsewhere.get(period, 0)), row.adjusted.get(period))
        for period, part in parts.items()
    }


def _posted(pool: Pool, key: str, period: str) -> list[tuple[PostKey, int]]:
    """Return what stands posted for an activity's month, in the packages' order.

    What was given back for good stands no longer for any work.
    """
    keys = (PostKey(key, package_id, period) for package_id in pool.rooms)
    found = ((post, pool.posts.get(post, 0) - pool.settled.get(post, 0)) for post in keys)
    return [(post, minutes) for post, minutes in found if minutes]


def _since(activation: Activation) -> int | None:
    """Return up to when absorbed minutes are never asked for; none: whenever it was decided."""
    return activation.activated_at or None
