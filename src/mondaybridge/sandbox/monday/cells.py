"""What may be written into a cell: a table from column type to the check of its write JSON.

Each function takes the content as monday.md §5 lists it (JSON form or simple string) and returns
the canonical content that ``monday/columns.py`` reads, or None for an empty cell. What monday
refuses is refused here; what it silently drops is the caller's matter.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation

from graphql import GraphQLError

from mondaybridge.sandbox.monday.boards import (
    EMPTY_LABEL,
    Board,
    Column,
    Label,
    MondayState,
    number,
)
from mondaybridge.sandbox.monday.errors import bad_value, failure
from mondaybridge.sandbox.monday.membership import sees

LABEL_LENGTH = 30
LABEL_COUNT = 40
LONG_TEXT_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class Target:
    """Where a value is about to be written, and whether new labels may be made for it."""

    state: MondayState
    column: Column
    create_labels: bool = False
    board: Board | None = None

    def refuse(self, message: str, **error_data: str) -> GraphQLError:
        """Build the refusal of a value for this column."""
        return bad_value(message, self.column.id, self.column.type, **error_data)


def parse(raw: object, target: Target) -> object:
    """Check a value and bring it into canonical form; None, "" and {} empty a cell.

    Raises:
        GraphQLError: with the code that monday gives (monday.md §3, §5).
    """
    kind = target.column.type
    if kind in READ_ONLY:
        raise read_only(target.column)
    if raw is None or raw in ("", {}):
        return None
    return _PARSERS.get(kind, _anything)(raw, target)


def read_only(column: Column) -> GraphQLError:
    """Refuse a write to a column that the API cannot write (monday.md §5)."""
    return failure(
        "InvalidColumnTypeException",
        "This column type is not supported yet in the API",
        column_id=column.id,
        actual_type=READ_ONLY[column.type],
    )


def no_simple_value(column: Column) -> GraphQLError:
    """Refuse ``change_simple_column_value`` where there is no simple form (monday.md §5)."""
    name = READ_ONLY.get(column.type, f"{column.type.title().replace('_', '')}Column")
    return failure(
        "CorrectedValueException",
        f"column type {name} is not supporting changing the column value with simple column value",
        column_id=column.id,
        column_type=name,
    )


READ_ONLY = {
    "auto_number": "AutoNumberColumn",
    "button": "ButtonColumn",
    "creation_log": "PulseLogColumn",
    "formula": "FormulaColumn",
    "item_id": "PulseIdColumn",
    "last_updated": "PulseUpdatedColumn",
    "mirror": "LookupColumn",
    "progress": "ProgressColumn",
    "subtasks": "SubtasksColumn",
    "time_tracking": "DurationColumn",
    "vote": "VoteColumn",
}
"""Read-only column types with the class name that monday's error shows."""

NO_SIMPLE_FORM = frozenset({"board_relation", "checkbox", "file", *READ_ONLY})


def _status(raw: object, target: Target) -> object:
    if isinstance(raw, str):
        raw = {"index": int(raw)} if raw.isdigit() else {"label": raw}
    fields = _object(raw, target)
    if "index" in fields:
        return {"index": _label_id(fields["index"], target)}
    name = fields.get("label")
    if name == "":
        return None
    return {"index": _labelled(name, target).id}


def _dropdown(raw: object, target: Target) -> object:
    if isinstance(raw, str):
        raw = {"labels": [part.strip() for part in raw.split(",")]}
    fields = _object(raw, target)
    names, ids = fields.get("labels"), fields.get("ids")
    if isinstance(names, list) and ids is None:
        chosen = [_labelled(name, target).id for name in names]
    elif isinstance(ids, list) and names is None:
        chosen = [_label_id(label_id, target) for label_id in ids]
    else:
        raise target.refuse("use either labels or ids, never both")
    return {"ids": sorted(set(chosen))} if chosen else None


def _label_id(raw: object, target: Target) -> int:
    label_id = int(raw) if isinstance(raw, str) and raw.isdigit() else raw
    if not isinstance(label_id, int) or isinstance(label_id, bool):
        raise target.refuse(f"invalid label index {raw!r}")
    reserved = label_id == EMPTY_LABEL and target.column.type == "status"
    label = target.column.label(label_id)
    if not reserved and (label is None or label.is_deactivated):
        raise _unknown_label(str(raw), target)
    return label_id


def _labelled(raw: object, target: Target) -> Label:
    if not isinstance(raw, str):
        raise target.refuse(f"invalid label {raw!r}")
    for label in target.column.labels:
        if label.name == raw and not label.is_deactivated:
            return label
    if not target.create_labels:
        raise _unknown_label(raw, target)
    return _new_label(raw, target)


def _new_label(name: str, target: Target) -> Label:
    column = target.column
    if len(name) > LABEL_LENGTH or len(column.labels) >= LABEL_COUNT:
        raise target.refuse(f"a label has at most {LABEL_LENGTH} characters, {LABEL_COUNT} in all")
    taken = {label.id for label in column.labels} | {EMPTY_LABEL}
    label = Label(next(n for n in range(len(taken) + 1) if n not in taken), name)
    column.labels.append(label)
    column.revision += 1
    return label


