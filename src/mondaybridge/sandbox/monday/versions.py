"""API versions: what a header asks for and what serves it (monday.md §2)."""

import re

CURRENT = "2026-10"
MAINTENANCE = "2026-07"
CANDIDATE = "2027-01"

_QUARTERS = [f"{year}-{month}" for year in range(2023, 2028) for month in ("01", "04", "07", "10")]
_DEPRECATED = [version for version in _QUARTERS if "2023-07" <= version <= "2025-01"]
_SERVED = [version for version in _QUARTERS if "2025-04" <= version <= CANDIDATE]
_SHAPE = re.compile(r"\d{4}-\d{2}")


def served(asked: str | None) -> str | None:
    """Return the version that answers; None when the header is malformed.

    A deprecated version is served by the maintenance one, one that never was by the current one.
    """
    if asked is None:
        return CURRENT
    if not _SHAPE.fullmatch(asked):
        return None
    if asked in _SERVED:
        return asked
    return MAINTENANCE if asked in _DEPRECATED else CURRENT


def listed() -> list[dict[str, str]]:
    """Return what the ``versions`` query shows."""
    return [describe(version) for version in _SERVED]


def describe(version: str) -> dict[str, str]:
    """Return one version as the API shows it."""
    kinds = {CURRENT: "current", CANDIDATE: "release_candidate", MAINTENANCE: "maintenance"}
    kind = kinds.get(version, "old__maintenance")
    return {"kind": kind, "value": version, "display_name": version}
