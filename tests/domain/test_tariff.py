"""Rates by work date (semantics 6.27)."""

from ledgerbook import HOURLY, at, metered, prepaid
from mondaybridge.domain.contract import DatedRate, Policies
from mondaybridge.domain.money import RateKey
from mondaybridge.domain.tariff import overage_at, price_at, prices_in
from mondaybridge.domain.worktime import month

DEARER = RateKey(7_000, "gbp", "txr_20")


def test_6_27_the_rate_is_the_one_of_the_work_date() -> None:
    change = at("2026-10-16", "Europe/London")
    contract = metered(DatedRate(0, HOURLY), DatedRate(change, DEARER))
    assert [price_at(contract, i) for i in (change - 1, change)] == [HOURLY, DEARER]


def test_6_27_the_order_in_which_rates_are_written_does_not_matter() -> None:
    contract = metered(DatedRate(100, DEARER), DatedRate(0, HOURLY))
    assert [price_at(contract, i) for i in (99, 100)] == [HOURLY, DEARER]


def test_work_before_the_first_rate_has_none() -> None:
    assert price_at(metered(DatedRate(100, HOURLY)), 99) is None


def test_time_on_a_package_has_no_price_of_its_own() -> None:
    assert price_at(prepaid(rates=(DatedRate(0, HOURLY),)), 100) is None


def test_6_27_a_month_knows_all_its_prices() -> None:
    zone = "Europe/London"
    contract = metered(DatedRate(0, HOURLY), DatedRate(at("2026-10-16", zone), DEARER))
    assert [prices_in(contract, month(f"2026-{n}", zone)) for n in ("09", "10", "11")] == [
        [HOURLY],
        [HOURLY, DEARER],
        [DEARER],
    ]
    begun = metered(DatedRate(at("2026-10-16", zone), DEARER))
    assert prices_in(begun, month("2026-10", zone)) == [DEARER]


def test_5_2_time_beyond_a_package_has_the_overage_rate_of_its_work_date() -> None:
    rates = (DatedRate(at("2026-10-16"), DEARER), DatedRate(at("2026-10-01"), HOURLY))
    contract = prepaid(policies=Policies(overage=rates))
    days = ["2026-09-30", "2026-10-01", "2026-10-15", "2026-10-16"]
    assert set(prices_in(contract, month("2026-10", contract.zone))) == {HOURLY, DEARER}
    assert [overage_at(contract, at(day)) for day in days] == [None, HOURLY, HOURLY, DEARER]