def _unknown_label(name: str, target: Target) -> GraphQLError:
    known = {str(label.id): label.name for label in target.column.labels}
    return target.refuse(
        f"The label '{name}' does not exist, possible labels are: {known}",
        column_value=name,
    )


def _numbers(raw: object, target: Target) -> object:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise target.refuse(f"invalid value, not a number: {raw!r}")
    text = str(raw).strip()
    try:
        finite = Decimal(text).is_finite() and "_" not in text
    except InvalidOperation:
        finite = False
    if not finite:
        raise target.refuse(f"invalid value, not a number: {raw!r}", column_value=text)
    return text


def _text(raw: object, target: Target) -> object:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise target.refuse(f"invalid value, not a text: {raw!r}")
    return str(raw)


def _long_text(raw: object, target: Target) -> object:
    text = raw if isinstance(raw, str) else _object(raw, target).get("text", "")
    if not isinstance(text, str) or len(text) > LONG_TEXT_LENGTH:
        raise target.refuse(f"a text of at most {LONG_TEXT_LENGTH} characters is needed")
    return {"text": text} if text else None


def _people(raw: object, target: Target) -> object:
    entries = (
        _named_people(raw, target)
        if isinstance(raw, str)
        else _object(raw, target).get("personsAndTeams", [])
    )
    if not isinstance(entries, list):
        raise target.refuse("personsAndTeams must be a list")
    chosen = [_person(entry, target) for entry in entries]
    return {"personsAndTeams": chosen} if chosen else None


def _named_people(raw: str, target: Target) -> list[object]:
    by_email = {user.email: user.id for user in target.state.users.values()}
    names = [part.strip() for part in raw.split(",")]
    return [{"id": by_email.get(name, name), "kind": "person"} for name in names]


def _person(raw: object, target: Target) -> dict[str, object]:
    entry = _object(raw, target)
    identifier, kind = str(entry.get("id")), entry.get("kind", "person")
    if kind not in ("person", "team") or (kind == "person" and not _assignable(identifier, target)):
        raise target.refuse("invalidPersonAssignment", error_reason="invalidPersonAssignment")
    return {"id": number(identifier), "kind": kind}


def _assignable(user_id: str, target: Target) -> bool:
    """Only who can see the board can be assigned on it (monday.md §5)."""
    user = target.state.users.get(user_id)
    return user is not None and (target.board is None or sees(user, target.board))


def _date(raw: object, target: Target) -> object:
    if isinstance(raw, str):
        day, _, clock = raw.partition(" ")
        raw = {"date": day, "time": clock}
    fields = _object(raw, target)
    day, clock = str(fields.get("date") or ""), str(fields.get("time") or "")
    if not day:
        return None
    try:
        date.fromisoformat(day)
        moment = time.fromisoformat(clock).strftime("%H:%M:%S") if clock else None
    except ValueError as error:
        raise target.refuse(f"invalid value, not a date: {raw!r}") from error
    return {"date": day, "time": moment}


def _checkbox(raw: object, target: Target) -> object:
    checked = _object(raw, target).get("checked")
    if checked not in (True, False, "true", "false"):
        raise target.refuse(f"invalid value, not a check: {raw!r}")
    return {"checked": checked in (True, "true")}


def _email(raw: object, target: Target) -> object:
    return _address(raw, target, "email", lambda address: "@" in address)


def _link(raw: object, target: Target) -> object:
    return _address(raw, target, "url", lambda address: address.startswith(("http://", "https://")))


def _address(raw: object, target: Target, key: str, valid: Callable[[str], bool]) -> object:
    if isinstance(raw, str):
        address, _, text = raw.partition(" ")
        raw = {key: address, "text": text}
    fields = _object(raw, target)
    address = str(fields.get(key) or "")
    if not address:
        return None
    if not valid(address):
        raise target.refuse(f"invalid value, not of type {key}: {address!r}")
    return {key: address, "text": str(fields.get("text") or address)}


def _relation(raw: object, target: Target) -> object:
    ids = _object(raw, target).get("item_ids")
    if not isinstance(ids, list) or any(type(item_id) is not int for item_id in ids):
        raise target.refuse("item_ids must be a list of integers")
    connected = target.column.extra.get("board_ids")
    for item in filter(None, (target.state.items.get(str(item_id)) for item_id in ids)):
        if isinstance(connected, list) and item.board_id not in connected:
            raise target.refuse(f"board {item.board_id} is not connected", item_id=item.id)
    return {"item_ids": ids} if ids else None


def _file(raw: object, target: Target) -> object:
    if _object(raw, target).get("clear_all") is not True:
        raise target.refuse("files are added with add_file_to_column")
    return None


def _anything(raw: object, _: Target) -> object:
    return raw


def _object(raw: object, target: Target) -> Mapping[str, object]:
    if not isinstance(raw, dict):
        raise target.refuse(f"invalid value, check our API documentation: {raw!r}")
    return raw


_PARSERS: dict[str, Callable[[object, Target], object]] = {
    "board_relation": _relation,
    "checkbox": _checkbox,
    "date": _date,
    "dependency": _relation,
    "dropdown": _dropdown,
    "email": _email,
    "file": _file,
    "link": _link,
    "long_text": _long_text,
    "numbers": _numbers,
    "people": _people,
    "status": _status,
    "text": _text,
}
