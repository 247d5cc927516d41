"""``package credit``: what a person types, and what is printed."""

import json

import pytest

from mondaybridge.cli.app import run
from stories.house import house


def credit(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["package", "credit", *arguments])
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_7_a_goodwill_hour_is_given_and_the_new_numbers_are_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with house() as one:
        one.settle()
        monkeypatch.setenv("MONDAYBRIDGE_DATABASE_URL", one.url)
        monkeypatch.setenv("MONDAYBRIDGE_MAPPINGS", str(one.folder / "mappings.yaml"))
        monkeypatch.setenv("MONDAYBRIDGE_DATA_DIR", str(one.folder))
        words = "P1", "--minutes", "60", "--reason", "the site was down"
        code, out, said = credit(capsys, *words, "--json")
        assert (code, said) == (0, "")
        assert json.loads(out) == {
            "credited": 60,
            "packages": [
                {
                    "id": "P1",
                    "contract": "bottega-hours",
                    "granted": 660,
                    "posted": 0,
                    "reserved": 0,
                    "hard": 660,
                    "free": 660,
                    "given_up": 0,
                    "state": "running",
                }
            ],
        }
        code, out, _ = credit(capsys, *words)
        assert code == 0
        assert "Given: 1:00; the package is now, h:mm" in out
        assert "12:00" in out
        refused = credit(capsys, "P9", *words[1:])
        assert refused[0] == 3
        assert "mappings.yaml names no package 'P9': it has P1" in refused[2]
