"""Hourly packages: grant, reserve, post, release, credit and expire as differences (ledger 2-5).

Each function answers one question about the contract as it should stand now; ``review_prepaid``
asks them in order and returns what differs from the entries already written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mondaybridge.domain.activity import Activity, Approval, Presence
from mondaybridge.domain.admission import Activation, admit, asks, settle
from mondaybridge.domain.allocation import Choice, Pool, PostKey, spread
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.funding import Past, Place, Worked, fund, past_of, worked
from mondaybridge.domain.ledger import POSTING, Entry, EntryKind, LedgerSum, SumGroup
from mondaybridge.domain.metered import cause
from mondaybridge.domain.outcome import Held, HeldReason, History, Review
from mondaybridge.domain.worktime import month, month_of


def review_prepaid(
    contract: Contract, activities: Sequence[Activity], history: History, now: int
) -> Review:
    """Bring a package contract's entries to where rows, decisions and time say they belong."""
    grants = _grants(contract, history, now)
    past = past_of(contract, history, [*history.sums, *map(_as_sum, grants)])
    rows = {a.activity_id: a for a in sorted(activities, key=lambda a: a.activity_id)}
    work = worked(rows, past)
    activations = {key: _settled(row, history, now) for key, row in rows.items()}
    pool, claims = fund(past, work, activations, now)
    while _answered(_Desk(past, work, activations, pool, now)):
        pool, claims = fund(past, work, activations, now)
    pinned = {place: m for place, m in past.reserves.items() if _rests(rows, place[0])}
    entries = [
        *grants,
        *_posts(past, work, activations, pool),
        *_credits(past, work, pool),
        *_expiries(past, pool, now),
        *_reserves(past, spread(pool, claims, now, pinned)),
    ]
    changed = tuple(a for k, a in activations.items() if history.activations.get(k) != a)
    return Review(tuple(entries), changed, tuple(_held(past, work, activations, pool)))


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where rows ask for hours: what they worked, what they have, what is left."""

    past: Past
    work: Mapping[str, Worked]
    activations: dict[str, Activation]
    pool: Pool
    now: int


def _answered(desk: _Desk) -> bool:
    """Answer every row that asks, in order; true if any was given hours and all must be told anew.

    What an admitted row has already worked leaves the hard residual before the next one asks.
    """
    hard, given = desk.pool.hard(desk.now), False
    for key, row in desk.work.items():
        known = desk.activations[key]
        if not asks(row.row, known):
            continue
        posted = desk.pool.posted(key)
        answer = admit(row.row, known, posted=posted, hard=hard, increment=row.step, now=desk.now)
        desk.activations[key] = answer
        if replace(answer, need=0, hard=0) != replace(known, need=0, hard=0):
            given = True
            charged = sum(scope.minutes for scope in row.scopes(answer.factor).values())
            hard -= max(0, charged - posted)
    return given


def _settled(row: Activity, history: History, now: int) -> Activation:
    known = history.activations.get(row.activity_id)
    return known if known and row.unreadable else settle(row, known, now)


def _rests(rows: Mapping[str, Activity], key: str) -> bool:
    return key in rows and rows[key].unreadable


def _grants(contract: Contract, history: History, now: int) -> list[Entry]:
    """A package is granted and active from ``sold_on``; hours used before go-live follow it."""
    known = {s.package_id for s in history.sums if s.group is SumGroup.GRANT}
    entries: list[Entry] = []
    for package in contract.packages:
        if package.sold_at > now or package.package_id in known:
            continue
        grant = Entry(
            EntryKind.GRANT,
            package.granted_minutes,
            package.package_id,
            work_at=package.sold_at,
            source="sale",
            rate_key=str(package.price),
            cause="package sold",
        )
        entries.append(grant)
        if package.opening_minutes:
            period = month_of(package.sold_at, contract.zone).name
            opening = replace(
                grant,
                kind=_posting(period, history),
                minutes=package.opening_minutes,
                period=period,
                source=f"package:{package.package_id}",
                rate_key="",
                cause="used before go-live",
            )
            entries.append(opening)
    return entries


def _posting(period: str, history: History) -> EntryKind:
    return EntryKind.ADJUST if period in history.closed else EntryKind.POST


def _as_sum(entry: Entry) -> LedgerSum:
    group = SumGroup.POST if entry.kind in POSTING else SumGroup.GRANT
    return LedgerSum(
        group,
        entry.package_id,
        entry.activity_id,
        entry.period,
        entry.source,
        entry.rate_key,
        entry.minutes,
    )


def _posts(
    past: Past,
    work: Mapping[str, Worked],
    activations: Mapping[str, Activation],
    pool: Pool,
) -> list[Entry]:
    entries = []
    for key in sorted({*past.posts, *pool.posts}):
        minutes = pool.posts.get(key, 0) - past.posts.get(key, 0)
        if minutes:
            row = work[key.activity_id]
            entries.append(_post(past, row, key, minutes, row.factor(activations[key.activity_id])))
    return entries


def _post(past: Past, row: Worked, key: PostKey, minutes: int, factor: int) -> Entry:
    scope = row.scopes(factor).get(key.period)
    kind = _posting(key.period, past.history)
    return Entry(
        kind,
        minutes,
        key.package_id,
        key.activity_id,
        key.period,
        scope.last_at if scope else month(key.period, past.contract.zone).start,
        f"package:{key.package_id}",
        seconds_raw=scope.seconds if scope else 0,
        factor=factor,
        cause=cause(minutes, late=kind is EntryKind.ADJUST),
    )


def _credits(past: Past, work: Mapping[str, Worked], pool: Pool) -> list[Entry]:
    """A documented bug's credit is a target: the minutes now posted for it (ledger 2)."""
    targets: dict[Place, int] = {}
    for key, minutes in pool.posts.items():
        if key.activity_id in work and work[key.activity_id].credited:
            place = key.activity_id, key.package_id
            targets[place] = targets.get(place, 0) + minutes
    entries = []
    for activity_id, package_id in sorted({*past.credits, *targets}):
        place = activity_id, package_id
        minutes = targets.get(place, 0) - past.credits.get(place, 0)
        if minutes and activity_id in work and work[activity_id].row.movable:
            why = "documented bug" if work[activity_id].row.bug else "bug flag removed"
            entries.append(Entry(EntryKind.CREDIT, minutes, package_id, activity_id, cause=why))
    return entries


