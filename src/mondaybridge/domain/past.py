"""A contract's past, summed as its review asks, and its rows with their work cut into pieces.

Says what was and what there is; what may still move is told by ``funding``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from mondaybridge.domain.activity import Activity, Approval
from mondaybridge.domain.adjusting import kept_scopes
from mondaybridge.domain.admission import Activation
from mondaybridge.domain.allocation import OVERAGE, RULINGS, PostKey, Return, Ruling
from mondaybridge.domain.bugs import documented
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.handed_over import over_at, returned, with_goodwill
from mondaybridge.domain.ledger import LedgerSum, SumGroup
from mondaybridge.domain.outcome import History
from mondaybridge.domain.questions import Adjustment
from mondaybridge.domain.tariff import overage_at
from mondaybridge.domain.work import Piece, Scope, counted_elsewhere, less, pieces, scopes

# Where minutes stand: activity and package, or activity and month.
Place = tuple[str, str]
_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class Past:
    """One contract's past, summed the way its review asks; ``rooms`` is what was ever granted.

    ``over`` tells since when packages are handed over or expired; ``returns`` is what went back
    from there.
    """

    contract: Contract
    history: History
    rooms: dict[str, int] = field(default_factory=dict)
    posts: dict[PostKey, int] = field(default_factory=dict)
    credits: dict[Place, int] = field(default_factory=dict)
    reserves: dict[Place, int] = field(default_factory=dict)
    expired: dict[str, int] = field(default_factory=dict)
    rulings: dict[str, list[Ruling]] = field(default_factory=dict)
    returns: dict[Return, int] = field(default_factory=dict)
    over: dict[str, int] = field(default_factory=dict)

    def given_for_good(self, activity_id: str) -> dict[str, int]:
        """Return by origin what went back to packages that are handed over too: it stays there."""
        stays: dict[str, int] = {}
        for way, minutes in self.returns.items():
            if way.activity_id == activity_id and way.package_id in self.history.ended:
                add(stays, way.origin, minutes)
        return stays

    def kept(self, activity_id: str, *, credited: bool) -> frozenset[str]:
        """Return the packages on which an activity's posts rest, their changes going elsewhere.

        They are handed over, or expired before a bug was found that they paid for (6.13).
        """
        stays, short = self.given_for_good(activity_id), dict[str, int]()
        for post, minutes in self.posts.items() if credited and self.over else ():
            if post.activity_id == activity_id and post.package_id in self.over:
                add(short, post.package_id, minutes)
        late = {p for p, m in short.items() if self.credits.get((activity_id, p), 0) < m}
        return frozenset({*self.history.ended, *stays, *late})

    def absorbed(self, activity_id: str, period: str, until: int | None = None) -> int:
        """Return the minutes of a month that decisions (up to an instant) absorbed."""
        return sum(
            ruling.minutes
            for ruling in self.rulings.get(activity_id, ())
            if ruling.absorbs and ruling.period == period and (until is None or ruling.at <= until)
        )

    def unposted(self, row: "Worked", activation: Activation) -> dict[str, int]:
        """Return by month what a row that moves nothing any more was worked and never posted."""
        key, found = row.row.activity_id, dict[str, int]()
        for period, scope in row.scopes(row.factor(activation)).items():
            posts = (m for p, m in self.posts.items() if (p.activity_id, p.period) == (key, period))
            minutes = scope.minutes - sum(posts) - self.absorbed(key, period)
            if minutes > 0:
                found[period] = minutes
        return found


@dataclass(frozen=True, slots=True)
class Worked:
    """A row with its pieces, cut once for a whole review; a credited row's posts draw nothing.

    ``elsewhere`` is what other contracts posted of the same work by month, ``posted_elsewhere`` all
    that they posted for the row. ``unasked``: the contract's policy posts its time without an
    answer, unless that is a no. ``kept`` are the packages on which its posts rest. ``adjusted``
    says what its months are charged since a question was upheld.
    """

    row: Activity
    pieces: tuple[Piece, ...]
    step: int
    credited: bool = False
    elsewhere: Mapping[str, int] = field(default_factory=dict)
    posted_elsewhere: int = 0
    unasked: bool = False
    kept: frozenset[str] = frozenset()
    adjusted: Mapping[str, Adjustment] = field(default_factory=dict)

    def posts(self, activation: Activation) -> bool:
        """Whether its time may post now (ledger 5.1)."""
        return self.row.movable and (activation.active or self.unasked)

    def factor(self, activation: Activation) -> int:
        """Return the factor its time is charged with: the admitted one, else the row's."""
        return activation.factor if activation.steps else self.row.factor

    def scopes(self, factor: int) -> dict[str, Scope]:
        """Charge its time per month, less what an upheld question left of it."""
        charged = scopes(self.pieces, factor=factor, increment=self.step)
        kept = kept_scopes(less(charged, self.elsewhere), self.adjusted)
        return {scope.period: scope for scope in kept}

    def last_at(self, post: PostKey, contract: Contract) -> int:
        """Return the month's latest work, of the post's own rate where it has one; 0: none."""
        here = (piece.at for piece in self.pieces if piece.period == post.period)
        rated = (
            a for a in here if not post.billed or str(overage_at(contract, a)) == post.rate_key
        )
        return max(rated, default=0)


def past_of(contract: Contract, history: History, sums: Sequence[LedgerSum], now: int = 0) -> Past:
    """Sum a contract's past for its review at an instant."""
    over = over_at(contract, history.ended, now)
    before = {way.origin: 0 for way in map(returned, sums) if way}  # its end may have been put off
    past = Past(with_goodwill(contract, before | over), history, over=over)
    for one in sums:
        if way := returned(one):
            add(past.returns, way, one.minutes)
            continue
        match one.group:
            case SumGroup.POST:
                place = one.package_id or f"{OVERAGE}{one.rate_key}"
                add(past.posts, PostKey(one.activity_id, place, one.period), one.minutes)
            case SumGroup.RESERVE:
                add(past.reserves, (one.activity_id, one.package_id), one.minutes)
            case SumGroup.CREDIT:
                add(past.credits, (one.activity_id, one.package_id), one.minutes)
            case SumGroup.EXPIRE:
                add(past.expired, one.package_id, one.minutes)
            case _:  # grants and refunds
                add(past.rooms, one.package_id, one.minutes)
    _decide(past)
    return past


def worked(rows: Mapping[str, Activity], past: Past) -> dict[str, Worked]:
    """Cut every row's work into pieces; what is credited to a row that rests stays as it is."""
    contract = past.contract
    known = {activity_id for activity_id, _ in past.credits}
    unasked, other = contract.policies.posts_unapproved, past.history.elsewhere
    return {
        key: Worked(
            row,
            tuple(pieces(row, contract)) if row.chargeable else (),
            contract.increment_minutes,
            credited := documented(row) if row.movable else key in known,
            counted_elsewhere(row, contract, other.get(key, {})),
            sum(other.get(key, {}).values()),
            unasked and row.approval is not Approval.REJECTED,
            past.kept(key, credited=credited),
            past.history.adjusted_of(key),
        )
        for key, row in rows.items()
    }


def add(sums: dict[_Key, int], key: _Key, minutes: int) -> None:
    """Add minutes to a sum."""
    sums[key] = sums.get(key, 0) + minutes


def _decide(past: Past) -> None:
    for number, decision in enumerate(past.history.decisions):
        key, choice = decision.activity_id, decision.choice
        if choice in RULINGS:
            past.rulings.setdefault(key, []).extend(
                Ruling(decision.decided_at, key, period, minutes, choice, number)
                for period, minutes in decision.periods
            )
