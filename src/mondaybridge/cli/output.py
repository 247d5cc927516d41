"""How commands speak: data on stdout, as one JSON object or as tables; progress on stderr."""

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

PLAIN_WIDTH = 160
FIGURE = re.compile(r"-?\d+(:\d\d)?")

Row = Mapping[str, object]
Table = tuple[str, Sequence[str], Iterable[Row]]


def show(value: object, *, as_json: bool, table: Table) -> None:
    """Print a command's data on stdout: the value as JSON, or its table for people."""
    if as_json:
        print_json(value)
    else:
        show_table(*table)


def show_table(title: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Print rows under a title; figures stand to the right, absent values are blank.

    A table without rows is one line that says so. Nothing is cut: an id that does not fit goes on
    in the next line.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    table = RichTable(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    cells = [[row.get(column) for column in columns] for row in rows]
    if not cells:
        print_line(f"{title}: none")
        return
    for index, column in enumerate(columns):
        figures = bool(cells) and all(FIGURE.fullmatch(str(row[index])) for row in cells)
        side: Literal["left", "right"] = "right" if figures else "left"
        table.add_column(column.replace("_", " "), justify=side, overflow="fold")
    for row in cells:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    width = None if sys.stdout.isatty() else PLAIN_WIDTH
    Console(width=width, highlight=False).print(table)


def print_json(value: object) -> None:
    """Print one JSON value on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def print_line(text: str) -> None:
    """Print one line of data on stdout."""
    sys.stdout.write(text + "\n")


def say(text: str) -> None:
    """Say on stderr what is going on."""
    sys.stderr.write(text + "\n")
