"""Hourly packages: grant, reserve, post, release, credit and expire as differences (ledger 2-5).

Each function answers one question about the contract as it should stand now; ``review_prepaid``
asks them in order and returns what differs from the entries already written.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from mondaybridge.domain.activity import Activity, Approval, Presence
from mondaybridge.domain.adjusting import upheld_posts
from mondaybridge.domain.admission import Activation, Residual
from mondaybridge.domain.allocation import Choice, Claim, Decision, Pool, PostKey, spread
from mondaybridge.domain.approval import Asked, print_of
from mondaybridge.domain.bugs import bug_cause, by_month, without_documentation
from mondaybridge.domain.causes import cause_of
from mondaybridge.domain.contract import Contract, Gate
from mondaybridge.domain.desk import Case, answered, asks, opened, settled, started
from mondaybridge.domain.funding import fund
from mondaybridge.domain.goodwill import given
from mondaybridge.domain.grants import posting, sold
from mondaybridge.domain.guards import guarded, lacking, twins
from mondaybridge.domain.handed_over import return_entry
from mondaybridge.domain.ledger import Entry, EntryKind, as_sum
from mondaybridge.domain.metered import held_beyond
from mondaybridge.domain.origins import agreed_rows, frozen, origin_of, planned, replaced
from mondaybridge.domain.outcome import Baseline, Held, HeldReason, History, Review
from mondaybridge.domain.past import Past, Place, Worked, past_of, worked
from mondaybridge.domain.questioning import blocking
from mondaybridge.domain.reasons import Reason
from mondaybridge.domain.tombstones import beside, endings, waiting
from mondaybridge.domain.worktime import month


@dataclass(frozen=True, slots=True)
class Decided:
    """A package contract as it stands after its review, for whoever tells people about it.

    ``in_question`` are rows whose open question still keeps a package from its end (ledger 5.3).
    """

    review: Review
    rows: Mapping[str, Activity]
    cases: Mapping[str, Case]
    activations: Mapping[str, Activation]
    pool: Pool
    left: Residual
    in_question: tuple[str, ...] = ()


def review_prepaid(
    contract: Contract, activities: Sequence[Activity], history: History, now: int
) -> Decided:
    """Bring a package contract's entries to where rows, decisions and time say they belong."""
    grants = sold(contract, history, now)
    granted = {s.package_id for s in [*history.sums, *map(as_sum, grants)]} - {""}
    grants += given(contract, history, granted)
    past = past_of(contract, history, [*history.sums, *map(as_sum, grants)], now)
    rows = guarded(activities, contract, history)
    fresh = frozen(contract, rows, history, sum(past.rooms.values()), now)
    desk = _open(past, rows, history.baseline or fresh, now)
    claims = desk.fund()
    while desk.answer():
        claims = desk.fund()
    desk.start()
    activations, pool = desk.activations, desk.pool
    pinned = {place: m for place, m in past.reserves.items() if _rests(past, rows, place)}
    entries = [
        *grants,
        *_posts(past, desk.work, activations, pool, {e.package_id for e in grants}),
        *_credits(past, desk.work, pool),
        *_returns(past, pool, now),
        *_expiries(past, pool, now),
        *_reserves(past, spread(pool, claims, now, pinned), desk.cases),
    ]
    changed = tuple(a for k, a in activations.items() if history.activations.get(k) != a)
    changed += tuple(_left(history, rows, now))
    held = tuple(_held(past, desk.work, activations, pool))
    looks = tuple((key, print_of(c.row)) for key, c in desk.cases.items() if c.looking)
    review = Review(tuple(entries), changed, held, baseline=fresh, looks=looks)
    in_question = blocking(contract, history.questions, now)
    return Decided(review, rows, desk.cases, activations, pool, desk.left(), in_question)


def let_go(decided: Decided, closed: Collection[str]) -> list[Decision]:
    """Return what the policy absorbed of closed months, as decisions: sticky from the close on.

    Otherwise another policy, or goodwill, would charge it in a month that is closed (5.2).
    """
    return [
        Decision(key, Choice.ABSORB, ((period, minutes),))
        for (key, period), minutes in sorted(decided.pool.absorbed.items())
        if period in closed and minutes
    ]


