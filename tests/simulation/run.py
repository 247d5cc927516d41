"""What many seeds came to, added up, and what of it makes a run red."""

import gc
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from simulation.checkers import NAMES as CHECKERS
from simulation.faults import NAMES as FAULTS
from simulation.machines import Machines
from simulation.play import Outcome, played
from simulation.wishes import Wish

KEPT = Path(__file__).parent / "seeds.txt"
LEAST_FIRED = 20


@dataclass(slots=True)
class Report:
    """Sums over outcomes."""

    hashes: dict[int, str] = field(default_factory=dict)
    client_months: int = 0
    steps: int = 0
    fired: Counter[str] = field(default_factory=Counter)
    judged: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    releases: Counter[str] = field(default_factory=Counter)
    passes: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def add(self, one: Outcome) -> None:
        """Count one seed in."""
        self.hashes[one.seed] = one.digest
        self.client_months += one.client_months
        self.steps += one.steps
        self.fired += one.fired
        self.judged += one.verdicts.judged
        self.releases += one.releases
        self.passes[one.passes] += 1
        for checker, told in one.verdicts.failures:
            self.failed[checker] += 1
            self.failures.append(f"seed {one.seed}, {checker}: {told}")

    @property
    def digest(self) -> str:
        """Return one hash over all traces, in the order of seeds."""
        text = "\n".join(f"{seed} {self.hashes[seed]}" for seed in sorted(self.hashes))
        return hashlib.sha256(text.encode()).hexdigest()

    def lines(self, seconds: float) -> Iterator[str]:
        """Say what was run."""
        yield f"seeds {len(self.hashes)}, client-months {self.client_months}, steps {self.steps}"
        yield f"client-months per minute {60 * self.client_months / max(seconds, 0.001):.0f}"
        yield f"faults {sum(self.fired.values())}: {_counts(self.fired, FAULTS)}"
        yield f"checks {sum(self.judged.values())}: {_counts(self.judged, CHECKERS)}"
        yield f"released by people {sum(self.releases.values())}: {_counts(self.releases)}"
        yield f"passes until rest: {dict(sorted(self.passes.items()))}"
        yield f"failures {len(self.failures)}: {_counts(self.failed)}"
        yield f"trace of all {self.digest}"

    def problems(self, *, enough: bool) -> list[str]:
        """Say what makes the run red; what is too seldom counts only in a run of some length."""
        found = [f"{len(self.failures)} failures"] if self.failures else []
        if enough:
            seldom = [f for f in FAULTS if self.fired[f] < LEAST_FIRED]
            found += [f"fired less than {LEAST_FIRED} times: {name}" for name in seldom]
            found += [f"never judged: {name}" for name in CHECKERS if not self.judged[name]]
        return found


def all_played(seeds: Sequence[int]) -> list[Outcome]:
    """Play seeds in this process."""
    gc.set_threshold(50_000, 50, 100)
    with Machines() as machines:
        return [played(machines, seed, world_of(seed)) for seed in seeds]


def world_of(seed: int) -> Wish:
    """Return the world of a seed: one that failed once is played as it was then."""
    return kept_seeds().get(seed, Wish())


@cache
def kept_seeds() -> dict[int, Wish]:
    """Return the seeds that failed once, with their worlds; they are run for ever."""
    lines = (line.split() for line in KEPT.read_text().splitlines())
    return {
        int(line[0]): Wish(terms=()) if line[1:2] == ["plain"] else Wish()
        for line in lines
        if line and line[0] != "#"
    }


def _counts(counts: Counter[str], names: tuple[str, ...] = ()) -> str:
    shown = [*names, *sorted(set(counts) - set(names))]
    return ", ".join(f"{name} {counts[name]}" for name in shown)