def _expiries(past: Past, pool: Pool, now: int) -> list[Entry]:
    """What is left of an expired package lapses; later arrivals reverse their part (5.5)."""
    entries = []
    for package in pool.packages:
        if package.expires_at is not None and package.expires_at <= now:
            key = package.package_id
            minutes = -max(0, pool.rooms[key]) - past.expired.get(key, 0)
            if minutes:
                entries.append(Entry(EntryKind.EXPIRE, minutes, key, cause="package expired"))
    return entries


def _reserves(past: Past, targets: Mapping[Place, int]) -> list[Entry]:
    entries = []
    for activity_id, package_id in sorted({*past.reserves, *targets}):
        place = activity_id, package_id
        minutes = targets.get(place, 0) - past.reserves.get(place, 0)
        if minutes:
            kind = EntryKind.RESERVE if minutes > 0 else EntryKind.RELEASE
            why = "need of the activity"
            entries.append(Entry(kind, minutes, package_id, activity_id, cause=why))
    return entries


def _held(
    past: Past,
    work: Mapping[str, Worked],
    activations: Mapping[str, Activation],
    pool: Pool,
) -> list[Held]:
    held = [
        Held(key, period, HeldReason.UNFUNDED, minutes)
        for (key, period), minutes in sorted(pool.unfunded().items())
    ]
    for key, row in work.items():
        if row.row.unreadable:
            held.append(Held(key, "", HeldReason.PARKED, 0))
        elif not (activations[key].active and row.row.movable):
            held += _unposted(past, pool, row, row.factor(activations[key]))
    return held


def _unposted(past: Past, pool: Pool, row: Worked, factor: int) -> list[Held]:
    """Return the time of a row that may not post: unanswered, rejected or deleted (5.1, 5.6)."""
    key = row.row.activity_id
    reason = HeldReason.UNAPPROVED
    if row.row.approval is Approval.REJECTED:
        reason = HeldReason.REJECTED
    if row.row.presence is Presence.DELETED:
        if _dropped(past, key):
            return []
        reason = HeldReason.DELETED
    held = []
    for period, scope in row.scopes(factor).items():
        posted = sum(
            pool.posts.get(PostKey(key, package_id, period), 0) for package_id in pool.rooms
        )
        minutes = scope.minutes - posted - past.absorbed(key, period)
        if minutes > 0:
            held.append(Held(key, period, reason, minutes))
    return held


def _dropped(past: Past, key: str) -> bool:
    return any(d.activity_id == key and d.choice is Choice.DROP for d in past.history.decisions)
