"""``explain``: every figure of a line with what stands behind it."""

import json
import re
from typing import Any

import pytest

from mondaybridge.cli.app import run
from mondaybridge.domain.questions import Act
from mondaybridge.workflows import questions
from mondaybridge.workflows.review import review_contract
from stories import town
from stories.house import LONDON, House, house


def explained(capsys: pytest.CaptureFixture[str], line: str) -> dict[str, Any]:
    assert run(["explain", line, "--json"]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["explained"]
    assert len(found) == 1
    return found[0]


def billed(one: House) -> tuple[str, str]:
    """Bill a row and correct it; return the row and its line's id at Stripe."""
    item = one.row("Menu", board=town.TEA, approved=False)
    session = one.work(item, "2026-10-05 09:00", 90, seconds=1)
    one.go("2026-11-03 09:00")
    one.settle()
    one.close("2026-10", "tea")
    one.rework(item, session, 60)
    one.wait(20)
    one.settle()
    one.close("2026-10", "tea")
    invoice = next(iter(one.sandbox.stripe.invoices.values()))
    return item, invoice.lines[0].id


def test_a_line_is_explained_from_the_session_to_the_credit_note(
    one: House, capsys: pytest.CaptureFixture[str]
) -> None:
    item, line = billed(one)
    found = explained(capsys, line)
    assert found == explained(capsys, item)
    assert [(s["from"], s["seconds"]) for s in found["sessions"]] == [
        ("2026-10-05T08:00:00Z", 3600)
    ]
    assert [(c["month"], c["seconds"], c["factor"], c["minutes"]) for c in found["charged"]] == [
        ("2026-10", 3600, 1, 60)
    ]
    assert [(e["kind"], e["minutes"], e["rate"]) for e in found["entries"]] == [
        ("post", 91, "60.00 GBP"),
        ("adjust", -31, "60.00 GBP"),
    ]
    assert all(e["cause"] for e in found["entries"])
    (asked,) = found["lines"]
    assert (asked["minutes"], asked["amount_minor"]) == (60, 6000)
    assert [(d["type"], d["minutes"], d["amount_minor"]) for d in asked["documents"]] == [
        ("invoice", 91, 9100),
        ("credit_note", -31, -3100),
    ]


def test_R25_who_approved_what_and_when_is_told(
    one: House, capsys: pytest.CaptureFixture[str]
) -> None:
    item = one.row("Home page", "2", approved=False)
    one.sweep()
    one.approve(item)
    one.wait(1)
    one.sweep()
    found = explained(capsys, item)
    assert found["approval"]["state"] == "active"
    assert found["row"]["estimate_seconds"] == 7200
    assert run(["explain", item]) == 0
    printed = capsys.readouterr().out
    assert "estimate 2:00:00" in printed
    assert "approved by" in printed


def test_what_nobody_knows_is_refused_with_what_can_be_given(
    one: House, capsys: pytest.CaptureFixture[str]
) -> None:
    one.settle()
    assert run(["explain", "il_nothing"]) == 5
    assert "give the id of an activity" in capsys.readouterr().err
    assert run(["explain", "[1"]) == 5
    assert run(["explain", ""]) == 5


def test_6_24_what_an_upheld_question_took_off_is_told_with_the_question_and_its_date(
    one: House, capsys: pytest.CaptureFixture[str]
) -> None:
    item = one.row("Menu", board=town.TEA, approved=False)
    one.work(item, "2026-10-05 09:00", 90)
    one.go("2026-11-02 09:00")
    one.settle()
    name = questions.ask(one.app, item, period="", actor="Robin", text="?").question.question_id
    questions.act(one.app, name, Act.ANSWER, actor="Avery", text="Two visits.")
    questions.adjust(one.app, name, minutes=60, actor="Avery", reason="one visit was ours")
    review_contract(one.app, "tea-hourly")
    (charged,) = explained(capsys, item)["charged"]
    assert (charged["seconds"], charged["minutes"]) == (5400, 60)
    assert charged["upheld"] == {
        "question": name,
        "at": "2026-11-02T09:00:00Z",
        "by": "Avery",
        "why": "one visit was ours",
        "minutes": 30,
    }
    assert run(["explain", item]) == 0
    printed = capsys.readouterr().out
    words = re.sub(r"\s+", " ", printed)
    assert "0:30 less: question" in words
    assert "upheld by Avery on" in words


def test_who_worked_is_named_by_address_where_monday_tells_one(
    one: House, capsys: pytest.CaptureFixture[str]
) -> None:
    item, _ = billed(one)
    one.sweep()
    (session,) = explained(capsys, item)["sessions"]
    assert (session["person"], session["person_id"]) == ("a@agency.example", town.STAFF)


def test_6_21_a_row_of_a_group_is_explained_with_the_line_in_which_it_stands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tea = town.tea(policies={"close": "manual", "group_above": 2})
    with house(town.mapping(tea=tea), zone=LONDON) as one:
        monkeypatch.setenv("MONDAYBRIDGE_DATABASE_URL", one.url)
        monkeypatch.setenv("MONDAYBRIDGE_MAPPINGS", str(one.folder / "mappings.yaml"))
        monkeypatch.setenv("MONDAYBRIDGE_DATA_DIR", str(one.folder))
        rows = [one.row(f"Ticket {n}", board=town.TEA, approved=False) for n in range(4)]
        for n, row in enumerate(rows):
            one.work(row, f"2026-10-0{5 + n // 3} 09:00", 7)
        one.go("2026-11-03 09:00")
        one.settle()
        one.close("2026-10", "tea")
        (line,) = explained(capsys, rows[0])["lines"]
        (paper,) = line["documents"]
        assert (line["minutes"], paper["minutes"], paper["amount_minor"]) == (7, 21, 2100)
        assert paper["group"] == {
            "label": "group:day:2026-10-05",
            "title": "5 Oct · Several activities",
            "activities": 3,
        }
        assert run(["explain", rows[3]]) == 0
        printed = " ".join(capsys.readouterr().out.split())
        assert "in the line “6 Oct · Several activities” (activities: 1), in all 0:07" in printed


def test_a_package_is_explained_as_one(one: House, capsys: pytest.CaptureFixture[str]) -> None:
    one.settle()
    assert run(["explain", "P1"]) == 0
    assert "a package, or a purchase, of hours" in capsys.readouterr().out
