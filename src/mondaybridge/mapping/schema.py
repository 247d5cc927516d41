"""The mapping's JSON Schema, generated from the models; ``schemas/`` holds a copy for editors."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from mondaybridge.domain.worktime import hours_text
from mondaybridge.mapping.scalars import HOURS_PATTERN
from mondaybridge.mapping.terms import Document

Schema = dict[str, Any]


def mapping_schema() -> Schema:
    """Return the schema, without the titles that the generator adds, defaults as people write."""
    schema = Document.model_json_schema()
    parts = {"": schema, **schema["$defs"]}
    generated = deepcopy(parts)
    for part in parts.values():
        for key in part["properties"].values():
            key.pop("title", None)
            if isinstance(key.get("default"), dict):
                key["default"] = _own_default(key, generated)
    for part in parts.values():
        for key in part["properties"].values():
            if _is_hours(key) and isinstance(key.get("default"), int):
                key["default"] = hours_text(key["default"])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _own_default(key: Schema, parts: dict[str, Schema]) -> Schema:
    """Return what a section's default says beyond the defaults of the section's own keys."""
    given: Schema = key["default"]
    for form in _forms(key):
        inside = parts.get(form.get("$ref", "").rsplit("/", 1)[-1], {}).get("properties", {})
        defaults = {name: one["default"] for name, one in inside.items() if "default" in one}
        given = {name: v for name, v in given.items() if (name, v) not in defaults.items()}
    return given


def _is_hours(key: Schema) -> bool:
    return any(form.get("pattern") == HOURS_PATTERN for form in _forms(key))


def _forms(key: Schema) -> Iterator[Schema]:
    yield from (key, *key.get("anyOf", []))
