"""A short run of the simulator in every check: kept seeds, small worlds in a box of time, plants.

The long run is ``make simulate SEEDS=n FIRST=k``; here a box of time says how many seeds are run,
always from the first one on, so that red stays red.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from counts import Record
from simulation.machines import Machines
from simulation.planted import ROOT, hunted, plant
from simulation.plants import PLANTED
from simulation.play import played
from simulation.run import Report, kept_seeds
from simulation.wishes import Wish

BOX_SECONDS = 25
HALVES = (0, 1)
HANDFUL = 2
NEARBY = 4  # seeds tried after its own: a change of the product may have moved the story
KNOWN = [one for one in PLANTED if one.seed >= 0]


@pytest.mark.parametrize("half", HALVES)
def test_nothing_is_billed_twice_or_lost(half: int, record_property: Record) -> None:
    report, ends = Report(), time.monotonic() + BOX_SECONDS
    with Machines() as machines:
        for seed, world in [*kept_seeds().items()][half :: len(HALVES)]:
            report.add(played(machines, seed, world))
        fresh = half
        while time.monotonic() < ends:
            report.add(played(machines, fresh, Wish(small=True)))
            fresh += len(HALVES)
    faults = sum(report.fired.values())
    record_property(
        "counted",
        f"{len(report.hashes)} seeds, {report.client_months} client-months, {faults} faults, "
        f"{sum(report.judged.values())} checks, trace {report.digest[:12]}",
    )
    assert report.failures == []
    assert report.judged
    assert faults > 0


def test_a_seed_replays_step_by_step_whatever_the_hash_seed() -> None:
    """The same seed is the same story, in this process and in others."""
    with Machines() as machines:
        here = {played(machines, 1).digest for _ in range(2)}
    assert {*here, _digest("1"), _digest("2")} == here
    assert len(here) == 1


@pytest.mark.parametrize("one", PLANTED, ids=lambda one: one.name)
def test_every_planted_bug_still_has_its_place(one: object, tmp_path: Path) -> None:
    assert isinstance(one, type(PLANTED[0]))
    for path, _, _ in one.changes:
        file = tmp_path / "mondaybridge" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text((ROOT / "src" / "mondaybridge" / path).read_text())
    plant(tmp_path, one)


@pytest.mark.parametrize("number", range(HANDFUL))
def test_a_planted_bug_is_found_by_its_checker(number: int, record_property: Record) -> None:
    """Another handful each day: all of them are ``make simulate PLANTED=all``."""
    day = int(time.time() // 86_400)
    one = KNOWN[(day * HANDFUL + number) % len(KNOWN)]
    found = hunted(one, [one.seed, *range(NEARBY)])
    record_property("counted", str(found))
    assert one.checkers & set(found.failed), one.name


def test_there_are_enough_planted_bugs() -> None:
    names = {one.name for one in PLANTED}
    assert len(names) == len(PLANTED) >= 20


def _digest(hash_seed: str) -> str:
    code = (
        "from simulation.machines import Machines\nfrom simulation.play import played\n"
        "with Machines() as machines: print(played(machines, 1).digest)"
    )
    room = Path(__file__).parents[1]
    paths = os.pathsep.join([str(room.parent / "src"), str(room)])
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-W", "ignore", "-c", code],
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()[-1]
