"""Places of the file's tree: chosen by a pattern, and written as people read them."""

from collections.abc import Iterator

from mondaybridge.mapping.yaml_tree import Path

Found = Iterator[tuple[Path, str]]
"""Places, each with what is wrong there and what to do."""


def select(data: object, *steps: str | int) -> Iterator[tuple[Path, object]]:
    """Yield the places that a pattern names; ``*`` stands for every entry."""
    if not steps:
        yield (), data
        return
    if isinstance(data, dict):
        entries = list(data.items())
    elif isinstance(data, list):
        entries = list(enumerate(data))
    else:
        return
    for key, value in entries:
        if steps[0] in ("*", key):
            for path, found in select(value, *steps[1:]):
                yield (key, *path), found


def path_text(path: Path) -> str:
    """Return a path as it is shown: ``clients.acme.contracts[0].rate``."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".") or "file"
