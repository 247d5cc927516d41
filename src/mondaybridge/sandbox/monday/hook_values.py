"""``value`` and ``previousValue`` of a delivered column change, which differ from the API's.

Only status, text and the unset forms were seen in recordings (monday.md §5, §6); the others follow
the shape of monday's write JSON and are unverified.
"""

from collections.abc import Callable, Mapping
from typing import cast

from mondaybridge.sandbox.monday.boards import Cell, Column, MondayState, number

Value = Mapping[str, object] | None


def hook_value(state: MondayState, column: Column, cell: Cell | None) -> Value:
    """Return what a webhook shows of a cell; None when it is empty."""
    if cell is None:
        return None
    render = _RENDERERS.get(column.type)
    if render is not None:
        return render(state, column, cell.value)
    return cast("Value", cell.value) if isinstance(cell.value, dict) else {"value": cell.value}


def _status(_: MondayState, column: Column, value: object) -> Value:
    index = cast("dict[str, int]", value)["index"]
    label = column.label(index)
    name = label.name if label else ""
    done = bool(label and label.is_done)
    return {"label": {"index": index, "text": name, "is_done": done}, "post_id": None}


def _numbers(_: MondayState, column: Column, value: object) -> Value:
    return {"value": float(cast("str", value)), "unit": column.extra.get("unit")}


def _dropdown(_: MondayState, column: Column, value: object) -> Value:
    ids = cast("dict[str, list[int]]", value)["ids"]
    labels = [label for label in map(column.label, ids) if label is not None]
    return {"chosenValues": [{"id": label.id, "name": label.name} for label in labels]}


def _date(_: MondayState, __: Column, value: object) -> Value:
    return {**cast("dict[str, object]", value), "icon": None}


def _relation(state: MondayState, _: Column, value: object) -> Value:
    ids = cast("dict[str, list[int]]", value)["item_ids"]
    found = [item for item in map(state.items.get, map(str, ids)) if item is not None]
    return {"linkedPulseIds": [{"linkedPulseId": int(item.id)} for item in found]}


def _file(state: MondayState, _: Column, value: object) -> Value:
    return {"files": file_list(state, cast("dict[str, list[str]]", value)["assets"])}


def file_list(state: MondayState, asset_ids: list[str]) -> list[dict[str, object]]:
    """Return the files of a cell as its raw value shows them."""
    return [
        {
            "name": asset.name,
            "assetId": number(asset.id),
            "isImage": str(asset.is_image).lower(),
            "fileType": "ASSET",
            "createdAt": asset.created_at,
            "createdBy": asset.uploader_id,
        }
        for asset in map(state.assets.get, asset_ids)
        if asset is not None
    ]


_RENDERERS: dict[str, Callable[[MondayState, Column, object], Value]] = {
    "board_relation": _relation,
    "date": _date,
    "dropdown": _dropdown,
    "file": _file,
    "numbers": _numbers,
    "status": _status,
}
