"""Our system will generate an invoice, fully itemised: what an accountant finds on it.

Lines taken together with their list, months too small for an invoice, sections, the statement's
address, the words that the law wants, and the export for the tool that writes the legal invoice.
"""

import csv
import json
from io import StringIO
from typing import Any

import pytest

from mondaybridge.errors import Parked
from mondaybridge.export.invoices import invoices_csv, invoices_json
from mondaybridge.settings import Settings
from mondaybridge.store import work
from mondaybridge.workflows.addresses import Download, leads_to
from mondaybridge.workflows.invoices_out import documents_of
from stories import town
from stories.house import LONDON, House, house


def tea(**policies: object) -> str:
    return town.mapping(tea=town.tea(policies=policies))


def worked(one: House, name: str, begins: str, minutes: int) -> tuple[str, str]:
    item = one.row(name, board=town.TEA, approved=False)
    return item, one.work(item, begins, minutes)


def close_october(one: House) -> None:
    one.go("2026-11-03 09:00")
    one.settle()
    one.close("2026-10", "tea")


def newest(one: House) -> Any:  # noqa: ANN401 - the stand-in's invoice
    return list(one.sandbox.stripe.invoices.values())[-1]


class TestLongInvoices:
    def test_6_21_too_many_lines_are_taken_together_with_the_full_list_beside(self) -> None:
        with house(tea(group_above=3), zone=LONDON) as one:
            rows = [worked(one, f"Ticket {n}", f"2026-10-0{5 + n % 2} 09:00", 7) for n in range(5)]
            close_october(one)
            assert one.papers() == [("invoice", "tea", "open", 5 * 700)]
            assert one.lines() == [
                ("5 Oct · Several activities · 0:21 h at 60.00 GBP", 2100),
                ("6 Oct · Several activities · 0:14 h at 60.00 GBP", 1400),
            ]
            (listed,) = sorted((one.folder / "statements" / "tea").glob("*.json"))
            body = json.loads(listed.read_text())
            invoice = newest(one)
            assert invoice.metadata["mb_list"] == body["digest"]
            assert f"{listed.stem}.csv" in invoice.footer
            assert [line["activity_id"] for line in body["lines"]] == [
                rows[n][0] for n in (0, 2, 4, 1, 3)
            ]
            assert (body["net_minor"], body["minutes"]) == (3500, 35)
            one.sweep()
            assert [one.cell(item) for item, _ in rows] == [("7", "billed 2026-10")] * 5
            assert one.findings() == ()

    def test_6_7_late_changes_go_on_the_groups_line(self) -> None:
        with house(tea(group_above=3), zone=LONDON) as one:
            rows = [worked(one, f"Ticket {n}", "2026-10-05 09:00", 7) for n in range(5)]
            close_october(one)
            one.rework(*rows[0], 67)
            one.rework(*rows[1], 2)
            one.go("2026-12-03 09:00")
            one.sweep()
            one.close("2026-11", "tea")
            assert one.papers()[1:] == [("invoice", "tea", "open", 6000 - 500)]
            assert one.lines() == [
                (
                    (
                        "Adjustment for October 2026: 5 Oct · Several activities · 0:55 h at "
                        "60.00 GBP (1:30 = 90.00, billed 35.00)"
                    ),
                    5500,
                )
            ]
            assert one.findings() == ()
            assert one.preview("2026-11", "tea").plan.empty

    def test_S7_a_credit_on_a_group_says_which_row_was_edited_and_why(self) -> None:
        with house(tea(group_above=3), zone=LONDON) as one:
            rows = [worked(one, f"Ticket {n}", "2026-10-05 09:00", 7) for n in range(5)]
            close_october(one)
            one.rework(*rows[1], 2)
            one.go("2026-11-05 09:00")
            one.sweep()
            one.close("2026-10", "tea")
            assert one.papers()[1:] == [("credit note", "tea", "issued", 500)]
            (note,) = one.sandbox.stripe.credit_notes.values()
            assert note.memo is not None
            assert "changed on the board after the month was closed" in note.memo
            assert one.findings() == ()
            assert one.preview("2026-10", "tea").plan.empty

    def test_S20_a_restored_database_knows_who_is_in_which_group(self) -> None:
        with house(tea(group_above=3), zone=LONDON) as one:
            rows = [worked(one, f"Ticket {n}", "2026-10-05 09:00", 7) for n in range(5)]
            one.go("2026-11-03 09:00")
            one.settle()
            one.app.close()
            backup = (one.folder / "mondaybridge.sqlite3").read_bytes()
            one.open()
            one.close("2026-10", "tea")
            papers = one.papers()
            one.app.close()
            for left in one.folder.glob("mondaybridge.sqlite3*"):
                left.unlink()
            (one.folder / "mondaybridge.sqlite3").write_bytes(backup)
            one.open()
            one.sweep()
            one.close("2026-10", "tea")
            one.sweep()
            assert one.papers() == papers
            assert [one.cell(item) for item, _ in rows] == [("7", "billed 2026-10")] * 5
            assert one.findings() == ()

    def test_an_unchanged_month_writes_nothing_more(self) -> None:
        with house(tea(group_above=3), zone=LONDON) as one:
            for n in range(5):
                worked(one, f"Ticket {n}", "2026-10-05 09:00", 7)
            close_october(one)
            before = one.writes()
            one.wait(60)
            one.sweep()
            assert one.preview("2026-10", "tea").plan.empty
            assert one.writes() == before


