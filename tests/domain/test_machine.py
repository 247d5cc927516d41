"""One package against three plain integers: P, C and H as a person would keep them on paper.

While everything fits, the rules are so simple that a few lines of integers can follow them.
"""

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ledgerbook import Book, activity, at, package, prepaid, worked
from mondaybridge.domain.activity import Activity, Approval, Presence, Status

NAMES = st.sampled_from("ABCD")
MINUTES = st.integers(0, 60)


class Paper:
    """What a person would write: minutes granted, worked per row, reserved per row."""

    def __init__(self) -> None:
        self.granted = 100_000
        self.posted = dict.fromkeys("ABCD", 0)
        self.estimate = dict.fromkeys("ABCD", 0)
        self.open = dict.fromkeys("ABCD", False)

    def reserved(self, key: str) -> int:
        return max(0, self.estimate[key] - self.posted[key]) if self.open[key] else 0


class Package(RuleBasedStateMachine):
    """The humans' gestures on four rows of one board, each followed by a review."""

    @initialize()
    def sell(self) -> None:
        self.book = Book(prepaid(package(minutes=100_000)), at("2026-10-01 08:00"))
        self.rows = {key: activity(key, 0, approval=Approval.NONE) for key in "ABCD"}
        self.paper = Paper()
        self.tops = 0
        self._review()

    @rule(key=NAMES, minutes=MINUTES)
    def estimate(self, key: str, minutes: int) -> None:
        if self.rows[key].movable:
            self._change(key, estimate_seconds=minutes * 60)
            self.paper.estimate[key] = minutes

    @rule(key=NAMES)
    def approve(self, key: str) -> None:
        self._change(key, approval=Approval.APPROVED)

    @rule(key=NAMES, minutes=MINUTES)
    def work(self, key: str, minutes: int) -> None:
        row = self.rows[key]
        name = f"s{len(row.sessions)}"
        self._change(key, sessions=(*row.sessions, worked(minutes, "2026-10-05", name)))

    @rule(key=NAMES, minutes=MINUTES)
    def edit(self, key: str, minutes: int) -> None:
        row = self.rows[key]
        self._change(key, sessions=(*row.sessions[:-1], worked(minutes, "2026-10-06")))

    @rule(key=NAMES, status=st.sampled_from(list(Status)))
    def move(self, key: str, status: Status) -> None:
        self._change(key, status=status)

    @rule(key=NAMES)
    def delete(self, key: str) -> None:
        self._change(key, presence=Presence.DELETED)

    @rule(key=NAMES)
    def restore(self, key: str) -> None:
        self._change(key, presence=Presence.ACTIVE)

    @precondition(lambda self: self.tops < 3)
    @rule(minutes=MINUTES)
    def top_up(self, minutes: int) -> None:
        self.tops += 1
        more = replace(package(f"p{self.tops + 1}", minutes + 1), sold_at=self.book.now)
        self.book.contract = prepaid(*self.book.contract.packages, more)
        self.paper.granted += minutes + 1
        self._review()

    @precondition(lambda self: "2026-10" not in self.book.closed)
    @rule()
    def close(self) -> None:
        self.book.closed.add("2026-10")
        self._review()

    @invariant()
    def paper_and_ledger_agree(self) -> None:
        paper, balance = self.paper, self.book.balance
        reserved = sum(paper.reserved(key) for key in "ABCD")
        assert (balance.granted, balance.posted, balance.reserved) == (
            paper.granted,
            sum(paper.posted.values()),
            reserved,
        )
        assert balance.free == paper.granted - sum(paper.posted.values()) - reserved

    def _change(self, key: str, **cells: object) -> None:
        row = self.rows[key]
        if row.presence is not Presence.DELETED or "presence" in cells:
            self.rows[key] = replace(row, **cells)  # type: ignore[arg-type]  # one gesture's cells
        self._review()

    def _review(self) -> None:
        self.book.review(*self.rows.values())
        for key, row in self.rows.items():
            self._note(key, row)

    def _note(self, key: str, row: Activity) -> None:
        there = row.presence is not Presence.DELETED
        approved = row.approval is Approval.APPROVED
        self.paper.open[key] = there and approved and row.status not in ENDED
        if there and approved:
            self.paper.posted[key] = sum(s.seconds for s in row.sessions) // 60


ENDED = {Status.DONE, Status.CANCELLED}
TestPackage = Package.TestCase
TestPackage.settings = settings(
    derandomize=True, max_examples=30, stateful_step_count=25, deadline=None
)
