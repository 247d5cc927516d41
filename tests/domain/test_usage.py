"""Entries itemised and priced per LineId (ledger 6.2)."""

import pytest

from mondaybridge.domain.ledger import Entry, EntryKind
from mondaybridge.domain.usage import LineId, UsageLine, itemise, parse_line_id

RATE = "4999/gbp/txr_20"


def test_6_2_minutes_are_summed_before_they_are_priced_once() -> None:
    entries = [
        Entry(EntryKind.POST, 1, "", "A", "2026-10", 20, "payg", RATE),
        Entry(EntryKind.POST, 1, "", "A", "2026-10", 10, "payg", RATE),
        Entry(EntryKind.ADJUST, 1, "", "B", "2026-10", 30, "payg", RATE),
        Entry(EntryKind.POST, 7, "p1", "A", "2026-10", 30, "package:p1"),
        Entry(EntryKind.RESERVE, 9, "p1", "A"),
    ]
    lines = itemise("c1", entries)
    assert [(line.line_id, line.minutes, line.amount_minor) for line in lines] == [
        (LineId("c1", "usage", "A", "2026-10", "payg", RATE), 2, 167),
        (LineId("c1", "usage", "B", "2026-10", "payg", RATE), 1, 83),
    ]
    assert (lines[0].first_work_at, lines[0].last_work_at) == (10, 20)


def test_6_2_a_sale_costs_its_price_and_only_where_we_invoice_it() -> None:
    grant = Entry(EntryKind.GRANT, 600, "p1", work_at=5, source="sale", rate_key="240000/eur/")
    line_id = LineId("c1", "sale", "p1", "", "sale", "240000/eur/")
    assert itemise("c1", [grant]) == [UsageLine(line_id, 600, 240_000, 5, 5)]
    assert itemise("c1", [grant], sold_elsewhere={"p1"}) == []


def test_6_a_line_id_reads_back_from_its_text() -> None:
    line_id = LineId("c1", "usage", 'odd "name" / ü', "2026-10", "payg", RATE)
    assert parse_line_id(str(line_id)) == line_id


@pytest.mark.parametrize("text", ['{"a": 1}', '["five", "parts", "are", "too", "few"]', "no json"])
def test_6_what_is_no_line_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a line identity|Expecting"):
        parse_line_id(text)


def test_7_400_of_600_returned_sold_at_3000_leave_1000_on_the_sales_line() -> None:
    grant = Entry(EntryKind.GRANT, 600, "p1", work_at=5, source="sale", rate_key="300000/eur/")
    refund = Entry(EntryKind.REFUND, -400, "p1", work_at=9, source="sale", rate_key="300000/eur/")
    line_id = LineId("c1", "sale", "p1", "", "sale", "300000/eur/")
    assert itemise("c1", [grant, refund]) == [UsageLine(line_id, 200, 100_000, 5, 5)]


def test_6_2_a_refund_is_rounded_half_up_once() -> None:
    grant = Entry(EntryKind.GRANT, 600, "p1", source="sale", rate_key="100/eur/")
    refund = Entry(EntryKind.REFUND, -3, "p1", source="sale", rate_key="100/eur/")
    assert [line.amount_minor for line in itemise("c1", [grant, refund])] == [99]
    assert [line.amount_minor for line in itemise("c1", [grant, refund, refund])] == [99]


def test_6_10_billed_overage_is_a_usage_line_of_its_month_beside_the_package() -> None:
    entries = [
        Entry(EntryKind.POST, 50, "p1", "A", "2026-10", 20, "package:p1"),
        Entry(EntryKind.POST, 10, "", "A", "2026-10", 20, "overage", RATE),
        Entry(EntryKind.ADJUST, -4, "", "A", "2026-10", 20, "overage", RATE),
    ]
    line_id = LineId("c1", "usage", "A", "2026-10", "overage", RATE)
    assert itemise("c1", entries) == [UsageLine(line_id, 6, 500, 20, 20)]
