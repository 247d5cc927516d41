"""Terms that would price a closed month anew are named with the month (semantics 6.27)."""

from dataclasses import replace

import pytest

from ledgerbook import HOURLY, at, metered
from mondaybridge.domain.contract import Contract, DatedRate, NamedRates, Rollover
from mondaybridge.domain.ledger import LedgerSum, SumGroup
from mondaybridge.domain.money import RateKey
from mondaybridge.domain.plan_months import bought, plan_terms
from mondaybridge.domain.repriced import own_prices, repriced
from mondaybridge.domain.tariff import lists_in
from mondaybridge.domain.worktime import month
from planbook import LONDON, plan, planned

OCTOBER = month("2026-10", LONDON)
DEARER = RateKey(7_000, "gbp", "txr_20")


def dated(day: str, price: RateKey = DEARER) -> DatedRate:
    return DatedRate(at(day, LONDON), price)


def said(before: Contract, now: Contract, *, worked: bool = True) -> list[str]:
    """Close October by one contract's terms and compare it with another's."""
    prices = {"2026-10": lists_in(before, OCTOBER) | plan_terms(before)}
    months = {"2026-10": bought(before, OCTOBER)} if before.plans else {}
    found = repriced(now, prices, months, {"2026-10"} if worked else set())
    return [one.partition(": put it back")[0] for one in found]


def test_the_same_terms_say_nothing() -> None:
    assert said(metered(), metered()) == []
    assert said(planned(), planned()) == []


def test_a_rate_that_starts_in_an_open_month_says_nothing() -> None:
    assert said(metered(), metered(DatedRate(0, HOURLY), dated("2026-11-01"))) == []


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        (
            metered(DatedRate(0, DEARER)),
            (
                "2026-10 is closed at 65.00 GBP an hour with tax rate txr_20 (rate), "
                "the file says 70.00 GBP an hour with tax rate txr_20"
            ),
        ),
        (
            metered(DatedRate(0, HOURLY), dated("2026-10-16")),
            (
                "2026-10 is closed at 65.00 GBP an hour with tax rate txr_20 (rate), the file says "
                "65.00 GBP an hour with tax rate txr_20, then 70.00 GBP an hour "
                "with tax rate txr_20 "
                "from 2026-10-16"
            ),
        ),
        (
            metered(person_rates=(NamedRates("7", (dated("2026-10-01"),)),)),
            (
                "2026-10 is closed without rates_by_person 7, "
                "the file says 70.00 GBP an hour with tax rate txr_20"
            ),
        ),
        (
            metered(service_rates=(NamedRates("Website", (dated("2026-01-01"),)),)),
            (
                "2026-10 is closed without rates_by_service Website, "
                "the file says 70.00 GBP an hour with tax rate txr_20"
            ),
        ),
    ],
)
def test_another_price_of_a_closed_month_is_named(now: Contract, sentence: str) -> None:
    assert said(metered(), now) == [sentence]
    assert said(metered(), now, worked=False) == []


def test_a_persons_price_that_is_gone_is_named() -> None:
    before = metered(person_rates=(NamedRates("7", (dated("2026-01-01"),)),))
    assert said(before, metered()) == [
        (
            "2026-10 is closed at 70.00 GBP an hour with tax rate txr_20 (rates_by_person 7), "
            "the file says nothing"
        )
    ]


def test_a_standard_price_beside_one_of_the_contract_says_nothing() -> None:
    assert said(metered(), metered(standard_rates=(dated("2026-01-01"),))) == []


def test_another_plan_from_an_open_month_on_says_nothing() -> None:
    larger = plan("s60", 60, 3600, overage=(dated("2026-01-01"),))
    later = planned(("2026-01-01", plan()), ("2026-11-01", larger))
    assert said(planned(), later) == []


def test_other_terms_of_a_closed_months_plan_are_named() -> None:
    small = planned(("2026-01-01", plan(minutes=540)))
    assert said(planned(), small) == ["2026-10 is closed with 10:00 included, the file says 9:00"]
    dearer = planned(("2026-01-01", plan(overage=(dated("2026-01-01"),))))
    assert said(planned(), dearer) == [
        (
            "2026-10 is closed at 55.00 GBP an hour with tax rate txr_20 "
            "(overage of the plan s10), "
            "the file says 70.00 GBP an hour with tax rate txr_20"
        )
    ]
    kept = replace(planned(), rollover=Rollover(60, 1))
    assert said(planned(), kept) == [
        "2026-10 is closed with rollover none, the file says 60 min for 1"
    ]


def test_6_27_a_price_that_no_list_had_was_a_rows_own() -> None:
    prices = {"2026-10": {"rate": "60.00 GBP an hour, then 65.00 GBP an hour from 2026-10-16"}}
    keys = ("6000/gbp/", "6500/gbp/", "500/gbp/", "0/gbp/", "")
    sums = [LedgerSum(SumGroup.POST, "", "A", "2026-10", "payg", key, 5) for key in keys]
    sums.append(LedgerSum(SumGroup.POST, "", "A", "2026-11", "payg", "700/gbp/", 5))
    assert own_prices(prices, sums) == [("2026-10", "5.00 GBP an hour")]
