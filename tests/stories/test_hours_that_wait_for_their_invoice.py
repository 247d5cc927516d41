"""A package sold: hours that wait for the invoice, a sale voided after use, hours returned (6.30).

Each void, payment and credit is made by a person in Stripe; the bridge finds it when it looks.
"""

import pytest

from mondaybridge.errors import ConfigurationError, FindingsError
from mondaybridge.reports import status as reports
from mondaybridge.workflows.held import held_lines
from mondaybridge.workflows.packages import refund
from mondaybridge.workflows.review import review_contract
from stories import town
from stories.house import LONDON, House, house

BIG = {**town.PACKAGE, "price": "3000.00 EUR"}


def waiting(activate_on: str, *packages: town.Terms) -> str:
    terms = town.quiet(*packages, policies={"activate_on": activate_on})
    return town.mapping(bottega=town.bottega(terms, policies={"close": "auto"}))


def auto(*packages: town.Terms) -> str:
    return town.mapping(bottega=town.bottega(town.quiet(*packages), policies={"close": "auto"}))


def invoice(one: House) -> str:
    """Return the newest invoice's id."""
    return list(one.sandbox.stripe.invoices)[-1]


def look(one: House) -> None:
    """Let a day pass, so that everything at Stripe and monday is looked at."""
    one.wait(24 * 60)
    one.sweep()
    one.wait(5)
    one.sweep()


def state(one: House, package: str = "P1") -> tuple[int, int, str]:
    """Return hard and free minutes, and where the package stands."""
    found = next(p for p in reports.packages(one.app) if p["id"] == package)
    return int(found["hard"]), int(found["free"]), str(found["state"])


def test_hours_that_wait_for_payment_are_there_once_it_is_paid_and_only_once() -> None:
    with house(waiting("invoice_paid")) as one:
        one.sweep()
        assert state(one) == (600, 0, "waits for payment")
        row = one.row("A", "2")
        one.wait(3)
        one.sweep()
        assert one.package()[2] == 0  # nothing is reserved: there are no hours yet
        one.settle()
        assert one.papers() == [("invoice", "bottega", "open", 60_000)]
        one.cashier.pay_invoice(invoice(one))
        look(one)
        one.confirm(row)
        assert state(one) == (600, 480, "running")
        assert one.package()[2] == 120
        entries = one.entries()
        look(one)  # the same event again changes nothing
        assert one.entries() == entries
        assert one.findings() == ()


def test_hours_that_wait_for_the_invoice_are_there_when_it_is_final() -> None:
    with house(waiting("invoice_finalized")) as one:
        one.settle()
        look(one)
        assert one.papers() == [("invoice", "bottega", "open", 60_000)]
        assert state(one) == (600, 600, "running")


def test_a_sale_voided_after_200_of_600_freezes_the_rest() -> None:
    with house(auto()) as one:
        row = one.row("A", "3")
        one.settle()
        one.work(row, "2026-10-02 09:00", 200)
        one.go("2026-10-02 18:00")
        one.sweep()
        assert one.package() == (600, 200, 0, 400, 400)
        one.cashier.void_invoice(invoice(one))
        look(one)
        assert state(one) == (400, 0, "frozen: its sale was voided or credited")
        late = one.row("B", "1")
        one.wait(3)
        one.sweep()
        one.work(row, "2026-10-03 09:00", 30)
        one.wait(3)
        one.sweep()
        assert one.package()[:3] == (600, 200, 0)  # granted stays; nothing new is drawn or held
        assert one.verdict(late).active is False
        assert one.held() == [(row, "2026-10", "unfunded", 30)]
        assert len(one.papers()) == 1  # nobody is billed again without a release
        assert {kind for kind, _, _ in one.parked()} == {"close", "document"}


def test_400_of_600_returned_is_a_credit_note_of_two_thirds_of_the_price() -> None:
    with house(auto(BIG)) as one:
        row = one.row("A", "3")
        one.settle()
        one.work(row, "2026-10-02 09:00", 200)
        one.go("2026-10-02 18:00")
        one.sweep()
        with pytest.raises(FindingsError, match="of package P1 6:40 may be refunded, not 6:41"):
            refund(one.app, "P1", minutes=401, reason="too many", actor="admin")
        done = refund(one.app, "P1", minutes=400, reason="the shop closes", actor="admin")
        assert (done.amount_minor, done.currency) == (200_000, "eur")
        with pytest.raises(FindingsError, match="0:00 may be refunded"):
            refund(one.app, "P1", minutes=1, reason="again", actor="admin")
        review_contract(one.app, "bottega-hours")
        look(one)
        assert one.papers() == [
            ("invoice", "bottega", "open", 300_000),
            ("credit note", "bottega", "issued", 200_000),
        ]
        assert one.entries()[-1] == ("refund", -400)
        assert one.findings() == ()


def test_reserved_hours_are_not_refunded() -> None:
    with house(auto()) as one:
        one.row("A", "8")
        one.settle()
        with pytest.raises(FindingsError, match="2:00 may be refunded, not 2:01"):
            refund(one.app, "P1", minutes=121, reason="too many", actor="admin")


def test_a_top_up_is_a_document_of_its_own_without_a_month() -> None:
    second = {**town.PACKAGE, "id": "P2", "granted": "5:00", "sold_on": "2026-10-12"}
    with house(auto(town.PACKAGE, {**second, "price": "310.00 EUR"})) as one:
        one.settle()
        one.go("2026-10-12 09:00")
        one.sweep()
        assert one.papers() == [
            ("invoice", "bottega", "open", 60_000),
            ("invoice", "bottega", "open", 31_000),
        ]
        kept = list(one.sandbox.stripe.invoices.values())
        keys = [paper.metadata["mb_key"] for paper in kept]
        assert keys == ['["bottega","P1","sale",1]', '["bottega","P2","sale",1]']


