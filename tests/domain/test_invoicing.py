"""What stands on an invoice: lines without money, months carried, sections, tax (6.20)."""

from collections.abc import Sequence
from dataclasses import replace

from invoicebook import CLIENT, CONTRACT, books, issued, line, totals
from ledgerbook import at
from mondaybridge.domain.billing import plan
from mondaybridge.domain.books import Books, ClosePlan
from mondaybridge.domain.contract import (
    BillingPolicies,
    Client,
    Contract,
    ContractKind,
    Tax,
    ZeroInvoice,
)
from mondaybridge.domain.documents import ObservedDocument
from mondaybridge.domain.money import amount
from mondaybridge.domain.usage import LineId, UsageLine


def free(subject: str, period: str, minutes: int, source: str = "included") -> UsageLine:
    moment = at(f"{period}-06 09:00", "Europe/London")
    line_id = LineId(CONTRACT, "usage", subject, period, source, "0/gbp/")
    return UsageLine(line_id, minutes, 0, moment, moment)


def fee(period: str, minor: int = 250_000) -> UsageLine:
    moment = at(f"{period}-01 00:00", "Europe/London")
    line_id = LineId(CONTRACT, "fee", "support-60@2026-01-01", period, "included", f"{minor}/gbp/")
    return UsageLine(line_id, 0, minor, moment, moment)


def with_policies(**policies: object) -> Client:
    return replace(CLIENT, billing=BillingPolicies(**policies))  # type: ignore[arg-type]  # by name


def shown(planned: ClosePlan) -> list[tuple[str, str, str, int, int]]:
    """Period, subject, source, minutes and amount of each line of the only document."""
    (document,) = planned.documents
    return [
        (
            one.line_id.period,
            one.line_id.subject,
            one.line_id.source,
            one.minutes,
            one.amount_minor,
        )
        for one in document.lines
    ]


def test_R44b_a_plans_month_is_itemised_with_what_costs_nothing() -> None:
    desired = [line("a", "2026-10", 30), free("b", "2026-10", 400), fee("2026-10")]
    planned = plan(books(desired), "2026-10")
    assert shown(planned) == [
        ("2026-10", "support-60@2026-01-01", "included", 0, 250_000),
        ("2026-10", "a", "payg", 30, 3250),
        ("2026-10", "b", "included", 400, 0),
    ]
    again = books(desired, issued(planned.documents), closed=["2026-10"])
    assert plan(again).empty
    assert plan(again, "2026-11").documents == ()


def test_R55_a_bug_before_invoicing_is_a_line_of_nothing() -> None:
    desired = [line("a", "2026-10", 30), free("bug", "2026-10", 45, "no_charge")]
    assert shown(plan(books(desired), "2026-10"))[1] == ("2026-10", "bug", "no_charge", 45, 0)


def test_6_20_a_month_that_costs_nothing_makes_a_document_only_by_policy() -> None:
    desired = [free("b", "2026-10", 400)]
    assert plan(books(desired), "2026-10").documents == ()
    create = with_policies(zero_invoice=ZeroInvoice.CREATE)
    planned = plan(books(desired, client=create), "2026-10")
    assert totals(planned) == [("usage", "2026-10", 1, 0)]
    after = books(desired, issued(planned.documents), closed=["2026-10"], client=create)
    assert plan(after).empty
    assert plan(books([], client=create), "2026-10").documents == ()


def test_what_costs_nothing_and_is_held_does_not_stand_on_the_invoice() -> None:
    desired = [line("a", "2026-10", 30), free("b", "2026-10", 400)]
    assert len(shown(plan(books(desired, held=["b"]), "2026-10"))) == 1


def test_minutes_of_a_closed_month_that_cost_nothing_cause_no_document() -> None:
    desired = [fee("2026-10"), free("b", "2026-10", 400)]
    before = issued(plan(books(desired), "2026-10").documents)
    more = [fee("2026-10"), free("b", "2026-10", 430), free("c", "2026-10", 5)]
    assert plan(books(more, before, closed=["2026-10"])).empty
    assert plan(books(more, before, closed=["2026-10"]), "2026-11").documents == ()


LEAST = with_policies(min_invoice_minor=500)


def carried(desired: Sequence[UsageLine], observed: Sequence[ObservedDocument] = ()) -> Books:
    return replace(
        books(desired, observed, closed=["2026-10"], client=LEAST),
        carried=lambda period: f"From {period}",
    )


