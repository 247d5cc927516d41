"""``question``: ask, answer and end by command, each with its words kept."""

import json
from typing import Any

import pytest

from mondaybridge.cli.app import run
from stories import town
from stories.house import House


@pytest.fixture
def row(one: House) -> str:
    item = one.row("Menu", board=town.TEA, approved=False)
    one.work(item, "2026-10-05 09:00", 90)
    one.go("2026-11-02 09:00")
    one.settle()
    return item


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert run(["question", *arguments, "--json"]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_R41b_a_question_goes_its_way_by_command(
    row: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["ask", row, "--month", "2026-10", "--by", "Robin", "--text", "Why so long?"]
    name = said(capsys, *asked)["question"]
    assert name == f"{row}-1"
    said(capsys, "answer", name, "--by", "Avery", "--text", "Two visits.")
    told = said(capsys, "adjust", name, "--by", "Avery", "--minutes", "60", "--reason", "one visit")
    assert (told["state"], told["months"]) == ("adjusted", {"2026-10": 60})
    assert told["adjusted"] == [{"month": "2026-10", "minutes": 60, "worked_minutes": 90}]
    assert [(m["act"], m["by"], m["text"]) for m in told["thread"]] == [
        ("ask", "Robin", "Why so long?"),
        ("answer", "Avery", "Two visits."),
        ("adjust", "Avery", "one visit"),
    ]
    assert said(capsys, "show", name) == told
    assert [q["question"] for q in said(capsys, "list")["questions"]] == [name]
    assert said(capsys, "list", "--open")["questions"] == []


@pytest.mark.parametrize("end", ["accept", "withdraw"])
def test_R41b_accepted_or_taken_back_everything_stays(
    row: str, end: str, capsys: pytest.CaptureFixture[str]
) -> None:
    name = said(capsys, "ask", row, "--by", "Robin", "--text", "?")["question"]
    said(capsys, "answer", name, "--by", "Avery", "--text", "!")
    told = said(capsys, end, name, "--by", "Robin")
    assert told["state"] == {"accept": "accepted", "withdraw": "withdrawn"}[end]
    assert (told["months"], told["held"], told["waits_for"]) == ({"2026-10": 90}, False, "")


def test_R41b_put_right_elsewhere_a_question_ends_with_its_reason(
    row: str, capsys: pytest.CaptureFixture[str]
) -> None:
    name = said(capsys, "ask", row, "--by", "Robin", "--text", "?")["question"]
    said(capsys, "answer", name, "--by", "Avery", "--text", "!")
    assert run(["question", "adjust", name, "--by", "Avery"]) == 5
    assert "--minutes" in capsys.readouterr().err
    told = said(capsys, "adjust", name, "--by", "Avery", "--reason", "the session was mended")
    assert (told["state"], told["adjusted"], told["months"]) == ("adjusted", [], {"2026-10": 90})


def test_a_table_says_who_must_do_what(row: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["question", "list"]) == 0
    assert capsys.readouterr().out == "Questions: none\n"
    said(capsys, "ask", row, "--by", "Robin", "--text", "?")
    assert run(["question", "show", f"{row}-1"]) == 0
    shown = capsys.readouterr().out
    assert "answer or withdraw" in shown
    assert "Robin" in shown
    assert run(["held", "list"]) == 0
    assert "90.00 GBP" in capsys.readouterr().out


def test_what_cannot_be_asked_is_refused(row: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["question", "ask", row, "--by", "Robin", "--text"]
    assert run([*asked, "?", "--month", "October"]) == 2
    assert "write it as YYYY-MM" in capsys.readouterr().err
    assert run([*asked, "x" * 2001]) == 5
    assert "at most 2000 characters" in capsys.readouterr().err
    assert run(["question", "show", "1-1"]) == 5
    assert "see 'question list'" in capsys.readouterr().err


def test_R41b_a_question_is_shown_with_what_it_waits_for_and_what_it_took_off(
    row: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--month", "2026-10", "--by", "Robin", "--text", "Why so long?"]
    assert run(["question", "ask", row, *asked]) == 0
    said = capsys.readouterr().out
    assert "It waits for an answer until " in said
    assert "; its lines stay out of the invoice meanwhile." in said
    name = f"{row}-1"
    assert run(["question", "answer", name, "--by", "Avery", "--text", "Two visits."]) == 0
    assert run(["question", "adjust", name, "--by", "Avery", "--minutes", "60"]) == 0
    assert "1:30" in capsys.readouterr().out.partition("Upheld, h:mm")[2].partition("Thread")[0]


@pytest.mark.parametrize(("by", "text"), [("", "Why?"), ("Robin", "  ")])
def test_R41b_nobody_asks_nothing(
    row: str, by: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["question", "ask", row, "--by", by, "--text", text]) == 5
    assert "say who it is with --by" in capsys.readouterr().err
