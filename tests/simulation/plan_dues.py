"""What a plan's month includes: its share of a month begun late, and what earlier months left.

What goes on is exact where a month was the same from well before its invoice to the end; where it
moved meanwhile, all is possible from nothing to the limit (semantics 6.14, 6.15).
"""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simulation.books import unit_of
from simulation.city import Deal
from simulation.model import Row
from simulation.months import following, instant, local_day
from simulation.papers import Paper


@dataclass(frozen=True, slots=True)
class Seen:
    """When each month's first invoice was issued, and how old its numbers may have been."""

    issued: Mapping[str, int]
    slack_ms: int
    papers: Sequence[Paper] = ()

    def stood(self, item: str, at: int) -> int:
        """Return the minutes of a row on what was issued by then and counts today."""
        mine = (entry for paper in self.papers if paper.created <= at for entry in paper.entries)
        ours = (entry for entry in mine if len(entry.identity) == 6 and unit_of(entry.identity))
        return sum(entry.minutes for entry in ours if entry.identity[2] == item)


def share_of_first(deal: Deal, name: str, whole: int) -> int:
    """Return a plan's part of the month in which it begins, by days, half up (6.14)."""
    if not deal.prorated:
        return whole
    days = calendar.monthrange(int(name[:4]), int(name[5:]))[1]
    used = days - local_day(deal.bill_from, deal.zone).day + 1
    return (2 * whole * used + days) // (2 * days)


def carried_into(
    deal: Deal, months: Sequence[str], rows: list[Row], seen: Seen
) -> dict[str, tuple[int, int]]:
    """Return by month the fewest and the most minutes that earlier months left to it."""
    most, back = deal.carried
    lots: list[tuple[int, int]] = []
    same, found = True, {}
    for number, name in enumerate(months):
        lots = _within([lot for lot in lots if lot[0] >= number - back], most)
        whole = sum(minutes for _, minutes in lots)
        found[name] = (whole, whole) if same else (0, most if number else 0)
        same = same and steady(rows, name, seen)
        included = share_of_first(deal, name, deal.included) if not number else deal.included
        used = sum(m for row in rows for (month, _), m in row.due().items() if month == name)
        lots = _less([*lots, (number, included)], used)
    return found


def _within(lots: list[tuple[int, int]], most: int) -> list[tuple[int, int]]:
    """Keep no more than the limit: the oldest are lost."""
    kept: list[tuple[int, int]] = []
    for number, minutes in reversed(lots):
        part = min(minutes, most)
        most -= part
        kept.insert(0, (number, part))
    return kept


def _less(lots: list[tuple[int, int]], used: int) -> list[tuple[int, int]]:
    """Use minutes, the oldest first."""
    left = []
    for number, minutes in lots:
        part = min(minutes, used)
        used -= part
        left.append((number, minutes - part))
    return left


def gone_on(deal: Deal, name: str, months: Sequence[str], rows: list[Row], seen: Seen) -> int:
    """Return the most minutes of a month that later ones may have used before it rose.

    Only a month that was closed before, and that what is left still reaches, can have used them.
    """
    most, back = deal.carried
    used = 0
    for later in months[months.index(name) + 1 :][:back]:
        closed = seen.issued.get(later, instant(following(later), deal.zone))
        if moved(rows, name, closed - seen.slack_ms):
            used += sum(_most_in(row, later) for row in rows)
    return min(most, used)


def _most_in(row: Row, name: str) -> int:
    """Return the most that a row ever came to in a month."""
    return max(
        (sum(m for key, m in due.items() if key[0] == name) for _, due in row.past), default=0
    )


def steady(rows: list[Row], name: str, seen: Seen) -> bool:
    """Say whether a month stayed the same from well before its invoice on."""
    issued = seen.issued.get(name)
    return issued is not None and not moved(rows, name, issued - seen.slack_ms)


def moved(rows: list[Row], name: str, since: int) -> bool:
    """Say whether a month may have come to something else since then."""
    for row in rows:
        if not row.there or row.was_bug or row.upheld or row.rulings:
            return True
        keys = {key for _, due in row.past for key in due if key[0] == name}
        if any(row.changes(key, since, 1 << 62) for key in keys):
            return True
    return False