def test_6_20_a_pay_as_you_go_month_of_0_29_is_carried_with_a_visible_line() -> None:
    tiny = line("a", "2026-10", 1, "1740/gbp/")
    assert tiny.amount_minor == 29
    first = plan(books([tiny], client=LEAST), "2026-10")
    assert first.documents == ()
    assert first.notes == (
        (
            "0.29 GBP is carried to the next invoice: min_invoice is 5.00 GBP. The last month of "
            "the contract bills it; to waive it, mark its rows as not chargeable"
        ),
    )
    november = [tiny, free("z", "2026-10", 3, "no_charge"), line("b", "2026-11", 60)]
    second = plan(carried(november), "2026-11")
    assert second.notes == ("what was carried from 2026-10 is on this invoice",)
    (document,) = second.documents
    assert [(one.description, one.amount_minor, one.cause) for one in document.lines] == [
        ("From 2026-10: a 2026-10 on 2026-10", 29, ""),
        ("From 2026-10: z 2026-10 on 2026-10", 0, ""),
        ("b 2026-11 on 2026-11", 6499, ""),
    ]
    after = books(november, issued(second.documents), closed=["2026-10", "2026-11"], client=LEAST)
    assert plan(after).empty


def test_6_20_two_tiny_months_are_carried_together() -> None:
    tiny = [line("a", "2026-10", 1, "1740/gbp/"), line("a", "2026-11", 1, "1740/gbp/")]
    assert plan(carried(tiny), "2026-11").documents == ()
    assert plan(carried(tiny), "2026-11").notes[0].startswith("0.58 GBP is carried")


def test_6_20_the_last_month_of_the_contract_bills_what_was_carried() -> None:
    end = at("2026-12-01 00:00", "Europe/London")
    contract = Contract(CONTRACT, "acme", ContractKind.PAY_AS_YOU_GO, "Europe/London", 0, until=end)
    client = replace(LEAST, contracts=(contract,))
    tiny = [line("a", "2026-10", 1, "1740/gbp/")]
    assert plan(books(tiny, client=client), "2026-10").documents == ()
    last = plan(books(tiny, closed=["2026-10"], client=client), "2026-11")
    assert totals(last) == [("usage", "2026-11", 1, 29)]


def test_a_late_change_says_what_the_line_comes_to_and_what_was_billed() -> None:
    one, two = (line("a", "2026-10", minutes, "4999/gbp/") for minutes in (1, 2))
    before = issued(plan(books([one]), "2026-10").documents)
    said = replace(
        books([two, line("b", "2026-11", 60)], before, closed=["2026-10"]),
        so_far=lambda whole, billed: f"({whole.minutes} = {whole.amount_minor}, billed {billed})",
    )
    late = plan(said, "2026-11").documents[0].lines[0]
    assert (late.minutes, late.amount_minor) == (1, 84)
    assert late.description == "a 2026-10 on 2026-11 (2 = 167, billed 83)"


def test_two_contracts_stand_on_one_invoice_in_sections() -> None:
    first = line("z", "2026-10", 60)
    other = replace(first, line_id=replace(first.line_id, contract_id="c1", subject="a"))
    contracts = tuple(
        Contract(key, "acme", ContractKind.PAY_AS_YOU_GO, "Europe/London", 0)
        for key in (CONTRACT, "c1")
    )
    both = replace(
        books([other, first], client=replace(CLIENT, contracts=contracts)),
        closed={"c1": frozenset(), CONTRACT: frozenset()},
        heading=lambda contract_id: f"Section {contract_id}",
    )
    (document,) = plan(both, "2026-10").documents
    assert [one.description for one in document.lines] == [
        "Section c2: z 2026-10 on 2026-10",
        "Section c1: a 2026-10 on 2026-10",
    ]


def test_6_18_automatic_tax_is_asked_of_stripe_and_lines_carry_no_rate() -> None:
    planned = plan(books([line("a", "2026-10", 90)], client=with_policies(tax=Tax.AUTOMATIC)))
    assert planned.documents == ()
    client = with_policies(tax=Tax.AUTOMATIC)
    (document,) = plan(books([line("a", "2026-10", 90)], client=client), "2026-10").documents
    assert (document.automatic_tax, document.lines[0].tax_rate) == (True, "")


def test_6_22_a_currency_without_decimals() -> None:
    yen = replace(CLIENT, currency="jpy")
    planned = plan(books([line("a", "2026-10", 2, "7000/jpy/")], client=yen), "2026-10")
    assert totals(planned) == [("usage", "2026-10", 1, amount(2, 7000))]
    assert amount(2, 7000) == 233


def test_a_month_that_cost_nothing_does_not_lower_the_bound() -> None:
    client = with_policies(zero_invoice=ZeroInvoice.CREATE)
    observed: list[ObservedDocument] = []
    for period in ("2026-07", "2026-08"):
        made = plan(books([free("b", period, 60)], client=client), period).documents
        observed += issued(made, len(observed))
    bounded = replace(client, bounds=replace(client.bounds, first_minor=10_000))
    fits = books([line("a", "2026-10", 60)], observed, client=bounded)
    assert plan(fits, "2026-10").findings == ()
