"""The close-out workbook as a client gets it: what it says, in which cells, how it is printed."""

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped]  # it has no hints

from export.handovers import HOSTILE, ROWS, at, done, handover
from mondaybridge.errors import FindingsError
from mondaybridge.export.handover import Hours
from mondaybridge.export.workbook import workbook
from mondaybridge.i18n import TEXTS


def opened(content: bytes, *, values: bool = True) -> Any:  # noqa: ANN401 - it has no hints
    return load_workbook(io.BytesIO(content), data_only=values)


def day(number: int) -> datetime:
    return datetime(2026, 9, number)  # noqa: DTZ001 - a sheet has no zones


def said(sheet: Any) -> dict[str, list[object]]:  # noqa: ANN401 - it has no hints
    """The lines of the summary: label -> what stands beside it."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(max_col=3)]
    return {str(row[0]): row[1:] for row in rows if row[0]}


def test_R23_the_seven_fields_of_the_board_come_first_in_their_order() -> None:
    heads = {
        locale: [cell.value for cell in opened(workbook(handover(locale))).worksheets[1][4]]
        for locale in ("en", "it")
    }
    assert heads["en"] == [
        "Activity", "Person in charge", "Status", "Approval by the client", "Estimated time",
        "Actual time", "To be done by", "Rigid or flexible", "Origin", "Urgent", "Recorded time",
        "Factor", "Charged", "Charged elsewhere", "Taken in charge", "Worked from", "Worked to",
        "Notes",
    ]  # fmt: skip
    assert heads["it"][:8] == [
        "Attività", "Persona incaricata", "Stato", "Approvazione del cliente", "Tempo stimato",
        "Tempo effettivo", "Data entro cui", "Rigida o flessibile",
    ]  # fmt: skip


def test_R17_a_row_says_how_it_was_done_and_charged() -> None:
    sheet = opened(workbook(handover())).worksheets[1]
    assert [cell.value for cell in sheet[5]] == [
        "Contact page with a form and a map", "Luca P.", "Done",
        "Approved by Anna B. on 3 Sep 2026", timedelta(hours=2, minutes=30), timedelta(hours=2),
        day(20), "Rigid", "Agreed", None, timedelta(hours=2), 1, timedelta(hours=2), None,
        day(4), day(5), day(8), None,
    ]  # fmt: skip


def test_R11_an_urgent_row_shows_evidence_recorded_time_factor_and_what_came_of_them() -> None:
    sheet = opened(workbook(handover("it"))).worksheets[1]
    assert [cell.value for cell in sheet[7]][8:14] == [
        "Richiesta", "Sì: e-mail of 3 Nov", timedelta(minutes=40, seconds=12), 3,
        timedelta(hours=2, minutes=1), None,
    ]  # fmt: skip


def test_R02_purchased_used_and_remaining_are_formulas_with_the_ledgers_numbers() -> None:
    content = workbook(handover())
    lines = said(opened(content).worksheets[0])
    assert {key: lines[key][0] for key in ("Purchased", "Used in all", "Remaining")} == {
        "Purchased": timedelta(minutes=2400),
        "Used in all": timedelta(minutes=1277),
        "Remaining": timedelta(minutes=2400 + 60 - 1277),
    }
    formulas = said(opened(content, values=False).worksheets[0])
    assert formulas["Used for the activities done"] == ["='Activities done'!M17", "=B19*24"]
    assert formulas["Remaining"] == ["=B15+B16-B18-B19", "=B21*24"]


def test_R27_the_value_of_one_hour_is_price_by_hours() -> None:
    lines = said(opened(workbook(handover())).worksheets[0])
    assert lines["Value of one hour"] == [65, None]
    without = said(opened(workbook(handover(price_minor=None))).worksheets[0])
    assert "Value of one hour" not in without


def test_R26_a_date_is_a_date_and_says_whether_it_is_rigid() -> None:
    sheet = opened(workbook(handover("it"))).worksheets[1]
    assert (sheet["G5"].number_format, sheet["H5"].value) == ("dd/mm/yy", "Rigida")
    assert (sheet["G6"].value, sheet["H6"].value) == (None, None)


def test_a_revision_says_what_it_replaces() -> None:
    content = workbook(handover("it", revision=2, replaces_made_at=at(11, 20)))
    lines = said(opened(content).worksheets[0])
    assert lines["Revisione"][0] == "2, sostituisce la copia del 20 nov 2026"


def test_an_activity_split_over_two_packages_lists_its_part_and_the_rest() -> None:
    sheet = opened(workbook(handover())).worksheets[1]
    assert [sheet["M8"].value, sheet["N8"].value] == [
        timedelta(minutes=500), timedelta(minutes=220),
    ]  # fmt: skip


def test_an_open_question_and_a_redo_are_marked() -> None:
    sheet = opened(workbook(handover())).worksheets[1]
    assert sheet["R13"].value == "Open question since 12 Nov 2026.\nWhy 0:45?"
    assert sheet["R12"].value == "Replaces “Logo, first version”."


def test_what_was_not_done_stands_apart_with_its_reason() -> None:
    sheet = opened(workbook(handover("it"))).worksheets[2]
    assert [(row[0].value, row[9].value) for row in sheet.iter_rows(min_row=5, max_row=7)] == [
        ("Members' area", "Ore residue non sufficienti"),
        ("Film", "Rifiutata dal cliente"),
        ("German", "Non approvata"),
    ]


def test_a_residual_below_zero_is_spelled_since_a_sheet_has_no_negative_durations() -> None:
    rows = (done(1, "Page", 7200, 120),)
    hours = Hours(granted=90, posted=120)
    lines = said(opened(workbook(handover(rows=rows, hours=hours))).worksheets[0])
    assert lines["Remaining"] == ["-0:30", -0.5]


def test_no_title_becomes_a_formula_or_a_link() -> None:
    sheet = opened(workbook(handover()), values=False).worksheets[1]
    cells = [sheet["A9"], sheet["B9"], sheet["R9"], sheet["A10"], sheet["A11"]]
    assert [(cell.value, cell.data_type, cell.hyperlink) for cell in cells] == [
        (HOSTILE, "s", None),
        ("@SUM(1+1)", "s", None),
        ("+cmd|' /C calc'!A0", "s", None),
        ("{{7*7}} \U0001f600 novità", "s", None),
        ("עדכון דף הבית", "s", None),
    ]


def test_what_a_cell_cannot_hold_is_replaced_or_cut_where_one_sees_it() -> None:
    long = "\U0001f600" * 20_000
    rows = (done(1, "a\x00b\ud800\ufffe\tc\r\nd", 60, 1, note=long), done(2, " \n ", 60, 1))
    sheet = opened(workbook(handover(rows=rows))).worksheets[1]
    assert [sheet["A5"].value, sheet["A6"].value] == ["a�b�� c d", "(no title)"]
    note = sheet["R5"].value
    assert note.endswith("\U0001f600 … [text cut here]")
    assert len(note.encode("utf-16-le")) // 2 in {32_766, 32_767}


def test_it_prints_on_a4_with_its_head_on_every_page() -> None:
    book = opened(workbook(handover()))
    sheet = book.worksheets[1]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$4:$4", "B5")
    assert sheet.auto_filter.ref == "A4:R16"
    assert [(one.title, one.sheet_state) for one in book.worksheets] == [
        ("Summary", "visible"), ("Activities done", "visible"), ("Not done", "visible"),
        ("mondaybridge", "veryHidden"),
    ]  # fmt: skip


def test_equal_values_give_equal_bytes() -> None:
    assert workbook(handover("it")) == workbook(handover("it"))


def test_it_is_not_written_when_its_rows_are_not_what_the_ledger_posted() -> None:
    hours = Hours(granted=2400, posted=1148)
    with pytest.raises(FindingsError, match=r"make 19:07, the ledger posted 19:08"):
        workbook(handover(hours=hours))


def test_names_of_sheets_are_names_that_a_sheet_can_have() -> None:
    names = [
        name
        for key, texts in TEXTS.items()
        if key.startswith("workbook.sheet.")
        for name in texts.values()
    ]
    assert [name for name in names if len(name) > 31 or set(name) & set("[]:*?/\\'")] == []


def test_every_row_of_the_example_is_there() -> None:
    sheet = opened(workbook(handover())).worksheets[1]
    titles = [row[0].value for row in sheet.iter_rows(min_row=5, max_row=17)]
    assert len(titles) == len(ROWS) + 1
    assert titles[-1] == "Total"
