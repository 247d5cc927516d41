"""``statement``: a month with the five fields of the report, on the screen and as a file."""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from mondaybridge.cli.app import run
from stories import town
from stories.house import House

CONTRACT = "tea-hourly"


def worked(one: House, name: str = "=Menu()") -> str:
    item = one.row(name, board=town.TEA, approved=False)
    one.edit(item, town.NOTE, "soup added,\nprices checked")
    one.work(item, "2026-10-05 09:00", 90)
    one.work(item, "2026-10-07 14:30", 20, seconds=1)
    one.go("2026-11-03 09:00")
    one.settle()
    return item


def exported(folder: Path, *options: str) -> bytes:
    out = folder / "statement"
    assert run(["statement", "export", CONTRACT, "2026-10", *options, "--out", str(out)]) == 0
    return out.read_bytes()


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))


def test_R45_a_statement_has_the_five_fields_and_what_they_came_to(one: House) -> None:
    worked(one)
    assert table(exported(one.folder)) == [
        [
            *("Time", "Dates", "Ticket title", "Time spent", "Note on what was done", "Measured"),
            *("Charged to", "Price per hour", "Amount before tax", "Currency"),
            "Corrected because",
        ],
        [
            "2026-10-05 09:00-10:30, 2026-10-07 14:30-14:50",
            "2026-10-05, 2026-10-07",
            "'=Menu()",
            "1:51",
            "soup added,\nprices checked",
            *("1:51", "pay as you go", "60.00", "111.00", "GBP", ""),
        ],
    ]


def test_R45_work_across_the_end_of_a_month_stands_in_its_part(one: House) -> None:
    item = one.row("Menu", board=town.TEA, approved=False)
    one.work(item, "2026-10-31 23:30", 60)
    one.go("2026-12-03 09:00")
    one.settle()
    assert table(exported(one.folder))[1][0] == "2026-10-31 23:30-00:00"


def test_R45_a_month_without_work_has_a_report_too(one: House) -> None:
    one.go("2026-11-03 09:00")
    one.settle()
    one.close("2026-10", "tea")
    assert table(exported(one.folder))[1][2:4] == ["No time was spent in October 2026.", "0:00"]
    body = json.loads(exported(one.folder, "--format", "json"))
    assert (body["nil"], body["closed"], body["minutes"], body["lines"]) == (True, True, 0, [])


def test_R56_a_closed_month_stays_as_it_was_and_corrections_stand_beside_it(one: House) -> None:
    item = worked(one)
    one.close("2026-10", "tea")
    one.work(item, "2026-10-09 10:00", 15)
    one.wait(20)
    one.settle()
    body: dict[str, Any] = json.loads(exported(one.folder, "--format", "json"))
    assert [line["minutes"] for line in body["lines"]] == [111]
    assert table(exported(one.folder))[1][0].startswith("2026-10-05 09:00-10:30")
    assert table(exported(one.folder))[2][3:] == [
        *("0:15", "", "", "pay as you go", "60.00", "", ""),
        "changed on the board after the month was closed",
    ]
    assert [(c["minutes"], c["title"]) for c in body["corrections"]] == [(15, "=Menu()")]
    assert all(c["cause"] for c in body["corrections"])
    assert [(d["type"], d["net_minor"]) for d in body["documents"]] == [("invoice", 11100)]
    assert (body["minutes"], body["corrected_minutes"]) == (111, 15)


def test_what_has_no_statement_says_why(one: House, capsys: pytest.CaptureFixture[str]) -> None:
    one.settle()
    for month, code, told in (
        ("2027-05", 5, "2027-05 has not begun: it has no statement yet"),
        ("2026-08", 5, "2026-08 is before tea-hourly began"),
        ("October", 2, "write it as YYYY-MM"),
    ):
        assert run(["statement", "show", CONTRACT, month]) == code
        assert told in capsys.readouterr().err
    assert run(["statement", "show", "tea-hourli", "2026-10"]) == 3
    assert "tea-hourly" in capsys.readouterr().err
