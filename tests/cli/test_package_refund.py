"""``package refund``: what a person types, what is printed, and what is refused."""

import json

import pytest

from mondaybridge.cli.app import run
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
        assert "Refunded: 1:40, a credit note of 100.00 EUR is due" in out
        code, _, said = refund(capsys, "P1", "--minutes", "301", "--reason", "less")
        assert code == 5
        assert "of package P1 5:00 may be refunded, not 5:01" in said
