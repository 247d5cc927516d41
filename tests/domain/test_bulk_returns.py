"""What bulk purchases get back after their end reaches the client (R55, semantics 6.13, 6.30)."""

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counts import COUNTED, Record
from ledgerbook import HOURLY, Book, at, metered
from mondaybridge.domain.activity import Activity, Presence
from mondaybridge.domain.contract import Package
from mondaybridge.domain.ledger import POSTING
from mondaybridge.domain.money import RateKey
from mondaybridge.domain.outcome import History
from mondaybridge.domain.sales import Sale
from planbook import row, stands

NET = RateKey(28_814, "gbp", "txr_20")
ENDS = at("2026-11-10", "Europe/London")
EXAMPLES = 200


@dataclass
class SalesBook(Book):
    """A book that also knows what the invoices of sales show."""

    sales: dict[str, Sale] = field(default_factory=dict)

    def history(self) -> History:
        return replace(super().history(), sales=self.sales)


def book(*packages: Package) -> SalesBook:
    """Begin ten days after the end of a purchase of 100 minutes, in its last month."""
    contract = replace(metered(), packages=packages or (bulk(),))
    return SalesBook(contract, at("2026-11-20"))


def bulk(name: str = "b1", minutes: int = 100, **more: object) -> Package:
    terms = {"expires_at": ENDS, "lapses_at": ENDS + 3 * 86_400_000, **more}
    return Package(name, minutes, at("2026-10-01"), NET, **terms)  # type: ignore[arg-type]  # its terms


def bug(one: Activity) -> Activity:
    return replace(one, bug=True, documentation="B1")


def used(started: Book) -> dict[tuple[str, str], int]:
    return {k: m for k, m in stands(started.entries).items() if k[0] and k[1] != "goodwill"}


def left(started: Book) -> int:
    """Return what is still to be used of purchases and their goodwill."""
    on_packages = [e for e in started.entries if e.package_id]
    return sum(-e.minutes if e.kind in POSTING else e.minutes for e in on_packages)


def told(started: Book, *rows: Activity) -> list[tuple[str, str, str, int, str]]:
    decided = started.review(*rows)
    assert started.step(rows) == []
    return sorted(
        (e.kind.value, e.package_id, e.source, e.minutes, e.cause) for e in decided.entries
    )


A, B = row("A", 80, "2026-11-05"), row("B", 50, "2026-11-06")
AFTER = row("N", 90, "2026-11-15")


def test_6_13_a_bug_documented_after_the_end_in_the_open_month_becomes_goodwill() -> None:
    started = book()
    started.review(A)
    assert used(started) == {("A", "bulk:b1"): 80}
    assert told(started, bug(A)) == [
        ("expire", "b1", "", -80, "package expired"),
        ("grant", "b1:goodwill", "goodwill", 80, "documented bug: B1"),
        ("post", "", "no_charge", 80, "documented bug: B1"),
        ("post", "b1", "bulk:b1", -80, "documented bug: B1"),
    ]
    assert left(started) == 80
    started.review(bug(A), AFTER)
    assert used(started) == {
        ("A", "no_charge"): 80,
        ("N", "bulk:b1:goodwill"): 80,
        ("N", "payg"): 10,
    }


def test_6_13_other_work_of_its_days_takes_the_hours_first() -> None:
    started = book()
    started.review(A, B)
    assert used(started) == {("A", "bulk:b1"): 80, ("B", "bulk:b1"): 20, ("B", "payg"): 30}
    assert told(started, bug(A), B)[1] == (
        "grant", "b1:goodwill", "goodwill", 50, "documented bug: B1"
    )  # fmt: skip
    assert used(started) == {("A", "no_charge"): 80, ("B", "bulk:b1"): 50}


def test_a_bug_that_is_one_no_longer_takes_its_goodwill_back() -> None:
    started = book()
    started.review(A)
    started.review(bug(A), AFTER)
    assert ("grant", "b1:goodwill", "goodwill", -80, "bug flag removed") in told(started, A, AFTER)
    assert used(started) == {("A", "bulk:b1"): 80, ("N", "payg"): 90}
    assert left(started) == 0


@pytest.mark.parametrize("how", ["left", "deleted", "parked"])
def test_5_8_a_bug_that_cannot_be_read_any_more_keeps_what_was_given(how: str) -> None:
    started = book()
    started.review(A)
    started.review(bug(A))
    gone = {
        "left": [],
        "deleted": [replace(bug(A), presence=Presence.DELETED)],
        "parked": [replace(A, parked="the cell says something else")],
    }[how]
    assert told(started, *gone) == []


def test_what_was_given_in_its_month_stays_when_the_month_is_closed() -> None:
    started = book()
    started.review(A)
    started.review(bug(A))
    started.close("2026-11")
    assert told(started, bug(A)) == []
    assert [(kind, package, minutes) for kind, package, _, minutes, _ in told(started, A)] == [
        ("adjust", "", -80),
        ("adjust", "b1", 80),
        ("expire", "b1", 80),
        ("grant", "b1:goodwill", -80),
    ]
    assert (used(started), left(started)) == ({("A", "bulk:b1"): 80}, 0)


