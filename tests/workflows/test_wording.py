"""What a client reads on a document, in the client's language (R42, R45, R52)."""

import pytest

from ledgerbook import at
from mondaybridge.domain.contract import (
    BillingPolicies,
    Client,
    Contract,
    ContractKind,
    LegalDocument,
    Package,
    Plan,
    PlanPhase,
)
from mondaybridge.domain.documents import DocumentKind
from mondaybridge.domain.money import RateKey
from mondaybridge.domain.usage import LineId, UsageLine
from mondaybridge.workflows.wording import Wording

ZONE = "Europe/Rome"
FIRST, LAST = at("2026-10-01 00:00", ZONE), at("2026-10-31 23:59", ZONE)
PLAN = Plan("support-60", 60, 3600, RateKey(300_000, "eur"), ())
PLANNED = Contract(
    "c1", "acme", ContractKind.POSTPAID_PLAN, ZONE, FIRST, plans=(PlanPhase(FIRST, PLAN),)
)
BULK = Package("B7", 420, FIRST, RateKey(28_814, "eur"), discount_minor=1_517)
HOURLY = Contract("c2", "acme", ContractKind.PAY_AS_YOU_GO, ZONE, FIRST, packages=(BULK,))
NAMES = {"a": "Catalogo"}


def wording(
    locale: str, *contracts: Contract, legal: LegalDocument = LegalDocument.STRIPE
) -> Wording:
    client = Client(
        *("acme", "Acme", locale, "eur", ZONE, "cus_1", contracts or (PLANNED, HOURLY)),
        billing=BillingPolicies(legal_document=legal),
    )
    return Wording(client, NAMES, {})


def said(locale: str, line: UsageLine) -> str:
    return wording(locale).line(line, line.line_id.period)


def usage(source: str, rate: str = "0/eur/", contract: str = "c1") -> UsageLine:
    moment = at("2026-10-05 09:00", ZONE)
    line_id = LineId(contract, "usage", "a", "2026-10", source, rate)
    return UsageLine(line_id, 90, 0, moment, moment)


def fee(amount: int) -> UsageLine:
    line_id = LineId("c1", "fee", "support-60@2026-10-01", "2026-10", "included", "300000/eur/")
    last = LAST if amount == 300_000 else at("2026-10-16 23:59", ZONE)
    return UsageLine(line_id, 0, amount, FIRST, last)


@pytest.mark.parametrize(
    ("source", "english", "italian"),
    [
        ("included", "1:30 h included in the plan", "1:30 h comprese nel piano"),
        ("no_charge", "1:30 h: bug - no charge", "1:30 h: difetto - senza addebito"),
        ("bulk:B7", "1:30 h from the purchase B7", "1:30 h dall'acquisto B7"),
    ],
)
def test_time_that_costs_nothing_says_why(source: str, english: str, italian: str) -> None:
    assert said("en", usage(source)) == f"5 Oct · Catalogo · {english}"
    assert said("it", usage(source)) == f"5 ott · Catalogo · {italian}"


def test_R50_time_beyond_the_plan_says_so() -> None:
    line = usage("overage", "5500/eur/")
    assert said("en", line) == "5 Oct · Catalogo · 1:30 h beyond the plan at 55.00 EUR"
    assert said("it", line) == "5 ott · Catalogo · 1:30 h oltre il piano a 55.00 EUR"


def test_R42_a_fee_names_the_plan_and_what_it_includes() -> None:
    assert said("en", fee(300_000)) == "Plan support-60, October 2026: 60:00 h included"
    assert said("it", fee(300_000)) == "Piano support-60, ottobre 2026: 60:00 h comprese"
    assert said("en", fee(154_839)) == "Plan support-60, 1-16 Oct: the share of October 2026"


def test_R52_a_purchase_in_bulk_shows_list_price_discount_and_net() -> None:
    line = UsageLine(LineId("c2", "sale", "B7", "", "sale", "28814/eur/"), 420, 28_814)
    assert said("en", line) == (
        "Hourly package B7, 7:00 h: 303.31 EUR, less 15.17 EUR, net 288.14 EUR"
    )
    assert said("it", line) == (
        "Pacchetto orario B7, 7:00 h: 303.31 EUR, sconto 15.17 EUR, netto 288.14 EUR"
    )


def test_sections_are_named_by_kind_and_by_id_where_two_are_alike() -> None:
    words = wording("it")
    assert [words.heading(one) for one in ("c1", "c2", "gone")] == [
        "Piano di assistenza",
        "A consumo",
        "gone",
    ]
    assert wording("en", HOURLY, HOURLY).heading("c2") == "Pay as you go"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (DocumentKind.SALE, "non una fattura ai fini fiscali"),
        (DocumentKind.USAGE, "non una fattura ai fini fiscali"),
        (DocumentKind.CORRECTION, "non una nota di credito ai fini fiscali"),
    ],
)
def test_q11_every_paper_says_that_another_is_the_legal_one(kind: DocumentKind, words: str) -> None:
    external = wording("it", legal=LegalDocument.EXTERNAL)
    assert words in external.footer(kind, "2026-10", "")
    assert words not in wording("it").footer(kind, "2026-10", "")