def test_6_20_a_pay_as_you_go_month_of_0_29_is_carried() -> None:
    rates = {"hourly": {**town.RATE, "hourly": [{"from": "2026-01-01", "amount": "17.40"}]}}
    terms = town.tea(policies={"min_invoice": "5.00"})
    with house(town.mapping(rates=rates, tea=terms), zone=LONDON) as one:
        menu, _ = worked(one, "Menu", "2026-10-05 09:00", 1)
        one.go("2026-11-03 09:00")
        one.settle()
        assert one.preview("2026-10", "tea").plan.notes[0].startswith("0.29 GBP is carried")
        one.close("2026-10", "tea")
        assert one.papers() == []
        one.work(menu, "2026-11-05 09:00", 60)
        one.go("2026-12-03 09:00")
        one.sweep()
        one.close("2026-11", "tea")
        assert one.lines() == [
            ("From October 2026: 5 Oct · Menu · 0:01 h at 17.40 GBP", 29),
            ("5 Nov · Menu · 1:00 h at 17.40 GBP", 1740),
        ]
        assert one.findings() == ()


def test_7_one_minute_more_at_49_99_says_how_it_comes_about() -> None:
    rates = {"hourly": {**town.RATE, "hourly": [{"from": "2026-01-01", "amount": "49.99"}]}}
    with house(town.mapping(rates=rates, tea=town.tea()), zone=LONDON) as one:
        menu, session = worked(one, "Menu", "2026-10-05 09:00", 1)
        close_october(one)
        one.rework(menu, session, 2)
        one.go("2026-12-03 09:00")
        one.sweep()
        one.close("2026-11", "tea")
        assert one.lines() == [
            (
                (
                    "Adjustment for October 2026: 5 Oct · Menu · 0:01 h at 49.99 GBP "
                    "(0:02 = 1.67, billed 0.83)"
                ),
                84,
            )
        ]


def test_6_22_a_client_in_yen() -> None:
    rates = {
        "hourly": {"currency": "JPY", "hourly": [{"from": "2026-01-01", "amount": "7000"}]},
    }
    with house(town.mapping(rates=rates, tea=town.tea()), zone=LONDON) as one:
        worked(one, "Menu", "2026-10-05 09:00", 2)
        close_october(one)
        assert one.papers() == [("invoice", "tea", "open", 233)]
        assert one.lines() == [("5 Oct · Menu · 0:02 h at 7000 JPY", 233)]


class TestFooters:
    def test_R46_the_statements_address_stands_on_the_invoice_and_gives_the_statement(self) -> None:
        with house(tea(), zone=LONDON, kind=Public) as one:
            worked(one, "Menu", "2026-10-05 09:00", 90)
            close_october(one)
            said = newest(one).footer
            address = said.removeprefix("Support time tracking: ")
            assert address.startswith("https://bridge.example/i/")
            given = leads_to(one.app, address.rpartition("/")[2])
            assert isinstance(given, Download)
            assert given.name == "tea-hourly-2026-10.csv"
            assert "Menu" in given.content.decode()

    def test_without_an_address_of_ours_it_says_how_to_get_the_report(self) -> None:
        with house(tea(), zone=LONDON) as one:
            worked(one, "Menu", "2026-10-05 09:00", 90)
            close_october(one)
            assert newest(one).footer == "The itemised report of the time is sent on request."


