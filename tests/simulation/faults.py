"""What may go wrong, by name: at which boundary, how often, and which of it one seed has at all.

Swarm testing: a seed has a random subset of the faults at random rates; some have none, some one
at a high rate. A fault that is never alone and never absent hides what the others would show.

Stripe's search lags, but the bridge never searches (stripe.md 1.8): there is no such fault here.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of trouble: its name, the boundaries it belongs to, its usual rate there."""

    name: str
    where: tuple[str, ...]
    rate: float
    lone_rate: float = 0.3


POSTS = ("> stripe POST",)
AT_BOUNDARIES = (
    Fault("crash", (">", "<", "begin", "end", "sleep"), 0.003, 0.02),
    Fault("lost_request_stripe", ("> stripe",), 0.02),
    Fault("lost_answer_stripe", ("< stripe",), 0.03),
    Fault("lost_request_monday", ("> monday",), 0.02),
    Fault("lost_answer_monday", ("< monday",), 0.02),
    Fault("saved_500", POSTS, 0.06),
    Fault("saved_500_applied", POSTS, 0.06),
    Fault("error_500_unsaved", ("> stripe",), 0.02),
    Fault("key_in_use", POSTS, 0.04),
    Fault("rate_limit_stripe", ("> stripe",), 0.02),
    Fault("lock_timeout_stripe", POSTS, 0.03),
    Fault("rate_limit_monday", ("> monday",), 0.01, 0.1),
    Fault("daily_limit_monday", ("> monday",), 0.001, 0.02),
    Fault("error_500_monday", ("> monday",), 0.02),
    Fault("partial_answer", ("> monday",), 0.02),
    Fault("empty_answer", ("> monday",), 0.02),
    Fault("cursor_expired", ("> monday NextPage",), 0.1),
    Fault("page_cut", ("< monday",), 0.02),
    Fault("disk_busy", ("begin",), 0.01, 0.05),
)
AT_STEPS = (
    Fault("freeze", (), 0.004, 0.02),
    Fault("pause_30h", (), 0.0008, 0.004),
    Fault("clock_jump", (), 0.002, 0.01),
    Fault("restore", (), 0.0008, 0.003),
    Fault("hand_draft", (), 0.05, 0.2),
)
AT_HINTS = (
    Fault("hint_lost", (), 0.15, 0.9),
    Fault("hint_double", (), 0.15, 0.9),
    Fault("hint_late", (), 0.15, 0.9),
    Fault("paper_lost", (), 0.15, 0.9),
    Fault("paper_double", (), 0.15, 0.9),
    Fault("paper_late", (), 0.15, 0.9),
)
AT_CHANGES = (Fault("read_lag", (), 0.2, 0.5),)
BY_PEOPLE = (
    Fault("hand_void", (), 0.5, 1.0),
    Fault("hand_credit", (), 0.5, 1.0),
)
ALL = (*AT_BOUNDARIES, *AT_STEPS, *AT_HINTS, *AT_CHANGES, *BY_PEOPLE)
NAMES = tuple(one.name for one in ALL)


@dataclass(slots=True)
class Swarm:
    """The faults of one seed with their rates; empty where nothing goes wrong."""

    rates: Mapping[str, float]
    _at: dict[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)

    def at(self, label: str) -> tuple[tuple[str, float], ...]:
        """Return the faults that may happen at a boundary, with their rates."""
        key = label[:18]
        if key not in self._at:
            self._at[key] = tuple(
                (one.name, self.rates[one.name])
                for one in AT_BOUNDARIES
                if one.name in self.rates and label.startswith(one.where)
            )
        return self._at[key]

    def chance(self, name: str) -> float:
        """Return the rate of a fault, 0 where the seed has none of it."""
        return self.rates.get(name, 0.0)


def wished(names: tuple[str, ...]) -> Swarm:
    """Return these faults alone, each at its high rate."""
    return Swarm({one.name: one.lone_rate for one in ALL if one.name in names})


def swarm(rng: random.Random) -> Swarm:
    """Draw the faults of a seed: none, one alone, or a handful."""
    kind = rng.random()
    if kind < 0.1:
        return Swarm({})
    if kind < 0.25:
        one = rng.choice(ALL)
        return Swarm({one.name: one.lone_rate})
    chosen = [one for one in ALL if rng.random() < 0.4]
    return Swarm({one.name: min(1.0, one.rate * rng.choice((0.5, 1, 2))) for one in chosen})
