"""Hourly packages: grant, reserve, post, release, credit and expire as differences (ledger 2-5).

Each function answers one question about the contract as it should stand now; ``review_prepaid``
asks them in order and returns what differs from the entries already written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mondaybridge.domain.activity import Activity, Approval, Presence
from mondaybridge.domain.admission import Activation, Admission, admit, asks, settle
from mondaybridge.domain.allocation import (
    Choice,
    Claim,
    Increment,
    Pool,
    PostKey,
    increments,
    replay,
    spread,
    take_back,
    trimmed,
)
from mondaybridge.domain.contract import Contract, Package
from mondaybridge.domain.ledger import Entry, EntryKind, LedgerSum, SumGroup
from mondaybridge.domain.metered import cause
from mondaybridge.domain.outcome import Held, HeldReason, History, Review
from mondaybridge.domain.work import Scope, pieces, scopes
from mondaybridge.domain.worktime import month, month_of


def review_prepaid(
    contract: Contract, activities: Sequence[Activity], history: History, now: int
) -> Review:
    """Bring a package contract's entries to where rows, decisions and time say they belong."""
    grants = _grants(contract, history, now)
    sums = [*history.sums, *(_as_sum(entry) for entry in grants)]
    book = _Book(contract, sums, history)
    rows = {a.activity_id: a for a in sorted(activities, key=lambda a: a.activity_id)}
    activations = {
        key: history.activations[key]
        if row.parked and key in history.activations
        else settle(row, history.activations.get(key), now)
        for key, row in rows.items()
    }
    pool, claims = book.fund(rows, activations, now)
    for key, row in rows.items():
        if asks(row, activations[key]):
            known = activations[key]
            activations[key] = admit(
                row,
                known,
                posted=pool.posted(key),
                hard=pool.hard(now),
                increment=contract.increment_minutes,
                now=now,
            )
            if activations[key] != known:
                pool, claims = book.fund(rows, activations, now)
    entries = [
        *grants,
        *_posts(book, rows, activations, pool),
        *_credits(book, rows, pool),
        *_expiries(book, pool, now),
        *_reserves(book, rows, spread(pool, claims, now)),
    ]
    changed = tuple(a for k, a in activations.items() if history.activations.get(k) != a)
    return Review(tuple(entries), changed, tuple(_held(book, rows, activations, pool)))


