"""A plan's minutes: included, beyond, and what late changes do (R42, R49, ledger 6.6)."""

from dataclasses import replace

import pytest

from ledgerbook import at
from mondaybridge.domain.activity import Activity
from mondaybridge.domain.contract import DatedRate, NamedRates
from mondaybridge.domain.ledger import EntryKind
from mondaybridge.domain.money import RateKey
from planbook import FREE, LONDON, OVER, book, hourly_plan, money, plan, planned, row, stands

DEARER = RateKey(6_000, "gbp", "txr_20")


def test_R49_minutes_are_covered_in_order_of_work_and_one_row_crosses_the_limit() -> None:
    started = book()
    decided = started.review(row("A", 400, "2026-10-07"), row("B", 300, "2026-10-05"))
    assert [(e.activity_id, e.source, e.rate_key, e.minutes) for e in decided.entries] == [
        ("A", "included", FREE, 300),
        ("A", "overage", str(OVER), 100),
        ("B", "included", FREE, 300),
    ]
    assert money(started) == {("A", "overage"): 9_167}
    assert started.step([row("A", 400, "2026-10-07"), row("B", 300, "2026-10-05")]) == []


def test_6_5_back_dated_work_of_an_open_month_takes_its_turn() -> None:
    started = book()
    late, early = row("A", 600, "2026-10-07"), row("B", 60, "2026-10-05")
    started.review(late)
    assert stands(started.entries) == {("A", "included"): 600}
    decided = started.review(late, early)
    assert stands(started.entries) == {
        ("A", "included"): 540,
        ("A", "overage"): 60,
        ("B", "included"): 60,
    }
    assert {e.cause for e in decided.entries if e.activity_id == "A"} == {
        "covered in order of work"
    }


def test_at_the_same_instant_the_rows_id_decides() -> None:
    started = book()
    started.review(row("B", 400), row("A", 400))
    assert stands(started.entries) == {
        ("A", "included"): 400,
        ("B", "included"): 200,
        ("B", "overage"): 200,
    }


def test_R49_overage_has_the_rate_of_its_own_work_date() -> None:
    rates = (DatedRate(0, DEARER), DatedRate(at("2026-10-16", LONDON), OVER))
    started = book(planned(("2026-01-01", plan(minutes=0, overage=rates))))
    before, after = row("A", 10, "2026-10-15"), row("A", 10, "2026-10-16")
    both = tuple(
        replace(s, seconds=630, ended_at=s.started_at + 630_000)
        for s in (*before.sessions, *after.sessions)
    )
    started.review(replace(before, sessions=both))
    assert [(e.minutes, e.rate_key) for e in started.entries] == [
        (11, str(OVER)),
        (11, str(DEARER)),
    ]


def test_6_27_a_person_has_a_price_of_their_own_beyond_the_plan() -> None:
    started = book(planned(person_rates=(NamedRates("7", (DatedRate(0, DEARER),)),)))
    started.review(row("A", 660))
    assert money(started) == {("A", "overage"): 6_000}


def test_usage_only_charges_included_minutes_at_the_plans_price() -> None:
    started = book(planned(("2026-01-01", hourly_plan())))
    started.review(row("A", 660))
    assert money(started) == {("A", "included"): 50_000, ("A", "overage"): 5_500}


def test_each_month_has_its_own_allowance() -> None:
    started = book(now="2026-11-30")
    started.review(row("A", 600, "2026-10-05"), row("B", 600, "2026-11-05"))
    assert stands(started.entries) == {("A", "included"): 600, ("B", "included"): 600}


def test_R54b_overage_without_a_price_is_held_and_included_time_is_not() -> None:
    started = book(planned(("2026-01-01", plan(overage=()))))
    decided = started.review(row("A", 660))
    assert stands(decided.entries) == {("A", "included"): 600}
    assert [(h.reason.value, h.minutes) for h in decided.held] == [("no price on this date", 60)]


@pytest.mark.parametrize("cells", [{"parked": "x"}, None])
def test_5_6_a_row_that_cannot_be_read_keeps_its_minutes(cells: dict[str, str] | None) -> None:
    started = book()
    first, second = row("A", 400), row("B", 300, "2026-10-06")
    started.review(first, second)
    rows = [replace(first, parked="x", sessions=())] if cells else []
    assert started.step([*rows, second]) == []


