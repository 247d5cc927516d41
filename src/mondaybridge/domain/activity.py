"""A board row in our words: what the mirror knows about one activity, cell by cell."""

from dataclasses import dataclass
from enum import Enum


class Status(Enum):
    """The processing status, set by the team (R23)."""

    NEW = "new"
    WORKING = "working"
    WAITING = "waiting"
    DONE = "done"
    CANCELLED = "cancelled"


class Approval(Enum):
    """The client's answer to an estimate (R19, R25)."""

    NONE = "none"
    APPROVED = "approved"
    REJECTED = "rejected"


class Presence(Enum):
    """Where the row is; ``missing`` waits for a second look (semantics 6.25)."""

    ACTIVE = "active"
    ARCHIVED = "archived"
    DELETED = "deleted"
    MISSING = "missing"


class Origin(Enum):
    """How a session came to be: a tracked stretch, or a change of a numbers cell."""

    TRACKED = "tracked"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Session:
    """One stretch of time; a number's change is signed and has no length of its own (6.11)."""

    session_id: str
    origin: Origin
    started_at: int
    ended_at: int
    seconds: int
    person_id: str = ""


@dataclass(frozen=True, slots=True)
class Activity:
    """One board row: mapped cells, decoded; ``parked`` says why it may not move hours or money."""

    activity_id: str
    board_id: str
    name: str
    presence: Presence = Presence.ACTIVE
    status: Status = Status.NEW
    approval: Approval = Approval.NONE
    estimate_seconds: int | None = None
    sessions: tuple[Session, ...] = ()
    factor: int = 1
    bug: bool = False
    person: str = ""
    due: str = ""
    note: str = ""
    updated_at: int = 0
    parked: str = ""


@dataclass(frozen=True, slots=True)
class Hint:
    """Something changed on a board: a key, never a content; no item means the whole board."""

    board_id: str
    item_id: str
    seen_at: int


@dataclass(frozen=True, slots=True)
class Reading:
    """One item as read: the activity, the numbers cell behind it, and the bridge's own cells.

    ``number_seconds`` is the total typed into a numbers column (null: empty or not used) and
    ``number_at`` the date of a change of it: the mapped work date, else ``updated_at``.
    ``outputs`` holds our columns as they stand on the board.
    """

    activity: Activity
    number_seconds: int | None = None
    number_at: int = 0
    outputs: tuple[tuple[str, str], ...] = ()
