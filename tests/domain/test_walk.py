"""The walk of one package from sale to expiry, step by step (ledger 3)."""

from dataclasses import dataclass, field, replace

import pytest

from ledgerbook import Book, activity, at, package, prepaid, worked
from mondaybridge.domain.activity import Activity, Approval, Presence, Status
from mondaybridge.domain.outcome import Billing


@dataclass
class Walk:
    book: Book = field(default_factory=lambda: Book(prepaid(package()), at("2026-10-01 08:00")))
    rows: dict[str, Activity] = field(default_factory=dict)

    def step(self, *changed: Activity) -> list[tuple[str, int]]:
        self.rows |= {row.activity_id: row for row in changed}
        return self.book.step(list(self.rows.values()))

    def sums(self) -> tuple[int, int, int, int, int]:
        b = self.book.balance
        return b.granted, b.posted, b.reserved, b.hard, b.free


def actual(minutes: int) -> Activity:
    return activity("A", 120, worked(minutes, "2026-10-05"))


def test_the_walk_of_a_package() -> None:
    walk = Walk()
    assert walk.step() == [("grant", 600)]
    assert walk.sums() == (600, 0, 0, 600, 600)

    assert walk.step(activity("A", 120)) == [("reserve", 120)]
    assert walk.sums() == (600, 0, 120, 600, 480)

    assert walk.step(actual(40)) == [("release", -40), ("post", 40)]
    assert walk.sums() == (600, 40, 80, 560, 480)

    assert walk.step(actual(150)) == [("release", -80), ("post", 110)]
    assert walk.sums() == (600, 150, 0, 450, 450)

    walk.step(replace(actual(150), status=Status.DONE))
    assert walk.step(replace(actual(100), status=Status.DONE)) == [("post", -50)]
    assert walk.sums() == (600, 100, 0, 500, 500)

    b = activity("B", 60)
    assert walk.step(b) == [("reserve", 60)]
    b = replace(b, sessions=(worked(25, "2026-10-06"),))
    assert walk.step(b) == [("release", -25), ("post", 25)]
    assert walk.step(replace(b, status=Status.CANCELLED)) == [("release", -35)]
    assert walk.sums() == (600, 125, 0, 475, 475)

    d = activity("D", 120)
    assert walk.step(d) == [("reserve", 120)]
    d = replace(d, sessions=(worked(40, "2026-10-07"),))
    assert walk.step(d) == [("release", -40), ("post", 40)]
    assert walk.sums() == (600, 165, 80, 435, 355)

    assert walk.step(replace(d, factor=3)) == []
    again = replace(d, factor=3, approval_reference="mail of 8 October")
    assert walk.step(again) == [("post", 80), ("reserve", 160)]
    assert walk.sums() == (600, 245, 240, 355, 115)

    assert walk.step(replace(d, factor=1)) == [("release", -160), ("post", -80)]
    assert walk.sums() == (600, 165, 80, 435, 355)

    bug = replace(actual(100), status=Status.DONE, bug=True, documentation="the report")
    assert walk.step(bug) == [("credit", 100)]
    assert walk.sums() == (700, 165, 80, 535, 455)

    bug = replace(actual(60), status=Status.DONE, bug=True, documentation="the report")
    assert walk.step(bug) == [("credit", -40), ("post", -40)]
    assert walk.sums() == (660, 125, 80, 535, 455)

    assert walk.step(replace(d, presence=Presence.DELETED)) == [("release", -80)]
    assert walk.sums() == (660, 125, 0, 535, 535)

    walk.book.closed.add("2026-10")
    assert walk.step() == []
    assert walk.sums() == (660, 125, 0, 535, 535)

    late = replace(b, status=Status.CANCELLED, sessions=(worked(35, "2026-10-06"),))
    assert walk.step(late) == [("adjust", 10)]
    assert walk.sums() == (660, 135, 0, 525, 525)

    second = package("p2", 300, "2026-11-02")
    walk.book.contract = prepaid(package(), second)
    walk.book.now = at("2026-11-02 08:00")
    assert walk.step() == [("grant", 300)]
    assert walk.sums() == (960, 135, 0, 825, 825)

    first = package(expires_at=at("2026-11-10"))
    walk.book.contract = prepaid(first, second)
    walk.book.now = at("2026-11-12 08:00")
    assert walk.step() == [("expire", -525)]
    assert walk.sums() == (435, 135, 0, 300, 300)

    e = activity("E", 25, worked(25, "2026-11-05"))
    assert walk.step(e) == [("expire", 25), ("post", 25)]
    assert walk.sums() == (460, 160, 0, 300, 300)

    assert walk.step() == []


@pytest.mark.parametrize("approval", [Approval.NONE, Approval.REJECTED])
def test_unapproved_time_is_held_and_never_posted(approval: Approval) -> None:
    walk = Walk()
    row = activity("A", 60, worked(30, "2026-10-05"), approval=approval)
    decided = walk.book.review(row)
    assert [e.kind.value for e in decided.entries] == ["grant"]
    assert [(h.reason.value, h.period, h.minutes) for h in decided.held] == [
        ("unapproved" if approval is Approval.NONE else "rejected", "2026-10", 30)
    ]
    assert [cell.billing for cell in decided.cells] == [Billing.HELD]
