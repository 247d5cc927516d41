"""What the rows of a contract without admission ask for: charged minutes, free ones, frozen ones.

Where the minutes stand is decided by ``included`` and ``bulk``; here only how many they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mondaybridge.domain.activity import Activity, Presence
from mondaybridge.domain.bugs import documented
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.cover import Demand, Place, Stand, demands, standing
from mondaybridge.domain.ledger import LedgerSum, SumGroup
from mondaybridge.domain.outcome import History
from mondaybridge.domain.tariff import free_price
from mondaybridge.domain.usage import NO_CHARGE


@dataclass(frozen=True, slots=True)
class Asking:
    """One row: what stands posted for it, what it asks for, and what stands where it is.

    What costs nothing stays, and what cannot be read any more where nothing covers it. ``worked``
    is what a row that asks for nothing comes to by month: a bug's credit shrinks with it (R55).
    """

    row: Activity
    known: Mapping[Place, int]
    asked: tuple[Demand, ...] = ()
    stays: Mapping[Place, Stand] = field(default_factory=dict)
    worked: Mapping[str, int] = field(default_factory=dict)

    def of(self, period: str) -> list[Demand]:
        """Return what it asks for in a month."""
        return [demand for demand in self.asked if demand.period == period]


def posted(sums: Sequence[LedgerSum]) -> dict[str, dict[Place, int]]:
    """Return by activity where minutes stand."""
    found: dict[str, dict[Place, int]] = {}
    for one in sums:
        if one.group is SumGroup.POST:
            known = found.setdefault(one.activity_id, {})
            place = Place(one.period, one.source, one.package_id, one.rate_key)
            known[place] = known.get(place, 0) + one.minutes
    return found


def live(contract: Contract, row: Activity, known: Mapping[Place, int], history: History) -> Asking:
    """Return what a row's sessions ask for; a documented bug and a free row are shown at 0 (R55).

    In a closed month only what was shown so at its close stays shown.
    """
    key, uncharged = row.activity_id, free_of_charge(row)
    asked = demands(
        row,
        contract,
        history.elsewhere.get(key, {}),
        factor=row.factor if row.chargeable else 1,
        adjusted={} if uncharged else history.adjusted_of(key),
    )
    if not uncharged:
        return Asking(row, known, tuple(asked))
    free: dict[Place, Stand] = {}
    for demand in asked:
        if demand.period not in history.closed:
            price = str(free_price(contract))
            stand = free.setdefault(Place(demand.period, NO_CHARGE, "", price), Stand())
            stand.minutes += demand.minutes
            stand.last_at = max(stand.last_at, demand.at)
    return Asking(row, known, (), free | _shown_free(known, history), _by_month(asked))


def fixed(
    contract: Contract,
    row: Activity,
    known: Mapping[Place, int],
    history: History,
    dropped: Mapping[Place, int],
) -> Asking:
    """Return what a row asks for that cannot be read any more: its minutes as they stand.

    Only a recorded decision lowers them (ledger 5.6).
    """
    kept = {place: minutes - dropped.get(place, 0) for place, minutes in known.items()}
    if not (contract.plans or contract.packages):
        return Asking(row, known, (), {place: Stand(minutes) for place, minutes in kept.items()})
    totals: dict[str, int] = {}
    for place, minutes in kept.items():
        if place.source != NO_CHARGE:
            totals[place.period] = totals.get(place.period, 0) + minutes
    read = demands(row, contract, history.elsewhere.get(row.activity_id, {}), factor=row.factor)
    asked: list[Demand] = []
    for period, minutes in totals.items():
        mine = [one for one in read if one.period == period and one.rate_key]
        if sum(one.minutes for one in mine) == minutes:
            asked += mine
        elif minutes > 0:
            asked += standing(contract, row, period, kept)
    free = {place: Stand(m) for place, m in kept.items() if place.source == NO_CHARGE}
    return Asking(row, known, tuple(asked), free, _by_month(read))


def free_of_charge(row: Activity) -> bool:
    """Whether a row is shown at 0: not chargeable, or a documented bug (ledger 5.6, R55)."""
    return not row.chargeable or documented(row)


def gone(activity_id: str) -> Activity:
    """Return a row that is on no board of the contract any more: it keeps what it has (5.8)."""
    return Activity(activity_id, "", activity_id, presence=Presence.MISSING)


def _by_month(asked: Sequence[Demand]) -> dict[str, int]:
    months: dict[str, int] = {}
    for demand in asked:
        months[demand.period] = months.get(demand.period, 0) + demand.minutes
    return months


def _shown_free(known: Mapping[Place, int], history: History) -> dict[Place, Stand]:
    return {
        place: Stand(minutes)
        for place, minutes in known.items()
        if place.source == NO_CHARGE and place.period in history.closed
    }
