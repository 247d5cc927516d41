"""Pages of items: cursors that live an hour and carry the filter, no order unless asked for one.

monday.md §4. A page holds active items only; what was archived or deleted since the first request
is left out, what was created since is not there.
"""

import zlib
from dataclasses import dataclass
from typing import cast

from mondaybridge.sandbox.monday.boards import Board, Item, MondayState
from mondaybridge.sandbox.monday.errors import failure
from mondaybridge.sandbox.monday.filters import Query, ordered, select
from mondaybridge.sandbox.monday.switches import Switches
from mondaybridge.sandbox.world import World

CURSOR_LIFE_MS = 60 * 60_000
LARGEST_PAGE = 500


@dataclass(frozen=True, slots=True)
class Page:
    """A page as the API shows it."""

    cursor: str | None
    items: list[Item]


@dataclass(frozen=True, slots=True)
class _Rest:
    item_ids: list[str]
    expires: int


class Pages:
    """The cursors that were handed out."""

    def __init__(self, world: World, switches: Switches) -> None:
        self._world = world
        self._switches = switches
        self._rests: dict[str, _Rest] = {}

    def first(
        self, state: MondayState, board: Board, group_id: str | None, query: Query, limit: int
    ) -> Page:
        """Answer a first request: filter, order or shuffle, cut."""
        items = [
            item
            for item in state.items_of(board)
            if item.state == "active" and group_id in (None, item.group_id)
        ]
        found = select(items, query, state, board, self._switches)
        order = cast("list[dict[str, str]]", query.get("order_by") or [])
        if order:
            found = ordered(found, order, state, board)
        else:
            salt = f"{self._world.random.getrandbits(32)}"
            found.sort(key=lambda item: zlib.crc32(f"{salt}{item.id}".encode()))
        expires = self._world.clock.now() + CURSOR_LIFE_MS
        return self._cut(state, [item.id for item in found], expires, limit)

    def next(self, state: MondayState, cursor: str, limit: int) -> Page:
        """Answer a further request.

        Raises:
            GraphQLError: ``CursorException`` when the cursor is unknown or an hour old.
        """
        rest = self._rests.get(cursor)
        if rest is None or rest.expires <= self._world.clock.now():
            raise expired()
        return self._cut(state, rest.item_ids, rest.expires, limit)

    def _cut(self, state: MondayState, item_ids: list[str], expires: int, limit: int) -> Page:
        if not 1 <= limit <= LARGEST_PAGE:
            message = f"limit must be between 1 and {LARGEST_PAGE}"
            raise failure("InvalidArgumentException", message, argument="limit")
        page, rest = item_ids[:limit], item_ids[limit:]
        items = [state.items[item_id] for item_id in page]
        active = [item for item in items if item.state == "active"]
        return Page(self._keep(_Rest(rest, expires)) if rest else None, active)

    def _keep(self, rest: _Rest) -> str:
        now = self._world.clock.now()
        self._rests = {key: one for key, one in self._rests.items() if one.expires > now}
        cursor = f"MSw{self._world.random.getrandbits(96):024x}"
        self._rests[cursor] = rest
        return cursor


def expired() -> Exception:
    """Build the refusal of a cursor; monday's own client looks for the text's first word."""
    return failure(
        "CursorException",
        "CursorExpiredError: the cursor has expired, make the first request again",
    )
