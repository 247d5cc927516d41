"""Bugs planted on purpose: each must be found by the checker that is named for it beforehand.

A bug is a change of text in a copy of ``src``, run in a process of its own; a text that does not
stand there exactly once fails, so that the list follows the code. A bug that is not found is a
finding about the simulator.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from simulation.plants import PLANTED, Planted

ENOUGH = 400  # seeds of a run in which nothing may have fired too seldom
ROOT = Path(__file__).parents[2]
JOBS = 2


@dataclass(frozen=True, slots=True)
class Found:
    """Where a planted bug was found: the seed, the checkers that failed there, how long it took."""

    name: str
    seed: int
    failed: tuple[str, ...]
    seconds: int

    @property
    def caught(self) -> bool:
        """Whether a checker that was named found it."""
        return self.seed >= 0

    def __str__(self) -> str:
        where = f"seed {self.seed}: {', '.join(self.failed)}" if self.caught else "NOT FOUND"
        return f"{self.name}: {where} ({self.seconds} s)"


def main(asked: str) -> int:
    """Plant bugs by name, or all; say which were found, and fail if one was not."""
    names = None if asked == "all" else set(asked.split(","))
    chosen = [one for one in PLANTED if names is None or one.name in names]
    with ThreadPoolExecutor(JOBS) as pool:
        lost = 0
        for found in pool.map(hunted, chosen):
            print(found, flush=True)  # noqa: T201 - a command of the developers
            lost += not found.caught
    print(f"planted {len(chosen)}, found {len(chosen) - lost}")  # noqa: T201 - as above
    return 1 if lost or not chosen else 0


def hunted(one: Planted, seeds: Iterable[int] = ()) -> Found:
    """Plant a bug in a copy of the product, and play seeds until a named checker finds it."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="planted-") as folder:
        copy = Path(folder) / "src"
        shutil.copytree(ROOT / "src", copy, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(ROOT / "schemas", Path(folder) / "schemas")
        plant(copy, one)
        wanted = [*seeds] or [*dict.fromkeys([max(0, one.seed), *range(one.within)])]
        seed, failed = _played(copy, one, wanted)
    return Found(one.name, seed, failed, round(time.monotonic() - began))


def plant(copy: Path, one: Planted) -> None:
    """Change the copy; ValueError where a text does not stand there exactly once."""
    for path, before, after in one.changes:
        file = copy / "mondaybridge" / path
        text = file.read_text()
        if text.count(before) != 1:
            raise ValueError(f"{one.name}: {path} has {text.count(before)} times {before!r}")
        file.write_text(text.replace(before, after))


def _played(copy: Path, one: Planted, seeds: Sequence[int]) -> tuple[int, tuple[str, ...]]:
    code = "from simulation.hunt import hunt; hunt()"
    world = asdict(one.world)
    asked = json.dumps({"seeds": list(seeds), "checkers": sorted(one.checkers), "world": world})
    environment = os.environ | {"PYTHONPATH": f"{copy}{os.pathsep}{ROOT / 'tests'}"}
    done = subprocess.run(  # noqa: S603 - our own code, on purpose
        [sys.executable, "-W", "ignore", "-c", code, asked],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{one.name}: {done.stderr[-2000:]}")
    answer = json.loads(done.stdout.splitlines()[-1])
    return answer["seed"], tuple(answer["failed"])