@dataclass(frozen=True, slots=True)
class _Book:
    """The past of one contract, with the pools that can be opened from it."""

    contract: Contract
    sums: Sequence[LedgerSum]
    history: History

    def total(self, group: SumGroup, package_id: str, activity_id: str | None = None) -> int:
        return sum(
            s.minutes
            for s in self.sums
            if s.group is group
            and s.package_id == package_id
            and activity_id in {None, s.activity_id}
        )

    def reserved(self) -> dict[tuple[str, str], int]:
        """Return what is reserved now, by activity and package."""
        known: dict[tuple[str, str], int] = {}
        for one in self.sums:
            if one.group is SumGroup.RESERVE:
                key = one.activity_id, one.package_id
                known[key] = known.get(key, 0) + one.minutes
        return known

    def fund(
        self,
        rows: Mapping[str, Activity],
        activations: Mapping[str, Activation],
        now: int,
    ) -> tuple[Pool, list[Claim]]:
        """Open the pool with what is frozen, then replay what may still move."""
        pool = self._opened(rows)
        claims = []
        for key, row in rows.items():
            if not movable(row):
                continue
            targets = _targets(self.contract, row, activations[key].factor)
            self._lower(pool, row, targets, open_too=not activations[key].active)
            if activations[key].active:
                claims.append(self._claim(pool, row, activations[key], targets))
        for (key, _), minutes in self.reserved().items():
            if key in rows and rows[key].parked:
                pool.reserves[key] = pool.reserves.get(key, 0) + minutes
        return replay(pool, claims, now), claims

    def _opened(self, rows: Mapping[str, Activity]) -> Pool:
        granted = {p.package_id for p in self.contract.packages if self._granted(p)}
        pool = Pool(self.contract, dict.fromkeys(granted, 0))
        for package_id in granted:
            pool.rooms[package_id] = self.total(SumGroup.GRANT, package_id) + self.total(
                SumGroup.REFUND, package_id
            )
        for one in self.sums:
            row = rows.get(one.activity_id)
            if one.group is SumGroup.CREDIT and not (row and movable(row)):
                pool.rooms[one.package_id] += one.minutes
            if one.group is SumGroup.POST:
                draws = not (row and movable(row) and row.bug)
                key = PostKey(one.activity_id, one.package_id, one.period)
                pool.post(key, one.minutes, draws=draws)
        return pool

    def _granted(self, package: Package) -> bool:
        return any(
            s.group is SumGroup.GRANT and s.package_id == package.package_id for s in self.sums
        )

    def _lower(
        self, pool: Pool, row: Activity, targets: Mapping[str, Scope], *, open_too: bool
    ) -> None:
        """Take back what is posted beyond the target where no replay will do it."""
        key = row.activity_id
        for period in {k.period for k in pool.posts if k.activity_id == key}:
            if period in self.history.closed or open_too:
                posted = _posted(pool, key, period)
                target = targets[period].minutes if period in targets else 0
                if posted > target:
                    _take_back(pool, row, period, posted - target)

    def _claim(
        self,
        pool: Pool,
        row: Activity,
        activation: Activation,
        targets: Mapping[str, Scope],
    ) -> Claim:
        key, closed = row.activity_id, self.history.closed
        work = increments(
            pieces(row, self.contract),
            activity_id=key,
            factor=activation.factor,
            step=self.contract.increment_minutes,
            not_before=activation.activated_at,
        )
        absorbed, deferred = (
            self._decided(key, Choice.ABSORB),
            self._decided(key, Choice.NEXT_PACKAGE),
        )
        moving: list[Increment] = []
        late: list[Increment] = []
        for period in targets:
            part = [one for one in work if one.period == period]
            part = trimmed(part, absorbed.get(period, 0))
            if period in closed:
                late += _last(part, _posted(pool, key, period))
            else:
                _reopen(pool, key, period, draws=not row.bug)
                moving += part
        for period in {k.period for k in pool.posts if k.activity_id == key} - set(targets):
            if period not in closed:
                _reopen(pool, key, period, draws=not row.bug)
        return Claim(
            key,
            activation,
            activation.estimate_charge(self.contract.increment_minutes),
            tuple(moving),
            tuple(late),
            tuple(sorted(deferred.items())),
            row.bug,
        )

    def _decided(self, key: str, choice: Choice) -> dict[str, int]:
        minutes: dict[str, int] = {}
        for decision in self.history.decisions:
            if decision.activity_id == key and decision.choice is choice:
                for period, held in decision.periods:
                    minutes[period] = minutes.get(period, 0) + held
        return minutes


def movable(row: Activity) -> bool:
    """Whether the row's cells may move hours: readable and not deleted."""
    return not row.parked and row.presence is not Presence.DELETED


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
            entries.append(
                replace(
                    grant,
                    kind=EntryKind.POST,
                    minutes=package.opening_minutes,
                    period=month_of(package.sold_at, contract.zone).name,
                    source=f"package:{package.package_id}",
                    rate_key="",
                    cause="used before go-live",
                )
            )
    return entries


def _as_sum(entry: Entry) -> LedgerSum:
    group = SumGroup.POST if entry.kind is EntryKind.POST else SumGroup.GRANT
    return LedgerSum(
        group,
        entry.package_id,
        entry.activity_id,
        entry.period,
        entry.source,
        entry.rate_key,
        entry.minutes,
    )


def _targets(contract: Contract, row: Activity, factor: int) -> dict[str, Scope]:
    charged = scopes(pieces(row, contract), factor=factor, increment=contract.increment_minutes)
    return {scope.period: scope for scope in charged}


def _take_back(pool: Pool, row: Activity, period: str, minutes: int) -> None:
    key = row.activity_id
    take_back(pool, activity_id=key, period=period, minutes=minutes, draws=not row.bug)


def _posted(pool: Pool, key: str, period: str) -> int:
    return sum(m for k, m in pool.posts.items() if (k.activity_id, k.period) == (key, period))


def _reopen(pool: Pool, key: str, period: str, *, draws: bool) -> None:
    for post in [k for k in pool.posts if (k.activity_id, k.period) == (key, period)]:
        pool.post(post, -pool.posts[post], draws=draws)


def _last(work: Sequence[Increment], posted: int) -> list[Increment]:
    """Return what a closed month's work adds beyond the minutes already posted."""
    late: list[Increment] = []
    for one in work:
        taken = min(one.minutes, posted)
        posted -= taken
        if one.minutes > taken:
            late.append(replace(one, minutes=one.minutes - taken))
    return late


