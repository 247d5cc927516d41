"""``explain``: every figure of a line with what stands behind it."""

import json
from typing import Any

import pytest

from mondaybridge.cli.app import run
from stories import town
from stories.house import House


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