class Public(House):
    """A house with an address on the internet."""

    def settings(self) -> Settings:
        more = {"public_url": "https://bridge.example", "link_key": "k" * 32}
        return (
            super()
            .settings()
            .model_copy(update=Settings.model_validate(more).model_dump(include=set(more)))
        )


class TestLegalDocument:
    def external(self, one: House) -> str:
        menu, session = worked(one, "=Menu()", "2026-10-05 09:00", 90)
        close_october(one)
        one.rework(menu, session, 60)
        one.go("2026-11-05 09:00")
        one.sweep()
        one.close("2026-10", "tea")
        return menu

    def test_q11_external_papers_say_that_they_are_not_the_tax_invoice(self) -> None:
        with house(tea(legal_document="external"), zone=LONDON) as one:
            self.external(one)
            assert newest(one).footer.endswith(
                "This is a request for payment and not the tax invoice, which is issued separately."
            )
            (note,) = one.sandbox.stripe.credit_notes.values()
            assert note.memo is not None
            assert note.memo.endswith(
                "This is a notice of credit and not the tax credit note, which is issued "
                "separately."
            )

    def test_6_8_the_export_names_numbers_net_and_tax_as_stripe_has_them(self) -> None:
        with house(tea(legal_document="external"), zone=LONDON) as one:
            self.external(one)
            found = documents_of(one.app, "2026-11")
            assert documents_of(one.app, "2026-10") == []
            rows = list(csv.DictReader(StringIO(invoices_csv(found).decode("utf-8-sig"))))
            names = ("number", "type", "kind", "date", "original_number")
            assert [tuple(row[name] for name in names) for row in rows] == [
                ("SANDBOX-0001", "invoice", "usage", "2026-11-03", ""),
                ("SANDBOX-0001-CN-01", "credit_note", "correction", "2026-11-05", "SANDBOX-0001"),
            ]
            money = ("minutes", "price", "net", "tax", "gross", "currency", "tax_rates")
            assert [tuple(row[name] for name in money) for row in rows] == [
                ("90", "60.00", "90.00", "18.00", "108.00", "GBP", "txr_vat20"),
                ("-30", "60.00", "-30.00", "-6.00", "-36.00", "GBP", "txr_vat20"),
            ]
            whole = json.loads(invoices_json("2026-11", found))
            assert [one["gross_minor"] for one in whole["documents"]] == [10_800, -3_600]

    def test_q11_a_customer_that_was_made_here_is_exported_too(self) -> None:
        unmapped = town.tea(email="books@tea.example", stripe_customer=None)
        with house(town.mapping(tea=unmapped), zone=LONDON) as one:
            worked(one, "Menu", "2026-10-05 09:00", 90)
            close_october(one)
            (found,) = documents_of(one.app, "2026-11")
            assert (found.number, found.net_minor) == ("SANDBOX-0001", 9_000)

    def test_a_voided_invoice_is_named_and_counts_nothing(self) -> None:
        with house(tea(legal_document="external"), zone=LONDON) as one:
            worked(one, "Menu", "2026-10-05 09:00", 90)
            close_october(one)
            one.cashier.void_invoice(newest(one).id)
            (found,) = documents_of(one.app, "2026-11")
            assert (found.status, found.gross_minor, found.lines) == ("void", 0, ())
            assert invoices_csv([found]).decode().count("\r\n") == 2

    def test_what_others_wrote_is_not_exported(self) -> None:
        with house(tea(), zone=LONDON) as one:
            one.go("2026-11-03 09:00")
            foreign = one.cashier._post(
                "/v1/invoices",
                {
                    "customer": "cus_tea",
                    "collection_method": "send_invoice",
                    "days_until_due": "14",
                },
            )["id"]
            one.cashier.add_line(foreign, amount=500, description="Hosting")
            one.cashier.finalize_invoice(foreign)
            assert documents_of(one.app, "2026-11") == []


