"""Where a process of ours may die: around every request and every transaction (storage 5).

A point is passed before a request leaves, after its answer came, before a transaction begins,
before it commits, and when it has ended. Nothing in ``src`` knows of them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

from sqlalchemy import Connection, Engine, event


class Crash(BaseException):
    """The process dies here: no handler of ordinary errors may see it."""


def crash(label: str) -> NoReturn:
    """Die in process: from now on everything that is passed dies, too, and tidies nothing up."""
    raise Crash(label)


@dataclass
class Points:
    """The points that a process passed since it was armed, and the one at which it dies."""

    at: int = 0
    die: Callable[[str], NoReturn] = crash
    armed: bool = False
    seen: list[str] = field(default_factory=list)
    dying: bool = False
    committing: bool = False

    def reach(self, label: str) -> None:
        """Pass a point, or die there."""
        if self.dying:
            raise Crash(label)
        if not self.armed:
            return
        self.seen.append(label)
        if len(self.seen) == self.at:
            self.dying = True
            self.die(label)

    def watch(self, engine: Engine) -> None:
        """Make the begin, the commit and the end of every transaction a point."""
        event.listen(engine, "checkout", self._begins)
        event.listen(engine, "commit", self._commits)
        event.listen(engine, "checkin", self._ended)

    def _begins(self, *_: object) -> None:
        self.committing = False
        self.reach("tx begins")

    def _commits(self, connection: Connection) -> None:
        if connection.get_execution_options().get("door") == "write":
            self.reach("tx commits")
            self.committing = True

    def _ended(self, *_: object) -> None:
        self.reach("tx committed" if self.committing else "tx ended")


def is_effect(label: str) -> bool:
    """Whether something outside changes right behind this point, or did right before it.

    Between two such points nothing lasts: whoever dies there leaves what the nearest one leaves.
    """
    return "writes" in label or label == "tx commits"
