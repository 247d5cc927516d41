"""What a plan's month includes and costs: changes of plan, days, rollover (6.14, 6.15)."""

from dataclasses import replace

import pytest

from ledgerbook import at
from mondaybridge.domain.contract import Contract, Policies, Proration, Rollover
from mondaybridge.domain.money import RateKey
from mondaybridge.domain.plan_months import PlanMonth, bought, fee_lines, plan_at, shares
from mondaybridge.domain.usage import LineId, UsageLine
from mondaybridge.domain.worktime import month
from planbook import LONDON, book, hourly_plan, plan, planned, row

SMALL = plan("s30", 30, 1800, fee=RateKey(90_000, "gbp", "txr_20"))
LARGE = plan("s60", 60, 3600, fee=RateKey(165_000, "gbp", "txr_20"))
LONG = Policies(max_session_minutes=1_440)


def seen(contract: Contract, name: str) -> tuple[int, list[tuple[str, int]]]:
    one = bought(contract, month(name, LONDON))
    return one.allowance, [(fee.subject, fee.amount_minor) for fee in one.fees]


def test_R42_a_month_has_its_plans_minutes_and_fee() -> None:
    assert seen(planned(("2026-01-01", LARGE)), "2026-10") == (3600, [("s60@2026-01-01", 165_000)])


def test_6_14_an_upgrade_counts_at_once_with_the_higher_fee_for_the_month() -> None:
    contract = planned(("2026-01-01", SMALL), ("2026-06-10", LARGE))
    assert [seen(contract, f"2026-0{n}") for n in (5, 6, 7)] == [
        (1800, [("s30@2026-01-01", 90_000)]),
        (3600, [("s60@2026-06-10", 165_000)]),
        (3600, [("s60@2026-06-10", 165_000)]),
    ]


def test_6_14_a_downgrade_counts_from_the_next_month() -> None:
    contract = planned(("2026-01-01", LARGE), ("2026-06-10", SMALL))
    assert [seen(contract, f"2026-0{n}") for n in (6, 7)] == [
        (3600, [("s60@2026-01-01", 165_000)]),
        (1800, [("s30@2026-06-10", 90_000)]),
    ]
    instants = [at(day, LONDON) for day in ("2026-06-09", "2026-06-30 23:59", "2026-07-01")]
    assert [one and one.plan_id for one in (plan_at(contract, i) for i in instants)] == [
        "s60",
        "s60",
        "s30",
    ]


def test_6_14_a_change_and_change_back_on_the_same_day_is_nothing() -> None:
    for change in ("2026-06-10 17:00", "2026-06-10 09:00"):
        contract = planned(("2026-01-01", SMALL), ("2026-06-10 09:00", LARGE), (change, SMALL))
        assert seen(contract, "2026-06") == (1800, [("s30@2026-01-01", 90_000)])


def test_6_14_an_upgrade_given_up_in_the_same_month_lasts_until_its_end() -> None:
    contract = planned(("2026-01-01", SMALL), ("2026-06-10", LARGE), ("2026-06-20", SMALL))
    assert [seen(contract, f"2026-0{n}")[0] for n in (6, 7)] == [3600, 1800]


@pytest.mark.parametrize(
    ("name", "change", "found"),
    [
        (
            "2026-06",
            "2026-06-10",
            (3060, [("s30@2026-01-01", 27_000), ("s60@2026-06-10", 115_500)]),
        ),
        (
            "2026-07",
            "2026-07-10",
            (3077, [("s30@2026-01-01", 26_129), ("s60@2026-07-10", 117_097)]),
        ),
        (
            "2026-02",
            "2026-02-10",
            (3021, [("s30@2026-01-01", 28_929), ("s60@2026-02-10", 111_964)]),
        ),
    ],
)
def test_6_14_by_days_fee_and_minutes_sum_to_the_whole(
    name: str, change: str, found: tuple[int, list[tuple[str, int]]]
) -> None:
    contract = planned(("2026-01-01", SMALL), (change, LARGE), proration=Proration.DAILY)
    assert seen(contract, name) == found


def test_6_14_parts_of_one_plan_sum_to_it_whatever_the_days() -> None:
    for day in range(1, 31):
        assert sum(shares([165_000 * day, 165_000 * (31 - day)], 31)) == 165_000
    assert shares([1, 1, 1], 2) == [1, 1, 0]


@pytest.mark.parametrize(
    ("proration", "begins", "ends"),
    [
        (Proration.NONE, (1800, 90_000), (1800, 90_000)),
        (Proration.DAILY, (960, 48_000), (600, 30_000)),
    ],
)
def test_a_month_in_which_the_contract_begins_or_ends(
    proration: Proration, begins: tuple[int, int], ends: tuple[int, int]
) -> None:
    contract = planned(("2026-06-15", SMALL), proration=proration)
    contract = replace(contract, bill_from=at("2026-06-15", LONDON), until=at("2026-09-11", LONDON))
    assert [
        (allowance, sum(amount for _, amount in fees))
        for allowance, fees in (seen(contract, f"2026-{n}") for n in ("05", "06", "09", "10"))
    ] == [(0, 0), begins, ends, (0, 0)]


