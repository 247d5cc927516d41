"""How a cell is read: a table from column type to its GraphQL type and fields (monday.md §5).

A reader returns the fields of one column value as a dictionary; what is costly or leads to another
object is a function that the executor calls only when it was asked for. It shows what monday
shows, oddities included, and changes nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast
from zoneinfo import ZoneInfo

from mondaybridge.sandbox.monday.boards import (
    EMPTY_LABEL,
    Asset,
    Cell,
    Column,
    Item,
    MondayState,
    iso,
)
from mondaybridge.sandbox.monday.hook_values import file_list
from mondaybridge.sandbox.monday.place import Fields, Place, compact, page_url
from mondaybridge.sandbox.monday.subitems import below
from mondaybridge.sandbox.monday.tracking import time_tracking


@dataclass(frozen=True, slots=True)
class Kind:
    """A column type: its GraphQL type, the name webhooks use, its reader."""

    graphql: str
    webhook: str
    read: Callable[[Place], Fields]


def read(place: Place) -> Fields:
    """Return all fields of a column value, as the executor wants them."""
    column = place.column
    kind = kind_of(column)
    return {
        "__typename": kind.graphql,
        "id": column.id,
        "type": column.type,
        "column": column,
        **kind.read(place),
    }


def kind_of(column: Column) -> Kind:
    """Return the table's row for a column; types outside the slice read as unsupported."""
    return KINDS.get(column.type) or Kind("UnsupportedValue", column.type, _raw)


def text_of(place: Place) -> str:
    """Return what a cell shows, for mirrors and names of links."""
    fields = kind_of(place.column).read(place)
    return str(fields.get("display_value") or fields.get("text") or "")


def _changed(place: Place) -> str | None:
    return iso(place.cell.changed_at) if place.cell else None


def _status(place: Place) -> Fields:
    cell = place.cell
    if cell is None:
        return dict.fromkeys(
            ("text", "value", "index", "label", "label_style", "is_done", "update_id", "updated_at")
        )
    index = cast("int", place.value()["index"])
    label = place.column.label(index)
    name = None if label is None or index == EMPTY_LABEL else label.name
    return {
        "text": name,
        "value": compact({"index": index, "post_id": None, "changed_at": iso(cell.changed_at)}),
        "index": index,
        "label": name,
        "label_style": {"color": "#c4c4c4", "border": "#b0b0b0"},
        "is_done": bool(label and label.is_done),
        "update_id": None,
        "updated_at": iso(cell.changed_at),
    }


def _numbers(place: Place) -> Fields:
    text = cast("str", place.cell.value) if place.cell else ""
    extra = place.column.extra
    return {
        "text": text,
        "value": compact(text) if text else None,
        "number": float(text) if text else None,
        "symbol": extra.get("unit"),
        "direction": extra.get("direction") if extra.get("unit") else None,
    }


def _people(place: Place) -> Fields:
    entries = cast("list[dict[str, object]]", place.value().get("personsAndTeams", []))
    users = place.state.users
    names = [users[str(one["id"])].name for one in entries if str(one["id"]) in users]
    return {
        "text": ", ".join(names),
        "value": _stamped(place),
        "persons_and_teams": entries,
        "updated_at": _changed(place),
    }


def _date(place: Place) -> Fields:
    value = place.value()
    day, clock = str(value.get("date") or ""), str(value.get("time") or "")
    if clock:  # written in UTC, read in the account's zone and without seconds (monday.md §5)
        moment = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=UTC)
        local = moment.astimezone(ZoneInfo(place.state.account.time_zone))
        day, clock = local.strftime("%Y-%m-%d"), local.strftime("%H:%M")
    return {
        "text": f"{day} {clock}".strip(),
        "value": _stamped(place),
        "date": day,
        "time": clock,
        "icon": None,
        "updated_at": _changed(place),
    }


def _checkbox(place: Place) -> Fields:
    checked = cast("bool | None", place.value().get("checked"))
    return {
        "text": "v" if checked else "",
        "value": _stamped(place),
        "checked": checked,
        "updated_at": _changed(place),
    }


def _dropdown(place: Place) -> Fields:
    ids = cast("list[int]", place.value().get("ids", []))
    labels = [label for label in map(place.column.label, ids) if label is not None]
    return {
        "text": ", ".join(label.name for label in labels) if ids else None,
        "value": _stamped(place),
        "values": [{"id": str(label.id), "label": label.name} for label in labels],
    }


def _email(place: Place) -> Fields:
    value = place.value()
    return {
        "text": value.get("text", ""),
        "value": _stamped(place),
        "email": value.get("email"),
        "label": value.get("text"),
        "updated_at": _changed(place),
    }


def _link(place: Place) -> Fields:
    value = place.value()
    url, text = value.get("url"), value.get("text")
    shown = (url if text == url else f"{text} - {url}") if url else ""
    return {
        "text": shown,
        "value": _stamped(place),
        "url": url,
        "url_text": text,
        "updated_at": _changed(place),
    }


def _long_text(place: Place) -> Fields:
    return {
        "text": place.value().get("text", ""),
        "value": _stamped(place),
        "updated_at": _changed(place),
    }


def _text(place: Place) -> Fields:
    text = place.cell.value if place.cell else ""
    return {"text": text, "value": compact(text) if text else None}


