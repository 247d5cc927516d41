"""Data on stdout as one JSON value or as a table, progress on stderr."""

import json

import pytest

from mondaybridge.cli.output import print_json, print_line, say, show

ROWS = [
    {"board": "Sito [nuovo]", "read": 3, "time": "1:30", "state": None, "hidden": "x"},
    {"board": "Shop", "read": 12, "time": "-0:05"},
]
COLUMNS = ("board", "read", "time", "state")


def test_people_get_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    show({}, as_json=False, table=("Boards", COLUMNS, ROWS))
    out, err = capsys.readouterr()
    assert err == ""
    assert [line.rstrip() for line in out.splitlines() if line.strip()] == [
        "Boards",
        "  board          read    time   state",
        " ─────────────────────────────────────",
        "  Sito [nuovo]      3    1:30",
        "  Shop             12   -0:05",
    ]


def test_programs_get_one_json_value(capsys: pytest.CaptureFixture[str]) -> None:
    show({"boards": ROWS, "è": 1}, as_json=True, table=("Boards", COLUMNS, ROWS))
    out, err = capsys.readouterr()
    assert (json.loads(out), err) == ({"boards": ROWS, "è": 1}, "")


def test_progress_does_not_mix_with_data(capsys: pytest.CaptureFixture[str]) -> None:
    print_json([1])
    print_line("two")
    say("three")
    assert capsys.readouterr() == ("[\n  1\n]\ntwo\n", "three\n")


def test_no_cell_is_cut_however_long_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """What is to be copied into a command must stand there whole."""
    key, words = "in_" + "5kZ02GLm" * 8, "why it stopped " * 12
    show({}, as_json=False, table=("Parked", ("key", "why"), [{"key": key, "why": words}]))
    out = capsys.readouterr().out
    assert "…" not in out
    assert "".join(line.split()[0] for line in out.splitlines() if "5kZ02GLm" in line) == key