def test_usage_only_has_no_fee() -> None:
    assert seen(planned(("2026-01-01", hourly_plan())), "2026-10") == (600, [])


def test_one_fee_line_stands_for_each_month_up_to_now() -> None:
    contract = replace(planned(), bill_from=at("2026-09-01", LONDON))
    recorded = {"2026-09": bought(planned(("2026-01-01", LARGE)), month("2026-09", LONDON))}
    lines = fee_lines(contract, recorded, {"2026-09"}, at("2026-10-05"))
    assert [(str(line.line_id), line.amount_minor) for line in lines] == [
        ('["c3","fee","s60@2026-01-01","2026-09","included","165000/gbp/txr_20"]', 165_000),
        ('["c3","fee","s10@2026-01-01","2026-10","included","165000/gbp/txr_20"]', 165_000),
    ]
    line_id = LineId("c3", "fee", "s10@2026-01-01", "2026-10", "included", "165000/gbp/txr_20")
    october = month("2026-10", LONDON)
    assert lines[1] == UsageLine(line_id, 0, 165_000, october.start, october.end - 1)


def used(*minutes: int, rollover: Rollover | None) -> list[PlanMonth]:
    """Close months from January on with so many minutes used in each."""
    started = book(planned(rollover=rollover, policies=LONG), "2026-12-31")
    rows, found = [], []
    for number, spent in enumerate(minutes, 1):
        rows.append(row(f"R{number}", spent, f"2026-{number:02d}-05"))
        started.review(*rows)
        closed = started.close(f"2026-{number:02d}")
        assert closed
        found.append(closed)
    return found


def told(one: PlanMonth) -> tuple[list[tuple[str, int]], list[tuple[str, int]], int]:
    carried, unused = (
        [(lot.origin, lot.minutes) for lot in lots] for lots in (one.carried, one.unused)
    )
    return carried, unused, max(0, one.used - one.limit)


def test_6_15_unused_minutes_are_lost_by_default() -> None:
    assert [told(one) for one in used(400, 700, rollover=None)] == [
        ([], [("2026-01", 200)], 0),
        ([], [], 100),
    ]


def test_6_15_three_months_against_a_table_by_hand() -> None:
    """600 a month, at most 180 for two months: 400 used, then 300, then 900."""
    assert [told(one) for one in used(400, 300, 900, 600, rollover=Rollover(180, 2))] == [
        ([], [("2026-01", 200)], 0),
        ([("2026-01", 180)], [("2026-02", 480)], 0),
        ([("2026-02", 180)], [], 120),
        ([], [], 0),
    ]


def test_6_15_minutes_go_on_as_far_as_it_was_said_and_the_oldest_are_used_first() -> None:
    months = used(500, 550, 500, 600, rollover=Rollover(600, 2))
    assert [told(one) for one in months] == [
        ([], [("2026-01", 100)], 0),
        ([("2026-01", 100)], [("2026-02", 150)], 0),
        ([("2026-02", 150)], [("2026-03", 250)], 0),
        ([("2026-03", 250)], [("2026-04", 250)], 0),
    ]


def test_6_15_a_deficit_is_overage_and_never_carried() -> None:
    assert [told(one) for one in used(800, 600, rollover=Rollover(600, 6))] == [
        ([], [], 200),
        ([], [], 0),
    ]


def test_6_15_what_late_work_used_of_a_month_is_not_carried_on() -> None:
    started = book(planned(rollover=Rollover(600, 1)), "2026-12-31")
    first, late = row("A", 500, "2026-01-05"), row("B", 40, "2026-01-06")
    started.review(first)
    started.close("2026-01")
    february = row("C", 700, "2026-02-05")
    started.review(first, february)
    overage = [e.minutes for e in started.entries if e.source == "overage"]
    assert overage == []
    started.review(first, late, february)
    assert [(e.activity_id, e.minutes) for e in started.entries if e.source == "overage"] == [
        ("C", 40)
    ]
    closed = started.close("2026-02")
    assert closed is not None
    assert [(lot.origin, lot.minutes) for lot in closed.carried] == [("2026-01", 60)]
    started.review(first, row("B", 80, "2026-01-06"), february)
    assert [(e.activity_id, e.minutes) for e in started.entries if e.source == "overage"] == [
        ("C", 40),
        ("B", 40),
    ]


def test_6_15_late_work_uses_the_oldest_minutes_first_as_it_would_have_in_time() -> None:
    started = book(planned(rollover=Rollover(1_000, 1)), "2026-12-31")
    first, late = row("A", 500, "2026-01-05"), row("B", 100, "2026-02-05")
    started.review(first)
    started.close("2026-01")
    started.close("2026-02")
    started.review(first, late)
    march = started.close("2026-03")
    assert march is not None
    assert [(lot.origin, lot.minutes) for lot in march.carried] == [("2026-02", 600)]
