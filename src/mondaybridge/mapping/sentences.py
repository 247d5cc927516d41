"""What the models refuse, as sentences at places: path, reason and the nearest right name."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mondaybridge.mapping.scalars import EXPECTED, nearest
from mondaybridge.mapping.terms import Document
from mondaybridge.mapping.yaml_tree import Path, Remark, Tree

Schema = dict[str, Any]
KEY = "[key]"
NONE: Schema = {"mapping": {}}
A_MAPPING = "needs a mapping of keys and values"
FIXED = {
    "int_type": "needs a whole number without quotes",
    "model_type": A_MAPPING,
    "model_attributes_type": A_MAPPING,
    "dict_type": A_MAPPING,
    "list_type": "needs a list",
    "too_short": "must not be empty",
}


def refusals(error: ValidationError, tree: Tree) -> Iterator[Remark]:
    """Yield what the models refuse, leaving out places where the text was already refused."""
    schema = Document.model_json_schema()
    for detail in error.errors(include_url=False):
        path = _place(detail["loc"], tree.data)
        message = _sentence(detail, path, schema, tree.data)
        if detail["type"].startswith("union_tag"):
            path = (*path, "kind")
        if path not in tree.blanks:
            yield Remark(tree.line(path), path, message)


def _place(loc: Sequence[str | int], data: object) -> Path:
    """Return where an error stands in the text: without union tags and key marks."""
    path: list[str | int] = []
    here = data
    for step in loc:
        if step == KEY:
            continue
        if isinstance(here, dict):
            if step not in here and here.get("kind") == step:
                continue
            here = here.get(step)
        elif isinstance(here, list) and isinstance(step, int):
            here = here[step] if step < len(here) else None
        path.append(step)
    return tuple(path)


def _sentence(detail: ErrorDetails, path: Path, schema: Schema, data: object) -> str:
    kind = detail["type"]
    if kind == "extra_forbidden":
        return _unknown_key(schema, path, data)
    if kind == "missing":
        return f"is missing: {_description(schema, path, data)}"
    if kind == "union_tag_not_found":
        return f"is missing: one of {', '.join(_kinds(schema, path, data))}"
    if kind == "int_type" and detail["loc"][-1] == KEY:
        return "a label stands by its id: a whole number without quotes, then its name"
    return FIXED.get(kind) or _about_value(kind, detail["input"], detail)


def _unknown_key(schema: Schema, path: Path, data: object) -> str:
    key = str(path[-1])
    if hint := nearest(key, _keys(schema, path[:-1], data)):
        return f"the key is not known{hint}"
    kinds = list(_kinds_with(schema, path, data))
    return f"the key is for {' and '.join(kinds)} alone" if kinds else "the key is not known"


def _about_value(kind: str, value: object, detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    match kind:
        case "string_type":
            return _needs_text(value)
        case "string_pattern_mismatch":
            wanted = EXPECTED.get(str(context["pattern"]), f"of the form {context['pattern']}")
            return f"{str(value)!r} is not {wanted}"
        case "literal_error":
            return _one_of(value, str(context["expected"]))
        case "union_tag_invalid":
            return _one_of(context["tag"], str(context["expected_tags"]))
        case _:
            message = detail["msg"].removeprefix("Value error, ")
            return message.replace("Input should", "should")


def _needs_text(value: object) -> str:
    if isinstance(value, bool):
        return f'needs quotes: write "{str(value).lower()}"'
    if isinstance(value, int | Decimal):
        return f'needs quotes: write "{value}"'
    return "needs a text"


def _one_of(value: object, expected: str) -> str:
    names = [name.strip("'\" ") for name in expected.replace(" or ", ", ").split(", ")]
    return f"{str(value)!r} is none of {', '.join(names)}{nearest(str(value), names)}"


def _keys(schema: Schema, path: Path, data: object) -> list[str]:
    return list(_section(schema, path, data).get("properties", {}))


def _description(schema: Schema, path: Path, data: object) -> str:
    keys = _section(schema, path[:-1], data).get("properties", {})
    return str(keys.get(path[-1], {}).get("description", "it has no default"))


def _kinds(schema: Schema, path: Path, data: object) -> list[str]:
    return list(_at(schema, path, data)["discriminator"]["mapping"])


def _kinds_with(schema: Schema, path: Path, data: object) -> Iterator[str]:
    """Yield the other kinds of a section around a place that know the place's last key."""
    for end in range(len(path) - 1, 0, -1):
        for kind, ref in (
            _at(schema, path[:end], data).get("discriminator", NONE)["mapping"].items()
        ):
            inside = _at(schema, path[end:-1], None, start={"$ref": ref})
            if path[-1] in _resolve(schema, inside, None).get("properties", {}):
                yield kind


def _section(schema: Schema, path: Path, data: object) -> Schema:
    """Return the schema of the mapping at a place."""
    here = data
    for step in path:
        here = _child(here, step)
    return _resolve(schema, _at(schema, path, data), here)


def _at(schema: Schema, path: Path, data: object, start: Schema | None = None) -> Schema:
    """Return the schema of a place; where a kind decides, the data's kind chooses."""
    node = start or schema
    for step in path:
        inside = _resolve(schema, node, data)
        patterns = inside.get("patternProperties", {}).values()
        named = inside.get("properties", {}).get(step)
        node = named or next(iter(patterns), None) or inside.get("items") or {}
        data = _child(data, step)
    return node


def _resolve(schema: Schema, node: Schema, data: object) -> Schema:
    kind = data.get("kind") if isinstance(data, Mapping) else None
    if "oneOf" in node:
        mapping = node["discriminator"]["mapping"]
        node = {"$ref": mapping.get(str(kind), next(iter(mapping.values())))}
    if "anyOf" in node:
        node = next(option for option in node["anyOf"] if option.get("type") != "null")
    if "$ref" in node:
        found: Schema = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
        return found
    return node


def _child(data: object, step: str | int) -> object:
    if isinstance(data, Mapping):
        return data.get(step)
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return None
