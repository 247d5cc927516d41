"""What covers minutes before they are billed: a plan's month, bulk purchases (R42, R49, R52).

Minutes ask in order of work; what is covered costs what the cover says, the rest its own price.
What may still move, and what is frozen, is decided by who asks here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from mondaybridge.domain.activity import Activity, Capture, Session
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.ledger import charge
from mondaybridge.domain.questions import Adjustment
from mondaybridge.domain.tariff import covered_price, price_of
from mondaybridge.domain.usage import INCLUDED, NO_CHARGE
from mondaybridge.domain.work import Piece, Scope, counted_elsewhere, less, pieces, scopes
from mondaybridge.domain.worktime import month


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where posted minutes stand: month, source, bulk purchase and price."""

    period: str
    source: str
    package_id: str
    rate_key: str


@dataclass(frozen=True, slots=True, order=True)
class Demand:
    """Charged minutes of one piece of work, with their prices covered and not; empty: none."""

    at: int
    activity_id: str
    period: str
    rate_key: str
    covered_key: str
    minutes: int


@dataclass(slots=True)
class Cover:
    """Minutes that were paid for before, for work of ``[starts_at, ends_at)``; ``left`` shrinks."""

    source: str
    package_id: str
    left: int
    starts_at: int = 0
    ends_at: int | None = None

    def takes(self, at: int) -> bool:
        """Whether work of an instant may be covered."""
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)

    def place(self, period: str, rate_key: str) -> Place:
        """Return where covered minutes stand."""
        return Place(period, self.source, self.package_id, rate_key)


@dataclass(slots=True)
class Stand:
    """What stands where for one activity, and the latest work behind it."""

    minutes: int = 0
    last_at: int = 0


Stands = dict[str, dict[Place, Stand]]
"""By activity and place."""


def demands(
    activity: Activity,
    contract: Contract,
    elsewhere: Mapping[str, int],
    *,
    factor: int,
    adjusted: Mapping[str, Adjustment] | None = None,
) -> list[Demand]:
    """Return an activity's charged minutes in order of work, without what others posted (5.8).

    Each scope is charged in one step from seconds: a piece asks for what it adds to the charge.
    What an upheld question took off a month is not asked for (6.24).
    """
    work, step = pieces(activity, contract), contract.increment_minutes
    surplus = dict[tuple[str, str, str], int]()
    if elsewhere:
        charged = scopes(work, factor=factor, increment=step)
        here = less(charged, counted_elsewhere(activity, contract, elsewhere))
        for whole, kept in zip(charged, here, strict=True):
            surplus[_scope(whole)] = whole.minutes - kept.minutes
    seconds: dict[tuple[str, str, str], int] = {}
    found = []
    for piece in work:
        scope = _scope(piece)
        before = charge(seconds.get(scope, 0), factor=factor, increment=step)
        seconds[scope] = seconds.get(scope, 0) + piece.seconds
        minutes = charge(seconds[scope], factor=factor, increment=step) - before
        taken = min(minutes, surplus.get(scope, 0))
        if taken:
            surplus[scope] -= taken
        if minutes > taken:
            place = piece.period, piece.rate_key, piece.covered_key
            found.append(Demand(piece.at, activity.activity_id, *place, minutes - taken))
    return _kept(found, adjusted) if adjusted else found


def standing(
    contract: Contract, activity: Activity, period: str, known: Mapping[Place, int]
) -> list[Demand]:
    """Return minutes of a month whose work cannot be read any more, at the prices they stand at.

    What is covered asks first, so that nothing moves by itself (ledger 5.8).
    """
    start = month(period, contract.zone).start
    nobody = Session("", Capture.NUMBER, start, start, 0)
    mine = sorted(
        place
        for place, m in known.items()
        if place.period == period and m > 0 and place.source != NO_CHARGE
    )
    paid = [place.rate_key for place in mine if _is_beyond(place)]
    free = [place.rate_key for place in mine if not _is_beyond(place)]
    uncovered = max(paid, default=str(price_of(contract, activity, nobody, start) or ""))
    covered = max(free, default=str(covered_price(contract, activity, nobody, start) or ""))
    return [
        Demand(start + 1, activity.activity_id, period, place.rate_key, covered, known[place])
        if _is_beyond(place)
        else Demand(start, activity.activity_id, period, uncovered, place.rate_key, known[place])
        for place in mine
    ]


def draw(asked: Iterable[Demand], covers: Sequence[Cover], beyond: str) -> Stands:
    """Let demands take from covers in order of (work instant, activity); the rest is ``beyond``."""
    stands: Stands = {}
    for demand in sorted(asked):
        left = demand.minutes
        for cover in covers:
            taken = min(left, cover.left) if cover.takes(demand.at) else 0
            if taken > 0:
                cover.left -= taken
                left -= taken
                put(stands, demand, cover.place(demand.period, demand.covered_key), taken)
        if left:
            put(stands, demand, Place(demand.period, beyond, "", demand.rate_key), left)
    return stands


def put(stands: Stands, demand: Demand, place: Place, minutes: int) -> None:
    """Let minutes of a demand stand at a place."""
    stand = stands.setdefault(demand.activity_id, {}).setdefault(place, Stand())
    stand.minutes += minutes
    stand.last_at = max(stand.last_at, demand.at)


def _kept(asked: Sequence[Demand], adjusted: Mapping[str, Adjustment]) -> list[Demand]:
    totals: dict[str, int] = {}
    kept = []
    for demand in asked:
        before, minutes = totals.get(demand.period, 0), demand.minutes
        totals[demand.period] = before + minutes
        if one := adjusted.get(demand.period):
            minutes = one.left_of(before + minutes) - one.left_of(before)
        if minutes:
            kept.append(replace(demand, minutes=minutes))
    return kept


def _is_beyond(place: Place) -> bool:
    return not place.package_id and place.source != INCLUDED


def _scope(one: Piece | Scope) -> tuple[str, str, str]:
    return one.period, one.rate_key, one.covered_key
