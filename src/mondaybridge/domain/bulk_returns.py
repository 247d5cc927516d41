"""What comes back to a bulk purchase after its end: goodwill without one (semantics 6.13).

What a closed month drew and needs no more would lapse with the rest of its purchase, and so would
what a bug of an open month had cost that is documented after the end. It moves to goodwill of the
same name instead, by activity and month; what is edited back takes that again. Whether the sale
was voided since makes no difference: nothing new is drawn on it, and what is given back is.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mondaybridge.domain.activity import Activity, Presence
from mondaybridge.domain.asked import Asking
from mondaybridge.domain.bugs import bug_cause, documented
from mondaybridge.domain.contract import Contract, Package
from mondaybridge.domain.handed_over import GOODWILL, goodwill_of
from mondaybridge.domain.ledger import Entry, EntryKind, SumGroup
from mondaybridge.domain.outcome import History
from mondaybridge.domain.reasons import Cause, Reason

Place = tuple[str, str, str]
"""Purchase, activity and month."""


@dataclass(slots=True)
class Returns:
    """What went back of purchases that are over, and of which more may go back now."""

    over: frozenset[str]
    known: Mapping[Place, int]
    given: dict[Place, int] = field(default_factory=dict)

    def give(self, place: Place, minutes: int, rooms: dict[str, int]) -> None:
        """Move minutes that a purchase got back to its goodwill, if it is over."""
        key = place[0]
        moved = min(minutes, rooms[key]) if key in self.over else 0
        if moved > 0:
            self._move(place, moved, rooms)

    def take_again(self, place: Place, minutes: int, rooms: dict[str, int]) -> int:
        """Move minutes of a place back to its purchase, as far as nobody uses them; say how many.

        What a closed month drew from the goodwill stays there.
        """
        given = self.given.get(place, 0)
        moved = max(0, min(minutes, given, rooms.get(goodwill_of(place[0]), 0)))
        if moved:
            self._move(place, -moved, rooms)
        return moved

    def open_claims(
        self, rows: Mapping[str, Asking], closed: Collection[str], rooms: dict[str, int]
    ) -> dict[Place, int]:
        """Take again what open months gave, and return what they may claim now, by place.

        That is what a documented bug had cost on a purchase that is over, and what was given for a
        row that cannot be read any more. Open months are told anew: others may need it first.
        """
        claims: dict[Place, int] = {}
        for key, row in rows.items():
            for stood, minutes in row.known.items() if _is_bug(row.row) else ():
                place = stood.package_id, key, stood.period
                if stood.package_id in self.over and stood.period not in closed:
                    claims[place] = claims.get(place, 0) + minutes
        for place, minutes in self.known.items():
            if place[2] in closed:
                continue
            if place[0] in self.over and (place[1] not in rows or _rests(rows[place[1]].row)):
                claims[place] = claims.get(place, 0) + minutes
            claims[place] = claims.get(place, 0) - minutes + self.take_again(place, minutes, rooms)
        return {place: minutes for place, minutes in claims.items() if minutes > 0}

    def entries(
        self, contract: Contract, rows: Mapping[str, Activity], closed: Collection[str]
    ) -> list[Entry]:
        """Return the grants that are not written yet, or that are taken again."""
        ends = {p.package_id: p.expires_at or p.sold_at for p in contract.packages}
        return [
            Entry(
                EntryKind.GRANT,
                minutes,
                goodwill_of(key),
                activity_id,
                period,
                ends[key],
                GOODWILL,
                cause=_cause(rows.get(activity_id), late=period in closed),
            )
            for (key, activity_id, period), total in sorted(self.given.items())
            if (minutes := total - self.known.get((key, activity_id, period), 0))
        ]

    def _move(self, place: Place, minutes: int, rooms: dict[str, int]) -> None:
        rooms[place[0]] -= minutes
        rooms[goodwill_of(place[0])] += minutes
        self.given[place] = self.given.get(place, 0) + minutes


def returns_of(packages: Sequence[Package], history: History, now: int) -> Returns:
    """Return what the ledger holds of these purchases' goodwill, and which of them are over."""
    origins = {goodwill_of(p.package_id): p.package_id for p in packages}
    known = {
        (origins[s.package_id], s.activity_id, s.period): s.minutes
        for s in history.sums
        if s.group is SumGroup.GRANT and s.source == GOODWILL and s.package_id in origins
    }
    over = (p.package_id for p in packages if _is_over(p, now))
    return Returns(frozenset(over), known, dict(known))


def goodwill_packages(packages: Iterable[Package], returns: Returns, now: int) -> list[Package]:
    """Return the goodwill that purchases have or may need: used first, for work after their end.

    Earlier work would free its own purchase, where the rest lapses.
    """
    used = {key for key, _, _ in returns.known} | returns.over
    return [
        Package(goodwill_of(p.package_id), 0, _since(p, now), p.price, priority=0)
        for p in packages
        if p.package_id in used
    ]


def _is_over(package: Package, now: int) -> bool:
    return package.expires_at is not None and package.expires_at <= now


def _since(package: Package, now: int) -> int:
    """Return from when goodwill is used; where the end was put off nothing lapses meanwhile."""
    return (package.expires_at or 0) if _is_over(package, now) else package.sold_at


def _is_bug(row: Activity) -> bool:
    return row.movable and documented(row)


def _rests(row: Activity) -> bool:
    """Whether what was given for a row stays: it is still a bug, or nobody can read it."""
    return documented(row) or not row.movable or row.presence is Presence.MISSING


def _cause(row: Activity | None, *, late: bool) -> Cause:
    if row is None:
        return Reason.COVERED.said()
    return Reason.CHANGED_LATE.said() if late and not row.bug else bug_cause(row)
