"""``held list``: what waits for a person, apart from what is charged meanwhile."""

import json

import pytest

from mondaybridge.cli.app import run
from stories import town
from stories.house import LONDON, House, house


def listed(
    one: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[str, list[tuple[str, bool]]]:
    """Return what the command prints, and the reasons in its JSON with what is charged."""
    monkeypatch.setenv("MONDAYBRIDGE_DATABASE_URL", one.url)
    monkeypatch.setenv("MONDAYBRIDGE_MAPPINGS", str(one.folder / "mappings.yaml"))
    monkeypatch.setenv("MONDAYBRIDGE_DATA_DIR", str(one.folder))
    item = one.row("Menu", board=town.TEA, approved=False)
    one.work(item, "2026-10-05 09:00", 90)
    one.go("2026-11-02 09:00")
    one.settle()
    asked = ["--month", "2026-10", "--by", "Robin", "--text", "Why so long?"]
    assert run(["question", "ask", item, *asked]) == 0
    capsys.readouterr()
    assert run(["held", "list"]) == 0
    printed = capsys.readouterr().out
    assert run(["held", "list", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["held"]
    return printed, [(line["reason"], line["billed"]) for line in found]


@pytest.mark.parametrize(
    ("policy", "empty"),
    [
        ("hold", "Charged meanwhile, and waiting for a person: none"),
        ("bill", "Held minutes: none"),
    ],
)
def test_what_is_billed_by_policy_is_not_listed_as_held(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    policy: str,
    empty: str,
) -> None:
    tea = town.tea(policies={"close": "manual", "questioned_lines": policy})
    with house(town.mapping(tea=tea), zone=LONDON) as one:
        printed, lines = listed(one, monkeypatch, capsys)
    billed = policy == "bill"
    assert lines == [("questioned", billed)]
    assert empty in printed
    assert ("it is billed meanwhile" in " ".join(printed.split())) is billed


def test_every_held_line_says_its_way_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with house() as one:
        monkeypatch.setenv("MONDAYBRIDGE_DATABASE_URL", one.url)
        monkeypatch.setenv("MONDAYBRIDGE_MAPPINGS", str(one.folder / "mappings.yaml"))
        monkeypatch.setenv("MONDAYBRIDGE_DATA_DIR", str(one.folder))
        over, new, odd = one.row("A", "10"), one.row("B", "1", approved=False), one.row("C", "1")
        one.work(over, "2026-10-05 10:00", 650)
        one.work(new, "2026-10-05 10:00", 30)
        one.edit(odd, town.ESTIMATE, "-7")
        one.go("2026-10-06 09:00")
        one.sweep()
        assert run(["held", "list", "--json"]) == 0
        found = json.loads(capsys.readouterr().out)["held"]
        ways = {line["activity"]: line["detail"] for line in found}
        assert "lets the next package pay" in ways[over]
        assert "approve the row on its board" in ways[new]
        assert ways[odd].startswith("column estimate holds '-7'")
        assert run(["held", "decide", odd, "wait"]) == 5
        assert "parked: column estimate holds '-7'" in capsys.readouterr().err
        assert run(["held", "decide", new, "bill"]) == 5
        said = f"time of {new} that is unapproved can be decided by: absorb, wait"
        assert said in capsys.readouterr().err
