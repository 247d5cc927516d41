"""A small agency played by lists of actions: rows, packages and time change, reviews follow."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from hypothesis import strategies as st

from ledgerbook import Book, activity, at, package, prepaid, worked
from mondaybridge.domain.activity import Activity, Approval, Presence, Status
from mondaybridge.domain.allocation import Choice, Decision
from mondaybridge.domain.contract import Policies
from mondaybridge.domain.ledger import POSTING
from mondaybridge.domain.outcome import HeldReason, Review
from mondaybridge.domain.worktime import DAY_MS, month_of

Action = tuple[str, str, int]

CELLS: dict[str, Callable[[Activity, int], Activity]] = {
    "approve": lambda row, _: replace(row, approval=Approval.APPROVED),
    "estimate": lambda row, n: replace(row, estimate_seconds=n * 60),
    "done": lambda row, _: replace(row, status=Status.DONE),
    "working": lambda row, _: replace(row, status=Status.WORKING),
    "cancel": lambda row, _: replace(row, status=Status.CANCELLED),
    "urgent": lambda row, n: replace(row, factor=1 + 2 * (n % 2)),
    "bug": lambda row, n: replace(row, bug=n % 2 == 1, documentation="the report"),
    "free": lambda row, _: replace(row, chargeable=False),
    "charged": lambda row, _: replace(row, chargeable=True),
    "restore": lambda row, _: replace(row, presence=Presence.ACTIVE),
    "mend": lambda row, _: replace(row, parked=""),
    "again": lambda row, n: replace(
        row, approval=Approval.APPROVED, approval_reference=f"mail {n}"
    ),
}
CELLS["raise"] = lambda row, n: CELLS["again"](CELLS["estimate"](row, n), n)
ABSENCE: dict[str, Callable[[Activity, int], Activity]] = {
    "delete": lambda row, _: replace(row, presence=Presence.DELETED),
    "miss": lambda row, _: replace(row, presence=Presence.MISSING),
    "park": lambda row, _: replace(row, parked="a cell cannot be read"),
    "reject": lambda row, _: replace(row, approval=Approval.REJECTED),
    "withdraw": lambda row, _: replace(row, approval=Approval.NONE),
}
PLAIN = ("estimate", "work", "work", "work", "edit", "done", "working", "cancel", "topup")
CHARGES = ("free", "charged", "charged")
INPUTS = (*PLAIN, *CHARGES, "urgent", "again", "bug", "absorb", "next_package", "wait")
MENDED = ("restore", "mend", "approve", "again")
CHARGED_AGAIN = (*CHARGES, "raise", "raise", "today")
CONSENTS = ("confirm", "confirm")
TOLD_TODAY = ("today", "today", "today", "estimate", "again", "done", "working", "cancel", "topup")
ALL = (*INPUTS, *PLAIN, *ABSENCE, *MENDED, *MENDED, *CONSENTS, "close")


def actions(
    kinds: tuple[str, ...], size: int = 24, *, keys: str = "ABC", least: int = 0
) -> st.SearchStrategy[list[Action]]:
    step = st.tuples(st.sampled_from(kinds), st.sampled_from(keys), st.integers(least, 130))
    return st.lists(step, min_size=1, max_size=size)


@dataclass
class World:
    """The board of one package contract and its book; every action takes a day and a half."""

    book: Book = field(
        default_factory=lambda: Book(
            prepaid(
                package(minutes=200, expires_at=at("2026-11-20")),
                policies=Policies(minor_minutes=30),
            ),
            at("2026-10-01 08:00"),
        )
    )
    rows: dict[str, Activity] = field(
        default_factory=lambda: {key: activity(key, 60) for key in "ABC"}
    )
    held: dict[tuple[str, str], int] = field(default_factory=dict)

    def play(self, action: Action) -> Review:
        """Apply one action and review."""
        kind, key, number = action
        row = self.rows[key]
        if kind == "miss" and row.presence is not Presence.ACTIVE:
            pass
        elif change := CELLS.get(kind) or ABSENCE.get(kind):
            self.rows[key] = change(row, number)
        elif kind in {"work", "edit"} and row.movable:
            days = (self.book.now - at("2026-10-01")) // DAY_MS
            day = at("2026-10-01") + (number * 7 % (days + 1)) * DAY_MS + 3_600_000
            self._work(key, number, day, again=kind == "edit")
        elif kind == "today" and row.movable:
            self._work(key, number, self.book.now + 3_600_000, again=False)
        elif kind == "confirm":
            self._confirm(key)
        elif kind == "topup":
            self._top_up(number)
        elif kind == "close":
            self.book.closed |= {self._last_month()} - {""}
        elif kind in {"absorb", "next_package", "wait"}:
            self._decide(key, Choice(kind))
        self.book.now += DAY_MS * 3 // 2
        return self.review()

    def review(self) -> Review:
        review = self.book.review(*self.rows.values())
        held = Counter[tuple[str, str]]()
        for one in review.held:
            if one.reason is not HeldReason.PARKED:
                held[one.activity_id, one.period] += one.minutes
        self.held = dict(held)
        return review

    def posted(self, key: str, period: str) -> int:
        return sum(
            e.minutes
            for e in self.book.entries
            if e.kind in POSTING and (e.activity_id, e.period) == (key, period)
        )

    def sums(self) -> dict[tuple[str, ...], int]:
        totals = Counter[tuple[str, ...]]()
        for s in self.book.history().sums:
            totals[s.group.value, s.activity_id, s.package_id, s.period] += s.minutes
        return {key: minutes for key, minutes in totals.items() if minutes}

    def _confirm(self, key: str) -> None:
        """Show the client the numbers and have them confirmed in writing (R15b)."""
        if self.book.activations[key].assessment:
            self.book.show(key)
            reference = f"confirmed at {self.book.now}"
            row = replace(self.rows[key], approval=Approval.APPROVED)
            self.rows[key] = replace(row, approval_reference=reference)

    def _work(self, key: str, number: int, day: int, *, again: bool) -> None:
        row = self.rows[key]
        kept = row.sessions[:-1] if again else row.sessions
        name = f"s{number}-{len(kept)}"
        session = replace(worked(number, "2026-10-01", name), started_at=day)
        session = replace(session, ended_at=day + session.seconds * 1000)
        self.rows[key] = replace(row, sessions=(*kept, session) if number else kept)

    def _top_up(self, number: int) -> None:
        known = self.book.contract.packages
        if len(known) < 4:
            sold = replace(package(f"p{len(known) + 1}", 60 + number), sold_at=self.book.now)
            self.book.contract = replace(self.book.contract, packages=(*known, sold))

    def _last_month(self) -> str:
        name = month_of(self.book.now - 32 * DAY_MS, self.book.contract.zone).name
        return name if name >= "2026-10" else ""

    def _decide(self, key: str, choice: Choice) -> None:
        periods = tuple((p, m) for (k, p), m in sorted(self.held.items()) if k == key)
        if periods:
            self.book.decisions.append(Decision(key, choice, periods, self.book.now))
