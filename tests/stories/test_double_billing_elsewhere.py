"""How others billed twice, step by step, and what happens here (reliability 1, M, P).

Odoo: timesheets are invoiced, the invoice is credited or reset, its entries are "to invoice" again
and are billed a second time. Lago: a draft that is refreshed, an hourly clock that is queued twice,
time zones, and periods that do not tile made duplicates.
"""

import shutil
from pathlib import Path

import pytest

from mondaybridge.errors import FindingsError, Parked, TryLater
from mondaybridge.workflows import close
from stories import town
from stories.house import LONDON, House, house


def billed(one: House, minutes: int = 90) -> tuple[str, str, str]:
    """Work is invoiced; return row, session and the invoice's id."""
    menu = one.row("Menu", board=town.TEA, approved=False)
    session = one.work(menu, "2026-10-05 09:00", minutes)
    one.go("2026-11-03 09:00")
    one.settle()
    one.close("2026-10", "tea")
    return menu, session, next(iter(one.sandbox.stripe.invoices))


def asked(one: House) -> int:
    """Return what the client is asked for in all, before tax."""
    return sum(
        amount if kind == "invoice" else -amount
        for kind, customer, status, amount in one.papers()
        if customer == "tea" and status != "void"
    )


def later_months(one: House) -> None:
    """Close two more months, whatever they bring."""
    for period, moment in (("2026-11", "2026-12-03 09:00"), ("2026-12", "2027-01-04 09:00")):
        one.go(moment)
        one.sweep()
        one.close(period, "tea")


def line_of(one: House, invoice: str) -> str:
    return str(one.sandbox.stripe.invoices[invoice].lines[0].id)


class TestOdoo:
    """Invoice, credit, reset: is the work "to invoice" again?"""

    def test_credited_by_hand_in_stripe_it_is_not_billed_again(self) -> None:
        with house(zone=LONDON) as one:
            _, _, invoice = billed(one)
            one.cashier.credit_line(invoice, line=line_of(one, invoice), amount=9000)
            later_months(one)
            assert (asked(one), len(one.papers())) == (0, 2)

    def test_credited_by_us_and_edited_back_it_is_billed_once(self) -> None:
        with house(zone=LONDON) as one:
            menu, session, _ = billed(one)
            one.rework(menu, session, 0)
            one.sweep()
            one.close("2026-11", "tea")
            assert asked(one) == 0
            one.rework(menu, session, 90)
            later_months(one)
            assert asked(one) == 9000
            one.sweep()
            assert one.preview("2027-01", "tea").plan.documents == ()
            assert one.findings() == ()

    def test_credited_by_us_it_stays_credited(self) -> None:
        with house(zone=LONDON) as one:
            menu, session, _ = billed(one)
            one.people.delete_session(item=menu, session=session)
            one.sweep()
            one.close("2026-11", "tea")
            later_months(one)
            assert (asked(one), len(one.papers())) == (0, 2)

    def test_voided_it_waits_for_a_person(self) -> None:
        with house(zone=LONDON) as one:
            _, _, invoice = billed(one)
            one.cashier.void_invoice(invoice)
            with pytest.raises((Parked, FindingsError)):
                later_months(one)
            assert one.papers() == [("invoice", "tea", "void", 9000)]

    def test_with_an_older_database_what_is_issued_is_found_again(self) -> None:
        with house(zone=LONDON) as one:
            menu = one.row("Menu", board=town.TEA, approved=False)
            one.work(menu, "2026-10-05 09:00", 90)
            one.go("2026-11-03 09:00")
            one.settle()
            one.app.close()
            database = one.folder / "mondaybridge.sqlite3"
            kept = Path(shutil.copy(database, one.folder / "yesterday.sqlite3"))
            one.open()
            one.close("2026-10", "tea")
            one.app.close()
            for beside in one.folder.glob("mondaybridge.sqlite3-*"):
                beside.unlink()
            shutil.copy(kept, database)
            one.open()
            one.sweep()
            one.close("2026-10", "tea")
            later_months(one)
            assert one.papers() == [("invoice", "tea", "open", 9000)]
            assert one.findings() == ()

    def test_S20_what_was_issued_and_not_mailed_before_the_restore_is_mailed_once(self) -> None:
        with house(zone=LONDON) as one:
            menu = one.row("Menu", board=town.TEA, approved=False)
            one.work(menu, "2026-10-05 09:00", 90)
            one.go("2026-11-03 09:00")
            one.settle()
            one.app.close()
            database = one.folder / "mondaybridge.sqlite3"
            kept = Path(shutil.copy(database, one.folder / "yesterday.sqlite3"))
            one.open()
            one.fault("stripe", "saved_500", "Invoice.send")
            with pytest.raises(TryLater):
                one.close("2026-10", "tea")
            assert one.sandbox.stripe.mails == []
            one.app.close()
            for beside in one.folder.glob("mondaybridge.sqlite3-*"):
                beside.unlink()
            shutil.copy(kept, database)
            one.open()
            one.wait(24 * 60)  # Stripe forgets the key of the call that it never did
            one.sweep()
            one.close("2026-10", "tea")
            one.wait(30)
            one.settle()
            assert [mail.kind for mail in one.sandbox.stripe.mails] == ["invoice"]
            assert one.papers() == [("invoice", "tea", "open", 9000)]

    def test_all_of_it_in_one_life(self) -> None:
        """Credit by hand, less, more, a credit of ours, edited back: never more than was worked."""
        with house(zone=LONDON) as one:
            menu, session, invoice = billed(one)
            one.cashier.credit_line(invoice, line=line_of(one, invoice), amount=3000)
            for minutes in (60, 30, 90):
                one.rework(menu, session, minutes)
                one.sweep()
                one.close("2026-11", "tea")
            later_months(one)
            assert asked(one) == 9000 - 3000


