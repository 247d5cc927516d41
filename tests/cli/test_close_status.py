"""``close status``: where each client's months and documents stand."""

import json
from typing import Any

import pytest

from mondaybridge.cli.app import run
from mondaybridge.cli.close import _paper, _row
from mondaybridge.errors import Parked
from mondaybridge.workflows import close
from stories import town
from stories.house import House


def standing(capsys: pytest.CaptureFixture[str], client: str = "tea") -> dict[str, Any]:
    assert run(["close", "status", "--json"]) == 0
    rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["clients"]
    return next(row for row in rows if row["client"] == client)


def test_a_month_is_to_close_then_closed_and_its_invoice_shown(
    one: House, capsys: pytest.CaptureFixture[str]
) -> None:
    item = one.row("Menu", board=town.TEA, approved=False)
    one.work(item, "2026-10-05 09:00", 90)
    one.go("2026-11-03 09:00")
    one.settle()
    before = standing(capsys)
    assert (before["closed_until"], before["to_close"]) == ("", "2026-10")
    assert [(p["kind"], p["scope"], p["subtotal_minor"]) for p in before["planned"]] == [
        ("usage", "2026-10", 9000)
    ]
    one.close("2026-10", "tea")
    after = standing(capsys)
    assert (after["closed_until"], after["to_close"], after["planned"]) == ("2026-10", "", [])
    assert [(d["type"], d["net_minor"], d["status"]) for d in after["documents"]] == [
        ("invoice", 9000, "open")
    ]
    assert run(["close", "status"]) == 0
    assert "90.00 GBP" in capsys.readouterr().out


def test_what_is_parked_stands_with_its_way_out(
    one: House, capsys: pytest.CaptureFixture[str]
) -> None:
    item = one.row("Menu", board=town.TEA, approved=False)
    one.work(item, "2026-10-05 09:00", 90)
    one.go("2026-11-03 09:00")
    one.settle()
    one.close("2026-10", "tea")
    one.cashier.void_invoice(next(iter(one.sandbox.stripe.invoices)))
    one.go("2026-12-03 09:00")
    one.work(item, "2026-11-05 09:00", 30)
    one.sweep()
    with pytest.raises(Parked):
        close.apply(one.app, one.preview("2026-11", "tea").hash)
    row = standing(capsys)
    assert row["parked"]
    assert row["release"] == "mondaybridge park release close tea --why …"


def test_the_held_column_of_a_preview_counts_the_shown_month_alone() -> None:
    held = [{"period": "2026-09", "minutes": 60}, {"period": "2026-10", "minutes": 75}]
    shown = dict.fromkeys(("client", "month", "waiting", "note", "hash"), "")
    lists = {n: list[str]() for n in ("notes", "credit_by", "foreign_drafts", "documents", "draft")}
    one = {**shown, **lists, "closed": False, "statement_minutes": {}, "held": held}
    assert _row(one, "2026-10")["held"] == "1:15"
    assert _row(one, "2026-11")["held"] == ""


def test_nobody_owes_what_a_void_invoice_or_a_credit_note_says() -> None:
    paper = {"type": "invoice", "currency": "gbp", "due": "2026-11-18T09:00:00Z", "paid_minor": 0}
    money = {"net_minor": 9000, "total_minor": 10800, "remaining_minor": 10800}
    shown = [
        _paper({**paper, **money, **more})
        for more in (
            {"status": "open"},
            {"status": "void"},
            {"status": "issued", "type": "credit_note", "due": ""},
        )
    ]
    assert [(one["paid"], one["remaining"], one["due"]) for one in shown] == [
        ("0.00 GBP", "108.00 GBP", "2026-11-18"),
        ("", "", ""),
        ("", "", ""),
    ]


def test_what_is_no_hash_is_told_how_one_looks(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["close", "apply", "123"]) == 2
    assert "a hash looks like 2026-10:0123456789ab" in capsys.readouterr().err
