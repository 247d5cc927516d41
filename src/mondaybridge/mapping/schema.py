"""The mapping's JSON Schema, generated from the models; ``schemas/`` holds a copy for editors."""

from typing import Any

from mondaybridge.mapping.terms import Document


def mapping_schema() -> dict[str, Any]:
    """Return the schema, without the titles that the generator adds to every key."""
    schema = Document.model_json_schema()
    for part in [schema, *schema["$defs"].values()]:
        for key in part["properties"].values():
            key.pop("title", None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
