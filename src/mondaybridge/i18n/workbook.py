"""The texts of the close-out workbook of a package."""

WORKBOOK: dict[str, dict[str, str]] = {}
