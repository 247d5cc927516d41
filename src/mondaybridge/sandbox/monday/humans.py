"""People at monday's screens: what no API call can do, and what people do while the bridge works.

Instants are UTC epoch milliseconds and default to the world's clock. A request that makes no sense
is a ``ValueError`` with the reason; nothing here is limited by the API's rules.
"""

from dataclasses import dataclass, replace

from mondaybridge.sandbox.monday.boards import Cell, Column, Item, Label, Session
from mondaybridge.sandbox.monday.clicks import Clicks
from mondaybridge.sandbox.monday.data import BoardData, ColumnData
from mondaybridge.sandbox.monday.dividing import Dividing
from mondaybridge.sandbox.monday.hosting import Hosting
from mondaybridge.sandbox.monday.load import column_in, column_of, group_of
from mondaybridge.sandbox.monday.talk import Talk


@dataclass(frozen=True, slots=True)
class Humans(Clicks, Talk, Hosting, Dividing):
    """Everything a person can do to boards, items, cells, timers and columns, and say."""

    def create_board(
        self,
        *,
        name: str,
        columns: list[dict[str, object]],
        board_id: str | None = None,
        kind: str = "public",
        groups: list[dict[str, object]] | None = None,
    ) -> str:
        """Create an empty board; columns and groups as in a data file. Returns its id."""
        self.changes.lag.begin()
        fields = {"id": board_id, "name": name, "kind": kind, "columns": columns}
        data = BoardData.model_validate({**fields, "groups": groups or []})
        return self._loader().add_board(data).id

    def create_item(
        self,
        *,
        board: str,
        name: str,
        cells: dict[str, object] | None = None,
        as_user: str | None = None,
        item_id: str | None = None,
        created_at: int | None = None,
        group: str | None = None,
    ) -> str:
        """Create an item; cells in the form of monday's write JSON. Returns its id."""
        place, user = self._board(board), self._user(as_user)
        if item_id is not None and item_id in self.changes.state.items:
            raise ValueError(f"item {item_id} exists already")
        at = self._now() if created_at is None else created_at
        contents = self._loader().cells(place, cells or {})
        item = Item(
            id=item_id or self.changes.new_id(),
            board_id=place.id,
            group_id=group_of(place, group),
            name=name,
            creator_id=user,
            created_at=at,
            updated_at=at,
            cells={key: Cell(one, at) for key, one in contents.items() if one is not None},
        )
        self.changes.add_item(item)
        return item.id

    def rename_item(self, *, item: str, name: str, as_user: str | None = None) -> None:
        """Give an item another name."""
        self.changes.rename(self._item(item), name, self._user(as_user))

    def move_item(
        self,
        *,
        item: str,
        board: str | None = None,
        group: str | None = None,
        as_user: str | None = None,
    ) -> None:
        """Move an item to a group or to another board, where it keeps the columns it finds."""
        row = self._item(item)
        place = self._board(board or row.board_id)
        self.changes.move(row, place, group_of(place, group), self._user(as_user))

    def delete_item(self, *, item: str, as_user: str | None = None) -> None:
        """Delete an item: only ``items(ids:)`` still shows it."""
        self.changes.set_state(self._item(item), "deleted", self._user(as_user))

    def archive_item(self, *, item: str, as_user: str | None = None) -> None:
        """Archive an item."""
        self.changes.set_state(self._item(item), "archived", self._user(as_user))

    def restore_item(self, *, item: str, as_user: str | None = None) -> None:
        """Bring an archived or deleted item back."""
        self.changes.set_state(self._item(item), "active", self._user(as_user))

    def duplicate_item(
        self, *, item: str, as_user: str | None = None, new_id: str | None = None
    ) -> str:
        """Copy an item with its cells, under new ids. Returns the copy's id."""
        row, now = self._item(item), self._now()
        copy = Item(
            id=new_id or self.changes.new_id(),
            board_id=row.board_id,
            group_id=row.group_id,
            name=f"{row.name} (copy)",
            creator_id=self._user(as_user),
            created_at=now,
            updated_at=now,
            cells=dict(row.cells),
            parent_id=row.parent_id,
        )
        if self.changes.switches.duplicates_keep_sessions:
            copy.sessions = {
                column: [replace(one, id=self.changes.new_id()) for one in sessions]
                for column, sessions in row.sessions.items()
            }
        self.changes.add_item(copy)
        return copy.id

    def start_session(
        self, *, item: str, as_user: str | None = None, column: str | None = None
    ) -> str:
        """Press play. Returns the session's id."""
        now, user = self._now(), self._user(as_user)
        row, tracked, sessions = self._tracked(item, column)
        if any(one.ended_at is None for one in sessions):
            raise ValueError(f"item {item}: the timer is running already")
        session = Session(self.changes.new_id(), now, None, now, now, user)
        self.changes.track(row, tracked, [*sessions, session], user)
        return session.id

    def stop_session(
        self, *, item: str, as_user: str | None = None, column: str | None = None
    ) -> str:
        """Press pause. Returns the session's id."""
        now, user = self._now(), self._user(as_user)
        row, tracked, sessions = self._tracked(item, column)
        running = next((one for one in sessions if one.ended_at is None), None)
        if running is None:
            raise ValueError(f"item {item}: no timer is running")
        ended = replace(running, ended_at=now, ended_user=user, updated_at=now)
        self.changes.track(row, tracked, _with(sessions, ended), user)
        return ended.id

    def add_session(
        self,
        *,
        item: str,
        started_at: int,
        ended_at: int,
        as_user: str | None = None,
        manual: bool = False,
        column: str | None = None,
        session_id: str | None = None,
    ) -> str:
        """Add a finished session; ``manual`` ones may hide their start. Returns its id."""
        _in_order(started_at, ended_at)
        now, user = self._now(), self._user(as_user)
        row, tracked, sessions = self._tracked(item, column)
        session = Session(
            id=session_id or self.changes.new_id(),
            started_at=started_at,
            ended_at=ended_at,
            created_at=now,
            updated_at=now,
            started_user=user,
            ended_user=user,
            manual=manual,
        )
        self.changes.track(row, tracked, [*sessions, session], user)
        return session.id

    def edit_session(
        self,
        *,
        item: str,
        session: str,
        started_at: int | None = None,
        ended_at: int | None = None,
        as_user: str | None = None,
    ) -> None:
        """Change when a session started or ended."""
        row, tracked, found = self._session(item, session)
        start = found.started_at if started_at is None else started_at
        end = found.ended_at if ended_at is None else ended_at
        if end is not None:
            _in_order(start, end)
        user = self._user(as_user)
        edited = replace(
            found,
            started_at=start,
            ended_at=end,
            ended_user=None if end is None else found.ended_user or user,
            updated_at=self._now(),
        )
        self.changes.track(row, tracked, _with(row.sessions[tracked], edited), user)

    def delete_session(self, *, item: str, session: str, as_user: str | None = None) -> None:
        """Remove a session from the history."""
        row, tracked, found = self._session(item, session)
        rest = [one for one in row.sessions[tracked] if one.id != found.id]
        self.changes.track(row, tracked, rest, self._user(as_user))

    def add_column(
        self, *, board: str, column: dict[str, object], as_user: str | None = None
    ) -> str:
        """Add a column, described as in a data file. Returns its id."""
        place, made = self._board(board), column_of(ColumnData.model_validate(column))
        if made.id in place.columns:
            raise ValueError(f"board {board} has a column {made.id!r} already")
        self.changes.add_column(place, made, self._user(as_user))
        return made.id

    def rename_column(self, *, board: str, column: str, title: str) -> None:
        """Give a column another title; its id stays."""
        self._edited_column(board, column, "update_column_name", value=title).title = title

    def retype_column(self, *, board: str, column: str, type: str) -> None:  # noqa: A002 - its name
        """Change what a column holds; contents that do not fit are lost."""
        made = column_of(ColumnData(id=column, title=column, type=type))
        edited = self._edited_column(board, column)
        edited.type, edited.labels, edited.extra = made.type, [], {}
        for item in self.changes.state.items_of(self._board(board)):
            item.cells.pop(column, None)
            item.sessions.pop(column, None)

    def archive_column(self, *, board: str, column: str) -> None:
        """Archive a column: it stays in the list with ``archived: true``."""
        self._edited_column(board, column, "archive_column").archived = True

    def delete_column(self, *, board: str, column: str) -> None:
        """Delete a column with its contents; a new one of that title gets another id."""
        self._edited_column(board, column, "delete_column")
        place = self._board(board)
        del place.columns[column]
        for item in self.changes.state.items_of(place):
            item.cells.pop(column, None)
            item.sessions.pop(column, None)

    def rename_label(self, *, board: str, column: str, label_id: int, name: str) -> None:
        """Rename a label of a status or dropdown column; its id stays (monday.md §5)."""
        label = self._label(board, column, label_id)
        self._edited_column(board, column)
        label.name = name

    def remove_label(self, *, board: str, column: str, label_id: int) -> None:
        """Remove a label; one in use is only deactivated."""
        label = self._label(board, column, label_id)
        edited = self._edited_column(board, column)
        if self._in_use(board, column, label_id):
            label.is_deactivated = True
        else:
            edited.labels.remove(label)

    def archive_board(self, *, board: str, as_user: str | None = None) -> None:
        """Archive a board: the default query no longer shows it."""
        place = self._board(board)
        self.changes.touch_board(place, "board_archived", self._user(as_user))
        place.state = "archived"

    def delete_board(self, *, board: str, as_user: str | None = None) -> None:
        """Delete a board."""
        place = self._board(board)
        self.changes.touch_board(place, "board_deleted", self._user(as_user))
        place.state = "deleted"

    def _edited_column(
        self,
        board: str,
        column: str,
        event: str = "change_column_settings",
        **data: object,
    ) -> Column:
        place = self._board(board)
        found = column_in(place, column)
        shown = {"column_title": found.title, **data}
        self.changes.touch_board(place, event, self._user(None), shown, column_id=column)
        found.revision += 1
        return found

    def _label(self, board: str, column: str, label_id: int) -> Label:
        label = column_in(self._board(board), column).label(label_id)
        if label is None:
            raise ValueError(f"column {column} has no label {label_id}")
        return label

    def _in_use(self, board: str, column: str, label_id: int) -> bool:
        for item in self.changes.state.items_of(self._board(board)):
            value = item.cells[column].value if column in item.cells else {}
            if isinstance(value, dict):
                ids = value.get("ids", [value.get("index")])
                if label_id in ids:
                    return True
        return False

    def _tracked(self, item: str, column: str | None) -> tuple[Item, str, list[Session]]:
        row = self._item(item)
        place = self._board(row.board_id)
        kinds = [one.id for one in place.columns.values() if one.type == "time_tracking"]
        if column is None and not kinds:
            raise ValueError(f"board {place.id} has no time tracking column")
        tracked = column_in(place, column or kinds[0], "time_tracking").id
        return row, tracked, row.sessions.get(tracked, [])

    def _session(self, item: str, session: str) -> tuple[Item, str, Session]:
        row = self._item(item)
        for column, sessions in row.sessions.items():
            for one in sessions:
                if one.id == session:
                    return row, column, one
        raise ValueError(f"item {item} has no session {session}")


def _with(sessions: list[Session], changed: Session) -> list[Session]:
    return [changed if one.id == changed.id else one for one in sessions]


def _in_order(started_at: int, ended_at: int) -> None:
    if ended_at < started_at:
        raise ValueError("a session ends before it starts")