@dataclass(slots=True)
class _Desk:
    """The desk of one review: rows ask until nobody is given anything any more."""

    past: Past
    work: Mapping[str, Worked]
    cases: dict[str, Case]
    activations: dict[str, Activation]
    baseline: Baseline | None
    now: int
    pool: Pool

    def fund(self) -> list[Claim]:
        """Tell the packages' story anew with what is admitted by now."""
        self.pool, claims = fund(self.past, self.work, self.activations, self.now)
        history = self.past.history
        closed_on = {p.activity_id for p, m in self.pool.posts.items() if m and _frozen(p, history)}
        self.cases = {k: replace(c, frozen=k in closed_on) for k, c in self.cases.items()}
        return claims

    def left(self) -> Residual:
        """Return what is left at this instant, with what agreed rows may still ask (ledger 4)."""
        contract = self.past.contract
        rows = {key: one.row for key, one in self.work.items()}
        hard = self.pool.hard(self.now)
        return Residual(
            hard,
            hard - self.pool.reserved,
            planned(rows, self.activations, contract, self.baseline),
            contract.increment_minutes,
            contract.policies.max_overcommit,
        )

    def answer(self) -> bool:
        """Answer every row that asks; true if one was given hours and all must be told anew.

        What an admitted row takes has left the residual before the next one asks.
        """
        left, given = self.left(), False
        for key in sorted(self.cases, key=self._turn):
            case = replace(self.cases[key], known=self.activations[key])
            if not asks(case):
                continue
            posted, own = self.pool.posted(key), self.pool.reserves.get(key, 0)
            answer = answered(case, posted, own, left, self.now)
            self.activations[key] = answer
            self.cases[key] = replace(case, known=answer)
            if replace(answer, assessment=None) != replace(case.known, assessment=None):
                given = True
                left = self._after(left, key, posted, own)
        return given

    def start(self) -> None:
        """Let activated rows go into work, or not: what they need must be there (ledger 1)."""
        hard = self.pool.hard(self.now)
        for key, case in self.cases.items():
            posted = self.pool.posted(key)
            known = started(replace(case, known=self.activations[key]), posted, hard, self.now)
            self.activations[key] = known
            self.cases[key] = replace(case, known=known)

    def _turn(self, key: str) -> tuple[int, str]:
        """Answer in the order in which people asked, not in that of the rows."""
        case = self.cases[key]
        consent = self.activations[key].consent
        return (consent.at if consent else case.row.created_at, key)

    def _after(self, left: Residual, key: str, posted: int, own: int) -> Residual:
        one, work = self.activations[key], self.work[key]
        charged = sum(scope.minutes for scope in work.scopes(one.factor).values())
        taken = max(0, charged - posted + work.posted_elsewhere) if one.active else 0
        reserve = max(0, (one.steps[-1].minutes if one.steps else 0) - posted - taken)
        return replace(left, hard=left.hard - taken, free=left.free - taken - reserve + own)


def _open(past: Past, rows: Mapping[str, Activity], baseline: Baseline | None, now: int) -> _Desk:
    """Settle every row before any residual is asked."""
    contract, history = past.contract, past.history
    policies, again, agreed = contract.policies, replaced(rows.values()), agreed_rows(baseline)
    single = policies.request_reference is Gate.REQUIRE
    doubled = frozenset(twins(rows)) if single else frozenset[str]()
    cases = {}
    for key, row in rows.items():
        asked = Asked(policies.approval_actor, history.users, history.evidence.get(key))
        known = history.activations.get(key)
        if not (known and row.unreadable):
            known = opened(row, known, origin_of(row, contract, agreed), asked, now)
        case = Case(
            row,
            known,
            policies,
            contract.increment_minutes,
            asked,
            history.shown.get(key),
            replaced=key in again,
            lacking=(
                *lacking(row, known.origin, policies, history.users),
                *(["twin"] if key in doubled else []),
            ),
        )
        cases[key] = case if row.unreadable else replace(case, known=settled(case, now))
    activations = {key: case.known for key, case in cases.items()}
    empty = Pool(contract, dict(past.rooms))
    return _Desk(past, worked(rows, past), cases, activations, baseline, now, empty)


def _left(history: History, rows: Mapping[str, Activity], now: int) -> Iterable[Activation]:
    """A row that is on no board of the contract holds nothing; back again, it asks anew (5.8)."""
    for key, one in history.activations.items():
        if key not in rows and one.reserving:
            yield one.stepped(now, 0)


def _frozen(post: PostKey, history: History) -> bool:
    return post.period in history.closed or post.package_id in history.ended


def _rests(past: Past, rows: Mapping[str, Activity], place: Place) -> bool:
    key, package_id = place
    return key in rows and rows[key].unreadable and package_id not in past.history.ended


def _posts(
    past: Past,
    work: Mapping[str, Worked],
    activations: Mapping[str, Activation],
    pool: Pool,
    given: Collection[str],
) -> list[Entry]:
    entries = []
    upheld = upheld_posts(past.posts, pool.posts, past.history.adjusted)
    for key in sorted({*past.posts, *pool.posts}):
        minutes = pool.posts.get(key, 0) - past.posts.get(key, 0)
        if minutes:
            row = work[key.activity_id]
            one = _post(past, row, key, minutes, row.factor(activations[key.activity_id]))
            why = upheld.get((key.activity_id, key.period))
            if row.row.presence is Presence.DELETED:
                why = Reason.DROPPED.said()
            why = why or cause_of(pool, key, minutes, one.kind, given)
            entries.append(replace(one, cause=why))
    return entries


