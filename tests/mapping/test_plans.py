"""Plans, purchases, rates by person and service, and the choices of documents, as values."""

import re
from datetime import date
from pathlib import Path

import pytest

from mondaybridge.domain.contract import (
    AfterPayment,
    BillingPolicies,
    Commitment,
    DatedRate,
    Gate,
    LegalDocument,
    NamedRates,
    Package,
    Plan,
    PlanPhase,
    Policies,
    Proration,
    Questioned,
    Rollover,
    StartsOn,
    Tax,
    ZeroInvoice,
)
from mondaybridge.domain.money import RateKey
from mondaybridge.domain.worktime import iso, midnight
from mondaybridge.mapping.load import load, parse
from mondaybridge.mapping.models import Mapping

LONDON = "Europe/London"
TEXT = Path(__file__).with_name("plans.yaml").read_text(encoding="utf-8")
REFUSALS = Path(__file__).with_name("refusals_of_plans.txt")


def day(text: str) -> int:
    return midnight(date.fromisoformat(text), LONDON)


def gbp(minor: int, tax_rate: str = "") -> RateKey:
    return RateKey(minor, "gbp", tax_rate)


def edited(*pairs: tuple[str, str]) -> bytes:
    text = TEXT
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text.encode()


def mapping(*pairs: tuple[str, str]) -> Mapping:
    found, problems = parse(edited(*pairs))
    assert problems == []
    assert found is not None
    return found


def refused(*pairs: tuple[str, str]) -> list[str]:
    """Return the refusals, each without file and line."""
    _, problems = parse(edited(*pairs))
    return [f"{problem.path}: {problem.message}" for problem in problems]


BEYOND_30 = (
    DatedRate(day("2026-01-01"), gbp(6000, "txr_20")),
    DatedRate(day("2026-09-01"), gbp(6200, "txr_20")),
)
BEYOND_60 = (
    DatedRate(day("2026-01-01"), gbp(6000, "txr_20")),
    DatedRate(day("2026-06-01"), gbp(5500, "txr_20")),
    DatedRate(day("2026-09-01"), gbp(5700, "txr_20")),
)
SENIOR = (DatedRate(day("2026-01-01"), gbp(9000)),)
USUAL = (DatedRate(day("2026-01-01"), gbp(6500)),)


class TestAPlan:
    def test_R42_R49_has_the_overage_of_its_rank_from_its_day_on(self) -> None:
        contract = mapping().contract("plan-1")
        thirty = Plan("support-30", 30, 1800, gbp(165_000, "txr_20"), BEYOND_30)
        sixty = Plan("support-60", 60, 3600, gbp(300_000, "txr_20"), BEYOND_60)
        assert contract.plans == (
            PlanPhase(day("2026-01-01"), thirty),
            PlanPhase(day("2026-07-01"), sixty),
        )

    def test_brings_its_policies_and_the_rates_of_people_and_services(self) -> None:
        contract = mapping().contract("plan-1")
        assert (contract.proration, contract.rollover) == (Proration.DAILY, Rollover(180, 2))
        assert contract.policies == Policies(urgent_factor=2)
        assert contract.person_rates == (
            NamedRates("48211", SENIOR),
            NamedRates("avery@agency.example", SENIOR),
        )
        assert contract.service_rates == (
            NamedRates("Training", SENIOR),
            NamedRates("Other", USUAL),
        )
        assert contract.standard_rates == USUAL
        assert contract.rates == ()

    def test_may_be_named_alone_and_then_begins_with_its_contract(self) -> None:
        change = (
            "plan: [{from: 2026-01-01, plan: support-30}, {from: 2026-07-01, plan: support-60}]"
        )
        (phase,) = mapping((change, "plan: support-60")).contract("plan-1").plans
        assert (phase.starts_at, phase.plan.plan_id) == (day("2026-02-10"), "support-60")

    def test_may_be_paid_as_it_is_used(self) -> None:
        used = ("{from: 2026-07-01, plan: support-60}", "{from: 2026-07-01, plan: as-used}")
        plan = mapping(used).contract("plan-1").plans[1].plan
        inside = (DatedRate(day("2026-01-01"), gbp(5000)),)
        usage = Commitment.USAGE_ONLY
        assert plan == Plan("as-used", 90, 5400, gbp(0), BEYOND_60, usage, inside)


