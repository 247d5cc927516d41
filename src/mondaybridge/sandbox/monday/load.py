"""From a data file to the state: ids are given where they are missing, cells are checked.

Loading is not a change: it fires nothing and keeps the instants that the file states.
"""

from collections.abc import Callable
from dataclasses import dataclass

from graphql import GraphQLError

from mondaybridge.sandbox.monday.boards import (
    Account,
    Board,
    Cell,
    Column,
    Group,
    Item,
    Label,
    MondayState,
    Session,
    User,
)
from mondaybridge.sandbox.monday.cells import READ_ONLY, Target, parse
from mondaybridge.sandbox.monday.data import (
    BoardData,
    ColumnData,
    ItemData,
    MondayData,
    SessionData,
)
from mondaybridge.sandbox.monday.subitems import board_below


@dataclass(frozen=True, slots=True)
class Loader:
    """Builds objects of a state at one instant."""

    state: MondayState
    now: int
    new_id: Callable[[], str]

    def add_board(self, data: BoardData) -> Board:
        """Add a board with its columns, groups and items."""
        board = Board(
            id=data.id or self.new_id(),
            name=data.name,
            kind=data.kind,
            creator_id=self.state.first_human().id,
            created_at=self.now,
            updated_at=self.now,
            state=data.state,
            description=data.description,
            permissions=data.permissions,
        )
        usual = dict.fromkeys((board.creator_id, self.state.service_user().id))
        owners = list(usual) if data.owners is None else data.owners
        everybody = list(self.state.users)
        board.owner_ids = self._known(owners)
        board.subscriber_ids = self._known(
            everybody if data.subscribers is None else data.subscribers
        )
        if board.id in self.state.boards:
            raise ValueError(f"board {board.id} exists already")
        board.columns = {"name": Column("name", "Name", "name")}
        board.columns |= {column.id: column_of(column) for column in data.columns}
        groups = [Group(group.id, group.title) for group in data.groups]
        board.groups = {one.id: one for one in groups or [Group("topics", "Group Title")]}
        self.state.boards[board.id] = board
        if data.subitem_columns:
            self._below(board).columns |= {one.id: column_of(one) for one in data.subitem_columns}
        for item in data.items:
            try:
                self._add_item(board, item)
            except ValueError as error:
                raise ValueError(f"board {board.id}, item {item.name!r}: {error}") from error
        return board

    def cells(self, board: Board, cells: dict[str, object]) -> dict[str, object]:
        """Check contents by their columns and return them in canonical form."""
        return {key: self._canonical(board, key, raw) for key, raw in cells.items()}

    def sessions(self, sessions: list[SessionData], user_id: str) -> list[Session]:
        """Build the sessions of one cell."""
        return [self._session(session, user_id) for session in sessions]

    def _known(self, user_ids: list[str]) -> list[str]:
        strangers = [user_id for user_id in user_ids if user_id not in self.state.users]
        if strangers:
            raise ValueError(f"there is no user {strangers[0]}")
        return list(user_ids)

    def _below(self, board: Board) -> Board:
        return board_below(self.state, board, self.new_id, self.now)

    def _add_item(self, board: Board, data: ItemData, parent: Item | None = None) -> None:
        created = self.now if data.created_at is None else data.created_at
        updated = created if data.updated_at is None else data.updated_at
        contents = self.cells(board, data.cells)
        creator = data.creator or board.creator_id
        item = Item(
            id=data.id or self.new_id(),
            board_id=board.id,
            group_id=group_of(board, data.group),
            name=data.name,
            creator_id=creator,
            created_at=created,
            updated_at=updated,
            state=data.state,
            cells={key: Cell(one, updated) for key, one in contents.items() if one is not None},
            parent_id=parent.id if parent else None,
        )
        if item.id in self.state.items:
            raise ValueError(f"item {item.id} exists already")
        for column_id, sessions in data.sessions.items():
            column_in(board, column_id, "time_tracking")
            item.sessions[column_id] = self.sessions(sessions, creator)
        self.state.items[item.id] = item
        board.item_ids.append(item.id)
        if parent is not None:
            parent.subitem_ids.append(item.id)
        if parent is not None and data.subitems:
            raise ValueError(f"subitem {data.name!r} has subitems: one level is modelled")
        for one in data.subitems:
            self._add_item(self._below(board), one, item)

    def _canonical(self, board: Board, column_id: str, raw: object) -> object:
        column = column_in(board, column_id)
        if column.type in ("formula", "mirror"):
            return None if raw in (None, "") else str(raw)
        if column.type in READ_ONLY:
            raise ValueError(f"column {column_id} is {column.type}: its cells cannot be set")
        try:
            return parse(raw, Target(self.state, column, board=board))
        except GraphQLError as error:
            raise ValueError(f"column {column_id}: {error.message}") from error

    def _session(self, data: SessionData, user_id: str) -> Session:
        touched = data.started_at if data.ended_at is None else data.ended_at
        if touched < data.started_at:
            raise ValueError("a session ends before it starts")
        return Session(
            id=data.id or self.new_id(),
            started_at=data.started_at,
            ended_at=data.ended_at,
            created_at=data.started_at,
            updated_at=touched,
            started_user=data.user or user_id,
            ended_user=None if data.ended_at is None else data.user or user_id,
            manual=data.manual,
        )


def load(data: MondayData, now: int, new_id: Callable[[], str]) -> MondayState:
    """Build the state that a data file describes."""
    users = {user.id: User(**user.model_dump()) for user in data.users}
    state = MondayState(Account(**data.account.model_dump()), users)
    loader = Loader(state, now, new_id)
    for board in data.boards:
        loader.add_board(board)
    return state


def column_of(data: ColumnData) -> Column:
    """Build a column."""
    settings = data.settings
    labels = [Label(label.id, label.name, label.is_done) for label in settings.labels]
    extra = settings.model_dump(exclude={"labels"}, exclude_defaults=True)
    return Column(
        id=data.id,
        title=data.title,
        type=data.type,
        labels=labels,
        extra={"direction": settings.direction, **extra} if settings.unit else extra,
        archived=data.archived,
        description=data.description,
    )


def column_in(board: Board, column_id: str, column_type: str | None = None) -> Column:
    """Find a column of a board, of a given type if one is named."""
    column = board.columns.get(column_id)
    if column is None:
        raise ValueError(f"board {board.id} has no column {column_id!r}")
    if column_type is not None and column.type != column_type:
        raise ValueError(f"column {column_id} is {column.type}, not {column_type}")
    return column


def group_of(board: Board, group_id: str | None) -> str:
    """Find a group of a board; None is the top one."""
    found = next(iter(board.groups), "") if group_id is None else group_id
    if found not in board.groups:
        raise ValueError(f"board {board.id} has no group {found!r}")
    return found
