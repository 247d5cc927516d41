"""Bulk purchases of a contract by the hour: drawn first, the rest is billed (R51-R52)."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from counts import COUNTED, Record
from ledgerbook import HOURLY, Book, at, metered
from mondaybridge.domain.activity import Activity
from mondaybridge.domain.contract import Contract, DatedRate, Package
from mondaybridge.domain.money import RateKey
from mondaybridge.domain.usage import LineId, itemise
from planbook import money, row, stands

NET = RateKey(28_814, "gbp", "txr_20")
DEARER = RateKey(7_000, "gbp", "txr_20")
EXAMPLES = 200


def bulk(name: str = "b1", minutes: int = 420, sold: str = "2026-10-01", **more: object) -> Package:
    return Package(name, minutes, at(sold, "Europe/London"), NET, **more)  # type: ignore[arg-type]  # its terms


def hourly(*packages: Package, **terms: object) -> Contract:
    return replace(metered(), packages=packages or (bulk(),), **terms)  # type: ignore[arg-type]  # a test names the term


def book(contract: Contract | None = None, now: str = "2026-10-31") -> Book:
    return Book(contract or hourly(), at(now))


def test_R52_a_purchase_is_sold_net_of_its_discount_and_drawn_first() -> None:
    started = book()
    decided = started.review(row("A", 300, "2026-10-05"), row("B", 300, "2026-10-06"))
    assert [
        (e.kind.value, e.activity_id, e.source, e.package_id, e.rate_key, e.minutes)
        for e in decided.entries
    ] == [
        ("grant", "", "sale", "b1", str(NET), 420),
        ("post", "B", "payg", "", str(HOURLY), 180),
        ("post", "A", "bulk:b1", "b1", "0/gbp/", 300),
        ("post", "B", "bulk:b1", "b1", "0/gbp/", 120),
    ]
    assert money(started) == {("B", "payg"): 19_500}
    lines = itemise("c2", started.entries)
    assert [(line.line_id, line.amount_minor) for line in lines if line.line_id.kind == "sale"] == [
        (LineId("c2", "sale", "b1", "", "sale", str(NET)), 28_814)
    ]
    assert started.step([row("A", 300, "2026-10-05"), row("B", 300, "2026-10-06")]) == []


def test_R52_a_purchase_sold_elsewhere_still_shows_what_is_drawn() -> None:
    started = book(hourly(bulk(sale_by_bridge=False)))
    started.review(row("A", 30))
    lines = itemise("c2", started.entries, sold_elsewhere={"b1"})
    assert [(line.line_id.source, line.minutes, line.amount_minor) for line in lines] == [
        ("bulk:b1", 30, 0)
    ]


def test_6_4_purchases_are_drawn_by_priority_expiry_sale_and_id() -> None:
    ends = at("2026-12-01")
    contract = hourly(
        bulk("b1", 60, priority=2),
        bulk("b2", 60, sold="2026-10-02"),
        bulk("b3", 60, sold="2026-10-03", expires_at=ends),
    )
    started = book(contract)
    started.review(row("A", 90, "2026-10-05"))
    assert stands(started.entries) == {
        ("", "sale"): 180,
        ("A", "bulk:b2"): 30,
        ("A", "bulk:b3"): 60,
    }


def test_work_before_the_sale_and_after_the_end_is_billed() -> None:
    started = book(hourly(bulk(sold="2026-10-05", expires_at=at("2026-10-10", "Europe/London"))))
    started.review(*(row(f"R{day}", 10, f"2026-10-{day:02d}") for day in (4, 5, 9, 10)))
    assert {key: m for key, m in stands(started.entries).items() if key[0]} == {
        ("R4", "payg"): 10,
        ("R5", "bulk:b1"): 10,
        ("R9", "bulk:b1"): 10,
        ("R10", "payg"): 10,
    }


def test_what_is_left_of_a_purchase_lapses_at_its_end() -> None:
    contract = hourly(bulk(expires_at=at("2026-10-10"), lapses_at=at("2026-10-13")))
    started = book(contract, "2026-10-12")
    started.review(row("A", 20))
    assert started.balance.hard == 400
    started.now = at("2026-10-13")
    assert started.step([row("A", 20)]) == [("expire", -400)]
    assert started.step([row("A", 50)]) == [("expire", 30), ("post", 30)]
    assert started.step([row("A", 50)]) == []


def test_a_change_of_rate_rounds_each_part_of_a_drawn_activity() -> None:
    change = at("2026-10-16", "Europe/London")
    rates = DatedRate(0, HOURLY), DatedRate(change, DEARER)
    started = book(hourly(bulk(minutes=15), rates=rates))
    before, after = row("A", 11, "2026-10-15"), row("A", 11, "2026-10-16")
    sessions = tuple(
        replace(s, seconds=630, ended_at=s.started_at + 630_000)
        for s in (*before.sessions, *after.sessions)
    )
    started.review(replace(before, sessions=sessions))
    posts = {(e.source, e.rate_key): e.minutes for e in started.entries[1:]}
    assert posts == {("bulk:b1", "0/gbp/"): 15, ("payg", str(DEARER)): 7}


def closed(*minutes: int, package: int = 100) -> Book:
    """Close October with rows of so many minutes, one a day, over a purchase."""
    started = book(hourly(bulk(minutes=package)), "2026-11-10")
    started.review(*october(*minutes))
    started.close("2026-10")
    return started


def october(*minutes: int) -> list[Activity]:
    return [row(f"R{n}", m, f"2026-10-{n + 5:02d}") for n, m in enumerate(minutes)]


def drawn(started: Book) -> dict[tuple[str, str], int]:
    return {key: m for key, m in stands(started.entries).items() if _used(*key)}


def _used(activity_id: str, source: str) -> bool:
    return bool(activity_id) and source != "goodwill"


def test_a_late_decrease_gives_back_its_own_money_first_then_bulk_minutes() -> None:
    started = closed(60, 70)
    assert drawn(started) == {("R0", "bulk:b1"): 60, ("R1", "bulk:b1"): 40, ("R1", "payg"): 30}
    assert started.step(october(60, 20)) == [("adjust", -30), ("adjust", -20)]
    assert drawn(started) == {("R0", "bulk:b1"): 60, ("R1", "bulk:b1"): 20}
    started.step(october(60, 70))
    assert drawn(started) == {("R0", "bulk:b1"): 60, ("R1", "bulk:b1"): 40, ("R1", "payg"): 30}


def test_a_late_decrease_leaves_the_money_of_others_alone() -> None:
    started = closed(60, 70)
    started.step(october(10, 70))
    assert drawn(started) == {("R0", "bulk:b1"): 10, ("R1", "bulk:b1"): 40, ("R1", "payg"): 30}
    assert started.balance.hard == 20  # 50 on the purchase, and 30 at their price


def test_6_5_a_late_increase_takes_what_is_left_now_else_it_is_billed() -> None:
    started = closed(60)
    november = row("N", 30, "2026-11-05")
    started.review(*october(60), november)
    started.review(*october(85), november)
    assert drawn(started) == {
        ("N", "bulk:b1"): 30,
        ("R0", "bulk:b1"): 70,
        ("R0", "payg"): 15,
    }
    more = row("N", 60, "2026-11-05")
    started.review(*october(85), more)
    assert drawn(started) == {
        ("N", "bulk:b1"): 30,
        ("N", "payg"): 30,
        ("R0", "bulk:b1"): 70,
        ("R0", "payg"): 15,
    }


@given(
    minutes=st.lists(st.sampled_from([0, 20, 60, 90]), min_size=1, max_size=4),
    late=st.lists(st.tuples(st.integers(0, 3), st.sampled_from([0, 20, 60, 100])), max_size=4),
    package=st.sampled_from([30, 50, 100, 400]),
    ended=st.booleans(),
)
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
def _edits(
    counted: dict[str, int],
    minutes: list[int],
    late: list[tuple[int, int]],
    package: int,
    *,
    ended: bool,
) -> None:
    started = (over if ended else closed)(*minutes, package=package)
    now, lapsed = list(minutes), max(0, package - sum(minutes)) if ended else 0
    bought = {"bulk:b1", "bulk:b1:goodwill"}
    for number, changed in late:
        now[number % len(now)] = changed
        started.review(*october(*now))
        assert started.step(october(*now)) == []
        found = drawn(started)
        assert sum(found.values()) == sum(now)
        assert 0 <= sum(m for (_, source), m in found.items() if source in bought) <= package
        assert package - lapsed <= started.balance.granted  # what came back did not vanish
        counted["reviews"] = counted.get("reviews", 0) + 1
    for entry in started.entries:
        assert entry.cause


def test_R52_no_edit_draws_more_than_was_bought_or_loses_a_minute(record_property: Record) -> None:
    counted: dict[str, int] = {}
    _edits(counted)
    record_property(COUNTED, counted)
    assert counted["reviews"] > EXAMPLES


def test_5_8_a_row_that_leaves_keeps_what_it_drew_and_what_it_paid() -> None:
    change = DatedRate(at("2026-10-16", "Europe/London"), DEARER)
    started = book(hourly(bulk(minutes=60), rates=(DatedRate(0, HOURLY), change)))
    before, after = row("A", 100, "2026-10-10"), row("A", 100, "2026-10-20")
    started.review(replace(before, sessions=(*before.sessions, *after.sessions)))
    assert started.step([]) == []
    started.close("2026-10")
    assert started.step([]) == []


ENDS = at("2026-11-01", "Europe/London")


def over(*minutes: int, package: int = 100, now: str = "2026-11-10") -> Book:
    """Close October over a purchase that ended with it."""
    sold = bulk(minutes=package, expires_at=ENDS, lapses_at=at("2026-11-04"))
    started = Book(hourly(sold), at(now))
    started.review(*october(*minutes))
    started.close("2026-10")
    return started


def test_6_13_what_a_documented_bug_cost_on_an_expired_purchase_does_not_vanish() -> None:
    started = over(100)
    bug = replace(october(100)[0], bug=True, documentation="B1")
    decided = started.review(bug)
    assert sorted((e.kind.value, e.package_id, e.minutes, e.cause) for e in decided.entries) == [
        ("adjust", "b1", -100, "documented bug: B1"),
        ("expire", "b1", -100, "package expired"),
        ("grant", "b1:goodwill", 100, "documented bug: B1"),
    ]
    assert started.balance.hard == 100
    assert started.step([bug]) == []
    work = row("N", 130, "2026-11-08")
    started.review(bug, work)
    assert drawn(started) == {("N", "bulk:b1:goodwill"): 100, ("N", "payg"): 30}
    assert started.step([bug, work]) == []
    started.review(*october(100), work)
    assert drawn(started) == {("N", "payg"): 130, ("R0", "bulk:b1"): 100}
    assert started.balance.hard == -130
    assert started.step([*october(100), work]) == []
    started.review(bug, work)
    started.close("2026-11")
    started.review(*october(100), work)
    assert drawn(started) == {
        ("N", "bulk:b1:goodwill"): 100,
        ("N", "payg"): 30,
        ("R0", "payg"): 100,
    }
    assert started.step([*october(100), work]) == []


def test_6_13_a_late_decrease_after_the_end_is_kept_and_what_was_unused_lapses() -> None:
    started = over(60, package=100)
    assert sorted(started.step(october(20))) == [("adjust", -40), ("expire", -40), ("grant", 40)]
    assert started.step(october(20)) == []
    assert started.balance.hard == 40
    assert sorted(started.step(october(60))) == [("adjust", 40), ("expire", 40), ("grant", -40)]
