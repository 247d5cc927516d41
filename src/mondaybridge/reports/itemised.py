"""A month's time as the client reads it: one row per line, with the five fields of the report.

Time, dates, ticket title, time spent and a note (R45), and beside them what it came to (R44b, C18).
The same rows are frozen when a month is closed and exported by ``statement export``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mondaybridge.domain.activity import Activity, Capture
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.ledger import POSTING, ChainedEntry
from mondaybridge.domain.money import parse_rate_key
from mondaybridge.domain.usage import LineId, LineKind, price_of
from mondaybridge.domain.work import Piece, pieces
from mondaybridge.domain.worktime import local_date, time_of_day


@dataclass(frozen=True, slots=True)
class ItemisedRow:
    """One line of a month: minutes charged from one source at one price.

    ``times`` are the stretches of work, local ``HH:MM-HH:MM``, none where hours were typed as a
    number; ``days`` the local days. ``worked_seconds`` is what was measured of the activity in the
    month, on each of its rows; ``amount_minor`` is null where a package has paid for the time.
    """

    activity_id: str
    title: str
    source: str
    rate_key: str
    minutes: int
    amount_minor: int | None
    currency: str
    worked_seconds: int
    days: tuple[str, ...]
    times: tuple[str, ...]
    note: str

    def as_json(self) -> dict[str, object]:
        """Return the row as it stands in a statement; whose fields are named once, here."""
        return {
            "activity": self.activity_id,
            "title": self.title,
            "source": self.source,
            "rate_key": self.rate_key,
            "minutes": self.minutes,
            "amount_minor": self.amount_minor,
            "currency": self.currency,
            "worked_seconds": self.worked_seconds,
            "days": list(self.days),
            "times": list(self.times),
            "note": self.note,
        }


def itemised(
    contract: Contract,
    period: str,
    entries: Iterable[ChainedEntry],
    activities: Sequence[Activity],
    names: Mapping[str, str],
) -> list[ItemisedRow]:
    """Return a month's posted minutes per activity, source and price, by the first day of work."""
    minutes: dict[tuple[str, str, str], int] = {}
    worked_at: dict[str, int] = {}
    for entry in (row.entry for row in entries):
        if entry.kind in POSTING and entry.period == period:
            place = entry.activity_id, entry.source, entry.rate_key
            minutes[place] = minutes.get(place, 0) + entry.minutes
            first = worked_at.get(entry.activity_id, entry.work_at)
            worked_at[entry.activity_id] = min(first, entry.work_at)
    rows = {row.activity_id: row for row in activities}
    work = {key: _work(rows.get(key), contract, period) for key, _, _ in minutes}
    begun = {key: min((p.at for p in work[key]), default=worked_at[key]) for key in work}
    return [
        _row(contract, period, place, posted, work[place[0]], rows.get(place[0]), names)
        for place, posted in sorted(minutes.items(), key=lambda one: (begun[one[0][0]], one[0]))
        if posted
    ]


def _work(row: Activity | None, contract: Contract, period: str) -> list[Piece]:
    return [piece for piece in pieces(row, contract) if piece.period == period] if row else []


def _row(
    contract: Contract,
    period: str,
    place: tuple[str, str, str],
    minutes: int,
    work: Sequence[Piece],
    row: Activity | None,
    names: Mapping[str, str],
) -> ItemisedRow:
    key, source, rate_key = place
    price = parse_rate_key(rate_key) if rate_key else None
    line = LineId(contract.contract_id, LineKind.USAGE.value, key, period, source, rate_key)
    days = dict.fromkeys(local_date(piece.at, contract.zone).isoformat() for piece in work)
    return ItemisedRow(
        activity_id=key,
        title=names.get(key, key),
        source=source,
        rate_key=rate_key,
        minutes=minutes,
        amount_minor=price_of(line, minutes) if price else None,
        currency=price.currency if price else "",
        worked_seconds=sum(piece.seconds for piece in work),
        days=tuple(days),
        times=_times(row, work, contract.zone),
        note=row.note if row else "",
    )


def _times(row: Activity | None, work: Sequence[Piece], zone: str) -> tuple[str, ...]:
    """Return the stretches of tracked work; a typed number has no time of day (R45-1)."""
    tracked = {
        session.session_id: session
        for session in (row.sessions if row else ())
        if session.origin is Capture.TRACKED
    }
    stretches = [
        (piece.at, piece.at + piece.seconds * 1000) for piece in work if piece.session_id in tracked
    ]
    return tuple(
        f"{local_date(start, zone).isoformat()} {time_of_day(start, zone)}-{time_of_day(end, zone)}"
        for start, end in stretches
    )