def test_6_6_the_example_of_the_margin_rule() -> None:
    started = book()
    a, b = row("A", 400, "2026-10-05"), row("B", 300, "2026-10-06")
    started.review(a, b)
    started.close("2026-10")
    assert money(started) == {("B", "overage"): 9_167}

    decided = started.review(row("A", 350, "2026-10-05"), b)
    assert [(e.kind, e.activity_id, e.source, e.minutes, e.cause) for e in decided.entries] == [
        (
            EntryKind.ADJUST,
            "A",
            "included",
            -50,
            "changed on the board after the month was closed",
        ),
        (EntryKind.ADJUST, "B", "overage", -50, "margin rule of 2026-10: A 6:40 -> 5:50"),
        (EntryKind.ADJUST, "B", "included", 50, "margin rule of 2026-10: A 6:40 -> 5:50"),
    ]
    assert 9_167 - money(started)["B", "overage"] == 4_584

    started.review(a, b)
    assert money(started) == {("B", "overage"): 9_167}
    started.review(row("A", 450, "2026-10-05"), b)
    assert money(started) == {("A", "overage"): 4_583, ("B", "overage"): 9_167}

    c = row("C", 50, "2026-10-20")
    decided = started.review(row("A", 350, "2026-10-05"), b, c)
    assert money(started) == {("B", "overage"): 9_167}
    assert stands(started.entries) == {
        ("A", "included"): 350,
        ("B", "included"): 200,
        ("B", "overage"): 100,
        ("C", "included"): 50,
    }
    started.review(a, b, replace(c, sessions=()))
    assert stands(started.entries) == {
        ("A", "included"): 400,
        ("B", "included"): 200,
        ("B", "overage"): 100,
    }


def test_6_6_unused_allowance_of_a_closed_month_takes_a_late_increase() -> None:
    started = book()
    started.review(row("A", 500))
    started.close("2026-10")
    started.review(row("A", 500), row("B", 150, "2026-10-02"))
    assert stands(started.entries) == {
        ("A", "included"): 500,
        ("B", "included"): 100,
        ("B", "overage"): 50,
    }


def test_6_6_a_documented_bug_frees_the_overage_it_caused() -> None:
    started = book()
    a, b = row("A", 400, "2026-10-05"), row("B", 300, "2026-10-06")
    started.review(a, b)
    started.close("2026-10")
    bug = replace(a, bug=True, documentation="BUG-7")
    decided = started.review(bug, b)
    assert stands(decided.entries) == {
        ("A", "goodwill"): 300,
        ("A", "included"): -400,
        ("B", "included"): 100,
        ("B", "overage"): -100,
    }
    assert {e.cause for e in decided.entries if e.activity_id == "A"} == {"documented bug: BUG-7"}
    assert {e.cause for e in decided.entries if e.activity_id == "B"} == {
        "margin rule of 2026-10: documented bug: BUG-7, A 6:40 -> 0:00"
    }
    assert started.step([bug, b]) == []
    started.review(a, b)
    assert stands(started.entries) == {
        ("A", "included"): 400,
        ("B", "included"): 200,
        ("B", "overage"): 100,
    }


def test_R55_included_minutes_of_a_bug_are_used_first_in_later_months() -> None:
    started = book(now="2026-11-20")
    a, later = row("A", 400), row("C", 700, "2026-11-05")
    started.review(a)
    started.close("2026-10")
    bug = replace(a, bug=True, documentation="BUG-7")
    started.review(bug, later)
    assert stands(started.entries)["C", "included"] == 700
    november = started.close("2026-11")
    assert november is not None
    assert (november.goodwill, november.allowance, november.used) == (400, 600, 700)
    assert [(lot.origin, lot.minutes) for lot in november.unused] == [("2026-11", 300)]
    started.review(bug, later, row("D", 700, "2026-12-01"))
    assert stands(started.entries)["D", "included"] == 600
    assert stands(started.entries)["D", "overage"] == 100


