"""What documents come to per line, net of credits: ours, and what somebody credited by hand."""

from collections.abc import Iterable
from dataclasses import dataclass

from simulation.city import Deal
from simulation.papers import Paper

BY_HAND = "by hand"


@dataclass(slots=True)
class Net:
    """One line over all its documents."""

    identity: tuple[str, ...]
    minutes: int = 0
    amount: int = 0
    foreign: int = 0

    @property
    def left(self) -> int:
        """Return what is asked for after all credits."""
        return self.amount - self.foreign

    @property
    def kind(self) -> str:
        return self.identity[1]

    @property
    def subject(self) -> str:
        return self.identity[2]

    @property
    def period(self) -> str:
        return self.identity[3]

    @property
    def unit(self) -> int:
        return unit_of(self.identity)

    @property
    def name(self) -> str:
        return " ".join(self.identity[1:4])

    def of(self, deal: Deal) -> bool:
        return self.identity[0] == deal.contract_id


def unit_of(identity: tuple[str, ...]) -> int:
    """Return the price that a line's identity names."""
    return int(identity[5].partition("/")[0])


def nets(found: Iterable[Paper]) -> dict[tuple[str, ...], Net]:
    """Sum documents per line."""
    sums: dict[tuple[str, ...], Net] = {}
    for paper in found:
        for entry in paper.entries:
            by_hand = entry.identity[:1] == (BY_HAND,)
            identity = entry.identity[1:] if by_hand else entry.identity
            if not identity:
                continue
            net = sums.setdefault(identity, Net(identity))
            if by_hand:
                net.foreign -= entry.amount
            else:
                net.minutes += entry.minutes
                net.amount += entry.amount
    return sums
