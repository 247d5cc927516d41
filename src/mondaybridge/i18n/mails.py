"""The texts of mails."""

MAILS: dict[str, dict[str, str]] = {}
