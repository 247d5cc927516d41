"""A workbook read back: what is right is found right, what was changed is named by its row."""

import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook  # type: ignore[import-untyped]  # it has no hints

from export.archives import (
    DONE,
    HIDDEN,
    SUMMARY,
    UNDONE,
    changed,
    with_value,
    without_formula,
    without_row,
    without_stored_values,
)
from export.handovers import AGREED, ROWS, SPLIT, done, handover
from mondaybridge.export.handover import DoneRow, Hours, LedgerValues, ledger_values
from mondaybridge.export.reading import UnreadableWorkbook
from mondaybridge.export.verification import read_back, verify
from mondaybridge.export.workbook import workbook


def problems(content: bytes) -> list[str]:
    return [str(problem) for problem in read_back(content).problems]


@pytest.mark.parametrize("locale", ["en", "it"])
def test_R17_a_workbook_reads_back_as_the_ledger_has_it(locale: str) -> None:
    end = handover(locale)
    found = verify(workbook(end), ledger_values(end))
    assert found.problems == ()
    assert (found.contract_id, found.package_id, found.revision, found.head_hash, found.locale) == (
        "acme-2026", "acme-2026-1", 1, end.head_hash, locale,
    )  # fmt: skip
    assert found.hours == {"granted": 2400, "credited": 60, "opening": 130, "posted": 1277}
    assert [(row.activity_id, row.charged, row.entries) for row in found.rows] == [
        (row.activity_id, row.charged, row.entries) for row in ROWS
    ]
    assert found.undone == 3


@pytest.mark.parametrize("count", [0, 1, 1000])
def test_any_number_of_rows_reads_back(count: int) -> None:
    rows = tuple(done(number, f"Page {number}", 95, 2) for number in range(count))
    hours = Hours(granted=2400, posted=2 * count, reserved=30)
    end = handover("it", rows=rows, undone=(), hours=hours)
    found = verify(workbook(end), ledger_values(end))
    assert (found.problems, len(found.rows), found.undone) == ((), count, 0)


def test_beyond9_a_changed_number_is_named_by_its_row_and_by_the_totals_it_belies() -> None:
    assert problems(with_value(workbook(handover()), DONE, "M7", "0.25")) == [
        "Activities done, row 7 “Site down: certificate”: Charged (M7) was changed; it says 6:00",
        "Summary, row 19 “Used for the activities done”: B19 says 19:07, its rows make 23:06",
        "Summary, row 19 “Used for the activities done”: C19 says 19:07, its rows make 23:06",
        "Summary, row 20 “Used in all”: B20 says 21:17, its rows make 25:16",
        "Summary, row 20 “Used in all”: C20 says 21:17, its rows make 25:16",
        "Summary, row 21 “Remaining”: B21 says 19:43, its rows make 15:44",
        "Summary, row 21 “Remaining”: C21 says 19:43, its rows make 15:44",
        "Summary, row 27 “Request”: C27 says 2:01, its rows make 6:00",
        "Summary, row 28 “All”: C28 says 19:07, its rows make 23:06",
        "Summary, row 29 “of which urgent”: C29 says 2:01, its rows make 6:00",
        "Activities done, row 17 “Total”: M17 says 19:07, its rows make 23:06",
    ]


def test_a_changed_total_is_named() -> None:
    assert problems(with_value(workbook(handover("it")), DONE, "M17", "0.5")) == [
        "Attività svolte, row 17 “Totale”: M17 says 12:00, its rows make 19:07"
    ]


def test_a_formula_that_became_a_number_is_named() -> None:
    assert problems(without_formula(workbook(handover()), SUMMARY, "B21")) == [
        "Summary, row 21 “Remaining”: B21 is no formula any more (=B15+B16-B18-B19)"
    ]


def test_a_formula_that_says_something_else_is_named() -> None:
    cheat = changed(workbook(handover()), DONE, lambda xml: xml.replace("M5:M16", "M5:M15"))
    assert problems(cheat) == [
        "Activities done, row 17 “Total”: M17 has the formula =SUM(M5:M15) instead of =SUM(M5:M16)"
    ]


def test_a_changed_fact_of_the_summary_is_named() -> None:
    found = problems(with_value(workbook(handover()), SUMMARY, "B15", "2"))
    assert found[0] == "Summary, row 15 “Purchased”: B15 was changed"


def test_a_changed_title_and_a_changed_heading_are_named() -> None:
    strings = "xl/sharedStrings.xml"
    cheat = changed(
        workbook(handover()), strings, lambda xml: xml.replace(f">{AGREED}<", ">Contact page<")
    )
    assert problems(cheat) == [
        "Activities done, row 5 “Contact page”: Activity (A5) was changed; it says “Contact page”"
    ]
    cheat = changed(
        workbook(handover()), strings, lambda xml: xml.replace(">Recorded time<", ">Time<")
    )
    assert problems(cheat) == ["Activities done, row 4 “Activity”: K4 should say “Recorded time”"]


def test_a_row_that_was_removed_is_named_by_its_title() -> None:
    found = problems(without_row(workbook(handover()), DONE, 8))
    assert f"Activities done “{SPLIT}”: the row was removed" in found
    found = problems(without_row(workbook(handover()), UNDONE, 6))
    assert "Not done “Film”: the row was removed" in found


