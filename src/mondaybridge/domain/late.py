"""Changes of a month that was closed longer ago than the late window (semantics 6.12).

They are never ignored and never issued by themselves: a person decides about exactly the change
that was shown, to let it pass or to absorb it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mondaybridge.domain.allocation import Choice
from mondaybridge.domain.outcome import Held, HeldReason
from mondaybridge.domain.usage import LineId, LineKind
from mondaybridge.domain.worktime import DAY_MS

if TYPE_CHECKING:
    from mondaybridge.domain.books import Books, Change

# What may be decided about a change that came too late.
CHOICES = (Choice.BILL, Choice.ABSORB)


@dataclass(frozen=True, slots=True)
class LateRuling:
    """A decision about one line's change: by how much it moved, and to what.

    ``bill`` lets the line come to exactly that; what is absorbed is never asked for or given back.
    """

    choice: Choice
    minutes: int
    amount_minor: int
    target_minutes: int
    target_minor: int


def in_time(books: "Books", changes: Iterable["Change"]) -> tuple[list["Change"], list["Change"]]:
    """Part what may be issued from what came too late, less what was absorbed of either."""
    due: list[Change] = []
    late: list[Change] = []
    for change in changes:
        line_id = change.line.line_id
        rulings = books.late.get(line_id, ())
        rest = _without_absorbed(change, rulings)
        if rest.amount_minor:
            passes = not _too_late(books, line_id) or _let_pass(rest, rulings)
            (due if passes else late).append(rest)
    return due, late


def held_late(late: Sequence["Change"]) -> list[tuple[str, Held]]:
    """Return what came too late as held minutes, by contract; a decrease is negative."""
    minutes: Counter[tuple[str, str, str]] = Counter()
    for change in late:
        minutes[place_of(change)] += change.minutes
    return [
        (contract_id, Held(subject, period, HeldReason.TOO_LATE, total))
        for (contract_id, subject, period), total in sorted(minutes.items())
    ]


def place_of(change: "Change") -> tuple[str, str, str]:
    """Return the contract, the subject and the month of a change."""
    line_id = change.line.line_id
    return line_id.contract_id, line_id.subject, line_id.period


def ruling(change: "Change", choice: Choice) -> LateRuling:
    """Return a decision about a change as it stands."""
    return LateRuling(
        choice, change.minutes, change.amount_minor, change.line.minutes, change.line.amount_minor
    )


def _too_late(books: "Books", line_id: LineId) -> bool:
    """Whether a line moved after the window; what only waited, like a carried month, did not.

    A fee moves by nobody's edit.
    """
    closed_at = books.closed_at.get((line_id.contract_id, line_id.period))
    window = books.client.billing.late_days * DAY_MS
    if closed_at is None or line_id.kind == LineKind.FEE.value:
        return False
    return books.moved_at.get(line_id, books.now) - closed_at > window


def _let_pass(change: "Change", rulings: Sequence[LateRuling]) -> bool:
    """Whether a person let the line come to what it comes to now."""
    target = change.line.minutes, change.line.amount_minor
    return any(
        one.choice is Choice.BILL and (one.target_minutes, one.target_minor) == target
        for one in rulings
    )


def _without_absorbed(change: "Change", rulings: Sequence[LateRuling]) -> "Change":
    """Take off what was absorbed of changes in the same direction, up to the change itself.

    What was edited back is absorbed no more: another change there is a new one.
    """
    same = [
        one
        for one in rulings
        if one.choice is Choice.ABSORB and (one.amount_minor > 0) == (change.amount_minor > 0)
    ]
    minutes = (_still(one.minutes, one.target_minutes, change.line.minutes) for one in same)
    money = (_still(one.amount_minor, one.target_minor, change.line.amount_minor) for one in same)
    return replace(
        change,
        minutes=_less(change.minutes, sum(minutes)),
        amount_minor=_less(change.amount_minor, sum(money)),
    )


def _still(absorbed: int, target: int, now: int) -> int:
    """Return how much of what was absorbed on the way to a target the line still has."""
    beyond = now - (target - absorbed)
    return min(absorbed, max(0, beyond)) if absorbed > 0 else max(absorbed, min(0, beyond))


def _less(value: int, absorbed: int) -> int:
    if value > 0:
        return max(0, value - max(0, absorbed))
    return min(0, value - min(0, absorbed))
