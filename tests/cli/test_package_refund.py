"""``package refund``: what a person types, what is printed, and what is refused."""

import json

import pytest

from mondaybridge.cli.app import run
from stories import town
from stories.house import house


def refund(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["package", "refund", *arguments])
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_7_hours_taken_back_say_what_credit_note_is_due(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with house() as one:
        one.settle()
        monkeypatch.setenv("MONDAYBRIDGE_DATABASE_URL", one.url)
        monkeypatch.setenv("MONDAYBRIDGE_MAPPINGS", str(one.folder / "mappings.yaml"))
        monkeypatch.setenv("MONDAYBRIDGE_DATA_DIR", str(one.folder))
        code, out, said = refund(capsys, "P1", "--minutes", "200", "--reason", "less", "--json")
        assert (code, said) == (0, "")
        assert json.loads(out) == {
            "refunded": 200,
            "amount_minor": 20_000,
            "packages": [
                {
                    "id": "P1",
                    "contract": "bottega-hours",
                    "granted": 400,
                    "posted": 0,
                    "reserved": 0,
                    "hard": 400,
                    "free": 400,
                    "given_up": 0,
                    "state": "running",
                }
            ],
        }
        code, out, _ = refund(capsys, "P1", "--minutes", "100", "--reason", "less")
        assert code == 0
        assert "Refunded: 1:40, its sale is invoiced with 100.00 EUR less" in out
        code, _, said = refund(capsys, "P1", "--minutes", "301", "--reason", "less")
        assert code == 5
        assert "of package P1 5:00 may be refunded, not 5:01" in said


def test_7_a_credit_note_is_named_only_where_an_invoice_stands(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = town.bottega(town.quiet(), policies={"close": "auto"})
    with house(town.mapping(bottega=client)) as one:
        monkeypatch.setenv("MONDAYBRIDGE_DATABASE_URL", one.url)
        monkeypatch.setenv("MONDAYBRIDGE_MAPPINGS", str(one.folder / "mappings.yaml"))
        monkeypatch.setenv("MONDAYBRIDGE_DATA_DIR", str(one.folder))
        one.settle()
        _, out, _ = refund(capsys, "P1", "--minutes", "60", "--reason", "less")
        assert "Refunded: 1:00, a credit note of 60.00 EUR is due" in out
        one.cashier.void_invoice(next(iter(one.sandbox.stripe.invoices)))
        one.wait(24 * 60)
        one.sweep()
        _, out, _ = refund(capsys, "P1", "--minutes", "60", "--reason", "less")
        assert "Refunded: 1:00, its sale is invoiced with 60.00 EUR less" in out