def test_rows_may_be_sorted_since_each_is_known_by_what_it_says() -> None:
    book = load_workbook(io.BytesIO(workbook(handover())))
    sheet = book.worksheets[1]
    for first, second in zip(sheet[5], sheet[6], strict=True):
        first.value, second.value = second.value, first.value
    out = io.BytesIO()
    book.save(out)
    found = verify(out.getvalue(), ledger_values(handover()))
    assert {problem.what.partition(" ")[2] for problem in found.problems} == {
        "has no stored value: open the file in a spreadsheet and save it"
    }


def test_formulas_that_nothing_computed_are_named() -> None:
    found = problems(without_stored_values(workbook(handover())))
    assert (
        "Activities done, row 17 “Total”: M17 has no stored value: open the file in a spreadsheet "
        "and save it"
    ) in found


def test_the_ledger_is_what_counts() -> None:
    end = handover()
    ledger = replace(
        ledger_values(end),
        revision=2,
        head_hash="0" * 64,
        hours=replace(end.hours, posted=1276, granted=2460),
        charged={row.activity_id: row.charged for row in ROWS} | {"1003": 120, "77": 5},
        entries={row.activity_id: row.entries for row in ROWS} | {"1001": (("acme-2026", 3),)},
    )
    assert [str(problem) for problem in verify(workbook(end), ledger).problems] == [
        "Summary: the file's revision is '1', the ledger's '2'",
        f"Summary: the file's hash of the ledger is '{end.head_hash}', the ledger's '{'0' * 64}'",
        "Summary: granted: the file says 40:00, the ledger 41:00",
        "Summary: posted: the file says 21:17, the ledger 21:16",
        f"Activities done, row 5 “{AGREED}”: it rests on other entries than the ledger's",
        "Activities done, row 7 “Site down: certificate”: 2:01 charged, the ledger posted 2:00",
        "Activities done “77”: the ledger posted 0:05 for it, the file has no row",
    ]


def test_a_file_that_was_rewritten_whole_still_fails_against_the_ledger() -> None:
    end = handover()
    forged = handover(rows=(replace(ROWS[0], charged=60), *ROWS[1:]))
    assert read_back(workbook(forged)).ok
    found = verify(workbook(forged), ledger_values(end))
    assert [(problem.row, problem.what) for problem in found.problems] == [
        (0, "posted: the file says 20:17, the ledger 21:17"),
        (5, "1:00 charged, the ledger posted 2:00"),
    ]


def test_a_changed_hidden_sheet_makes_the_file_worthless() -> None:
    cheat = changed(
        workbook(handover()), "xl/sharedStrings.xml", lambda xml: xml.replace("acme-2026-1", "x")
    )
    with pytest.raises(UnreadableWorkbook, match="the hidden sheet was changed"):
        read_back(cheat)
    with pytest.raises(UnreadableWorkbook, match="the hidden sheet"):
        read_back(without_row(workbook(handover()), HIDDEN, 2))


TEXTS = st.text(max_size=30) | st.sampled_from(
    ["=1+1", "+1", "@x", "_x0041_", "_x005F_x0041_", "Total", "Totale", "\ud800", "a\r\nb", "'", ""]
)
DONE_ROWS = st.builds(
    lambda title, person, note, seconds, factor, charged, elsewhere, urgent: done(
        0, title, seconds, charged, person=person, note=note, factor=factor, urgent=urgent,
        evidence=person, charged_elsewhere=elsewhere,
    ),
    TEXTS, TEXTS, TEXTS, st.integers(0, 400_000), st.sampled_from([1, 3]), st.integers(0, 10_000),
    st.integers(0, 500), st.booleans(),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(DONE_ROWS, max_size=8),
    base=st.tuples(*[st.integers(0, 5_000)] * 5),
    locale=st.sampled_from(["en", "it"]),
)
def test_R02_rows_totals_and_ledger_are_always_the_same_three_numbers(
    rows: list[DoneRow], base: tuple[int, ...], locale: str
) -> None:
    numbered = tuple(replace(row, activity_id=str(number)) for number, row in enumerate(rows))
    charged = sum(row.charged for row in numbered)
    granted, credited, refunded, opening, reserved = base
    hours = Hours(
        granted=granted, credited=credited, refunded=refunded, opening=opening, reserved=reserved,
        posted=charged + opening,
    )  # fmt: skip
    end = handover(locale, rows=numbered, hours=hours, price_minor=None)
    found = verify(workbook(end), ledger_values(end))
    assert found.problems == ()
    assert found.hours["posted"] == hours.posted


def test_what_a_ledger_needs_to_say_is_small() -> None:
    end = handover()
    plain = LedgerValues(
        contract_id="acme-2026",
        package_id="acme-2026-1",
        revision=1,
        head_hash=end.head_hash,
        hours=Hours(granted=2400, posted=1277, credited=60, opening=130),
        charged={row.activity_id: row.charged for row in ROWS},
        entries={row.activity_id: row.entries for row in ROWS},
    )
    assert verify(workbook(end), plain).ok
