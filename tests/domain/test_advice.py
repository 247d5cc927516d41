"""R47: what the last months would have cost under each plan."""

from dataclasses import replace

from ledgerbook import at
from mondaybridge.domain.activity import Activity, Capture, Presence, Session
from mondaybridge.domain.advice import MonthlyUse, Option, options
from mondaybridge.domain.contract import (
    Contract,
    ContractKind,
    DatedRate,
    NamedRates,
    Plan,
    PlanPhase,
)
from mondaybridge.domain.money import RateKey
from mondaybridge.domain.outcome import History

ZONE = "Europe/London"
MONTHS = ["2026-08", "2026-09", "2026-10"]


def gbp(minor: int) -> RateKey:
    return RateKey(minor, "gbp")


def plan(rank: int, hours: int, fee: int, overage: int) -> Plan:
    return Plan(f"support-{rank}", rank, hours * 60, gbp(fee), (DatedRate(0, gbp(overage)),))


SMALL, LARGE = plan(30, 3, 16500, 6000), plan(60, 6, 30000, 5500)
STANDARD = (DatedRate(0, gbp(6500)),)


CONTRACT = Contract(
    "k",
    "c",
    ContractKind.POSTPAID_PLAN,
    ZONE,
    at("2026-01-01", ZONE),
    plans=(PlanPhase(at("2026-01-01", ZONE), LARGE),),
    standard_rates=STANDARD,
)


def row(day: str, minutes: int, key: str = "1") -> Activity:
    start = at(f"{day} 09:00", ZONE)
    end = start + minutes * 60_000
    session = Session("s" + day, Capture.TRACKED, start, end, minutes * 60)
    return Activity(key, "b", "Menu", sessions=(session,))


WORK = [row("2026-08-03", 120, "1"), row("2026-10-05", 240, "2")]


def test_R47b_each_plan_is_priced_on_the_clients_own_months() -> None:
    """Aug 2:00, Sep nothing, Oct 4:00: the small plan has an hour of overage in October."""
    assert options(CONTRACT, WORK, MONTHS, [SMALL, LARGE]) == [
        Option("standard", (("2026-08", 13000), ("2026-09", 0), ("2026-10", 26000))),
        Option("support-30", (("2026-08", 16500), ("2026-09", 16500), ("2026-10", 22500))),
        Option("support-60", tuple((m, 30000) for m in MONTHS), current=True),
    ]


def test_R47b_of_equal_ones_the_present_plan_comes_first() -> None:
    twin = replace(LARGE, plan_id="a-twin")
    found = options(replace(CONTRACT, standard_rates=()), WORK, MONTHS, [twin, LARGE])
    assert [(one.name, one.current) for one in found] == [("support-60", True), ("a-twin", False)]


def test_an_offer_without_a_price_for_the_time_is_never_the_cheapest() -> None:
    later = (DatedRate(at("2026-10-01", ZONE), gbp(100)),)
    found = options(replace(CONTRACT, standard_rates=later), WORK, MONTHS, [LARGE])
    assert [(one.name, one.priceless) for one in found] == [("support-60", 0), ("standard", 120)]


def test_time_of_rows_that_are_gone_counts_as_it_did() -> None:
    gone = [replace(one, presence=Presence.DELETED) for one in WORK]
    assert options(CONTRACT, gone, MONTHS, [SMALL]) == options(CONTRACT, WORK, MONTHS, [SMALL])


def test_R51_without_a_plan_the_hourly_price_is_compared() -> None:
    payg = replace(
        CONTRACT,
        kind=ContractKind.PAY_AS_YOU_GO,
        plans=(),
        rates=(DatedRate(0, gbp(7000)),),
        standard_rates=(),
    )
    found = options(payg, WORK, MONTHS, [SMALL])
    assert [(one.name, one.total, one.current) for one in found] == [
        ("pay as you go", 42000, True),
        ("support-30", 55500, False),
    ]


def test_R47a_unused_time_and_the_share_that_was_used() -> None:
    used = [MonthlyUse("2026-08", 120, 180), MonthlyUse("2026-09", 0, 180)]
    assert [(one.unused, one.percent) for one in used] == [(60, 66), (180, 0)]
    assert MonthlyUse("2026-10", 90, 0).percent is None


def test_R47_a_persons_price_counts_in_every_offer_as_it_does_in_the_bill() -> None:
    dear = NamedRates("kim@agency.example", (DatedRate(0, gbp(9000)),))
    start = at("2026-10-05 09:00", ZONE)
    session = Session("s1", Capture.TRACKED, start, start + 28_800_000, 28_800, "7")
    row = Activity("A", "b", "A", sessions=(session,))
    known = History(people={"7": ("kim@agency.example", "member")})
    contract = replace(CONTRACT, person_rates=(dear,))
    found = options(contract, [row], ["2026-10"], [LARGE], known)
    assert {one.name: one.total for one in found} == {"support-60": 48_000, "standard": 72_000}