def _file(place: Place) -> Fields:
    state = place.state
    ids = cast("list[str]", place.value().get("assets", []))
    found = [asset for asset in map(state.assets.get, ids) if asset is not None]
    names = [page_url(state.account.slug, state.account.id, asset) for asset in found]
    return {
        "text": ", ".join(names),
        "value": compact({"files": file_list(state, ids)}) if ids else None,
        "files": lambda: [_file_asset(asset, state) for asset in found],
    }


def _file_asset(asset: Asset, state: MondayState) -> Fields:
    return {
        "__typename": "FileAssetValue",
        "asset": asset,
        "asset_id": asset.id,
        "created_at": iso(asset.created_at),
        "creator": state.users.get(asset.uploader_id),
        "creator_id": asset.uploader_id,
        "is_image": asset.is_image,
        "name": asset.name,
    }


def _formula(place: Place) -> Fields:
    shown = place.cell.value if place.cell else ""
    return {"text": None, "value": None, "display_value": str(shown)}


def _mirror(place: Place) -> Fields:
    shown = str(place.cell.value) if place.cell else _mirrored_text(place)
    return {
        "text": None,
        "value": None,
        "display_value": shown,
        "mirrored_items": lambda: [
            {
                "linked_board": place.state.boards[item.board_id],
                "linked_board_id": item.board_id,
                "linked_item": item,
            }
            for item in _mirrored_items(place)
        ],
    }


def _mirrored_text(place: Place) -> str:
    shown = []
    for item in _mirrored_items(place):
        columns = place.state.boards[item.board_id].columns
        column = columns.get(str(place.column.extra.get("linked_column")))
        if column is not None:
            cell = item.cells.get(column.id)
            shown.append(text_of(Place(place.state, item, column, cell)))
    return ", ".join(shown)


def _mirrored_items(place: Place) -> list[Item]:
    cell = place.item.cells.get(str(place.column.extra.get("relation_column")))
    return _linked(place.state, cell)


def _relation(place: Place) -> Fields:
    items = _linked(place.state, place.cell)
    return {
        "text": None,  # null since 2025-04: only the typed fields say anything (monday.md §2)
        "value": None,
        "display_value": ", ".join(item.name for item in items),
        "linked_item_ids": [item.id for item in items],
        "linked_items": items,
        "updated_at": _changed(place),
    }


def _linked(state: MondayState, cell: Cell | None) -> list[Item]:
    value = cast("Mapping[str, list[int]]", cell.value if cell else {})
    found = (state.items.get(str(item_id)) for item_id in value.get("item_ids", []))
    return [item for item in found if item is not None]


def _creation_log(place: Place) -> Fields:
    item = place.item
    return {
        "text": iso(item.created_at),
        "value": None,
        "created_at": iso(item.created_at),
        "creator_id": item.creator_id,
        "creator": place.state.users.get(item.creator_id),
    }


def _last_updated(place: Place) -> Fields:
    item = place.item
    updater = item.updater_id or item.creator_id
    return {
        "text": iso(item.updated_at),
        "value": None,
        "updated_at": iso(item.updated_at),
        "updater_id": updater,
        "updater": place.state.users.get(updater),
    }


def _item_id(place: Place) -> Fields:
    return {"text": place.item.id, "value": None, "item_id": place.item.id}


def _subtasks(place: Place) -> Fields:
    items = below(place.state, place.item)
    return {
        "text": None,  # only the typed fields say anything (monday.md §2)
        "value": None,
        "display_value": ", ".join(item.name for item in items),
        "subitems": items,
        "subitems_ids": [item.id for item in items],
    }


def _raw(place: Place) -> Fields:
    value = place.cell.value if place.cell else None
    return {"text": value if isinstance(value, str) else "", "value": _stamped(place)}


def _stamped(place: Place) -> str | None:
    if place.cell is None:
        return None
    value = place.cell.value
    if not isinstance(value, dict):
        return compact(value)
    return compact({**value, "changed_at": iso(place.cell.changed_at)})


KINDS = {
    "board_relation": Kind("BoardRelationValue", "board-relation", _relation),
    "checkbox": Kind("CheckboxValue", "boolean", _checkbox),
    "creation_log": Kind("CreationLogValue", "pulse-log", _creation_log),
    "date": Kind("DateValue", "date", _date),
    "dependency": Kind("DependencyValue", "dependency", _relation),
    "dropdown": Kind("DropdownValue", "dropdown", _dropdown),
    "email": Kind("EmailValue", "email", _email),
    "file": Kind("FileValue", "file", _file),
    "formula": Kind("FormulaValue", "formula", _formula),
    "item_id": Kind("ItemIdValue", "pulse-id", _item_id),
    "last_updated": Kind("LastUpdatedValue", "pulse-updated", _last_updated),
    "link": Kind("LinkValue", "link", _link),
    "long_text": Kind("LongTextValue", "long-text", _long_text),
    "mirror": Kind("MirrorValue", "lookup", _mirror),
    "numbers": Kind("NumbersValue", "numeric", _numbers),
    "people": Kind("PeopleValue", "multiple-person", _people),
    "status": Kind("StatusValue", "color", _status),
    "subtasks": Kind("SubtasksValue", "subtasks", _subtasks),
    "text": Kind("TextValue", "text", _text),
    "time_tracking": Kind("TimeTrackingValue", "duration", time_tracking),
}
"""Column type to its row; webhook names of types without one in monday.md §5 are unverified."""
