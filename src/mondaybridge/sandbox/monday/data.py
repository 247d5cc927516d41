"""The ``monday`` part of a data file: what an account holds before the first request.

It refuses what it does not know, so that a typo in a file does not become an empty board.
"""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

COLUMN_TYPES = frozenset({
    "auto_number", "board_relation", "button", "checkbox", "color_picker", "country",
    "creation_log", "date", "dependency", "direct_doc", "doc", "dropdown", "email", "file",
    "formula", "group", "hour", "integration", "item_assignees", "item_id", "last_updated", "link",
    "location", "long_text", "mirror", "name", "numbers", "people", "person", "phone", "progress",
    "rating", "status", "subtasks", "tags", "team", "text", "time_tracking", "timeline",
    "unsupported", "vote", "week", "world_clock",
})  # fmt: skip
"""The values of monday's ``ColumnType``."""


def instant(value: object) -> int:
    """Read epoch milliseconds or ISO 8601 with a zone; without a zone it is UTC."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        message = f"not an instant: {value!r}; give epoch milliseconds or ISO 8601"
        raise ValueError(message)  # noqa: TRY004 - pydantic listens to ValueError
    if isinstance(value, int):
        return value
    moment = datetime.fromisoformat(value)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1000)


def _identifier(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _labels(value: object) -> object:
    if isinstance(value, dict):
        return [{"id": int(key), "name": name} for key, name in value.items()]
    return value


def _column_type(value: object) -> object:
    if value not in COLUMN_TYPES:
        raise ValueError(f"monday has no column type {value!r}")
    return value


Instant = Annotated[
    int,
    BeforeValidator(instant),
    WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "string", "format": "date-time"}]}),
]
Identifier = Annotated[
    str,
    BeforeValidator(_identifier),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
]
ColumnTypeName = Annotated[
    str,
    BeforeValidator(_column_type),
    WithJsonSchema({"type": "string", "enum": sorted(COLUMN_TYPES)}),
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AccountData(_Part):
    """The account."""

    id: Identifier = "9000001"
    slug: str = "invented-agency"
    name: str = "Invented Agency"
    plan: Literal["free", "basic", "standard", "pro", "enterprise"] = "pro"
    time_zone: str = "UTC"


class UserData(_Part):
    """A user; a token acts as the first one of kind ``service``."""

    id: Identifier
    name: str
    email: str
    kind: Literal["admin", "member", "view_only", "guest", "service"] = "member"
    status: Literal["ACTIVE", "INACTIVE", "PENDING"] = "ACTIVE"


class LabelData(_Part):
    """A label of a status or dropdown column."""

    id: int
    name: str
    is_done: bool = False


Labels = Annotated[
    list[LabelData],
    BeforeValidator(_labels),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "object", "additionalProperties": {"type": "string"}},
                {"type": "array", "items": LabelData.model_json_schema()},
            ]
        }
    ),
]


class SettingsData(_Part):
    """Settings of a column: labels, a number's unit, what a mirror shows."""

    labels: Labels = Field(default_factory=list)
    unit: str | None = None
    direction: Literal["left", "right"] = "left"
    relation_column: str | None = None
    linked_column: str | None = None
    board_ids: list[Identifier] = Field(default_factory=list)


class ColumnData(_Part):
    """A column."""

    id: str
    title: str
    type: ColumnTypeName
    settings: SettingsData = Field(default_factory=SettingsData)
    archived: bool = False
    description: str | None = None


class GroupData(_Part):
    """A group."""

    id: str
    title: str


class SessionData(_Part):
    """A tracked session; without an end it is running."""

    id: Identifier | None = None
    started_at: Instant
    ended_at: Instant | None = None
    user: Identifier | None = None
    manual: bool = False


class ItemData(_Part):
    """An item; ``cells`` in the form of monday's write JSON, subitems on their own board."""

    id: Identifier | None = None
    name: str
    group: str | None = None
    state: Literal["active", "archived", "deleted"] = "active"
    created_at: Instant | None = None
    updated_at: Instant | None = None
    creator: Identifier | None = None
    cells: dict[str, object] = Field(default_factory=dict)
    sessions: dict[str, list[SessionData]] = Field(default_factory=dict)
    subitems: list["ItemData"] = Field(default_factory=list)


class BoardData(_Part):
    """A board with all it holds.

    Unless it says who, everybody subscribes, and the first human and the service user own it.
    """

    id: Identifier | None = None
    name: str
    kind: Literal["public", "private", "share"] = "public"
    state: Literal["active", "archived", "deleted"] = "active"
    description: str | None = None
    permissions: Literal["everyone", "collaborators", "assignee", "owners"] = "everyone"
    owners: list[Identifier] | None = None
    subscribers: list[Identifier] | None = None
    columns: list[ColumnData] = Field(default_factory=list)
    subitem_columns: list[ColumnData] = Field(default_factory=list)
    groups: list[GroupData] = Field(default_factory=list)
    items: list[ItemData] = Field(default_factory=list)


def _default_users() -> list[UserData]:
    return [
        UserData(id="100", name="Bridge", email="bridge@agency.example", kind="service"),
        UserData(id="101", name="Avery Placeholder", email="avery@agency.example", kind="admin"),
    ]


class MondayData(_Part):
    """The whole account."""

    account: AccountData = Field(default_factory=AccountData)
    users: list[UserData] = Field(default_factory=_default_users, min_length=1)
    boards: list[BoardData] = Field(default_factory=list)
