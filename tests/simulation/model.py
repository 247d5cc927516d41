"""What people did and what is therefore due: a small model that shares nothing with the product.

Each row keeps every value that it ever had, by month and price, with the instant of the change: a
document may only ever show a value that the board really had.
"""

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

from simulation.city import City, Deal
from simulation.months import rounded_up, seconds_by_month

# Charged minutes by month and hourly price.
Due: TypeAlias = dict[tuple[str, int], int]
# Typed time has a total; its days are those that a read happened to see.
TYPED = ("", 0)
# A late change that was let pass once the last month was closed: the next invoice would have it.
PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Upheld:
    """A month whose question was right: what is charged, and what it may have been before."""

    minutes: int
    before: frozenset[int]


@dataclass(slots=True)
class Asked:
    """A question about a month of a row, by the id that the product gave it; no end: still open."""

    row: "Row"
    month: str
    question_id: str
    asked_at: int
    ended_at: int = 0
    answered: bool = False


@dataclass(slots=True)
class Row:
    """One activity with its history; typed rows hold a total."""

    item: str
    deal: Deal
    sessions: dict[str, tuple[int, int]] = field(default_factory=dict)
    typed: int = 0
    months: set[str] = field(default_factory=set)
    there: bool = True
    gone_at: int = 0
    decisions: list[tuple[int, str]] = field(default_factory=list)
    emptied: bool = False
    bug: bool = False
    was_bug: bool = False
    waits: bool = False
    approved_at: int = 0
    rulings: list[tuple[int, str]] = field(default_factory=list)
    upheld: dict[str, Upheld] = field(default_factory=dict)
    past: list[tuple[int, Due]] = field(default_factory=list)
    worked: list[Due] = field(default_factory=list)
    possible: dict[tuple[str, int], set[int]] = field(default_factory=dict)

    @property
    def absorbed(self) -> bool:
        """Whether a change came too late and was let go, or no invoice is to come that bills it."""
        return any(choice in {"absorb", PENDING} for _, choice in self.rulings)

    def raw(self) -> Due:
        """Return what was worked and may be charged, whatever was said about it since."""
        if self.bug or (self.waits and not self.approved_at):  # a documented bug is free (R55)
            return {}
        return {TYPED: self.typed} if self.deal.typed else _tracked(self)

    def due(self) -> Due:
        """Return what the row comes to now."""
        return {key: min(self._left(key, minutes)) for key, minutes in self.raw().items()}

    def now(self, key: tuple[str, int]) -> set[int]:
        """Return what a month and price may come to now.

        Who upheld a question may have seen an older state of the row than it had.
        """
        if self.absorbed:
            return set(range(self.rises(key) + 1))
        return self._left(key, self.raw().get(key, 0))

    def changed(self, at: int) -> None:
        """Write down what the row comes to from an instant on."""
        now, raw = self.due(), self.raw()
        if not self.past or self.past[-1][1] != now:
            self.past.append((at, now))
        if not self.worked or self.worked[-1] != raw:
            self.worked.append(raw)
        for key, minutes in raw.items():
            self.possible.setdefault(key, {0}).update(self._left(key, minutes))

    def uphold(self, month: str, minutes: int) -> None:
        """Let a month be charged so many minutes; what is worked beyond it later comes on top."""
        known = {sum(m for (name, _), m in due.items() if name == month) for due in self.worked}
        self.upheld[month] = Upheld(minutes, frozenset(m for m in known if m >= minutes))

    def _left(self, key: tuple[str, int], minutes: int) -> set[int]:
        said = self.upheld.get(key[0])
        if said is None:
            return {minutes}
        if sum(name == key[0] for name, _ in self.raw()) > 1:  # of several prices, whichever
            return set(range(minutes + 1))
        return {min(minutes, said.minutes) + max(0, minutes - one) for one in said.before}

    def values(self, key: tuple[str, int]) -> set[int]:
        """Return the minutes that a month and price ever had, in the eyes of any who upheld."""
        return self.possible.get(key, {0})

    def changes(self, key: tuple[str, int], after: int, until: int) -> bool:
        """Say whether a month and price changed in a span of time."""
        before = 0
        for at, due in self.past:
            value = due.get(key, 0)
            if value != before and after <= at <= until:
                return True
            before = value
        return False

    def rises(self, key: tuple[str, int]) -> int:
        """Return all that a month and price ever rose by: what fell may have been let go."""
        values = [0, *(due.get(key, 0) for _, due in self.past)]
        return sum(max(0, after - before) for before, after in pairwise(values))

    def fell(self, key: tuple[str, int]) -> bool:
        """Say whether a month and price were ever lowered."""
        values = [due.get(key, 0) for _, due in self.past]
        return any(after < before for before, after in pairwise(values))


@dataclass(slots=True)
class History:
    """Everything that people did in one world."""

    town: City
    rows: dict[str, Row] = field(default_factory=dict)
    by_hand: dict[str, list[int]] = field(default_factory=dict)
    passed: dict[str, list[int]] = field(default_factory=dict)
    voided: set[str] = field(default_factory=set)
    edits: int = 0
    restores: list[int] = field(default_factory=list)
    questions: list[Asked] = field(default_factory=list)
    told: set[str] = field(default_factory=set)

    def hand(self, client_id: str, at: int) -> None:
        """Write down that somebody worked on a client's documents in Stripe by hand."""
        self.by_hand.setdefault(client_id, []).append(at)

    def rows_of(self, contract_id: str) -> list[Row]:
        """Return a contract's rows."""
        return [row for row in self.rows.values() if row.deal.contract_id == contract_id]


def unit_at(deal: Deal, at: int) -> int:
    """Return what an hour of work at an instant costs; a package's hours are paid for."""
    if deal.kind == "package":
        return 0
    return max((start, unit) for start, unit in deal.prices if start <= at)[1]


def total(due: Due) -> int:
    """Return all minutes of a row."""
    return sum(due.values())


def _tracked(row: Row) -> Due:
    """Sum seconds by month and price over all sessions, then round up once each."""
    seconds: Counter[tuple[str, int]] = Counter()
    for start, end in row.sessions.values():
        for begin, stop in _spans(row.deal, start, end):
            for name, part in seconds_by_month(begin, stop, row.deal.zone).items():
                seconds[name, unit_at(row.deal, begin)] += part
    return {key: rounded_up(s, row.deal.increment) for key, s in sorted(seconds.items()) if s}


def _spans(deal: Deal, start: int, end: int) -> list[tuple[int, int]]:
    start = max(start, deal.bill_from)
    prices = () if deal.kind == "package" else deal.prices
    cuts = [start, *(at for at, _ in prices if start < at < end), max(start, end)]
    return list(pairwise(cuts))
