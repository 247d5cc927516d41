"""Every change of the account's state, whoever asks for it: the API or a person.

Each method moves ``updated_at`` where monday does and fires the webhooks that monday fires
(monday.md §4, §6). It checks no permissions: that is for ``monday/writes.py`` and
``monday/humans.py``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mondaybridge.sandbox.monday.arrivals import Arrivals
from mondaybridge.sandbox.monday.boards import (
    Board,
    Cell,
    Column,
    Item,
    Lifecycle,
    MondayState,
    Session,
    number,
)
from mondaybridge.sandbox.monday.columns import kind_of, text_of
from mondaybridge.sandbox.monday.hook_values import hook_value
from mondaybridge.sandbox.monday.hooks import Hooks, Occurrence
from mondaybridge.sandbox.monday.journal import Entry, Journal
from mondaybridge.sandbox.monday.lag import Lag
from mondaybridge.sandbox.monday.place import Place
from mondaybridge.sandbox.monday.subitems import column_below, heard, leave
from mondaybridge.sandbox.monday.switches import Switches
from mondaybridge.sandbox.world import World

FIRST_ID = 5_000_000_000


@dataclass(frozen=True, slots=True)
class Changes:
    """The transitions of a state."""

    world: World
    state: MondayState
    hooks: Hooks
    journal: Journal
    lag: Lag
    arrivals: Arrivals
    switches: Switches

    def new_id(self) -> str:
        """Return an id that no object of this world has."""
        return str(FIRST_ID + self.world.serial())

    def add_item(self, item: Item) -> None:
        """Put a new item at the end of its board."""
        self.lag.begin()
        board = self.state.boards[item.board_id]
        self.state.items[item.id] = item
        board.item_ids.append(item.id)
        board.updated_at = self._now()
        columns = {
            column_id: hook_value(self.state, board.columns[column_id], cell)
            for column_id, cell in item.cells.items()
        }
        self._fire("create_item", "create_pulse", item, item.creator_id, pulse(item, board) | {
            "groupName": board.groups[item.group_id].title,
            "groupColor": "#579bfc",
            "isTopGroup": _on_top(item, board),
            "columnValues": columns,
        })  # fmt: skip
        more: dict[str, object] = {"group_name": board.groups[item.group_id].title}
        self._log(item, "create_pulse", item.creator_id, more)
        if item.parent_id is not None:
            self._put_below(self.state.items[item.parent_id], item)

    def write_cells(self, item: Item, values: Mapping[str, object], user_id: str) -> None:
        """Set canonical contents; what is already so changes nothing and fires nothing."""
        columns = self.state.boards[item.board_id].columns
        for column_id, value in values.items():
            before = item.cells.get(column_id)
            if (before.value if before else None) == value:
                continue
            self.lag.begin()
            after = None if value is None else Cell(value, self._now())
            _put(item, column_id, after)
            computed = columns[column_id].type in ("formula", "mirror")
            if not computed or self.switches.computed_moves_updated_at:
                self.touch(item, user_id)
            if not computed or self.switches.computed_fires:
                self._cell_fires(item, columns[column_id], user_id, before, after)
            if not computed:
                self._cell_logs(item, columns[column_id], user_id, before, after)

    def rename(self, item: Item, name: str, user_id: str) -> None:
        """Give an item another name: fires ``change_name`` only (monday.md §6)."""
        if item.name == name:
            return
        self.lag.begin()
        before, item.name = item.name, name
        self.touch(item, user_id)
        board = self.state.boards[item.board_id]
        fields = pulse(item, board) | {"value": {"name": name}, "previousValue": {"name": before}}
        self._fire("change_name", "update_name", item, user_id, fields)
        more: dict[str, object] = {"value": {"name": name}, "previous_value": {"name": before}}
        self._log(item, "update_name", user_id, more)

    def set_state(self, item: Item, state: Lifecycle, user_id: str) -> None:
        """Archive, delete or restore: webhooks carry itemId and itemName, no pulseId."""
        if item.state == state:
            return
        self.lag.begin()
        item.state = state
        self.touch(item, user_id)
        event, delivered = _LIFECYCLE_EVENTS[state]
        fields: dict[str, object] = {"itemId": number(item.id), "itemName": item.name}
        absent = frozenset({"originalTriggerUuid"} if state == "active" else ())
        self._fire(event, delivered, item, user_id, fields, absent=absent)
        self._log(item, delivered, user_id, {"state": state})

    def move(self, item: Item, board: Board, group_id: str, user_id: str) -> None:
        """Move an item to a group of its own or of another board, where it keeps its id."""
        if (item.board_id, item.group_id) == (board.id, group_id):
            return
        self.lag.begin()
        source = self.state.boards[item.board_id]
        fields: dict[str, object] = {
            "sourceGroupId": item.group_id,
            "destGroupId": group_id,
            "destGroup": {"id": group_id, "title": board.groups[group_id].title},
        }
        if board is not source:
            source.item_ids.remove(item.id)
            source.updated_at = self._now()
            self._log(item, "move_pulse_from_board", user_id, {"dest_board_id": number(board.id)})
            board.item_ids.append(item.id)
            leave(self.state, item)
            kept = board.columns.keys()
            item.cells = {key: one for key, one in item.cells.items() if key in kept}
            item.sessions = {key: one for key, one in item.sessions.items() if key in kept}
        item.board_id, item.group_id = board.id, group_id
        self.touch(item, user_id)
        more: dict[str, object] = {
            "source_group": {"id": fields["sourceGroupId"]},
            "dest_group": fields["destGroup"],
        }
        self._log(item, "move_pulse_into_group", user_id, more)
        self._fire(
            "item_moved_to_any_group",
            "move_pulse_into_group",
            item,
            user_id,
            pulse(item, board) | fields,
        )

    def track(self, item: Item, column_id: str, sessions: list[Session], user_id: str) -> None:
        """Replace the sessions of a time tracking cell."""
        self.lag.begin()
        item.sessions[column_id] = sessions
        column = self.state.boards[item.board_id].columns[column_id]
        if self.switches.sessions_move_updated_at:
            self.touch(item, user_id)
        if self.switches.time_tracking_fires:
            self._cell_fires(item, column, user_id, None, None)
        if self.switches.time_tracking_logs:
            self._cell_logs(item, column, user_id, None, None)

    def touch_board(
        self,
        board: Board,
        event: str,
        user_id: str,
        data: Mapping[str, object] | None = None,
        *,
        column_id: str | None = None,
    ) -> None:
        """Change something of a board that its items do not show (monday.md §4)."""
        self.lag.begin()
        board.updated_at = self._now()
        self.journal.write(
            Entry(board.id, event, "board", user_id, data or {}, column_id=column_id)
        )

    def add_column(self, board: Board, column: Column, user_id: str) -> None:
        """Append a column."""
        self.touch_board(
            board,
            "create_column",
            user_id,
            {"column_title": column.title, "column_type": kind_of(column).webhook},
            column_id=column.id,
        )
        board.columns[column.id] = column
        self.hooks.fire(
            Occurrence(
                event="create_column",
                delivered="create_column",
                board_id=board.id,
                user_id=user_id,
                fields={
                    "columnId": column.id,
                    "columnType": kind_of(column).webhook,
                    "columnTitle": column.title,
                },
                absent=frozenset({"originalTriggerUuid"}),
            )
        )

    def _put_below(self, parent: Item, item: Item) -> None:
        """Show a new subitem below its parent, whose column of subitems changes (monday.md §6)."""
        parent.subitem_ids.append(item.id)
        self.touch(parent, item.creator_id)
        column = column_below(self.state.boards[parent.board_id])
        if column is not None:
            self._cell_fires(parent, column, item.creator_id, None, None)

    def _cell_fires(
        self, item: Item, column: Column, user_id: str, before: Cell | None, after: Cell | None
    ) -> None:
        board = self.state.boards[item.board_id]
        value = after.value if after else None
        event, place, parent = heard(self.state, item, "change_column_value")
        fields = pulse(item, board) | {
            "columnId": column.id,
            "columnType": kind_of(column).webhook,
            "columnTitle": column.title,
            "value": hook_value(self.state, column, after),
            "previousValue": hook_value(self.state, column, before),
            "changedAt": self._now() / 1000,
            "isTopGroup": _on_top(item, board),
            **parent,
        }
        self.hooks.fire(
            Occurrence(
                event=event,
                delivered="update_column_value",
                board_id=place,
                user_id=user_id,
                fields=fields,
                column_id=None if parent else column.id,  # not for subitem columns (monday.md §6)
                status_index=value.get("index") if isinstance(value, dict) else None,
            )
        )

    def _cell_logs(
        self, item: Item, column: Column, user_id: str, before: Cell | None, after: Cell | None
    ) -> None:
        texts = [
            text_of(Place(self.state, item, column, cell)) if cell else ""
            for cell in (after, before)
        ]
        data = {
            "column_id": column.id,
            "column_type": kind_of(column).webhook,
            "column_title": column.title,
            "value": hook_value(self.state, column, after),
            "previous_value": hook_value(self.state, column, before),
            "textual_value": texts[0],
            "previous_textual_value": texts[1],
            "is_column_with_hide_permissions": False,
        }
        self._log(item, "update_column_value", user_id, data, column_id=column.id)

    def _log(
        self,
        item: Item,
        event: str,
        user_id: str,
        data: Mapping[str, object],
        *,
        column_id: str | None = None,
    ) -> None:
        place = {
            "group_id": item.group_id,
            "is_top_group": _on_top(item, self.state.boards[item.board_id]),
            "pulse_id": number(item.id),
            "pulse_name": item.name,
        }
        self.journal.write(
            Entry(
                item.board_id,
                event,
                "pulse",
                user_id,
                place | dict(data),
                item_id=item.id,
                column_id=column_id,
                group_id=item.group_id,
            )
        )

    def _fire(
        self,
        event: str,
        delivered: str,
        item: Item,
        user_id: str,
        fields: dict[str, object],
        *,
        absent: frozenset[str] = frozenset(),
    ) -> None:
        heard_as, place, parent = heard(self.state, item, event)
        own: dict[str, object] = {"boardId": number(item.board_id)}
        self.hooks.fire(
            Occurrence(
                event=heard_as,
                delivered=delivered,
                board_id=place,
                user_id=user_id,
                fields=own | fields | parent,
                group_id=item.group_id if event == "item_moved_to_any_group" else None,
                absent=absent,
            )
        )

    def touch(self, item: Item, user_id: str) -> None:
        """Move an item's ``updated_at`` and its board's."""
        item.updated_at = self._now()
        item.updater_id = user_id
        self.state.boards[item.board_id].updated_at = item.updated_at

    def _now(self) -> int:
        return self.world.clock.now()


_LIFECYCLE_EVENTS = {
    "active": ("item_restored", "restore_pulse"),
    "archived": ("item_archived", "archive_pulse"),
    "deleted": ("item_deleted", "delete_pulse"),
}


def _put(item: Item, column_id: str, cell: Cell | None) -> None:
    if cell is None:
        item.cells.pop(column_id, None)
    else:
        item.cells[column_id] = cell


def pulse(item: Item, board: Board) -> dict[str, object]:
    """Return the fields that name an item in a webhook."""
    return {
        "boardId": number(board.id),
        "groupId": item.group_id,
        "pulseId": number(item.id),
        "pulseName": item.name,
    }


def _on_top(item: Item, board: Board) -> bool:
    return item.group_id == next(iter(board.groups))
