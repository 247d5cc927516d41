"""Desired minus issued, per LineId (ledger 6)."""

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from invoicebook import CLIENT, CONTRACT, WIDE, books, issued, line, net, totals
from mondaybridge.domain.billing import plan
from mondaybridge.domain.documents import (
    DocumentKey,
    DocumentKind,
    DocumentType,
    ObservedDocument,
    ObservedLine,
)
from mondaybridge.domain.ledger import Entry, EntryKind
from mondaybridge.domain.usage import itemise


def test_6_2_a_month_becomes_one_invoice_with_a_line_per_identity() -> None:
    planned = plan(books([line("a", "2026-10", 90), line("b", "2026-10", 1)]), "2026-10")
    assert totals(planned) == [("usage", "2026-10", 1, 9749 + 108)]
    assert [one.description for one in planned.documents[0].lines] == [
        "a 2026-10 on 2026-10",
        "b 2026-10 on 2026-10",
    ]


def test_a_second_close_plans_nothing() -> None:
    desired = [line("a", "2026-10", 90)]
    first = plan(books(desired), "2026-10")
    again = plan(books(desired, issued(first.documents), closed=["2026-10"]))
    assert again.documents == ()
    assert again.empty


def test_6_8_a_late_decrease_is_credited_on_the_line_that_billed_it() -> None:
    before = issued(plan(books([line("a", "2026-10", 90)]), "2026-10").documents)
    planned = plan(books([line("a", "2026-10", 60)], before, closed=["2026-10"]))
    assert totals(planned) == [("correction", "2026-10", 1, 9749 - 6499)]
    note = planned.documents[0]
    assert (note.invoice_id, note.lines[0].credits_line) == ("in_1", "il_1_0")
    assert (note.lines[0].minutes, note.lines[0].cause) == (
        30,
        "changed in Stripe by hand (2026-10: 1:30 → 1:00)",
    )


def test_6_8_a_late_increase_waits_for_the_next_invoice_and_names_its_month() -> None:
    before = issued(plan(books([line("a", "2026-10", 90)]), "2026-10").documents)
    more = [line("a", "2026-10", 120)]
    assert plan(books(more, before, closed=["2026-10"])).documents == ()
    november = [*more, line("b", "2026-11", 60)]
    planned = plan(books(november, before, closed=["2026-10"]), "2026-11")
    assert totals(planned) == [("usage", "2026-11", 1, (12998 - 9749) + 6499)]
    assert [(one.line_id.period, one.cause) for one in planned.documents[0].lines] == [
        ("2026-10", "changed in Stripe by hand (2026-10: 1:30 → 2:00)"),
        ("2026-11", ""),
    ]


def test_edited_back_before_issue_makes_no_document() -> None:
    before = issued(plan(books([line("a", "2026-10", 90)]), "2026-10").documents)
    assert plan(books([line("a", "2026-10", 90)], before, closed=["2026-10"])).empty


def test_6_3_a_held_line_rests_where_it_is() -> None:
    before = issued(plan(books([line("a", "2026-10", 90)]), "2026-10").documents)
    held = books([line("a", "2026-10", 0)], before, closed=["2026-10"], held=["a"])
    assert plan(held).documents == ()


def test_6_4_credits_take_the_newest_line_first_and_stop_at_what_is_left_of_it() -> None:
    october = issued(plan(books([line("a", "2026-10", 60)]), "2026-10").documents)
    more = [line("a", "2026-10", 90)]
    later = issued(plan(books(more, october, closed=["2026-10"]), "2026-11").documents, 1)
    observed = [*october, *later]
    closed = ["2026-10", "2026-11"]
    planned = plan(books([line("a", "2026-10", 45)], observed, closed=closed))
    assert [(d.invoice_id, d.key.scope, d.subtotal_minor) for d in planned.documents] == [
        ("in_1", "2026-10", 6499 - 4874),
        ("in_2", "2026-11", 9749 - 6499),
    ]
    assert [one.minutes for d in planned.documents for one in d.lines] == [15, 30]


