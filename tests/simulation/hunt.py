"""Play seeds on a product with a planted bug, until a checker that should find it does."""

import json
import sys
from typing import Any

from simulation.machines import Machines
from simulation.play import played
from simulation.wishes import Wish


def hunt() -> None:
    """Read what is asked from the command line; print where it was found as JSON."""
    asked = json.loads(sys.argv[1])
    wanted = set(asked["checkers"])
    world: dict[str, Any] = {name: _tuples(value) for name, value in asked["world"].items()}
    wish = Wish(**world)
    with Machines() as machines:
        for seed in asked["seeds"]:
            failed = sorted({name for name, _ in _judged(machines, seed, wish)})
            if wanted & set(failed):
                print(json.dumps({"seed": seed, "failed": failed}))  # noqa: T201 - the answer
                return
    print(json.dumps({"seed": -1, "failed": []}))  # noqa: T201 - the answer


def _tuples(value: Any) -> Any:  # noqa: ANN401 - JSON knows lists alone
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _judged(machines: Machines, seed: int, wish: Wish) -> list[tuple[str, str]]:
    return played(machines, seed, wish).verdicts.failures
