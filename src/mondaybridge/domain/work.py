"""Worked seconds cut into pieces: by month in the contract's zone, by rate, from ``bill_from`` on.

A piece is the unit that charging rounds over (activity, month, rate key): no session and no part
of one is rounded first (ledger 1).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from mondaybridge.domain.activity import Activity, Capture, Session
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.ledger import charge
from mondaybridge.domain.tariff import covered_price, price_changes, price_of
from mondaybridge.domain.worktime import month_of, month_starts, parts


@dataclass(frozen=True, slots=True, order=True)
class Piece:
    """Raw seconds of one activity that lie in one month at one price.

    ``rate_key`` is what they cost uncovered, empty where no price is in force; ``covered_key`` what
    they cost where a plan or a bulk purchase covers them. On a package both are empty.
    """

    at: int
    session_id: str
    period: str
    rate_key: str
    seconds: int
    covered_key: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is charged in one step: an activity's time in a month at one price."""

    period: str
    rate_key: str
    seconds: int
    minutes: int
    last_at: int
    covered_key: str = ""


def pieces(activity: Activity, contract: Contract) -> list[Piece]:
    """Cut an activity's sessions into pieces in order of work; outside the term none count."""
    until = contract.until
    return [
        piece
        for piece in _all(activity, contract)
        if contract.bill_from <= piece.at and (until is None or piece.at < until)
    ]


def counted_by(contract: Contract) -> dict[str, int | str]:
    """Return the terms that turn a month's work into minutes: another one moves past months."""
    return {
        "increment": contract.increment_minutes,
        "urgent_factor": contract.policies.urgent_factor,
        "bill_from": contract.bill_from,
        "zone": contract.zone,
    }


def beyond(activity: Activity, contract: Contract) -> list[Piece]:
    """Return the pieces of work from the contract's end on: it has no contract (ledger 5.8)."""
    if contract.until is None or not activity.chargeable:
        return []
    return [piece for piece in _all(activity, contract) if piece.at >= contract.until]


def counted_elsewhere(
    activity: Activity, contract: Contract, elsewhere: Mapping[str, int]
) -> dict[str, int]:
    """Return what other contracts posted of work in this one's term, by month (ledger 5.8).

    What they posted is first of all the work outside of it.
    """
    if not elsewhere:
        return {}
    inside = set(pieces(activity, contract))
    others = [piece for piece in _all(activity, contract) if piece not in inside]
    step = contract.increment_minutes
    outside: dict[str, int] = {}
    for scope in scopes(others, factor=activity.factor, increment=step):
        outside[scope.period] = outside.get(scope.period, 0) + scope.minutes
    left = {period: max(0, m - outside.get(period, 0)) for period, m in elsewhere.items()}
    mine: dict[str, int] = {}
    for scope in scopes(inside, factor=activity.factor, increment=step):
        mine[scope.period] = mine.get(scope.period, 0) + scope.minutes
    surplus = sum(max(0, m - mine.get(period, 0)) for period, m in left.items())
    for period in sorted(mine):  # its date was corrected since: it is still the same work
        more = min(surplus, max(0, mine[period] - left.get(period, 0)))
        left[period] = left.get(period, 0) + more
        surplus -= more
    return left


def scopes(work: Iterable[Piece], *, factor: int, increment: int) -> list[Scope]:
    """Charge pieces per (month, rate key), from total seconds in one step."""
    groups: dict[tuple[str, str, str], list[Piece]] = {}
    for piece in work:
        groups.setdefault((piece.period, piece.rate_key, piece.covered_key), []).append(piece)
    return [
        Scope(
            period,
            rate_key,
            seconds := sum(piece.seconds for piece in group),
            charge(seconds, factor=factor, increment=increment),
            max(piece.at for piece in group),
            covered_key,
        )
        for (period, rate_key, covered_key), group in sorted(groups.items())
    ]


def less(charged: Iterable[Scope], elsewhere: Mapping[str, int]) -> list[Scope]:
    """Take off what another contract has posted of the same months (ledger 5.8)."""
    left = dict(elsewhere)
    reduced = []
    for scope in charged:
        taken = min(scope.minutes, left.get(scope.period, 0))
        left[scope.period] = left.get(scope.period, 0) - taken
        reduced.append(replace(scope, minutes=scope.minutes - taken))
    return reduced


def _all(activity: Activity, contract: Contract) -> list[Piece]:
    sessions = _netted(activity.sessions)
    return sorted(p for session in sessions for p in _cut(activity, session, contract))


def _cut(activity: Activity, session: Session, contract: Contract) -> list[Piece]:
    found = []
    for start, end in _spans(activity, session, contract):
        period, seconds = month_of(start, contract.zone).name, _seconds(session, start, end)
        keys = "", ""
        if not contract.prepaid:
            price = price_of(contract, activity, session, start)
            covered = covered_price(contract, activity, session, start)
            keys = str(price or ""), str(covered or "")
        found.append(Piece(start, session.session_id, period, keys[0], seconds, keys[1]))
    return found


def _spans(activity: Activity, session: Session, contract: Contract) -> list[tuple[int, int]]:
    """Cut a tracked session at month ends, rate changes and the contract's ends; most have none."""
    start, end = session.started_at, session.ended_at
    if session.origin is Capture.NUMBER:
        return [(start, start)]
    fixed = contract.bill_from, contract.until, *price_changes(contract, activity, session)
    cuts = [at for at in fixed if at is not None and start < at < end]
    cuts += [phase.starts_at for phase in contract.plans if start < phase.starts_at < end]
    if end > month_of(start, contract.zone).end:
        cuts += month_starts(start, end, contract.zone)
    return parts(start, end, cuts) if cuts else [(start, end)]


def _seconds(session: Session, start: int, end: int) -> int:
    whole = start == session.started_at and end == session.ended_at
    if whole or session.origin is Capture.NUMBER:
        return session.seconds
    return end // 1000 - start // 1000


def _netted(sessions: tuple[Session, ...]) -> list[Session]:
    """Let a numbers cell's decreases take the newest of its increases first (ledger 5.7)."""
    kept: list[Session] = []
    for session in sessions:
        if session.origin is Capture.NUMBER and session.seconds < 0:
            kept = _lowered(kept, -session.seconds)
        else:
            kept.append(session)
    return kept


def _lowered(sessions: list[Session], seconds: int) -> list[Session]:
    newest_first = sorted(
        (s for s in sessions if s.origin is Capture.NUMBER),
        key=lambda s: (s.started_at, s.session_id),
        reverse=True,
    )
    left = dict[str, int]()
    for session in newest_first:
        taken = min(session.seconds, seconds)
        left[session.session_id] = session.seconds - taken
        seconds -= taken
    lowered = [replace(s, seconds=left.get(s.session_id, s.seconds)) for s in sessions]
    return [s for s in lowered if s.seconds]