def _posts(
    book: _Book,
    rows: Mapping[str, Activity],
    activations: Mapping[str, Activation],
    pool: Pool,
) -> list[Entry]:
    known: dict[PostKey, int] = {}
    for one in book.sums:
        if one.group is SumGroup.POST:
            key = PostKey(one.activity_id, one.package_id, one.period)
            known[key] = known.get(key, 0) + one.minutes
    entries = []
    for key in sorted({*known, *pool.posts}):
        minutes = pool.posts.get(key, 0) - known.get(key, 0)
        if minutes:
            factor = activations[key.activity_id].factor
            entries.append(_post(book, rows[key.activity_id], key, minutes, factor))
    return entries


def _post(book: _Book, row: Activity, key: PostKey, minutes: int, factor: int) -> Entry:
    late = key.period in book.history.closed
    scope = _targets(book.contract, row, factor).get(key.period)
    return Entry(
        EntryKind.ADJUST if late else EntryKind.POST,
        minutes,
        key.package_id,
        key.activity_id,
        key.period,
        scope.last_at if scope else month(key.period, book.contract.zone).start,
        f"package:{key.package_id}",
        seconds_raw=scope.seconds if scope else 0,
        factor=factor,
        cause=cause(minutes, late=late),
    )


def _credits(book: _Book, rows: Mapping[str, Activity], pool: Pool) -> list[Entry]:
    """A documented bug's credit is a target: the minutes now posted for it (ledger 2)."""
    entries = []
    for package_id in sorted(pool.rooms):
        for key, row in rows.items():
            if not movable(row):
                continue
            posted = sum(
                m
                for k, m in pool.posts.items()
                if (k.activity_id, k.package_id) == (key, package_id)
            )
            target = posted if row.bug else 0
            minutes = target - book.total(SumGroup.CREDIT, package_id, key)
            if minutes:
                cause = "documented bug" if row.bug else "bug flag removed"
                entries.append(Entry(EntryKind.CREDIT, minutes, package_id, key, cause=cause))
    return entries


def _expiries(book: _Book, pool: Pool, now: int) -> list[Entry]:
    """What is left of an expired package lapses; later arrivals reverse their part (5.5)."""
    entries = []
    for package in book.contract.packages:
        if package.expires_at is None or package.expires_at > now:
            continue
        if package.package_id in pool.rooms:
            target = -max(0, pool.rooms[package.package_id])
            minutes = target - book.total(SumGroup.EXPIRE, package.package_id)
            if minutes:
                entries.append(
                    Entry(EntryKind.EXPIRE, minutes, package.package_id, cause="package expired")
                )
    return entries


def _reserves(
    book: _Book, rows: Mapping[str, Activity], targets: Mapping[tuple[str, str], int]
) -> list[Entry]:
    known = book.reserved()
    parked = {key: m for key, m in known.items() if key[0] in rows and rows[key[0]].parked}
    targets = {**parked, **targets}
    entries = []
    for activity_id, package_id in sorted({*known, *targets}):
        key = activity_id, package_id
        minutes = targets.get(key, 0) - known.get(key, 0)
        if minutes:
            kind = EntryKind.RESERVE if minutes > 0 else EntryKind.RELEASE
            entries.append(
                Entry(kind, minutes, package_id, activity_id, cause="need of the activity")
            )
    return entries


def _held(
    book: _Book,
    rows: Mapping[str, Activity],
    activations: Mapping[str, Activation],
    pool: Pool,
) -> list[Held]:
    held = [
        Held(key, period, HeldReason.UNFUNDED, minutes)
        for (key, period), minutes in sorted(pool.unfunded.items())
    ]
    for key, row in rows.items():
        if row.parked:
            held.append(Held(key, "", HeldReason.PARKED, 0))
        elif activations[key].state is not Admission.ACTIVE and movable(row):
            held += _unapproved(book, pool, row)
    return held


def _unapproved(book: _Book, pool: Pool, row: Activity) -> list[Held]:
    rejected = row.approval is Approval.REJECTED
    reason = HeldReason.REJECTED if rejected else HeldReason.UNAPPROVED
    absorbed = book._decided(row.activity_id, Choice.ABSORB)  # noqa: SLF001 - same module
    held = []
    for period, scope in _targets(book.contract, row, row.factor).items():
        posted = _posted(pool, row.activity_id, period)
        minutes = scope.minutes - posted - absorbed.get(period, 0)
        if minutes > 0:
            held.append(Held(row.activity_id, period, reason, minutes))
    return held
