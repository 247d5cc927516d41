"""Contracts without admission: all time posts at its dated rate (ledger 1, R42, R51, R54).

What covers minutes is told by ``included`` and ``bulk``; the entries are the differences to what
stands posted. Time without a price is posted nowhere: it is held until there is one (6.27).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from mondaybridge.domain.activity import Activity, Presence
from mondaybridge.domain.asked import Asking, fixed, gone, live, posted
from mondaybridge.domain.bugs import bug_cause, documented, without_documentation
from mondaybridge.domain.bulk import draw_bulk, expiries
from mondaybridge.domain.contract import Contract, ContractKind
from mondaybridge.domain.cover import Place, Stand, Stands, draw
from mondaybridge.domain.goodwill import given
from mondaybridge.domain.grants import posting, sold
from mondaybridge.domain.included import allot, asked_at_prices
from mondaybridge.domain.ledger import Entry, EntryKind, SumGroup
from mondaybridge.domain.outcome import Held, HeldReason, History, Review
from mondaybridge.domain.questions import Adjustment
from mondaybridge.domain.reasons import Cause, Reason
from mondaybridge.domain.tariff import all_priced
from mondaybridge.domain.tombstones import by_month, dropped, endings, waiting
from mondaybridge.domain.usage import INCLUDED, NO_CHARGE, OVERAGE
from mondaybridge.domain.work import Piece, beyond, pieces, scopes
from mondaybridge.domain.worktime import hours_text, month

# The source of time on a package contract that no package covers (ledger 5.2).
OVERAGE_SOURCE = OVERAGE
SOURCES = {
    ContractKind.POSTPAID_PLAN: OVERAGE,
    ContractKind.PAY_AS_YOU_GO: "payg",
    ContractKind.NONE: "standard",
}


def review_metered(
    contract: Contract, activities: Sequence[Activity], history: History, now: int = 0
) -> Review:
    """Post what was worked and not yet posted, per activity, month, source and rate."""
    contract = _by_id(contract, history)
    told = _told(contract, activities, history, now)
    entries = [*told.entries]
    for key, row in told.rows.items():
        made = [
            _entry(contract, told, key, place, minutes, history)
            for place, minutes in _differences(row.known, told.stands.get(key, {}))
        ]
        entries += upheld(made, row.known, history.adjusted_of(key))
    return Review(tuple(entries), held=tuple(_held(contract, activities, history, told.unpriced)))


def asked_in(
    contract: Contract, activities: Sequence[Activity], history: History, period: str
) -> tuple[tuple[str, str, int], ...]:
    """Return what rows ask for in a month by price, to be recorded at its close (ledger 6.6)."""
    return asked_at_prices(_rows(_by_id(contract, history), activities, history), period)


def held_metered(
    contract: Contract, activities: Sequence[Activity], history: History
) -> list[Held]:
    """Return what waits for a person: unreadable and deleted rows, time without a price or term."""
    contract = _by_id(contract, history)
    if all_priced(contract) and not any(row.hourly for row in activities):
        return _held(contract, activities, history, {})
    return _held(contract, activities, history, _told(contract, activities, history, 0).unpriced)


def held_beyond(activity: Activity, contract: Contract, factor: int) -> list[Held]:
    """Return work from the contract's end on: somebody must say whose it is (ledger 5.8)."""
    after = scopes(beyond(activity, contract), factor=factor, increment=contract.increment_minutes)
    minutes = Counter[str]()
    for scope in after:
        minutes[scope.period] += scope.minutes
    return [
        Held(activity.activity_id, period, HeldReason.NO_CONTRACT, m)
        for period, m in minutes.items()
    ]


def upheld(
    entries: Sequence[Entry], known: Mapping[Place, int], adjusted: Mapping[str, Adjustment]
) -> list[Entry]:
    """Name the question where it is what moves one activity's months (S7, semantics 6.24)."""
    stood, moved = Counter[str](), Counter[str]()
    for place, minutes in known.items() if adjusted else ():
        stood[place.period] += minutes
    for entry in entries if adjusted else ():
        moved[entry.period] += entry.minutes
    told = {
        period: one.cause
        for period, one in adjusted.items()
        if one.explains(stood[period], stood[period] + moved[period])
    }
    return [replace(e, cause=told.get(e.period, e.cause)) for e in entries]