def test_R55_a_bug_of_an_open_month_costs_no_allowance() -> None:
    started = book()
    bug = row("A", 400, "2026-10-05", bug=True, documentation="BUG-7")
    started.review(bug, row("B", 650, "2026-10-06"))
    assert stands(started.entries) == {
        ("A", "no_charge"): 400,
        ("B", "included"): 600,
        ("B", "overage"): 50,
    }


@pytest.mark.parametrize("closed", [False, True])
def test_5_8_a_row_that_leaves_keeps_every_minute_at_its_own_price(*, closed: bool) -> None:
    later = DatedRate(at("2026-10-16", LONDON), OVER)
    changed = plan(minutes=60, overage=(DatedRate(0, DEARER), later))
    dear = NamedRates("7", (DatedRate(0, DEARER),))
    for contract in (
        planned(("2026-01-01", changed)),
        planned(("2026-01-01", hourly_plan(60)), person_rates=(dear,)),
    ):
        started = book(contract)
        before, after = row("A", 100, "2026-10-10"), row("A", 100, "2026-10-20")
        started.review(replace(before, sessions=(*before.sessions, *after.sessions)))
        if closed:
            started.close("2026-10")
        assert started.step([]) == []
        assert started.step([replace(before, sessions=(), parked="x")]) == []


def test_R55_what_a_bug_gave_back_stays_when_its_row_leaves_the_board() -> None:
    started = book(now="2026-11-20")
    first, more = row("A", 400), row("A", 30, "2026-11-05")
    both = replace(first, sessions=(*first.sessions, *more.sessions))
    for known in (first, both):
        started.closed.clear()
        started.entries.clear()
        started.review(known)
        started.close("2026-10")
        started.review(replace(known, bug=True, documentation="BUG-7"))
        assert started.step([]) == []
        started.review(_long("C", 1_100))
        assert stands(started.entries)["C", "included"] == 1_000
        assert stands(started.entries)["C", "overage"] == 100


def test_R55_what_a_bug_gave_back_stays_given_and_shrinks_with_its_actual() -> None:
    started = book(now="2026-11-20")
    started.review(row("A", 400))
    started.close("2026-10")
    bug = replace(row("A", 400), bug=True, documentation="BUG-7")
    assert started.step([bug]) == [("credit", 400), ("adjust", -400)]
    assert started.step([bug]) == []
    assert started.step([replace(bug, sessions=row("A", 60).sessions)]) == [("credit", -340)]
    assert started.step([row("A", 60)]) == [("credit", -60), ("adjust", 60)]


def _long(name: str, minutes: int) -> Activity:
    """Return a row of November with so many minutes, some each day."""
    days = [row(name, minutes // 5, f"2026-11-{day:02d}").sessions[0] for day in range(6, 11)]
    return replace(row(name, 0), sessions=tuple(days))


@pytest.mark.parametrize("hourly", ["60.00", ""], ids=["new price", "price taken away"])
def test_S7_a_price_that_changed_late_is_not_explained_with_another_rows_edit(hourly: str) -> None:
    """B is worked on for ten minutes more; A costs another price for another reason (F8)."""
    before = row("A", 700, "2026-10-05", hourly="" if hourly else "60.00")
    started = book()
    started.review(before, row("B", 10, "2026-10-06"))
    started.close("2026-10")
    after = replace(before, hourly=hourly)
    decided = started.review(after, row("B", 20, "2026-10-06"))
    own = "changed on the board after the month was closed"
    assert sorted((e.activity_id, e.minutes, e.cause) for e in decided.entries) == [
        ("A", -100, own),
        ("A", 100, own),
        ("B", 10, own),
    ]


def test_S7_what_another_row_freed_keeps_its_cause_beside_an_own_price() -> None:
    started = book()
    started.review(row("A", 700, "2026-10-05"), row("B", 100, "2026-10-04"))
    started.close("2026-10")
    decided = started.review(
        row("A", 700, "2026-10-05", hourly="60.00"), row("B", 50, "2026-10-04")
    )
    own = "changed on the board after the month was closed"
    assert sorted((e.activity_id, e.source, e.minutes, e.cause) for e in decided.entries) == [
        ("A", "included", 50, "margin rule of 2026-10: B 1:40 -> 0:50"),
        ("A", "overage", -200, own),
        ("A", "overage", 150, own),
        ("B", "included", -50, own),
    ]
