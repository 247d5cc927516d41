"""Tables as comma-separated text that a spreadsheet shows and never runs.

People type titles and notes; a cell that begins like a formula is opened as one by spreadsheets, so
it gets an apostrophe in front (reliability I1). UTF-8 with a mark, CRLF: what spreadsheets expect.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import StringIO

from mondaybridge.export.plain import many_lines

BYTE_ORDER_MARK = "\ufeff"
Cell = str | int | Decimal
FORMULA = ("=", "+", "-", "@", "\t", "\r")
TIME_TAKEN_BACK = re.compile(r"-\d+:[0-5]\d")  # of a correction, as `hours_text` writes it


def comma_separated(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a table as a file's bytes; numbers stand as they are, texts are made inert."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return (BYTE_ORDER_MARK + out.getvalue()).encode("utf-8", "replace")


def _cell(value: Cell) -> Cell:
    if isinstance(value, int | Decimal):
        return value
    text = many_lines(value, "…")
    inert = not text.startswith(FORMULA) or TIME_TAKEN_BACK.fullmatch(text)
    return text if inert else f"'{text}"