def test_R52_bulk_hours_that_wait_for_payment_are_used_once_it_is_paid() -> None:
    bulk = {
        "minimum": "5:00",
        "purchases": [{"id": "B1", "hours": "5:00", "bought_on": "2026-10-01"}],
    }
    terms = town.hourly(bulk=bulk, policies={"activate_on": "invoice_paid"})
    client = town.tea(terms, policies={"close": "auto"})
    with house(town.mapping(tea=client), zone=LONDON) as one:
        row = one.row("A", "3", board=town.TEA)
        one.settle()
        assert one.papers() == [("invoice", "tea", "open", 28_500)]  # 5 h x 60.00, less 5 %
        one.work(row, "2026-10-02 09:00", 60)
        one.go("2026-10-02 18:00")
        one.sweep()
        assert one.package("B1") == (300, 0, 0, 300, 0)
        assert [u["waits_for"] for u in one.status()["unusable"]] == [
            "5:00 of B1 wait for the payment of SANDBOX-0001"
        ]
        one.cashier.pay_invoice(invoice(one))
        look(one)
        assert one.package("B1") == (300, 60, 0, 240, 240)


def test_R52_what_was_bought_keeps_its_price() -> None:
    def bought(**terms: object) -> str:
        purchase = {"id": "B1", "hours": "5:00", "bought_on": "2026-10-01"}
        bulk = {"minimum": "5:00", "purchases": [purchase], **terms}
        return town.mapping(tea=town.tea(town.hourly(bulk=bulk)))

    with house(bought(), zone=LONDON) as one:
        one.settle()
        with pytest.raises(ConfigurationError) as caught:
            one.reopen(bought(discount_percent=10))
        (problem,) = caught.value.problems
        assert "B1" in problem
        assert "285.00 GBP" in problem
        one.reopen(bought())


@pytest.mark.parametrize(
    ("locale", "short", "paid"),
    [
        (
            "it",
            (
                "Servono 2:00 h e ne restano 0:00: 10:00 h del pacchetto attendono il pagamento"
                " della fattura. L'attività può partire appena la fattura è pagata. [MB-residual]"
            ),
            "✓ Risolto: non serve altro. [MB-residual]",
        ),
        (
            "en",
            (
                "2:00 h are needed and 0:00 h are left: 10:00 h of the package wait for the payment"
                " of their invoice. The work can start once the invoice is paid. [MB-residual]"
            ),
            "✓ Settled: there is nothing more to do. [MB-residual]",
        ),
    ],
)
def test_a_row_says_that_its_hours_wait_for_payment_until_it_is_paid(
    locale: str, short: str, paid: str
) -> None:
    terms = town.quiet(policies={"activate_on": "invoice_paid"})
    client = town.bottega(terms, policies={"close": "auto"}, locale=locale)
    with house(town.mapping(bottega=client)) as one:
        row = one.row("A", "2", status=town.WAITING)
        one.settle()
        one.sweep()
        assert one.notices(row) == [short]
        (waits,) = one.status()["unusable"]
        assert (waits["minutes"], waits["waits_for"], waits["way_out"]) == (
            600,
            "10:00 of P1 wait for the payment of SANDBOX-0001",
            "once SANDBOX-0001 is paid; if it was paid elsewhere, mark it as paid in Stripe",
        )
        one.cashier.pay_invoice(invoice(one))
        look(one)
        assert one.notices(row)[0] == paid
        assert one.status()["unusable"] == []


def test_a_row_says_that_the_hours_of_a_voided_sale_are_frozen() -> None:
    with house(auto()) as one:
        row = one.row("A", "3")
        one.settle()
        one.work(row, "2026-10-02 09:00", 200)
        one.go("2026-10-02 18:00")
        one.sweep()
        one.cashier.void_invoice(invoice(one))
        look(one)
        late = one.row("B", "1")
        one.wait(3)
        one.sweep()
        one.work(row, "2026-10-03 09:00", 30)
        one.wait(3)
        one.sweep()
        why = "6:40 h del pacchetto non si possono usare perché la vendita è stata annullata"
        way = "quando quelle ore sono fatturate di nuovo o con un nuovo pacchetto"
        assert one.notices(late) == [
            f"Servono 1:00 h e ne restano 0:00: {why}. L'attività può partire {way}. [MB-residual]"
        ]
        assert one.notices(row) == [
            (
                "3:50 h effettive su 3:00 h approvate: 0:30 h restano in sospeso, perché"
                f" {why}. Si possono coprire {way}. [MB-overrun]"
            )
        ]
        waits = "6:40 of P1 are frozen: the sale was voided or credited"
        out = "take the rest back with `package refund P1 --minutes 400 --reason …`, or invoice"
        assert [(r["activity"], r["waits_for"]) for r in one.status()["refused"]] == [(late, waits)]
        assert [(u["package"], u["minutes"], u["waits_for"]) for u in one.status()["unusable"]] == [
            ("P1", 400, waits)
        ]
        (line,) = held_lines(one.app)
        assert (line.held.activity_id, line.detail) == (
            row,
            f"{waits}: {out} the sale again: see `close preview`",
        )
