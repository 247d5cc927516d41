"""Bulk purchases of a contract by the hour: drawn first, without admission (R51-R52, ledger 1).

An open month is told anew in order of work; the draw of a closed one is frozen. A late decrease
gives back its own money first, then bulk minutes, after the purchase's end to goodwill; a late
increase takes what is left now.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mondaybridge.domain.allocation import ordered
from mondaybridge.domain.asked import Asking, posted
from mondaybridge.domain.bulk_returns import Place as BulkPlace
from mondaybridge.domain.bulk_returns import Returns, goodwill_packages, returns_of
from mondaybridge.domain.contract import Contract, Package
from mondaybridge.domain.cover import Cover, Demand, Place, Stands, draw
from mondaybridge.domain.ledger import Entry, EntryKind, LedgerSum, SumGroup, as_sum
from mondaybridge.domain.outcome import History
from mondaybridge.domain.reasons import Reason
from mondaybridge.domain.sales import Usable, usable
from mondaybridge.domain.usage import BULK, NO_CHARGE

_PAID = frozenset({SumGroup.GRANT, SumGroup.REFUND, SumGroup.CREDIT})


@dataclass(slots=True)
class Drawn:
    """Where all minutes belong, and what is left of each purchase, lapsed or not.

    ``locked`` is what a sale that is not there, or no more, keeps from being used (6.30).
    ``returns`` are grants of goodwill, ``moved`` is what each purchase gave to its own.
    """

    stands: Stands = field(default_factory=dict)
    rooms: dict[str, int] = field(default_factory=dict)
    locked: dict[str, int] = field(default_factory=dict)
    returns: list[Entry] = field(default_factory=list)
    moved: dict[str, int] = field(default_factory=dict)


def draw_bulk(
    contract: Contract,
    rows: Mapping[str, Asking],
    history: History,
    granted: list[Entry],
    beyond: str,
    now: int,
) -> Drawn:
    """Stand every minute where it belongs: on a purchase, or at its price."""
    bought = [p for p in contract.packages if p.package_id in _granted(history, granted)]
    returns = returns_of(bought, history, now)
    packages = ordered([*bought, *goodwill_packages(bought, returns, now)])
    found = Drawn(rooms=_rooms(packages, rows, history, granted))
    for (key, _, _), minutes in returns.known.items():
        found.rooms[key] -= minutes
    _lock(found, bought, history, granted, returns)
    usable_now = {key: found.rooms[key] for key in found.locked}
    frozen = posted(history.frozen)
    late = [
        _Late(packages, key, period, row, frozen.get(key, {}))
        for key, row in sorted(rows.items())
        for period in sorted(_closed_of(row, history))
    ]
    for one in late:
        one.lower(found.rooms)
    for one in late:
        one.restore(found.rooms, returns)
    for one in late:
        one.give_back(found.rooms, returns)
    for key, room in usable_now.items():  # what came back is as frozen as the rest
        more = max(0, found.rooms[key] - room)
        found.locked[key] += more
        found.rooms[key] -= more
    mine = [d for row in rows.values() for d in row.asked if d.period not in history.closed]
    claims = returns.open_claims(rows, history.closed, found.rooms)
    _give_back_open(found, returns, packages, mine, claims)
    covers = [_cover(p, found.rooms[p.package_id]) for p in packages]
    _add(found, draw(mine, covers, beyond))
    found.rooms |= {cover.package_id: cover.left for cover in covers}
    for one in sorted(late, key=lambda one: (one.last_at, one.activity_id)):
        one.raise_(found.rooms)
    for one in late:
        shares = [Cover(f"{BULK}{p}", p, minutes) for p, minutes in one.covered.items()]
        _add(found, draw(one.asked, shares, beyond))
    for (key, _, _), minutes in returns.given.items():
        found.moved[key] = found.moved.get(key, 0) + minutes
    told = {key: row.row for key, row in rows.items()}
    found.returns = returns.entries(contract, told, history.closed)
    return found


def expiries(contract: Contract, drawn: Drawn, history: History, now: int) -> list[Entry]:
    """Let lapse what is left of a purchase at its end; earlier work that comes late takes it back.

    The boards must have been seen whole past that moment (semantics 6.6).
    """
    known = {s.package_id: s.minutes for s in history.sums if s.group is SumGroup.EXPIRE}
    entries = []
    for package in (p for p in contract.packages if p.package_id in drawn.rooms):
        key, lapses_at = package.package_id, package.lapses_at or package.expires_at
        seen = now if key in known else history.seen_until(now)
        lapsed = lapses_at is not None and lapses_at <= seen
        left = max(0, drawn.rooms[key] + drawn.locked.get(key, 0)) if lapsed else 0
        minutes = -left - drawn.moved.get(key, 0) - known.get(key, 0)
        if minutes:
            why = (Reason.EXPIRED if lapsed or minutes < 0 else Reason.PUT_OFF).said()
            entries.append(Entry(EntryKind.EXPIRE, minutes, key, cause=why))
    return entries


class _Late:
    """One activity's closed month: what stands there, and what it comes to now."""

    def __init__(
        self,
        packages: list[Package],
        activity_id: str,
        period: str,
        row: Asking,
        frozen: Mapping[Place, int],
    ) -> None:
        self.packages, self.activity_id, self.period = packages, activity_id, period
        self.asked: list[Demand] = row.of(period)
        self.last_at = max((one.at for one in self.asked), default=0)
        self.covered, self.paid = _split(packages, period, row.known)
        self.before = dict(self.covered)
        self.then, self.paid_then = _split(packages, period, frozen)
        total = sum(one.minutes for one in self.asked)
        self.change = total - sum(self.covered.values()) - self.paid

    def lower(self, rooms: dict[str, int]) -> None:
        """Give back what was decreased: the activity's own money first, then bulk minutes."""
        less = max(0, -self.change)
        taken = min(self.paid, less)
        self.paid -= taken
        less -= taken
        for package in reversed(self.packages):
            key = package.package_id
            taken = min(self.covered.get(key, 0), less)
            if taken:
                self.covered[key] -= taken
                rooms[key] += taken
                less -= taken
        self.change = max(0, self.change)

    def restore(self, rooms: dict[str, int], returns: Returns) -> None:
        """Let what was edited back stand again where it stood at the close."""
        for package in self.packages:
            key = package.package_id
            place = key, self.activity_id, self.period
            self._take(key, returns.take_again(place, self.change, rooms), rooms)
            self._take(key, self.then.get(key, 0) - self.covered.get(key, 0), rooms)
        taken = max(0, min(self.paid_then - self.paid, self.change))
        self.paid += taken
        self.change -= taken

    def give_back(self, rooms: dict[str, int], returns: Returns) -> None:
        """Keep as goodwill what a purchase gets back after its end, else it lapses (6.13)."""
        for key, minutes in self.before.items():
            less = minutes - self.covered[key]
            if less > 0:
                returns.give((key, self.activity_id, self.period), less, rooms)

    def raise_(self, rooms: dict[str, int]) -> None:
        """Let an increase take what is left now, goodwill last; the rest has its price."""
        bought = {p.package_id for p in self.packages if p.granted_minutes}
        for package in sorted(self.packages, key=lambda p: p.package_id not in bought):
            goodwill = package.package_id not in bought
            if goodwill or _cover(package, 0).takes(self.last_at):
                self._take(package.package_id, self.change, rooms)
        self.paid += self.change
        self.change = 0

    def _take(self, key: str, wanted: int, rooms: dict[str, int]) -> None:
        taken = max(0, min(wanted, self.change, rooms[key]))
        if taken:
            self.covered[key] = self.covered.get(key, 0) + taken
            rooms[key] -= taken
            self.change -= taken


