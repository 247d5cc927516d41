"""Business Priority Support: a monthly plan billed after the month, itemised (C6-C27, R42-R50)."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mondaybridge.errors import ConfigurationError
from stories import town
from stories.house import LONDON, House, house

RATES: town.Terms = {
    "beyond": {
        **town.RATE,
        "hourly": [{"from": "2026-01-01", "amount": "60.00"}],
        "cheaper": [{"from_rank": 60, "from": "2026-01-01", "by": "5.00"}],
    }
}
PLANS: town.Terms = {
    "support-10": {
        "rank": 10,
        "included": "10:00",
        "fee": "550.00 GBP",
        "tax_rate": "txr_vat20",
        "overage": "beyond",
    },
    "support-60": {
        "rank": 60,
        "included": "60:00",
        "fee": "3000.00 GBP",
        "tax_rate": "txr_vat20",
        "overage": "beyond",
    },
}


def terms(
    plan: object = "support-10",
    plans: town.Terms | None = None,
    rates: town.Terms | None = None,
    **more: object,
) -> str:
    contract = {
        "id": "tea-support",
        "kind": "postpaid_plan",
        "bill_from": "2026-10-01",
        "boards": [{"id": town.TEA, "columns": "tracked"}],
        "plan": plan,
        **more,
    }
    offers = {"plans": plans or PLANS}
    return town.mapping(rates=rates or RATES, offers=offers, tea=town.tea(contract))


@contextmanager
def supported(mapping: str = "") -> Iterator[House]:
    with house(mapping or terms(), zone=LONDON) as one:
        yield one


def worked(one: House, name: str, minutes: int, day: str) -> tuple[str, str]:
    item = one.row(name, board=town.TEA, approved=False)
    return item, one.work(item, f"{day} 09:00", minutes)


def closed(one: House, period: str, day: str) -> None:
    one.go(f"{day} 09:00")
    one.sweep()
    one.close(period, "tea")


def test_C8_C18_a_month_is_charged_after_its_end_line_by_line() -> None:
    with supported() as one:
        worked(one, "Menu", 400, "2026-10-05")
        closed(one, "2026-10", "2026-11-03")
        assert one.papers() == [("invoice", "tea", "open", 55_000)]
        assert one.lines() == [
            ("Plan support-10, October 2026: 10:00 h included", 55_000),
            ("5 Oct · Menu · 6:40 h included in the plan", 0),
        ]
        assert one.findings() == ()


def test_C26_C27_one_row_crosses_the_limit_on_two_lines() -> None:
    with supported() as one:
        worked(one, "Menu", 400, "2026-10-05")
        worked(one, "Banner", 300, "2026-10-06")
        closed(one, "2026-10", "2026-11-03")
        assert one.papers() == [("invoice", "tea", "open", 65_000)]
        assert one.lines() == [
            ("Plan support-10, October 2026: 10:00 h included", 55_000),
            ("5 Oct · Menu · 6:40 h included in the plan", 0),
            ("6 Oct · Banner · 3:20 h included in the plan", 0),
            ("6 Oct · Banner · 1:40 h beyond the plan at 60.00 GBP", 10_000),
        ]


def test_C19a_a_month_without_work_costs_the_fee_and_nothing_is_carried_on() -> None:
    with supported() as one:
        one.settle()
        closed(one, "2026-10", "2026-11-03")
        assert one.lines() == [("Plan support-10, October 2026: 10:00 h included", 55_000)]
        worked(one, "Menu", 660, "2026-11-05")
        closed(one, "2026-11", "2026-12-03")
        assert one.papers()[1:] == [("invoice", "tea", "open", 61_000)]


def test_6_15_what_is_not_used_goes_on_where_that_is_agreed() -> None:
    agreed = terms(policies={"rollover": {"max": "3:00", "months": 1}})
    with supported(agreed) as one:
        worked(one, "Menu", 540, "2026-10-05")
        closed(one, "2026-10", "2026-11-03")
        worked(one, "Poster", 720, "2026-11-05")
        closed(one, "2026-11", "2026-12-03")
        assert [total for *_, total in one.papers()] == [55_000, 61_000]


def test_6_6_a_late_edit_credits_the_overage_it_caused_and_back_again_bills_it() -> None:
    with supported() as one:
        menu, session = worked(one, "Menu", 400, "2026-10-05")
        worked(one, "Banner", 300, "2026-10-06")
        closed(one, "2026-10", "2026-11-03")
        worked(one, "Poster", 600, "2026-11-05")
        one.rework(menu, session, 350)
        one.sweep()
        one.close("2026-11", "tea")
        assert one.papers()[1:] == [("credit note", "tea", "issued", 5_000)]
        one.rework(menu, session, 400)
        one.sweep()
        closed(one, "2026-11", "2026-12-03")
        assert one.papers()[2:] == [("invoice", "tea", "open", 60_000)]
        assert [amount for _, amount in one.lines()] == [5_000, 55_000, 0]
        assert one.findings() == ()


def test_6_6_edited_back_before_anything_was_issued_there_is_no_document() -> None:
    with supported() as one:
        menu, session = worked(one, "Menu", 400, "2026-10-05")
        worked(one, "Banner", 300, "2026-10-06")
        closed(one, "2026-10", "2026-11-03")
        for minutes in (350, 450, 400):
            one.rework(menu, session, minutes)
            one.sweep()
        assert one.preview("2026-11", "tea").plan.documents == ()


def test_6_6b_late_work_at_an_earlier_price_is_a_line_of_its_own_and_moves_no_other() -> None:
    """The price beyond the plan falls on the 16th; half an hour is added to the 5th later."""
    rise = [
        {"from": "2026-01-01", "amount": "60.00"},
        {"from": "2026-10-16", "amount": "54.00"},
    ]
    rates = {"beyond": {**town.RATE, "hourly": rise}}
    with supported(terms(rates=rates)) as one:
        menu, session = worked(one, "Menu", 500, "2026-10-05")
        one.work(menu, "2026-10-20 09:00", 200)
        closed(one, "2026-10", "2026-11-03")
        assert sorted(amount for _, amount in one.lines()) == [0, 9_000, 55_000]
        one.rework(menu, session, 530)
        one.sweep()
        closed(one, "2026-11", "2026-12-03")
        assert sorted(amount for _, amount in one.lines()) == [3_000, 55_000]
        assert [kind for kind, *_ in one.papers()] == ["invoice", "invoice"]
        assert one.findings() == ()


def test_6_6b_late_work_at_a_price_that_the_month_did_not_have_is_charged_at_its_own() -> None:
    rise = [
        {"from": "2026-01-01", "amount": "60.00"},
        {"from": "2026-10-16", "amount": "54.00"},
    ]
    rates = {"beyond": {**town.RATE, "hourly": rise}}
    with supported(terms(rates=rates)) as one:
        menu, _ = worked(one, "Menu", 700, "2026-10-20")
        closed(one, "2026-10", "2026-11-03")
        assert sorted(amount for _, amount in one.lines()) == [0, 9_000, 55_000]
        one.work(menu, "2026-10-05 09:00", 30)
        one.sweep()
        closed(one, "2026-11", "2026-12-03")
        assert sorted(amount for _, amount in one.lines()) == [3_000, 55_000]
        assert one.findings() == ()


def test_C25_from_rank_60_on_overage_is_five_pounds_cheaper() -> None:
    with supported(terms("support-60")) as one:
        menu, _ = worked(one, "Menu", 660, "2026-10-05")
        for day in ("06", "07", "08", "09", "12"):
            one.work(menu, f"2026-10-{day} 09:00", 600)
        closed(one, "2026-10", "2026-11-08")
        assert one.lines()[-1][1] == 5_500


def test_6_14_an_upgrade_counts_at_once_and_a_downgrade_from_the_next_month() -> None:
    changes = [
        {"from": "2026-10-01", "plan": "support-10"},
        {"from": "2026-10-20", "plan": "support-60"},
        {"from": "2026-11-10", "plan": "support-10"},
    ]
    with supported(terms(changes)) as one:
        worked(one, "Menu", 700, "2026-10-05")
        closed(one, "2026-10", "2026-11-03")
        closed(one, "2026-11", "2026-12-03")
        closed(one, "2026-12", "2027-01-05")
        assert [total for *_, total in one.papers()] == [300_000, 300_000, 55_000]


def test_6_14_by_days_each_part_of_the_month_has_its_fee() -> None:
    changes = [
        {"from": "2026-10-01", "plan": "support-10"},
        {"from": "2026-11-10", "plan": "support-60"},
    ]
    with supported(terms(changes, policies={"proration": "daily"})) as one:
        one.settle()
        closed(one, "2026-10", "2026-11-03")
        closed(one, "2026-11", "2026-12-03")
        assert [amount for _, amount in one.lines()] == [16_500, 210_000]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"fee": "560.00 GBP"}, r"2026-10 is closed with a fee of 550\.00 GBP .* 560\.00 GBP"),
        ({"included": "11:00"}, r"2026-10 is closed with 10:00 included, the file says 11:00"),
        ({"tax_rate": None}, r"with a fee of 550\.00 GBP with tax rate txr_vat20"),
    ],
)
def test_a_plan_that_would_price_a_closed_month_anew_is_refused(
    change: town.Terms, said: str
) -> None:
    with supported() as one:
        one.settle()
        closed(one, "2026-10", "2026-11-03")
        other = {**PLANS, "support-10": {**PLANS["support-10"], **change}}
        with pytest.raises(ConfigurationError, match=said):
            one.reopen(terms(plans=other))


def test_another_plan_or_price_of_a_closed_month_is_refused_and_of_an_open_one_is_not() -> None:
    with supported() as one:
        worked(one, "Menu", 400, "2026-10-05")
        closed(one, "2026-10", "2026-11-03")
        rolled = terms(policies={"rollover": {"max": "3:00", "months": 1}})
        refused = {
            terms("support-60"): "2026-10 is closed with 10:00 included, the file says 60:00",
            rolled: "2026-10 is closed with rollover none",
            terms(policies={"proration": "daily"}): "2026-10 is closed with proration none",
            terms().replace('"60.00"', '"61.00"'): r"2026-10 is closed at 60\.00 GBP an hour",
        }
        for mapping, said in refused.items():
            with pytest.raises(ConfigurationError, match=said):
                one.reopen(mapping)
        later = [
            {"from": "2026-10-01", "plan": "support-10"},
            {"from": "2026-11-01", "plan": "support-60"},
        ]
        one.reopen(terms(later))
        closed(one, "2026-11", "2026-12-03")
        assert one.papers()[1:] == [("invoice", "tea", "open", 300_000)]


def test_R42_usage_only_charges_what_was_used_and_no_fee() -> None:
    used = {**PLANS["support-10"], "commitment": "usage_only", "hourly": "within"}
    del used["fee"]
    rates = {**RATES, "within": {**town.RATE, "hourly": [{"from": "2026-01-01", "amount": "55"}]}}
    mapping = terms(plans={"support-10": used}, rates=rates)
    with supported(mapping) as one:
        worked(one, "Menu", 660, "2026-10-05")
        closed(one, "2026-10", "2026-11-03")
        assert sorted(amount for _, amount in one.lines()) == [6_000, 55_000]


def test_6_6_time_that_changes_sides_without_money_leaves_a_row_billed() -> None:
    with supported() as one:
        menu, session = worked(one, "Menu", 400, "2026-10-05")
        banner, other = worked(one, "Banner", 100, "2026-10-06")
        closed(one, "2026-10", "2026-11-03")
        assert (one.cell(menu), one.cell(banner)) == (
            ("400", "billed 2026-10"),
            ("100", "billed 2026-10"),
        )
        one.rework(menu, session, 350)
        one.rework(banner, other, 150)
        one.wait(20)
        one.sweep()
        assert (one.cell(menu), one.cell(banner)) == (
            ("350", "billed 2026-10"),
            ("150", "billed 2026-10"),
        )
        one.work(menu, "2026-11-04 09:00", 10)
        one.wait(20)
        one.sweep()
        assert one.cell(menu) == ("360", "open")
        assert len(one.papers()) == 1
