"""The state of a monday account: plain dataclasses, no behaviour beyond finding things.

Ids are strings of digits as in the API, instants UTC epoch milliseconds. Whoever changes the state
goes through ``monday/changes.py``; nothing here fires a webhook or moves ``updated_at``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Literal, Self

Lifecycle = Literal["active", "archived", "deleted"]

EMPTY_LABEL = 5
"""The label id that monday reserves for "no label" (monday.md §5)."""


@dataclass(slots=True)
class Account:
    """The account all boards belong to; ``time_zone`` is what dates are read in (monday.md §5)."""

    id: str
    slug: str
    name: str
    plan: str = "pro"
    time_zone: str = "UTC"


@dataclass(slots=True)
class User:
    """A member, a guest or a service user."""

    id: str
    name: str
    email: str
    kind: str = "member"
    status: str = "ACTIVE"


@dataclass(slots=True)
class Label:
    """A label of a status or dropdown column; ``id`` is what cells store."""

    id: int
    name: str
    is_done: bool = False
    is_deactivated: bool = False


@dataclass(slots=True)
class Column:
    """A column of a board; ``revision`` grows with every change of title or settings."""

    id: str
    title: str
    type: str
    labels: list[Label] = field(default_factory=list)
    extra: dict[str, object] = field(default_factory=dict)
    archived: bool = False
    revision: int = 1
    description: str | None = None

    def label(self, label_id: int) -> Label | None:
        """Find a label by id, deactivated ones included."""
        return next((label for label in self.labels if label.id == label_id), None)


@dataclass(slots=True)
class Group:
    """A group of a board."""

    id: str
    title: str


@dataclass(slots=True)
class Session:
    """One entry of a time tracking column; ``manual`` ones were typed in, not clocked."""

    id: str
    started_at: int
    ended_at: int | None
    created_at: int
    updated_at: int
    started_user: str
    ended_user: str | None = None
    manual: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell holds, in the canonical form of ``monday/cells.py``, and since when."""

    value: object
    changed_at: int


@dataclass(slots=True)
class Item:
    """A row; an absent cell is empty, ``sessions`` is kept per time tracking column.

    A subitem is a row of its own board that has a parent.
    """

    id: str
    board_id: str
    group_id: str
    name: str
    creator_id: str
    created_at: int
    updated_at: int
    state: Lifecycle = "active"
    updater_id: str | None = None
    cells: dict[str, Cell] = field(default_factory=dict)
    sessions: dict[str, list[Session]] = field(default_factory=dict)
    parent_id: str | None = None
    subitem_ids: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Board:
    """A board with its columns and groups in order, its people, and the ids of its items.

    One of ``type`` sub_items_board holds the subitems of another board's rows.
    """

    id: str
    name: str
    kind: str
    creator_id: str
    created_at: int
    updated_at: int
    state: Lifecycle = "active"
    columns: dict[str, Column] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    item_ids: list[str] = field(default_factory=list)
    description: str | None = None
    permissions: str = "everyone"
    owner_ids: list[str] = field(default_factory=list)
    subscriber_ids: list[str] = field(default_factory=list)
    type: str = "board"

    @property
    def member_ids(self) -> list[str]:
        """Return owners and subscribers, each once: what monday shows as subscribers."""
        return list(dict.fromkeys([*self.owner_ids, *self.subscriber_ids]))


@dataclass(slots=True)
class Update:
    """Something said on an item; with a ``parent_id`` it is a reply to another update."""

    id: str
    item_id: str
    body: str
    creator_id: str
    created_at: int
    edited_at: int
    parent_id: str | None = None
    mentions: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Asset:
    """An uploaded file: below an update, or in a file column of an item."""

    id: str
    name: str
    content: bytes
    created_at: int
    uploader_id: str
    item_id: str
    update_id: str | None = None

    @property
    def extension(self) -> str:
        """Return the end of the name with its dot, as monday does; empty without one."""
        return PurePosixPath(self.name).suffix

    @property
    def is_image(self) -> bool:
        """Tell whether monday would show a picture."""
        return self.extension.lower() in (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp")


@dataclass(frozen=True, slots=True)
class LogRow:
    """One row of a board's activity log; ``created_at`` is monday's 17 digits (monday.md §4)."""

    id: str
    board_id: str
    event: str
    entity: str
    user_id: str
    created_at: str
    data: str
    item_id: str | None = None
    column_id: str | None = None
    group_id: str | None = None

    @property
    def at(self) -> int:
        """Return the instant in UTC epoch milliseconds."""
        return int(self.created_at) // 10_000

    def __deepcopy__(self, _: object) -> Self:
        """A row never changes, so a copy of the state shares it."""
        return self


@dataclass(frozen=True, slots=True)
class Notification:
    """What the bell of a user shows."""

    id: str
    user_id: str
    text: str
    target_id: str
    target_type: str
    sender_id: str
    created_at: int


@dataclass(slots=True)
class Webhook:
    """A subscription; monday never shows its ``url`` again (monday.md §6)."""

    id: str
    board_id: str
    event: str
    config: dict[str, object]
    url: str
    user_id: str
    by_app: bool


@dataclass(slots=True)
class MondayState:
    """Everything the account holds."""

    account: Account
    users: dict[str, User] = field(default_factory=dict)
    boards: dict[str, Board] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    webhooks: dict[str, Webhook] = field(default_factory=dict)
    updates: dict[str, Update] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)
    logs: dict[str, list[LogRow]] = field(default_factory=dict)
    notifications: list[Notification] = field(default_factory=list)

    def items_of(self, board: Board) -> Iterator[Item]:
        """Yield the items of a board in creation order, whatever their state."""
        return (self.items[item_id] for item_id in board.item_ids)

    def service_user(self) -> User:
        """Return the user a token acts as: the first service user, else the first user."""
        services = (user for user in self.users.values() if user.kind == "service")
        return next(services, next(iter(self.users.values())))

    def first_human(self) -> User:
        """Return the user who acts when a test does not care."""
        humans = (user for user in self.users.values() if user.kind != "service")
        return next(humans, next(iter(self.users.values())))


def iso(instant: int) -> str:
    """Write an instant the way monday does: UTC, whole seconds."""
    return _iso_seconds(instant // 1000)


@lru_cache(maxsize=65_536)
def _iso_seconds(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def number(identifier: str) -> int | str:
    """Write an id as webhooks and raw values do: a number where it is one."""
    return int(identifier) if identifier.isascii() and identifier.isdigit() else identifier