def cause(minutes: int, *, late: bool, presence: Presence = Presence.ACTIVE) -> Cause:
    """Name what moved posted minutes: every correction has a cause (S7)."""
    if presence is Presence.DELETED:
        return Reason.DROPPED.said()
    if late:
        return Reason.CHANGED_LATE.said()
    return (Reason.WORKED if minutes > 0 else Reason.CHANGED).said()


@dataclass(slots=True)
class _Told:
    """Where every minute belongs, what has no price, and entries about what was bought."""

    rows: dict[str, Asking]
    stands: Stands = field(default_factory=dict)
    unpriced: dict[tuple[str, str], int] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    edits: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)


def _told(contract: Contract, activities: Sequence[Activity], history: History, now: int) -> _Told:
    told = _Told(_rows(contract, activities, history))
    if contract.plans:
        found = allot(contract, told.rows, history)
        told.stands = found.stands
        told.entries += _goodwill(contract, found.goodwill, told.rows, history)
    elif contract.packages:
        fresh = sold(contract, history, now)
        granted = {s.package_id for s in history.sums if s.group is SumGroup.GRANT}
        fresh_ids = {entry.package_id for entry in fresh}
        fresh += given(contract, history, (granted | fresh_ids) - {""})
        drawn = draw_bulk(contract, told.rows, history, fresh, SOURCES[contract.kind], now)
        told.stands = drawn.stands
        told.entries += [*fresh, *drawn.returns, *expiries(contract, drawn, history, now)]
    else:
        asked = [demand for row in told.rows.values() for demand in row.asked]
        told.stands = draw(asked, [], SOURCES[contract.kind])
    _take_unpriced(told)
    for key, row in told.rows.items():
        told.stands.setdefault(key, {}).update(row.stays)
        _note_edits(told, key, row)
    return told


def _rows(
    contract: Contract, activities: Sequence[Activity], history: History
) -> dict[str, Asking]:
    """Return every row with what it asks for; one that is gone or unreadable keeps what it has."""
    stood, decided = posted(history.sums), endings(history)
    rows = {}
    for row in activities:
        key, known = row.activity_id, stood.get(row.activity_id, {})
        if row.presence is Presence.DELETED:
            less = dropped(row, known, history, decided.get(key, ()))
            rows[key] = fixed(contract, row, known, history, less)
        elif row.parked:
            rows[key] = fixed(contract, row, known, history, {})
        else:
            rows[key] = live(contract, row, known, history)
    for key in stood.keys() - rows.keys() - {""}:
        rows[key] = fixed(contract, gone(key), stood[key], history, {})
    return rows


def _by_id(contract: Contract, history: History) -> Contract:
    """Return the contract with people's prices by who they are at monday, not by address."""
    if not contract.person_rates:
        return contract
    ids: dict[str, list[str]] = {}
    for person_id, (email, _) in history.people.items():
        ids.setdefault(email.casefold(), []).append(person_id)
    found = [
        replace(rates, name=name)
        for rates in contract.person_rates
        for name in (rates.name, *ids.get(rates.name.casefold(), ()))
    ]
    return replace(contract, person_rates=tuple(found))


def _take_unpriced(told: _Told) -> None:
    """Take out what no price is in force for: it is posted nowhere, and shown (6.27)."""
    for key, places in told.stands.items():
        for place in [place for place in places if not place.rate_key]:
            minutes = places.pop(place).minutes
            where = key, place.period
            told.unpriced[where] = told.unpriced.get(where, 0) + minutes


def _note_edits(told: _Told, key: str, row: Asking) -> None:
    before, after = Counter[str](), Counter[str]()
    for place, minutes in row.known.items():
        before[place.period] += minutes if place.source != NO_CHARGE else 0
    for place, stand in told.stands[key].items():
        after[place.period] += stand.minutes if place.source != NO_CHARGE else 0
    for period in {*before, *after}:
        if before[period] != after[period]:
            told.edits.setdefault(period, {})[key] = before[period], after[period]


def _differences(
    known: Mapping[Place, int], wanted: Mapping[Place, Stand]
) -> list[tuple[Place, int]]:
    found = []
    for place in sorted({*known, *wanted}):
        stand = wanted.get(place)
        minutes = (stand.minutes if stand else 0) - known.get(place, 0)
        if minutes:
            found.append((place, minutes))
    return found