def _post(past: Past, row: Worked, key: PostKey, minutes: int, factor: int) -> Entry:
    scope = row.scopes(factor).get(key.period)
    return Entry(
        posting(key.period, past.history),
        minutes,
        "" if key.billed else key.package_id,
        key.activity_id,
        key.period,
        row.last_at(key, past.contract) or month(key.period, past.contract.zone).start,
        "overage" if key.billed else f"package:{key.package_id}",
        key.rate_key,
        seconds_raw=scope.seconds if scope else 0,
        factor=factor,
    )


def _credits(past: Past, work: Mapping[str, Worked], pool: Pool) -> list[Entry]:
    """A documented bug's credit is a target: the minutes now posted for it (ledger 2).

    Where its posts rest on a package that is over only what comes late is credited there.
    """
    targets = {(k, p): m for (k, p), m in past.credits.items() if k in work and p in work[k].kept}
    for key, minutes in pool.posts.items():
        if key.billed or key.package_id in pool.ended:
            continue
        row = work.get(key.activity_id)
        if row and row.credited:
            place = key.activity_id, key.package_id
            known = past.posts.get(key, 0) if key.package_id in row.kept else 0
            targets[place] = targets.get(place, 0) + minutes - known
    entries = []
    for activity_id, package_id in sorted({*past.credits, *targets}):
        place = activity_id, package_id
        if package_id in pool.ended:
            continue
        minutes = targets.get(place, 0) - past.credits.get(place, 0)
        if minutes and activity_id in work and work[activity_id].row.movable:
            why = bug_cause(work[activity_id].row)
            entries.append(Entry(EntryKind.CREDIT, minutes, package_id, activity_id, cause=why))
    return entries


def _returns(past: Past, pool: Pool, now: int) -> list[Entry]:
    entries = []
    for way in sorted({*past.returns, *pool.returns}):
        minutes = pool.returns.get(way, 0) - past.returns.get(way, 0)
        if minutes:
            why = (Reason.HANDED_OVER if way.origin in pool.ended else Reason.BUG_EXPIRED).said()
            entries.append(return_entry(way, minutes, {way.origin: now} | past.over, why))
    return entries


def _expiries(past: Past, pool: Pool, now: int) -> list[Entry]:
    """What is left of an expired package lapses; later arrivals reverse their part (5.5).

    The boards must have been seen whole past that moment, so that earlier work comes first; what
    has lapsed follows its rows and its date from then on, whichever board cannot be read.
    """
    entries = []
    for package in pool.packages:
        lapses_at = package.lapses_at or package.expires_at
        if package.package_id in pool.ended:
            continue
        key = package.package_id
        known = past.expired.get(key, 0)
        seen = now if known else past.history.seen_until(now)
        lapsed = lapses_at is not None and lapses_at <= seen
        minutes = (-max(0, pool.rooms[key] + pool.locked.get(key, 0)) if lapsed else 0) - known
        if minutes:
            why = (Reason.EXPIRED if lapsed else Reason.PUT_OFF).said()
            entries.append(Entry(EntryKind.EXPIRE, minutes, key, cause=why))
    return entries


def _reserves(past: Past, targets: Mapping[Place, int], cases: Mapping[str, Case]) -> list[Entry]:
    entries = []
    for activity_id, package_id in sorted({*past.reserves, *targets}):
        place = activity_id, package_id
        minutes = targets.get(place, 0) - past.reserves.get(place, 0)
        if minutes:
            kind = EntryKind.RESERVE if minutes > 0 else EntryKind.RELEASE
            case = cases.get(activity_id)
            why = (Reason.REPLACED if case and case.replaced else Reason.NEEDED).said()
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
            held += _unposted(past, pool, row, activations[key])
        if row.row.movable:
            held += held_beyond(row.row, past.contract, row.factor(activations[key]))
            held += without_documentation(row.row, by_month(pool.posts, key))
    return held


def _unposted(past: Past, pool: Pool, row: Worked, activation: Activation) -> list[Held]:
    """Return the time of a row that may not post: unanswered, rejected or deleted (5.1, 5.6)."""
    key = row.row.activity_id
    if row.row.presence is Presence.DELETED:
        never, decided = past.unposted(row, activation), endings(past.history).get(key, ())
        return waiting(row.row, beside(past.posts, key), past.history, decided, never)
    rejected = row.row.approval is Approval.REJECTED
    reason = HeldReason.REJECTED if rejected else HeldReason.UNAPPROVED
    held, unfunded = [], pool.unfunded()
    for period, scope in row.scopes(row.factor(activation)).items():
        posted = sum(
            pool.posts.get(post, 0) - pool.settled.get(post, 0)
            for post in (PostKey(key, package_id, period) for package_id in pool.rooms)
        )
        shown = unfunded.get((key, period), 0) + pool.absorbed.get((key, period), 0)
        minutes = scope.minutes - posted - shown - past.absorbed(key, period)
        if minutes > 0:
            held.append(Held(key, period, reason, minutes))
    return held
