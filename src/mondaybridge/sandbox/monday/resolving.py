"""What every resolver finds in its context: the account, the caller and this request's state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from graphql import GraphQLError, GraphQLResolveInfo

from mondaybridge.sandbox.monday.boards import Board, Item, MondayState, User
from mondaybridge.sandbox.monday.changes import Changes
from mondaybridge.sandbox.monday.errors import failure, not_found
from mondaybridge.sandbox.monday.hooks import Handshake
from mondaybridge.sandbox.monday.limits import Limits
from mondaybridge.sandbox.monday.membership import may_edit, may_restructure, sees
from mondaybridge.sandbox.monday.pages import Pages

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Services:
    """The machinery behind one account."""

    changes: Changes
    pages: Pages
    limits: Limits
    handshake: Handshake | None


@dataclass(slots=True)
class Call:
    """One request on its way through the executor."""

    services: Services
    state: MondayState
    user: User
    by_app: bool
    version: str
    bucket: str
    failing: frozenset[str] = frozenset()
    fault: str | None = None
    options: Mapping[str, object] = field(default_factory=dict)
    extra_cost: int = 0
    origin: str = ""

    def item(self, item_id: str | None) -> Item:
        """Find an item that can be written: deleted ones cannot."""
        item = self.state.items.get(item_id or "")
        if item is None or item.state == "deleted" or not self.sees(item.board_id):
            raise not_found("Item", item_id or "")
        return item

    def board(self, board_id: str) -> Board:
        """Find a board that can be written."""
        board = self.state.boards.get(board_id)
        if board is None or board.state == "deleted" or not self.sees(board_id):
            raise not_found("Board", board_id)
        return board

    def sees(self, board_id: str) -> bool:
        """Tell whether the caller sees a board."""
        return sees(self.user, self.state.boards[board_id])

    def check_edit(self, board: Board, item: Item | None = None) -> None:
        """Refuse a change of contents that the board's permissions do not allow."""
        if not may_edit(self.user, board, item):
            raise unauthorized()

    def check_structure(self, board: Board) -> None:
        """Refuse a change of the board itself that its permissions do not allow."""
        if not may_restructure(self.user, board):
            raise unauthorized()


def paged(found: Sequence[T], limit: int | None, page: int | None) -> Sequence[T]:
    """Cut a page by number; 25 a page and the first one unless asked otherwise."""
    size, number = limit or 25, page or 1
    return found[size * (number - 1) : size * number]


Info = GraphQLResolveInfo[Call]
"""What a resolver gets besides its source and arguments."""


def unauthorized() -> GraphQLError:
    """Build monday's refusal of what the caller may not do."""
    message = "User unauthorized to perform action"
    return failure("UserUnauthorizedException", message, status=403)


def internal_error() -> GraphQLError:
    """Build monday's answer to what it cannot explain."""
    return failure("INTERNAL_SERVER_ERROR", "Internal server error", status=500)
