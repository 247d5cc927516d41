"""A board row in our words: what the mirror knows about one activity, cell by cell."""

from dataclasses import dataclass, replace
from enum import Enum


class Status(Enum):
    """The processing status, set by the team (R23)."""

    NEW = "new"
    WORKING = "working"
    WAITING = "waiting"
    DONE = "done"
    CANCELLED = "cancelled"


class Approval(Enum):
    """The answer to an estimate on the board (R19, R25); ``auto`` is the bridge's own (R12)."""

    NONE = "none"
    AUTO = "auto"
    APPROVED = "approved"
    REJECTED = "rejected"


class Presence(Enum):
    """Where the row is; ``missing`` waits for a second look (semantics 6.25)."""

    ACTIVE = "active"
    ARCHIVED = "archived"
    DELETED = "deleted"
    MISSING = "missing"


class Capture(Enum):
    """How a session was recorded: a tracked stretch, or a change of a numbers cell."""

    TRACKED = "tracked"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Session:
    """One stretch of time; a number's change is signed and has no length of its own (6.11)."""

    session_id: str
    origin: Capture
    started_at: int
    ended_at: int
    seconds: int
    person_id: str = ""


@dataclass(frozen=True, slots=True)
class Activity:
    """One board row: mapped cells, decoded; ``parked`` says why it may not move hours or money.

    ``factor`` is what the row asks to be charged with: 1, or more where ``urgent`` has its
    ``evidence`` (R10). ``redo_of`` is the row that this one replaces (R20). A mapped but unknown
    type of service leaves ``service`` as typed and ``service_known`` false (R05). A ``running``
    timer's time counts once it is stopped (semantics 6.11). ``answered_at`` is when the approval
    that stands there was set, 0: not known. ``documentation`` is the reference that a ``bug``
    needs to be credited (R55), ``hourly`` the row's own price as typed, like "70.00", and
    ``question`` the state that a question's column shows, empty where nothing is asked (R41b).
    """

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
    rigid: bool = False
    note: str = ""
    urgent: bool = False
    evidence: str = ""
    reference: str = ""
    requester: str = ""
    approval_reference: str = ""
    service: str = ""
    service_known: bool = True
    agreement_needed: bool = False
    agreed_with: str = ""
    redo_of: str = ""
    chargeable: bool = True
    running: bool = False
    received_at: int = 0
    created_at: int = 0
    updated_at: int = 0
    answered_at: int = 0
    parked: str = ""
    documentation: str = ""
    hourly: str = ""
    question: str = ""

    @property
    def unreadable(self) -> bool:
        """Whether a cell waits to be mended; on a deleted row nobody can (ledger 5.6)."""
        return bool(self.parked) and self.presence is not Presence.DELETED

    @property
    def movable(self) -> bool:
        """Whether the row's cells may move hours: readable and not deleted."""
        return not self.parked and self.presence is not Presence.DELETED


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
    ``outputs`` holds our columns as they stand on the board. ``pinned``: the row is no work, it
    shows the package itself.
    """

    activity: Activity
    number_seconds: int | None = None
    number_at: int = 0
    outputs: tuple[tuple[str, str], ...] = ()
    pinned: bool = False


def merge(previous: Activity | None, reading: Reading) -> Activity:
    """Bring a reading into what the mirror knew; absence is not zero (ledger 5.6).

    An unreadable or emptied cell parks the activity with its last good values; a missing or deleted
    one keeps them; a numbers cell's change is added as one dated, signed session.
    """
    read = reading.activity
    if previous is None:
        return replace(read, sessions=read.sessions + _numbered((), reading))
    if read.presence in {Presence.DELETED, Presence.MISSING}:
        return replace(previous, presence=read.presence, updated_at=read.updated_at)
    reason = read.parked or _emptied(previous, reading)
    if reason:
        return replace(
            previous,
            name=read.name,
            board_id=read.board_id,
            presence=read.presence,
            parked=reason,
            updated_at=read.updated_at,
        )
    numbers = tuple(s for s in previous.sessions if s.origin is Capture.NUMBER)
    return replace(read, sessions=read.sessions + numbers + _numbered(numbers, reading))


def _numbered(known: tuple[Session, ...], reading: Reading) -> tuple[Session, ...]:
    if reading.number_seconds is None:
        return ()
    change = reading.number_seconds - sum(s.seconds for s in known)
    if not change:
        return ()
    at = reading.number_at
    return (Session(f"n{len(known) + 1}", Capture.NUMBER, at, at, change),)


def _emptied(previous: Activity, reading: Reading) -> str:
    if previous.estimate_seconds is not None and reading.activity.estimate_seconds is None:
        return "the estimate was emptied after it had a value: type 0 for zero"
    numbered = any(s.origin is Capture.NUMBER for s in previous.sessions)
    if numbered and reading.number_seconds is None:
        return "the actual time was emptied after it had a value: type 0 for zero"
    return ""