def _give_back_open(
    found: Drawn,
    returns: Returns,
    packages: list[Package],
    mine: list[Demand],
    claims: Mapping[BulkPlace, int],
) -> None:
    """Keep as goodwill what bugs leave of a purchase that is over, else it lapses (6.13).

    Other work of its days in open months takes its part first. The goodwill of one may leave more
    of the next: purchases give in order of their ends.
    """
    ends = {p.package_id: p.expires_at or 0 for p in packages}
    for key in sorted({place[0] for place in claims}, key=lambda one: (ends[one], one)):
        covers = {p.package_id: _cover(p, found.rooms[p.package_id]) for p in packages}
        draw(mine, [*covers.values()], "")
        left = covers[key].left
        for place in sorted(one for one in claims if one[0] == key):
            given = min(claims[place], left)
            returns.give(place, given, found.rooms)
            left -= given


def _cover(package: Package, left: int) -> Cover:
    key = package.package_id
    return Cover(f"{BULK}{key}", key, left, package.sold_at, package.expires_at)


def _split(
    packages: list[Package], period: str, known: Mapping[Place, int]
) -> tuple[dict[str, int], int]:
    covered = {p.package_id: 0 for p in packages}
    paid = 0
    for place, minutes in known.items():
        if place.period == period and place.package_id in covered:
            covered[place.package_id] += minutes
        elif place.period == period and place.source != NO_CHARGE:
            paid += minutes
    return {key: minutes for key, minutes in covered.items() if minutes}, paid


def _closed_of(row: Asking, history: History) -> set[str]:
    periods = {place.period for place in row.known} | {one.period for one in row.asked}
    return periods & history.closed


def _granted(history: History, fresh: list[Entry]) -> set[str]:
    known = {s.package_id for s in history.sums if s.group is SumGroup.GRANT}
    return known | {entry.package_id for entry in fresh}


def _rooms(
    packages: list[Package], rows: Mapping[str, Asking], history: History, fresh: list[Entry]
) -> dict[str, int]:
    """Return what was granted less what is frozen; what open months draw is told anew."""
    rooms = {package.package_id: 0 for package in packages}
    for one in (s for s in history.sums if s.package_id in rooms):
        if one.group in _PAID:
            rooms[one.package_id] += one.minutes
        elif _frozen(one, rows, history):
            rooms[one.package_id] -= one.minutes
    for entry in fresh:
        rooms[entry.package_id] += -entry.minutes if entry.period else entry.minutes
    return rooms


def _lock(
    found: Drawn,
    packages: list[Package],
    history: History,
    fresh: list[Entry],
    returns: Returns,
) -> None:
    """Leave to a purchase that may not be used the room of what stands posted on it (6.30)."""
    for package in packages:
        if usable(package, history.sales) is Usable.YES:
            continue
        key = package.package_id
        sums = [s for s in (*history.sums, *map(as_sum, fresh)) if s.package_id == key]
        paid = sum(s.minutes for s in sums if s.group in _PAID)
        paid -= sum(m for place, m in returns.known.items() if place[0] == key)
        left = max(0, paid - sum(s.minutes for s in sums if s.group is SumGroup.POST))
        found.locked[key] = left
        found.rooms[key] -= left


def _frozen(one: LedgerSum, rows: Mapping[str, Asking], history: History) -> bool:
    told_anew = one.activity_id in rows and one.period not in history.closed
    return one.group is SumGroup.POST and not told_anew


def _add(found: Drawn, stands: Stands) -> None:
    for key, places in stands.items():
        found.stands.setdefault(key, {}).update(places)
