"""``settings`` of a column as the API shows them: label ids are not positions (monday.md §5)."""

from mondaybridge.sandbox.monday.boards import Column
from mondaybridge.sandbox.monday.place import Fields, compact


def label_settings(column: Column) -> Fields:
    """Return ``settings`` of a column: ``id`` is the label's, ``index`` where it stands."""
    if column.type == "status":
        return {"labels": [_status_label(column, n) for n in range(len(column.labels))]}
    if column.type == "dropdown":
        labels = [
            {"id": label.id, "label": label.name, "is_deactivated": label.is_deactivated}
            for label in column.labels
        ]
        return {"labels": labels}
    return dict(column.extra)


def _status_label(column: Column, position: int) -> Fields:
    label = column.labels[position]
    return {
        "id": label.id,
        "label": label.name,
        "index": position,
        "is_done": label.is_done,
        "is_deactivated": label.is_deactivated,
    }


def legacy_settings(column: Column) -> str:
    """Return ``settings_str``, the form before 2025-10: labels as an object by id."""
    if column.type not in ("status", "dropdown"):
        return compact(label_settings(column))
    labels: object = {str(label.id): label.name for label in column.labels}
    if column.type == "dropdown":
        labels = [{"id": label.id, "name": label.name} for label in column.labels]
    return compact({"labels": labels})
