"""How boards begin and end: created, duplicated, renamed, closed to editors (monday.md §7).

A duplicate is there at once and empty; columns, groups and items arrive together some seconds
later. Its items have new ids and the ``updated_at`` of their originals (monday.md §4).
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from mondaybridge.sandbox.monday.boards import (
    Board,
    Cell,
    Column,
    Group,
    Item,
    Label,
    Update,
)
from mondaybridge.sandbox.monday.changes import Changes
from mondaybridge.sandbox.monday.subitems import TYPE

WITH_ITEMS = "duplicate_board_with_pulses"
WITH_UPDATES = "duplicate_board_with_pulses_and_updates"


@dataclass(frozen=True, slots=True)
class _Original:
    """What a duplicate is made of, as it was when it was asked for."""

    columns: dict[str, Column]
    groups: dict[str, Group]
    items: list[Item]
    updates: list[Update]


@dataclass(frozen=True, slots=True)
class BoardLife:
    """The transitions of whole boards."""

    changes: Changes

    def create(self, name: str, kind: str, user_id: str, *, description: str | None) -> Board:
        """Add a board that its creator owns and that holds nothing."""
        self.changes.lag.begin()
        now = self.changes.world.clock.now()
        board = Board(self.changes.new_id(), name, kind, user_id, now, now)
        board.description, board.owner_ids = description, [user_id]
        self.changes.state.boards[board.id] = board
        return board

    def furnish(self, board: Board, *, items: bool) -> None:
        """Give a new board what monday puts on it, its three items if asked for."""
        board.columns = {column.id: column for column in _usual_columns()}
        board.groups = {"topics": Group("topics", "Group Title")}
        for number in (1, 2, 3) if items else ():
            self._put(
                Item(
                    id=self.changes.new_id(),
                    board_id=board.id,
                    group_id="topics",
                    name=f"Item {number}",
                    creator_id=board.creator_id,
                    created_at=board.created_at,
                    updated_at=board.created_at,
                )
            )

    def copy_later(self, source: Board, board: Board, how: str) -> bool:
        """Let a board become a copy of another one. Returns whether that takes time."""
        original, wait = self._original(source, how), self.changes.switches.duplicate_takes_ms
        self.changes.arrivals.plan(wait, lambda: self._arrive(board, original))
        return wait > 0

    def rename(self, board: Board, name: str, user_id: str) -> None:
        """Give a board another name."""
        data = {"value": name, "previous_value": board.name}
        self.changes.touch_board(board, "update_board_name", user_id, data)
        board.name = name

    def describe(self, board: Board, description: str, user_id: str) -> None:
        """Give a board another description."""
        data = {"value": description, "previous_value": board.description}
        self.changes.touch_board(board, "update_board_description", user_id, data)
        board.description = description

    def permit(self, board: Board, permissions: str, user_id: str) -> None:
        """Say who may edit a board."""
        data = {"value": permissions, "previous_value": board.permissions}
        self.changes.touch_board(board, "change_board_permissions", user_id, data)
        board.permissions = permissions

    def _original(self, source: Board, how: str) -> _Original:
        state = self.changes.state
        items = [
            replace(item, cells=dict(item.cells), sessions=dict(item.sessions))
            for item in state.items_of(source)
            if item.state == "active" and how in (WITH_ITEMS, WITH_UPDATES)
        ]
        ids = {item.id for item in items} if how == WITH_UPDATES else set()
        updates = [replace(one) for one in state.updates.values() if one.item_id in ids]
        columns, groups = copy.deepcopy(source.columns), copy.deepcopy(source.groups)
        for column in columns.values():
            if column.type == TYPE:  # its subitems are not copied here
                column.extra = {}
        return _Original(columns, groups, items, updates)

    def _arrive(self, board: Board, original: _Original) -> None:
        self.changes.lag.begin()
        board.columns, board.groups = original.columns, original.groups
        board.updated_at = self.changes.world.clock.now()
        new_ids = {item.id: self.changes.new_id() for item in original.items}
        for item in original.items:
            self._put(self._copied(item, board, new_ids))
        said = {update.id: self.changes.new_id() for update in original.updates}
        for update in original.updates:
            parent = said.get(update.parent_id or "")
            self.changes.state.updates[said[update.id]] = replace(
                update, id=said[update.id], item_id=new_ids[update.item_id], parent_id=parent
            )

    def _copied(self, item: Item, board: Board, new_ids: Mapping[str, str]) -> Item:
        sessions = {}
        if self.changes.switches.duplicates_keep_sessions:
            sessions = {
                column: [replace(one, id=self.changes.new_id()) for one in kept]
                for column, kept in item.sessions.items()
            }
        return replace(
            item,
            id=new_ids[item.id],
            board_id=board.id,
            created_at=board.created_at,
            cells={key: _moved(cell, new_ids) for key, cell in item.cells.items()},
            sessions=sessions,
            subitem_ids=[],
        )

    def _put(self, item: Item) -> None:
        self.changes.state.items[item.id] = item
        self.changes.state.boards[item.board_id].item_ids.append(item.id)


def _moved(cell: Cell, new_ids: Mapping[str, str]) -> Cell:
    """Let a relation between rows of the original be one between rows of the copy."""
    value = cell.value
    if not isinstance(value, dict) or "item_ids" not in value:
        return cell
    ids = cast("list[int]", value["item_ids"])
    return replace(cell, value={"item_ids": [int(new_ids.get(str(one), one)) for one in ids]})


def _usual_columns() -> list[Column]:
    labels = [Label(0, "Working on it"), Label(1, "Done", is_done=True), Label(2, "Stuck")]
    return [
        Column("name", "Name", "name"),
        Column("person", "Person", "people"),
        Column("status", "Status", "status", labels=labels),
        Column("date4", "Date", "date"),
    ]
