"""Checkers of what waits for a person: questions, changes that come late, work nobody approved."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from simulation.books import unit_of
from simulation.city import CHARGED
from simulation.model import PENDING, Row
from simulation.months import DAY_MS
from simulation.papers import Entry, Paper

if TYPE_CHECKING:
    from simulation.checkers import Case, Verdicts


def questioned_waits(case: "Case", verdicts: "Verdicts") -> None:
    """No line of an hourly contract moves while its month is in question (semantics 6.24)."""
    held = {c.client_id for c in case.town.customers if c.questions == "questions"}
    for one in case.history.questions:
        if one.row.deal.client_id not in held or one.row.deal.kind not in {"payg", "none"}:
            continue
        until = one.ended_at // 1000 * 1000 or 1 << 62  # Stripe counts seconds
        moved = [
            paper.key
            for paper, entry, row in _lines(case)
            if row is one.row and entry.identity[3] == one.month and entry.amount
            if one.asked_at + case.slack_ms < paper.created < until
        ]
        told = f"{moved} bill {one.row.item} {one.month} while it was in question"
        verdicts.hold("questions", not moved, told)


def late_waits(case: "Case", verdicts: "Verdicts") -> None:
    """What changed after the late window is issued only once somebody decided so (6.12)."""
    late = {c.client_id: c.late_days for c in case.town.customers if c.late_days < 365}
    seen: dict[tuple[str, ...], int] = {}
    net, most = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    closed = {(p.customer, p.scope): p.created for p in reversed(case.papers) if p.invoice}
    for paper, entry, row in _lines(case):
        days, key = late.get(row.deal.client_id), (entry.identity[3], unit_of(entry.identity))
        before = seen.get(entry.identity)
        seen[entry.identity] = paper.created
        highest, left = most[entry.identity], net[entry.identity] + entry.amount
        net[entry.identity], most[entry.identity] = left, max(highest, left)
        since = closed.get((paper.customer, key[0]))
        plain = row.deal.kind in {"payg", "none"} and not (row.deal.typed or row.deal.bulk)
        if days is None or since is None or before is None or not (plain and paper.key):
            continue
        end = since + days * DAY_MS + case.slack_ms + DAY_MS
        soon = row.changes(key, before - case.slack_ms, end)
        decided = any(
            at // 1000 * 1000 <= paper.created and what in {"bill", PENDING}
            for at, what in row.rulings
        )
        touched = case.touched(next(c for c in case.town.customers if c.customer == paper.customer))
        told = f"{paper.key} brings {entry.identity} after the late window, undecided"
        kept = any(at // 1000 * 1000 <= paper.created for at, _ in row.decisions)
        # A documented bug is credited whenever it is (R55); taken back, it is charged as before.
        bug = row.was_bug and left <= highest
        verdicts.hold("late", soon or decided or touched or kept or bug, told)


def unapproved_waits(case: "Case", verdicts: "Verdicts") -> None:
    """Work that must be approved takes no hours before, on paper or on its board (ledger 4)."""
    lines = list(_lines(case))
    for row in case.history.rows.values():
        if row.waits:
            until = row.approved_at or 1 << 62
            early = [
                paper.key
                for paper, entry, other in lines
                if other is row and entry.minutes and paper.created < until
            ]
            told = f"{early} have time of {row.item}, which nobody had approved"
            verdicts.hold("admission", not early, told)
            cell = case.sandbox.monday.state.items[row.item].cells.get(CHARGED)
            shown = cell.value if cell and not row.approved_at else None
            told = f"{row.item} shows {shown} min, which nobody had approved"
            verdicts.hold("admission", shown in {None, "", "0"}, told)


def _lines(case: "Case") -> Iterator[tuple[Paper, Entry, Row]]:
    for paper in case.papers:
        for entry in paper.entries:
            if len(entry.identity) == 6 and entry.identity[1] == "usage":
                yield paper, entry, case.history.rows[entry.identity[2]]
