"""What is seen in our own database while a world is played, past all doors."""

from dataclasses import dataclass, field

from simulation.machines import Machines


@dataclass(slots=True)
class Watch:
    """The failures that work came to, and rows of the mirror that an older read put back."""

    machines: Machines
    errors: set[str] = field(default_factory=set)
    put_back: list[str] = field(default_factory=list)
    _newest: dict[str, int] = field(default_factory=dict)

    def look(self) -> None:
        """Look once: whatever was just committed stands there."""
        rows = self.machines.peek("select kind, last_error from work where last_error <> ''")
        self.errors |= {f"{kind}: {error}" for kind, error in rows}
        for row, number in self.machines.peek("select item_id, updated_at from item"):
            item, at = str(row), int(number)
            if at < self._newest.get(item, 0):
                self.put_back.append(f"{item} is of {at} again, after {self._newest[item]}")
            self._newest[item] = at

    def forget(self) -> None:
        """An older database was put in place."""
        self._newest.clear()
