"""Rates by work date and precedence (semantics 6.27)."""

from dataclasses import replace

import pytest

from ledgerbook import HOURLY, activity, at, metered, prepaid
from mondaybridge.domain.activity import Activity, Capture, Session
from mondaybridge.domain.contract import Contract, DatedRate, NamedRates, Plan, PlanPhase, Policies
from mondaybridge.domain.money import RateKey
from mondaybridge.domain.tariff import overage_at, price_of, prices_in
from mondaybridge.domain.worktime import month

DEARER = RateKey(7_000, "gbp", "txr_20")
CHEAPER = RateKey(5_000, "gbp", "txr_20")


def price_at(contract: Contract, instant: int, row: Activity | None = None) -> RateKey | None:
    session = Session("s1", Capture.TRACKED, instant, instant + 60_000, 60, "7")
    return price_of(contract, row or activity("A"), session, instant)


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


def named(name: str, minor: int) -> NamedRates:
    return NamedRates(name, (DatedRate(0, RateKey(minor, "gbp", "txr_20")),))


def test_6_27_a_rows_own_rate_goes_first_then_person_service_plan_contract_and_standard() -> None:
    plan = Plan("s60", 60, 600, RateKey(1, "gbp"), (DatedRate(0, RateKey(44, "gbp", "txr_20")),))
    everything = {
        "plans": (PlanPhase(0, plan),),
        "person_rates": (named("7", 22),),
        "service_rates": (named("Website", 33),),
        "standard_rates": (DatedRate(0, RateKey(66, "gbp", "txr_20")),),
        "rates": (DatedRate(0, RateKey(55, "gbp", "txr_20")),),
    }
    own = activity("A", service="Website", hourly="0.11")
    usual = activity("A", service="Website")
    found = []
    for row, gone in (
        (own, ()),
        (usual, ()),
        (usual, ("person_rates",)),
        (usual, ("person_rates", "service_rates")),
        (usual, ("person_rates", "service_rates", "plans")),
        (usual, ("person_rates", "service_rates", "plans", "rates")),
        (usual, tuple(everything)),
    ):
        terms = {name: () if name in gone else value for name, value in everything.items()}
        price = price_at(replace(metered(), **terms), at("2026-10-05"), row)  # type: ignore[arg-type]  # terms by name
        found.append(price and price.unit_minor)
    assert found == [11, 22, 33, 44, 55, 66, None]


def test_6_27_another_person_or_service_has_the_next_price() -> None:
    contract = metered(person_rates=(named("8", 22),), service_rates=(named("Training", 33),))
    assert price_at(contract, 5) == HOURLY


@pytest.mark.parametrize(("typed", "minor"), [("70.00", 7_000), ("70.5", 7_050)])
def test_6_27_a_rows_own_rate_has_the_contracts_currency_and_tax(typed: str, minor: int) -> None:
    own = price_at(metered(), 5, activity("A", hourly=typed))
    assert own == RateKey(minor, "gbp", "txr_20")


def test_6_27_a_rows_own_rate_that_cannot_be_read_is_no_price() -> None:
    assert price_at(metered(), 5, activity("A", hourly="much")) is None


def test_a_rows_own_rate_needs_a_currency_from_somewhere() -> None:
    nowhere = replace(metered(), rates=())
    assert price_at(nowhere, 5, activity("A", hourly="70.00")) is None
    standard = replace(nowhere, standard_rates=(DatedRate(100, CHEAPER),))
    own = price_at(standard, 5, activity("A", hourly="70.00"))
    assert own == RateKey(7_000, "gbp", "txr_20")