class TestLago:
    """Drafts, clocks, zones and periods."""

    def test_875_a_draft_that_is_edited_between_two_steps_is_made_anew_and_once(self) -> None:
        with house(zone=LONDON) as one:
            menu = one.row("Menu", board=town.TEA, approved=False)
            one.work(menu, "2026-10-05 09:00", 90)
            one.go("2026-11-03 09:00")
            one.settle()
            one.fault("stripe", "saved_500", "Invoice.add_lines")
            with pytest.raises(Exception, match=r"Stripe"):
                one.close("2026-10", "tea")
            draft = next(iter(one.sandbox.stripe.invoices))
            one.cashier.add_line(draft, amount=9000, description="refreshed")
            one.wait(30)
            with pytest.raises(FindingsError, match="something moved"):
                one.close("2026-10", "tea")  # what was begun is finished first
            one.close("2026-10", "tea")
            assert one.papers() == [("invoice", "tea", "open", 9000)]

    def test_4795_a_clock_that_strikes_twice_makes_one_document(self) -> None:
        terms = town.tea(policies={"close": "auto"})
        with house(town.mapping(tea=terms), zone=LONDON) as one:
            menu = one.row("Menu", board=town.TEA, approved=False)
            one.work(menu, "2026-10-05 09:00", 90)
            one.go("2026-11-03 09:00")
            for _ in range(3):
                one.settle()
                close.run_close(one.app, "tea")
            assert one.papers() == [("invoice", "tea", "open", 9000)]

    def test_879_a_session_over_the_months_end_is_billed_once_in_the_clients_zone(self) -> None:
        with house(zone=LONDON) as one:
            menu = one.row("Menu", board=town.TEA, approved=False)
            one.work(menu, "2026-10-31 23:30", 60)
            one.go("2026-11-03 09:00")
            one.settle()
            one.close("2026-10", "tea")
            later_months(one)
            assert one.papers() == [
                ("invoice", "tea", "open", 3000),
                ("invoice", "tea", "open", 3000),
            ]
            (contract,) = one.app.mapping.client("tea").contracts
            assert one.posted(contract.contract_id, menu) == {"2026-10": 30, "2026-11": 30}

    def test_6173_months_tile_so_that_every_minute_stands_once(self) -> None:
        with house(zone=LONDON) as one:
            menu = one.row("Menu", board=town.TEA, approved=False)
            for begins in ("2026-10-24 23:45", "2026-10-25 00:45", "2026-10-31 22:00"):
                one.work(menu, begins, 30)
            one.work(menu, "2026-10-31 23:59", 2)
            one.work(menu, "2026-11-30 23:00", 120)
            one.go("2026-11-03 09:00")
            one.settle()
            one.close("2026-10", "tea")
            later_months(one)
            assert asked(one) == (3 * 30 + 2 + 120) * 100
            assert [amount for *_, amount in one.papers()] == [9100, 6100, 6000]
