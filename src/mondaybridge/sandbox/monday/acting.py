"""What every act of a person begins with: finding the row, the board and the user that it names."""

from dataclasses import dataclass

from mondaybridge.sandbox.monday.boards import Board, Item
from mondaybridge.sandbox.monday.changes import Changes
from mondaybridge.sandbox.monday.load import Loader


@dataclass(frozen=True, slots=True)
class Acting:
    """Looks things up; an id that names nothing is a ``ValueError`` with the reason."""

    changes: Changes

    def _item(self, item: str) -> Item:
        self.changes.arrivals.settle()
        if item not in self.changes.state.items:
            raise ValueError(f"there is no item {item}")
        return self.changes.state.items[item]

    def _board(self, board: str) -> Board:
        self.changes.arrivals.settle()
        if board not in self.changes.state.boards:
            raise ValueError(f"there is no board {board}")
        return self.changes.state.boards[board]

    def _user(self, user: str | None) -> str:
        if user is None:
            return self.changes.state.first_human().id
        if user not in self.changes.state.users:
            raise ValueError(f"there is no user {user}")
        return user

    def _loader(self) -> Loader:
        return Loader(self.changes.state, self._now(), self.changes.new_id)

    def _now(self) -> int:
        return self.changes.world.clock.now()
