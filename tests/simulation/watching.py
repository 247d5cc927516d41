"""What is seen in our own database while a world is played, past all doors."""

from dataclasses import dataclass, field

from simulation.machines import Machines
from simulation.scheduler import Worker


@dataclass(slots=True)
class Watch:
    """The failures that work came to, and rows of the mirror that an older read put back.

    Of two reads the older is the one with the lower ticket. The newer may well have been answered
    first: then a row is for a moment as it was before, until its hint is followed.
    """

    machines: Machines
    errors: set[str] = field(default_factory=set)
    put_back: list[str] = field(default_factory=list)
    _issued: dict[str, int] = field(default_factory=dict)
    _tickets: dict[tuple[str, str], int] = field(default_factory=dict)
    _rows: dict[str, tuple[str, int, int]] = field(default_factory=dict)

    def look(self, worker: Worker) -> None:
        """Look once after a worker's step: whatever it just committed stands there."""
        errors = self.machines.peek("select kind, last_error from work where last_error <> ''")
        self.errors |= {f"{kind}: {error}" for kind, error in errors}
        for board, number in self.machines.peek("select board_id, read_issued from board"):
            if number != self._issued.get(str(board)):
                self._issued[str(board)] = int(number)
                self._tickets[worker.name, str(board)] = int(number)
        for row in self.machines.peek("select item_id, board_id, updated_at from item"):
            self._compare(worker, str(row[0]), str(row[1]), int(row[2]))

    def _compare(self, worker: Worker, item: str, board: str, at: int) -> None:
        before, newest, by = self._rows.get(item, (board, 0, 0))
        if (board, at) == (before, newest):
            return
        ticket = self._tickets.get((worker.name, board), 0)
        if at < newest and board == before and ticket < by:
            self.put_back.append(f"{item} is of {at} again, after {newest}")
        self._rows[item] = board, at, ticket

    def forget(self) -> None:
        """An older database was put in place."""
        self._rows.clear()
        self._issued.clear()