def test_a_voided_invoice_is_not_billed_again_without_a_release() -> None:
    before = issued(plan(books([line("a", "2026-10", 90)]), "2026-10").documents)
    voided = [replace(before[0], status="void", number="A-1", lines=None)]
    planned = plan(books([line("a", "2026-10", 90)], voided), "2026-10")
    assert planned.findings == ("A-1 was voided in Stripe: billing its time again needs a release",)
    assert totals(planned) == [("usage", "2026-10", 2, 9749)]


def test_6_8_a_sale_is_due_when_the_grant_is_recorded_and_once() -> None:
    grant = Entry(EntryKind.GRANT, 2400, "p1", source="sale", rate_key="240000/eur/txr_22")
    desired = itemise(CONTRACT, [grant])
    client = replace(CLIENT, currency="eur")
    planned = plan(books(desired, client=client))
    assert totals(planned) == [("sale", "p1", 1, 240_000)]
    assert plan(books(desired, issued(planned.documents), client=client)).empty


def test_a_sale_invoiced_elsewhere_makes_no_line() -> None:
    grant = Entry(EntryKind.GRANT, 2400, "p1", source="sale", rate_key="240000/eur/txr_22")
    assert itemise(CONTRACT, [grant], sold_elsewhere=["p1"]) == []


def test_prepaid_time_makes_no_line() -> None:
    post = Entry(EntryKind.POST, 30, "p1", "a", "2026-10", source="package:p1")
    assert itemise(CONTRACT, [post]) == []


def test_S9_a_contract_that_is_no_longer_in_the_mapping_rests() -> None:
    before = issued(plan(books([line("a", "2026-10", 90)]), "2026-10").documents)
    gone = replace(books([], before), closed={})
    assert plan(gone, "2026-11").documents == ()


def test_a_sale_that_is_asked_for_no_more_is_not_paid_back() -> None:
    grant = Entry(EntryKind.GRANT, 2400, "p1", source="sale", rate_key="240000/eur/txr_22")
    sold = issued(plan(books(itemise(CONTRACT, [grant]))).documents)
    assert plan(books([], sold)).documents == ()


def credited_by_hand(invoice: ObservedDocument, amount_minor: int) -> ObservedDocument:
    assert invoice.lines
    row = ObservedLine("cnli_1", None, 0, amount_minor, invoice.lines[0].stripe_line_id)
    return replace(
        invoice,
        stripe_id="cn_hand",
        type=DocumentType.CREDIT_NOTE,
        status="issued",
        key=None,
        lines=(row,),
        invoice_id=invoice.stripe_id,
        subtotal_minor=amount_minor,
    )


def test_what_was_credited_by_hand_is_not_asked_for_again() -> None:
    before = issued(plan(books([line("a", "2026-10", 90)]), "2026-10").documents)
    observed = [*before, credited_by_hand(before[0], 1000)]
    same = books([line("a", "2026-10", 90)], observed, closed=["2026-10"])
    assert plan(same, "2026-11").documents == ()
    more = books([line("a", "2026-10", 120)], observed, closed=["2026-10"])
    assert totals(plan(more, "2026-11")) == [("usage", "2026-11", 1, 12998 - 9749)]
    less = books([line("a", "2026-10", 60)], observed, closed=["2026-10"])
    assert totals(plan(less)) == [("correction", "2026-10", 1, 9749 - 1000 - 6499)]


def test_a_decrease_without_a_line_is_told() -> None:
    planned = plan(books([line("a", "2026-10", -30)], closed=["2026-10"]))
    assert planned.documents == ()
    assert planned.findings == (
        "32.50 GBP less for a in 2026-10, but no issued line asked for it: credit it by hand",
    )


def test_the_hash_covers_what_the_statement_will_say() -> None:
    one = replace(books([]), posted={(CONTRACT, "2026-10"): 30, (CONTRACT, "2026-11"): 5})
    other = replace(books([]), posted={(CONTRACT, "2026-10"): 31})
    assert plan(one, "2026-10").minutes == ((CONTRACT, 30),)
    assert plan(one, "2026-10").hash != plan(other, "2026-10").hash


