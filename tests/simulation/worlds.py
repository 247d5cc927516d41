"""The mapping of a world, loaded as the product loads it."""

from pathlib import Path

from mondaybridge.mapping.load import load
from mondaybridge.mapping.models import Mapping


def load_text(folder: Path, text: str) -> Mapping:
    """Write ``mappings.yaml`` and load it."""
    path = folder / "mappings.yaml"
    path.write_text(text)
    return load(path)
