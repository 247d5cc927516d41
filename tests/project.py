"""Where the project's files are, for tests that read them."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("src", "tests", "docs", "schemas", "bench", ".ci")
TEXTS = {".py", ".md", ".toml", ".yaml", ".json", ".graphql", ".txt", ".lock", ".mako", ""}


def sources() -> Iterator[Path]:
    """Yield the package's Python files."""
    yield from sorted((ROOT / "src").rglob("*.py"))


def files() -> Iterator[Path]:
    """Yield the project's own text files."""
    roots = [path for path in ROOT.iterdir() if path.is_file()]
    inside = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    for path in sorted(roots + inside):
        if (
            path.suffix in TEXTS
            and "__pycache__" not in path.parts
            and ".egg-info" not in str(path)
        ):
            yield path