def test_a_bug_that_was_documented_before_the_end_lapses_with_what_nobody_used() -> None:
    started = book()
    started.now = at("2026-11-08")
    started.review(A)
    started.review(bug(A))
    assert used(started) == {("A", "no_charge"): 80}
    started.now = at("2026-11-20")
    assert told(started, bug(A)) == [("expire", "b1", "", -100, "package expired")]


def test_6_13_without_an_end_the_hours_are_on_the_purchase_again() -> None:
    started = book(bulk(expires_at=None, lapses_at=None))
    started.review(A)
    assert [one[0] for one in told(started, bug(A))] == ["post", "post"]
    assert left(started) == 20 + 80


@pytest.mark.parametrize("sale", [Sale.VOIDED, Sale.RETURNED])
@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
def test_6_30_what_is_given_back_of_a_voided_sale_does_not_lapse(
    sale: Sale,
    closed: bool,  # noqa: FBT001 - a case
) -> None:
    started = book()
    started.review(A)
    if closed:
        started.close("2026-11")
    started.sales = {"b1": sale}
    assert told(started, A) == []
    grant = ("grant", "b1:goodwill", "goodwill", 80, "documented bug: B1")
    assert grant in told(started, bug(A))
    assert left(started) == 80
    after = replace(AFTER, sessions=row("N", 90, "2026-12-02").sessions)
    started.now = at("2026-12-03")
    started.review(bug(A), after)
    assert used(started)["N", "bulk:b1:goodwill"] == 80
    started.review(A, after)
    assert used(started) == {("A", "bulk:b1"): 80, ("N", "payg"): 90}
    assert left(started) == 0


def test_6_30_what_comes_back_to_a_frozen_purchase_is_frozen_with_it() -> None:
    started = book(bulk(expires_at=None, lapses_at=None))
    october, more = row("A", 80, "2026-10-05"), row("B", 70, "2026-11-06")
    started.review(october)
    started.close("2026-10")
    started.sales = {"b1": Sale.VOIDED}
    started.review(bug(october), more)
    assert used(started) == {("B", "payg"): 70}
    started.sales = {"b1": Sale.FINALIZED}
    started.review(bug(october), more)
    assert used(started) == {("B", "bulk:b1"): 70}


@given(
    minutes=st.lists(st.sampled_from([0, 20, 60, 90]), min_size=1, max_size=4),
    flags=st.lists(st.integers(0, 3), max_size=6),
    bought=st.sampled_from([30, 50, 100, 400]),
    sale=st.sampled_from([Sale.FINALIZED, Sale.VOIDED]),
    after=st.sampled_from([0, 40, 200]),
)
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
def _flagged(
    counted: dict[str, int],
    minutes: list[int],
    flags: list[int],
    bought: int,
    sale: Sale,
    after: int,
) -> None:
    started = book(bulk(minutes=bought))
    rows = [row(f"R{n}", m, f"2026-11-0{n + 5}") for n, m in enumerate(minutes)]
    later = row("N", after, "2026-11-15")
    started.review(*rows, later)
    drawn = min(bought, sum(minutes))
    started.sales = {"b1": sale}
    for number in flags:
        place = number % len(rows)
        flagged = bug(rows[place]) if not rows[place].bug else replace(rows[place], bug=False)
        rows[place] = flagged
        started.review(*rows, later)
        assert started.step([*rows, later]) == []
        found = used(started)
        back = sum(e.minutes for e in started.entries if e.package_id == "b1:goodwill" and not (
            e.source.startswith("bulk:")))  # fmt: skip
        on_it = sum(m for (_, source), m in found.items() if source == "bulk:b1")
        assert on_it + back == drawn
        assert found.get(("N", "bulk:b1:goodwill"), 0) == min(after, back)
        asked = sum(m for m, one in zip(minutes, rows, strict=True) if not one.bug)
        assert sum(m for (_, source), m in found.items() if source != "no_charge") == asked + after
        counted["reviews"] = counted.get("reviews", 0) + 1


def test_6_13_what_was_drawn_at_the_end_is_the_clients_whatever_is_a_bug(
    record_property: Record,
) -> None:
    counted: dict[str, int] = {}
    _flagged(counted)
    record_property(COUNTED, counted)
    assert counted["reviews"] > EXAMPLES


def test_the_price_of_an_hour_is_asked_for_what_the_goodwill_does_not_cover() -> None:
    started = book()
    started.review(A)
    started.review(bug(A), AFTER)
    priced = {e.rate_key: e.minutes for e in started.entries if e.source == "payg"}
    assert priced == {str(HOURLY): 10}
