"""Whoever dies wherever: one invoice, one note, one file, one mail, one close (storage 5).

Every write to monday or Stripe and every commit of a close, a credit and a package's end is crashed
in process, before and after, and the next process starts a day later, when nobody remembers a key;
then processes are really killed at such points, and the next one starts at once.
"""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from counts import COUNTED, Record

ROOT = Path(__file__).parents[2]
EVERY = 10_000
KILLS = (35, 17)
SECONDS = 900  # of a machine with other work; alone it takes about a tenth


@cache
def deaths(way: str, effects: int, others: int) -> dict[str, dict[str, Any]]:
    """Let a process of its own prepare the worlds and fork a child for every death."""
    paths = os.pathsep.join(str(ROOT / folder) for folder in ("src", "tests"))
    done = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-m", "crash.deaths", way, str(effects), str(others)],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-4000:]
    return dict(json.loads(done.stdout))


def counted(told: dict[str, dict[str, Any]]) -> str:
    said = []
    for name, case in told.items():
        others, tried = case["points"] - case["effects"], case["tried"] - case["effects_tried"]
        effects = f"{case['effects_tried']} of {case['effects']} effects"
        said.append(f"{name} {effects}, {tried} of {others} other points, {case['seconds']} s")
    return "; ".join(said)


def wrongs(told: dict[str, dict[str, Any]]) -> list[object]:
    """Say of every point that went wrong where it is and what differs."""
    return [
        (name, wrong["at"], wrong["wanted"], wrong["label"], wrong["died"], key, value)
        for name, case in told.items()
        for wrong in case["wrong"]
        for key, value in {"": "", **wrong["outcome"]}.items()
        if value != case["expected"].get(key, None)
    ]


@pytest.mark.timeout(SECONDS)
def test_every_effect_and_commit_can_be_the_last(record_property: Record) -> None:
    told = deaths("crash", EVERY, 0)
    record_property(COUNTED, counted(told))
    assert wrongs(told) == []
    assert {name: case["effects_tried"] for name, case in told.items()} == {
        name: case["effects"] for name, case in told.items()
    }
    assert min(case["effects"] for case in told.values()) >= 40


@pytest.mark.timeout(SECONDS)
def test_a_killed_process_leaves_nothing_that_the_next_does_not_finish(
    record_property: Record,
) -> None:
    told = deaths("kill", *KILLS)
    kills = sum(case["tried"] for case in told.values())
    record_property(COUNTED, f"{kills} kills: {counted(told)}")
    assert wrongs(told) == []
    assert kills >= 150


def test_what_is_compared_is_there() -> None:
    """The undisturbed worlds: a comparison of nothing with nothing would prove nothing."""
    told = deaths("crash", EVERY, 0)
    close, credit, ending = (told[name]["expected"] for name in ("close", "credit", "handover"))
    assert [(kind, status) for kind, _, status, _ in close["papers"]] == [("invoice", "open")] * 2
    assert close["sent"] == [["invoice", True]] * 2
    assert [paper[0] for paper in credit["papers"]] == ["invoice", "invoice", "credit note"]
    assert (credit["credits"][0][0][1], credit["sent"][0][0]) == (3000, "credit_note")
    assert (ending["files"], ending["letters"]) == ([["P1.xlsx", 240]], ["g@shop.example"])
    assert ending["boards"][0] == "archived"
    for case in told.values():
        assert (case["expected"]["audit"], case["expected"]["parked"], case["expected"]["due"]) == (
            [],
            [],
            [],
        )