def _entry(
    contract: Contract,
    told: _Told,
    key: str,
    place: Place,
    minutes: int,
    history: History,
) -> Entry:
    row, stand = told.rows[key].row, told.stands[key].get(place)
    worked = pieces(row, contract) if row.movable else []
    seconds = sum(one.seconds for one in worked if _behind(one, place))
    return Entry(
        posting(place.period, history),
        minutes,
        place.package_id,
        key,
        place.period,
        (stand.last_at if stand else 0) or month(place.period, contract.zone).start,
        place.source,
        place.rate_key,
        seconds,
        row.factor if row.chargeable else 1,
        _cause(told, key, place, minutes, late=place.period in history.closed),
    )


def _behind(piece: Piece, place: Place) -> bool:
    """Whether a piece of work is behind the minutes of a place."""
    priced = place.rate_key in {piece.rate_key, piece.covered_key}
    return piece.period == place.period and (priced or place.source == NO_CHARGE)


def _cause(told: _Told, key: str, place: Place, minutes: int, *, late: bool) -> Cause:
    """Name what moved a place: the row's own change, or the edit of another one (ledger 6.6)."""
    row, edits = told.rows[key].row, told.edits.get(place.period, {})
    if documented(row):
        return bug_cause(row)
    if key in edits or place.source == NO_CHARGE:
        return cause(minutes, late=late, presence=row.presence)
    if not late:
        return Reason.COVERED.said()
    if _is_beyond(place) and _repriced(told, key, place.period):
        return cause(minutes, late=late, presence=row.presence)
    others = [
        f"{_named(told, other)} {hours_text(before)} -> {hours_text(after)}"
        for other, (before, after) in sorted(edits.items())
    ]
    if others:
        return Reason.MARGIN.said(period=place.period, edits=", ".join(others))
    return cause(minutes, late=late, presence=row.presence)


def _repriced(told: _Told, key: str, period: str) -> bool:
    """Whether a row's own prices changed: another row moves all that costs money one way."""
    moved = [
        minutes
        for place, minutes in _differences(told.rows[key].known, told.stands[key])
        if place.period == period and _is_beyond(place)
    ]
    return bool(moved) and min(moved) < 0 < max(moved)


def _is_beyond(place: Place) -> bool:
    return not place.package_id and place.source not in {INCLUDED, NO_CHARGE}


def _named(told: _Told, key: str) -> str:
    row = told.rows[key].row
    return f"{bug_cause(row)}, {key}" if documented(row) else key


def _goodwill(
    contract: Contract,
    wanted: Mapping[tuple[str, str], int],
    rows: Mapping[str, Asking],
    history: History,
) -> list[Entry]:
    """Give included minutes of documented bugs back, as a target (ledger 2, R55)."""
    known = {
        (s.activity_id, s.period): s.minutes
        for s in history.sums
        if s.group is SumGroup.CREDIT and not s.package_id
    }
    entries = []
    for key, period in sorted({*known, *wanted}):
        minutes = wanted.get((key, period), 0) - known.get((key, period), 0)
        if minutes and key in rows:
            at = month(period, contract.zone).start
            why = bug_cause(rows[key].row)
            entries.append(
                Entry(EntryKind.CREDIT, minutes, "", key, period, at, "goodwill", cause=why)
            )
    return entries


def _held(
    contract: Contract,
    activities: Sequence[Activity],
    history: History,
    unpriced: Mapping[tuple[str, str], int],
) -> list[Held]:
    stood, decided = posted(history.sums), endings(history)
    held = [
        Held(key, period, HeldReason.NO_RATE, minutes)
        for (key, period), minutes in sorted(unpriced.items())
    ]
    for activity in activities:
        key = activity.activity_id
        if activity.presence is Presence.DELETED:
            held += waiting(activity, stood.get(key, {}), history, decided.get(key, ()))
        elif activity.parked:
            held.append(Held(key, "", HeldReason.PARKED, 0))
        else:
            held += held_beyond(activity, contract, activity.factor)
            held += without_documentation(activity, by_month(stood.get(key, {})))
    return held
