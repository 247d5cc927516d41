"""The texts of notices on a board."""

NOTICES: dict[str, dict[str, str]] = {}
