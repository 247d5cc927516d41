"""A data file: what the sandbox's world holds before the first request (``schemas/world.schema``).

``python -m mondaybridge.sandbox.data`` prints the schema.
"""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mondaybridge.errors import ConfigurationError
from mondaybridge.sandbox.monday.data import Instant, MondayData
from mondaybridge.sandbox.stripe.data import StripeData


class WorldData(BaseModel):
    """The world at the start: its time, and what both accounts hold."""

    model_config = ConfigDict(extra="forbid", title="A world of the sandbox")

    version: Literal[1] = 1
    now: Instant | None = Field(
        default=None,
        description="ISO 8601 or UTC epoch milliseconds; without it the machine's time.",
    )
    monday: MondayData = Field(default_factory=MondayData)
    stripe: StripeData = Field(default_factory=StripeData)


def load(path: Path) -> WorldData:
    """Read a data file; what is wrong with it is said as ``file: path: message``."""
    try:
        content = json.loads(path.read_bytes(), object_pairs_hook=_without_doubles)
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise ConfigurationError(f"{path}: {place}: {error.msg}") from None
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{path}: {error}") from None
    try:
        return WorldData.model_validate(content)
    except ValidationError as error:
        problems = (
            f"{path}: {_place(each['loc'])}: {each['msg']}"
            for each in error.errors(include_url=False)
        )
        raise ConfigurationError(*problems) from None


def schema() -> dict[str, Any]:
    """Return the JSON schema of a data file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **WorldData.model_json_schema(),
    }


def schema_text() -> str:
    """Return the schema as it stands in ``schemas/world.schema.json``."""
    return json.dumps(schema(), indent=2, sort_keys=True) + "\n"


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    doubles = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]
    if doubles:
        raise ValueError(f"the key '{doubles[0]}' stands twice in one object")
    return dict(pairs)


def _place(location: tuple[int | str, ...]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return "".join(steps).lstrip(".") or "(top)"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
