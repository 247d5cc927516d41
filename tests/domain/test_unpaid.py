"""What rows say while bought hours wait for their sale: the hours, why, and the way out (6.30)."""

from dataclasses import replace

import pytest

from ledgerbook import Book, activity, at, metered, package, prepaid, worked
from mondaybridge.domain.activity import Status
from mondaybridge.domain.contract import StartsOn
from mondaybridge.domain.notices import Notice, Rule
from mondaybridge.domain.outcome import History
from mondaybridge.domain.sales import Locked, Sale, Usable, locked
from mondaybridge.workflows import telling
from mondaybridge.workflows.telling import Reader

WAITS = package(starts_on=StartsOn.INVOICE_PAID)
EN, IT = Reader("en", "Europe/Rome"), Reader("it", "Europe/Rome")


class Sold(Book):
    """A book that knows what the invoices of its packages show."""

    sales: dict[str, Sale]

    def history(self) -> History:
        return replace(super().history(), sales=self.sales)


def book(contract_book: Book, **sales: Sale) -> Sold:
    found = Sold(contract_book.contract, contract_book.now)
    found.sales = sales
    return found


def test_6_30_hours_that_wait_are_named_before_frozen_ones_and_never_summed_with_them() -> None:
    second = package("p2", starts_on=StartsOn.INVOICE_PAID)
    minutes = {"p1": 100, "p2": 50}
    sales = {"p1": Sale.VOIDED, "p2": Sale.FINALIZED}
    assert locked([WAITS, second], minutes, sales) == Locked(Usable.WAITS_FOR_PAYMENT, 50)
    assert locked([WAITS], minutes, sales) == Locked(Usable.FROZEN, 100)
    assert locked([WAITS], minutes, {"p1": Sale.PAID}) is None
    assert locked([WAITS], {"p1": -5}, sales) is None


def first(book: Book, hours: int, **cells: object) -> list[Notice]:
    cells.setdefault("status", Status.WAITING)
    row = activity("A", hours * 60, **cells)  # type: ignore[arg-type]  # a test names its cells
    return list(book.review(row).notices)


def test_6_30_a_row_that_is_short_says_what_its_hours_wait_for() -> None:
    (one,) = first(book(Book(prepaid(WAITS), at("2026-10-05"))), 2)
    assert one.rule is Rule.RESIDUAL
    assert telling.remark(one, IT) == (
        "Servono 2:00 h e ne restano 0:00: 10:00 h del pacchetto attendono il pagamento della"
        " fattura. [MB-residual]"
    )
    assert "once the invoice is paid. " in telling.comment(one, EN)


def test_6_30_where_even_those_hours_are_not_enough_the_rest_is_said_as_well() -> None:
    (one,) = first(book(Book(prepaid(WAITS), at("2026-10-05"))), 12)
    assert telling.comment(one, EN) == (
        "12:00 h are needed and 0:00 h are left: 10:00 h of the package wait for the payment of"
        " their invoice. The work can start once the invoice is paid, with a smaller estimate or"
        " more hours. [MB-residual]"
    )
    assert telling.comment(one, IT) == (
        "Servono 12:00 h e ne restano 0:00: 10:00 h del pacchetto attendono il pagamento della"
        " fattura. L'attività può partire appena la fattura è pagata, con una stima minore o altre"
        " ore. [MB-residual]"
    )


def test_6_30_a_start_says_it_too() -> None:
    one = first(book(Book(prepaid(WAITS), at("2026-10-05"))), 2, status=Status.WORKING)[0]
    assert one.rule is Rule.START
    assert telling.remark(one, EN) == (
        "2:00 h are needed and 0:00 h are left: 10:00 h of the package wait for the payment of"
        " their invoice; then the work can go on. [MB-start]"
    )


def test_6_30_what_is_short_for_other_reasons_says_nothing_of_sales() -> None:
    (one,) = first(book(Book(prepaid(WAITS), at("2026-10-05")), p1=Sale.PAID), 12)
    assert dict(one.args) == {"need": 720, "hard": 600, "missing": 120}


BULK = package("b1", 300, starts_on=StartsOn.INVOICE_PAID)


@pytest.mark.parametrize(
    ("sale", "said"),
    [
        (
            Sale.FINALIZED,
            (
                (
                    "5:00 h bought in advance wait for the payment of their invoice: meanwhile this"
                    " time has its hourly price. [MB-unpaid]"
                ),
                (
                    "5:00 h acquistate in anticipo attendono il pagamento della fattura: intanto"
                    " questo tempo ha il suo prezzo orario. [MB-unpaid]"
                ),
            ),
        ),
        (
            Sale.VOIDED,
            (
                (
                    "5:00 h bought in advance cannot be used because their sale was cancelled:"
                    " meanwhile this time has its hourly price. [MB-unpaid]"
                ),
                (
                    "5:00 h acquistate in anticipo non si possono usare perché la vendita è stata"
                    " annullata: intanto questo tempo ha il suo prezzo orario. [MB-unpaid]"
                ),
            ),
        ),
        (Sale.PAID, ()),
    ],
)
def test_R52_time_says_that_the_hours_bought_for_it_wait(sale: Sale, said: tuple[str, ...]) -> None:
    contract = metered(packages=(BULK,))
    one = book(Book(contract, at("2026-10-20")), b1=sale)
    one.review()
    row = activity("A", None, worked(60, "2026-10-05"))
    notices = one.review(row).notices
    assert tuple(telling.remark(n, r) for n in notices for r in (EN, IT)) == said
    assert one.review(row).notices == notices