class TestBounds:
    def test_more_than_250_lines(self) -> None:
        policies = replace(CLIENT.billing, group_above=1000)
        many = [line(f"a{n}", "2026-10", 1) for n in range(251)]
        whole = books(many, client=replace(CLIENT, billing=policies))
        assert plan(whole, "2026-10").findings == (
            "usage 2026-10 has 251 lines; Stripe takes 250 on one invoice",
        )

    def test_a_first_invoice_above_the_cap(self) -> None:
        client = replace(CLIENT, bounds=replace(WIDE, first_minor=9_748))
        planned = plan(books([line("a", "2026-10", 90)], client=client), "2026-10")
        assert planned.findings == (
            "usage 2026-10 comes to 97.49 GBP; the bound is first_amount: 97.48 GBP",
        )

    def test_from_the_third_month_on_ten_times_the_median(self) -> None:
        client = replace(CLIENT, bounds=replace(WIDE, first_minor=0, median_factor=10))
        observed: list[ObservedDocument] = []
        for period in ("2026-08", "2026-09"):
            observed += issued(
                plan(books([line("a", period, 60)]), period).documents, len(observed)
            )
        past = [line("a", "2026-08", 60), line("a", "2026-09", 60)]
        closed = ["2026-08", "2026-09"]
        fits = books([*past, line("a", "2026-10", 600)], observed, closed=closed, client=client)
        beyond = books([*past, line("a", "2026-10", 601)], observed, closed=closed, client=client)
        assert plan(fits, "2026-10").findings == ()
        assert plan(beyond, "2026-10").findings == (
            (
                "usage 2026-10 comes to 650.98 GBP; the bound is 649.90 GBP, median_factor: "
                "10 times the median of the last 2 months"
            ),
        )

    def test_too_many_corrected_lines_for_one_work_day(self) -> None:
        client = replace(CLIENT, bounds=replace(WIDE, lines_per_day=1))
        rows = [line(name, "2026-10", 60) for name in "ab"]
        before = issued(plan(books(rows), "2026-10").documents)
        less = [line(name, "2026-10", 30) for name in "ab"]
        planned = plan(books(less, before, closed=["2026-10"], client=client))
        assert planned.findings == (
            "2 corrected lines for work of 2026-10-05: the bound is lines_per_day: 1",
        )

    def test_too_many_documents_for_one_month(self) -> None:
        client = replace(CLIENT, bounds=replace(WIDE, documents=1))
        before = issued(plan(books([line("a", "2026-10", 60)]), "2026-10").documents)
        planned = plan(books([line("a", "2026-10", 30)], before, closed=["2026-10"], client=client))
        assert planned.findings == ("2 documents for 2026-10: the bound is documents: 1",)


MONTHS = ["2026-08", "2026-09", "2026-10", "2026-11"]
EDITS = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.sampled_from(MONTHS[:3])),
    st.integers(0, 500),
    max_size=6,
)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.lists(EDITS, min_size=4, max_size=4))
def test_documents_reach_the_desired_lines_and_then_rest(
    edits: list[Mapping[tuple[str, str], int]],
) -> None:
    """Whatever changes between closes: at the end each LineId's net is its desired amount."""
    minutes: dict[tuple[str, str], int] = {}
    observed: list[ObservedDocument] = []
    for index, (period, edit) in enumerate(zip(MONTHS, edits, strict=True)):
        minutes |= edit
        desired = [line(*key, m) for key, m in sorted(minutes.items()) if key[1] <= period]
        planned = plan(books(desired, observed, closed=MONTHS[:index]), period)
        observed += issued(planned.documents, len(observed))
        assert plan(books(desired, observed, closed=MONTHS[: index + 1])).empty
    assert net(observed) == {
        one.line_id: one.amount_minor
        for one in (line(*key, m) for key, m in minutes.items())
        if one.amount_minor
    }
    keys = [d.key for d in observed]
    assert len(keys) == len(set(keys))


def test_a_plan_reads_back_from_its_row() -> None:
    from mondaybridge.domain.documents import parse_document_key, planned_document

    document = plan(books([line("a", "2026-10", 90)]), "2026-10").documents[0]
    assert planned_document(document.to_json()) == document
    assert parse_document_key(str(document.key)) == document.key
    assert document.key == DocumentKey("acme", "2026-10", DocumentKind.USAGE.value, 1)