def test_p23_a_tax_rate_that_was_archived_parks_with_the_way_out() -> None:
    with house(tea(), zone=LONDON) as one:
        worked(one, "Menu", "2026-10-05 09:00", 90)
        one.go("2026-11-03 09:00")
        one.settle()
        one.sandbox.stripe.tax_rates["txr_vat20"].active = False
        with pytest.raises(Parked, match=r"add_lines.*inactive"):
            one.close("2026-10", "tea")
        assert [status for _, _, status, _ in one.papers()] in ([], ["draft"])


def test_a_client_with_a_package_and_work_by_the_hour_has_one_invoice_with_sections() -> None:
    policies = {**town.QUIET, "overrun": "bill", "overage_rate": "hourly"}
    package = {**town.PACKAGE, "granted": "1:00", "price": "60.00 GBP", "tax_rate": "txr_vat20"}
    contracts = (
        town.prepaid(package, id="tea-hours", policies=policies),
        town.hourly(),
    )
    with house(town.mapping(tea=town.tea(*contracts)), zone=LONDON) as one:
        over = one.row("Over", "1")
        one.work(over, "2026-10-05 09:00", 90)
        worked(one, "Menu", "2026-10-06 09:00", 60)
        close_october(one)
        assert one.lines() == [
            ("Hourly package: 5 Oct · Over · 0:30 h beyond the package at 60.00 GBP", 3000),
            ("Pay as you go: 6 Oct · Menu · 1:00 h at 60.00 GBP", 6000),
        ]


def test_6_20_a_month_that_costs_nothing_has_a_document_by_policy_and_stripe_marks_it_paid() -> (
    None
):
    for policy, papers in (("skip", []), ("create", [("invoice", "tea", "paid", 0)])):
        rate = {**town.RATE, "hourly": [{"from": "2026-01-01", "amount": "0.20"}]}
        terms = town.tea(policies={"zero_invoice": policy})
        with house(town.mapping(rates={"hourly": rate}, tea=terms), zone=LONDON) as one:
            worked(one, "Menu", "2026-10-05 09:00", 1)
            close_october(one)
            assert one.papers() == papers
            assert one.parked() == []
            assert one.findings() == ()
            assert one.preview("2026-10", "tea").plan.empty


AUTOMATIC = {
    "hourly": {"currency": "GBP", "hourly": [{"from": "2026-01-01", "amount": "60.00"}]},
}


class TestAutomaticTax:
    def mapping(self) -> str:
        return town.mapping(rates=AUTOMATIC, tea=town.tea(policies={"tax": "automatic"}))

    def test_6_18_stripe_counts_the_tax_and_we_only_read_it(self) -> None:
        with house(self.mapping(), zone=LONDON) as one:
            one.cashier.edit_customer("cus_tea", **{"address[country]": "GB"})
            worked(one, "Menu", "2026-10-05 09:00", 90)
            close_october(one)
            assert one.papers() == [("invoice", "tea", "open", 9000)]
            (found,) = documents_of(one.app, "2026-11")
            assert (found.net_minor, found.tax_minor, found.gross_minor) == (9000, 1800, 10_800)
            assert one.findings() == ()

    def test_an_address_that_says_no_country_parks_with_stripes_words_and_the_way_out(self) -> None:
        with house(self.mapping(), zone=LONDON) as one:
            worked(one, "Menu", "2026-10-05 09:00", 90)
            one.go("2026-11-03 09:00")
            one.settle()
            with pytest.raises(Parked) as parked:
                one.close("2026-10", "tea")
            assert "customer_tax_location_invalid" in parked.value.evidence
            assert "Complete the customer's address in Stripe" in parked.value.evidence
            assert one.papers()[0][2] == "draft"
            one.cashier.edit_customer("cus_tea", **{"address[country]": "GB"})
            with one.app.store.write() as tx:
                assert work.release(
                    tx, "close", "tea", now=one.clock.now(), actor="Avery", why="country added"
                )
            one.wait(1)
            one.close("2026-10", "tea")
            assert one.papers() == [("invoice", "tea", "open", 9000)]