class TestBulk:
    def test_R52_the_discount_is_on_the_line_and_only_from_the_minimum_on(self) -> None:
        """7 h x 43.33 = 303.31, less 5 % of it: 288.14, not 288.12 (semantics 6.17)."""
        first, second = mapping().contract("bulk-1").packages
        paid = StartsOn.INVOICE_PAID
        assert first == Package(
            "B1", 420, day("2026-03-01"), gbp(28_814), starts_on=paid, discount_minor=1517
        )
        assert (second.price, second.discount_minor, second.priority) == (gbp(30_259), 0, 2)
        ends = (iso(second.expires_at or 0), iso(second.lapses_at or 0))
        assert ends == ("2027-01-01T00:00:00Z", "2027-01-04T00:00:00Z")

    def test_a_purchase_costs_what_the_rate_asks_on_its_day(self) -> None:
        dearer = ('"43.33"}]', '"43.33"}, {from: 2026-03-01, amount: "50.00"}]')
        first, _ = mapping(dearer).contract("bulk-1").packages
        assert (first.price, first.discount_minor) == (gbp(33_250), 1750)


class TestAClient:
    def test_is_billed_by_its_choices(self) -> None:
        client = mapping().client("plan")
        assert (client.stripe_customer, client.email, client.currency) == (
            "",
            "bills@plan.example",
            "gbp",
        )
        assert client.billing == BillingPolicies(
            legal_document=LegalDocument.EXTERNAL,
            tax=Tax.RATES,
            after_payment=AfterPayment.REFUND,
            questioned=Questioned.BILL,
            answer_days=3,
            accept_days=10,
            min_invoice_minor=500,
            min_credit_minor=100,
            zero_invoice=ZeroInvoice.CREATE,
            late_days=90,
            group_above=100,
            note=Gate.WARN,
        )
        assert mapping().client("bulk").billing == BillingPolicies()

    def test_R54_without_a_contract_pays_the_standard_rate_of_its_currency(self) -> None:
        found = mapping()
        contract = found.contract("none-1")
        assert (contract.rates, contract.standard_rates) == ((), USUAL)
        assert found.client("none").currency == "gbp"

    def test_R54_without_any_rate_is_accepted_with_a_warning(self) -> None:
        bare = ("standard: {GBP: usual}", "standard: {}")
        found = mapping(
            bare, ("    stripe_customer: cus_3", "    currency: EUR\n    email: a@b.example")
        )
        assert found.contract("none-1").standard_rates == ()
        assert found.client("none").currency == "eur"
        (warning,) = found.warnings
        assert warning == (
            "clients.none: contract none-1 has no price: its months cannot be closed; name a price "
            "list as its rate, or under standard one in EUR"
        )
        assert mapping().warnings == ()


def cases() -> list[tuple[str, str, str]]:
    """Read what is changed, into what, and the refusal; a bar closes, ``\\n`` breaks a line."""
    text = REFUSALS.read_text(encoding="utf-8")
    blocks = re.findall(r"- (.*)\|\n\+ (.*)\|\n= (.*)\n", text)
    return [(old.replace("\\n", "\n"), new.replace("\\n", "\n"), why) for old, new, why in blocks]


@pytest.mark.parametrize(("old", "new", "why"), cases())
def test_what_does_not_fit_is_refused_at_its_place(old: str, new: str, why: str) -> None:
    assert why in refused((old, new))


def test_the_tax_of_a_client_is_said_once() -> None:
    used = (
        'support-60: {rank: 60, included: "60:00", fee: "3000.00 GBP", tax_rate: txr_20',
        'support-60: {rank: 60, included: "60:00", fee: "3000.00 GBP"',
    )
    found = refused(("tax: rates", "tax: automatic"), used)
    place = "clients.plan.policies.tax: automatic leaves the tax to Stripe: remove tax_rate at "
    assert found == [f"{place}rates.beyond.tax_rate", f"{place}plans.support-30.tax_rate"]


def test_the_file_beside_is_read_from_its_folder() -> None:
    assert load(Path(__file__).with_name("plans.yaml")).board_ids == ("1", "2", "3")
