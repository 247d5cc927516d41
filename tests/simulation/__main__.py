"""``make simulate``: many seeds on all cores, or one seed with its trace, or the planted bugs.

Exits non-zero when a seed fails, a checker never judged, or a fault fired too seldom.
"""

import argparse
import multiprocessing
import sys
import time
from collections.abc import Iterator

from simulation import planted
from simulation.machines import Machines
from simulation.play import played
from simulation.run import Report, all_played, kept_seeds, world_of

TRACE_SHOWN = 60


def main() -> int:
    """Do what the command line asks for."""
    asked = _asked()
    if asked.seed is not None:
        return _one(asked.seed)
    if asked.planted:
        return planted.main(asked.planted)
    first = asked.first
    seeds = kept_seeds() if asked.kept else range(first, first + asked.seeds)
    return _many(list(seeds), asked.jobs, asked.hashes)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--jobs", type=int, default=multiprocessing.cpu_count())
    parser.add_argument("--kept", action="store_true", help="the seeds that failed once")
    parser.add_argument("--hashes", action="store_true", help="print each seed's trace hash")
    parser.add_argument("--planted", default="", help="NAME, or all")
    return parser.parse_args()


def _one(seed: int) -> int:
    with Machines() as machines:
        outcome = played(machines, seed, world_of(seed))
    for line in outcome.trace[-TRACE_SHOWN:]:
        print(line)  # noqa: T201 - a command of the developers
    print(*outcome.story, sep="\n")  # noqa: T201 - as above
    print(f"seed {seed}: {outcome.steps} steps, trace {outcome.digest}")  # noqa: T201 - as above
    for checker, told in outcome.verdicts.failures:
        print(f"FAIL {checker}: {told}")  # noqa: T201 - as above
    return 1 if outcome.verdicts.failures else 0


def _many(seeds: list[int], jobs: int, hashes: bool) -> int:  # noqa: FBT001 - from the command line
    report, began = Report(), time.monotonic()
    shares = [seeds[start::jobs] for start in range(jobs)]
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        for outcome in pool.imap_unordered(all_played, _chunks(shares)):
            for one in outcome:
                report.add(one)
                if hashes:
                    print(one.seed, one.digest)  # noqa: T201 - a command of the developers
                for checker, told in one.verdicts.failures:
                    print(f"FAIL seed {one.seed} {checker}: {told[:500]}", flush=True)  # noqa: T201 - as above
    print(*report.lines(time.monotonic() - began), sep="\n")  # noqa: T201 - as above
    problems = report.problems(enough=len(seeds) >= planted.ENOUGH)
    print(*problems, sep="\n")  # noqa: T201 - as above
    return 1 if problems else 0


def _chunks(shares: list[list[int]], size: int = 20) -> Iterator[list[int]]:
    for share in shares:
        for start in range(0, len(share), size):
            yield share[start : start + size]


if __name__ == "__main__":
    sys.exit(main())
