"""How the workbook looks: fonts, number formats, widths and heights by what the cells say.

Heights are set here because not every program fits rows to wrapped text when it opens a file.
"""

import textwrap
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from mondaybridge.domain.money import EXPONENTS
from mondaybridge.export.cells import Cell, Kind, Look, Sheet
from mondaybridge.export.columns import COLUMNS
from mondaybridge.export.tables import HEAD

A4 = 9
_INK, _PAPER, _BAND, _FAINT, _RULE = "#1F2A44", "#FFFFFF", "#EEF1F7", "#5B6475", "#C5CBD8"
_SUMMARY_WIDTHS = (40, 24, 18)
_LINE_POINTS = 15
_TALLEST_POINTS = 405
_SUMMARY_POINTS = 17
_BUTTON_POINTS = 14

_HEAD = {
    "bold": True,
    "font_color": _PAPER,
    "bg_color": _INK,
    "text_wrap": True,
    "valign": "top",  # below is room for the buttons of the filter
}
_LOOKS: dict[Look, dict[str, Any]] = {
    Look.TITLE: {"bold": True, "font_size": 18, "font_color": _INK},
    Look.SUBTITLE: {"font_color": _FAINT},
    Look.HEAD: _HEAD,
    Look.HEAD_RIGHT: _HEAD | {"align": "right"},
    Look.HEAD_CENTRE: _HEAD | {"align": "center"},
    Look.LABEL: {"font_color": _FAINT, "valign": "vcenter"},
    Look.PLAIN: {"valign": "vcenter"},
    Look.STRONG: {
        "bold": True,
        "bg_color": _BAND,
        "top": 1,
        "top_color": _INK,
        "valign": "vcenter",
    },
    Look.REMARK: {"italic": True, "font_color": _FAINT},
    Look.FAINT: {"font_size": 8, "font_color": _FAINT, "valign": "vcenter"},
}
_HEADS = frozenset({Look.HEAD, Look.HEAD_RIGHT, Look.HEAD_CENTRE})
_WRAPPED = _HEADS | {Look.PLAIN}
_SYMBOLS = {"eur": "€", "gbp": "£", "usd": "$"}
# A negative duration in its own section: programs that draw one at all then draw it so.
_CLOCK = "[h]:mm;-[h]:mm"


def properties(cell: Cell, *, locale: str, currency: str) -> dict[str, Any]:
    """Return the format of a cell, in the words of XlsxWriter."""
    known = dict(_LOOKS[cell.look])
    table = cell.sheet is not Sheet.SUMMARY
    number = number_format(cell.kind, locale=locale, currency=currency, short=table)
    if number:
        known |= {"num_format": number, "align": _side(cell.kind, table=table)}
    if not table and cell.look in _HEADS:
        known["valign"] = "vcenter"
    if table and cell.look is Look.PLAIN:
        known |= {"valign": "top", "bottom": 4, "bottom_color": _RULE}
        if cell.kind is Kind.TEXT:
            known |= {"text_wrap": True, "align": "left"}
    return known


def number_format(kind: Kind, *, locale: str, currency: str, short: bool = False) -> str:
    """Return the number format of a kind; its separators are those of the reader's machine."""
    year = "yy" if short else "yyyy"
    day = f"dd/mm/{year}" if locale == "it" else f"d mmm {year}"
    formats = {
        Kind.MINUTES: _CLOCK,
        Kind.SECONDS: _CLOCK,
        Kind.EXACT: "[h]:mm:ss",
        Kind.HOURS: "#,##0.00",
        Kind.DATE: day,
        Kind.MOMENT: f"{day} hh:mm",
        Kind.COUNT: "0",
        Kind.FACTOR: '"\u00d7"0',
        Kind.MONEY: _money_format(currency, last=locale == "it"),
    }
    return formats.get(kind, "")


def widths(sheet: Sheet, cells: Iterable[Cell]) -> list[int]:
    """Return the widths of columns by content, within what each column allows."""
    if sheet is Sheet.SUMMARY:
        return list(_SUMMARY_WIDTHS)
    longest = [column.narrow for column in COLUMNS[sheet]]
    for cell in cells:
        if cell.row > HEAD and cell.look is Look.PLAIN and isinstance(cell.value, str):
            most = max(map(len, cell.value.splitlines()), default=0)
            longest[cell.column] = max(longest[cell.column], most + 1)
    return [
        min(width, max(column.wide, column.narrow))
        for width, column in zip(longest, COLUMNS[sheet], strict=True)
    ]


def heights(sheet: Sheet, cells: Iterable[Cell], columns: list[int]) -> dict[int, int]:
    """Return the heights of rows, in points, so that wrapped text is seen."""
    lines: dict[int, int] = defaultdict(lambda: 1)
    for cell in cells:
        if isinstance(cell.value, str) and cell.look in _WRAPPED:
            lines[cell.row] = max(lines[cell.row], _wrapped(cell.value, columns[cell.column]))
    if sheet is Sheet.SUMMARY:
        return {cell.row: _SUMMARY_POINTS for cell in cells if cell.look is not Look.TITLE}
    return {
        row: min(count * _LINE_POINTS + (_BUTTON_POINTS if row == HEAD else 3), _TALLEST_POINTS)
        for row, count in lines.items()
        if row >= HEAD
    }


def _side(kind: Kind, *, table: bool) -> str:
    if kind in {Kind.DATE, Kind.MOMENT}:
        return "center" if table else "left"
    return "right"


def _wrapped(said: str, room: int) -> int:
    return sum(max(1, len(textwrap.wrap(line, room + room // 8))) for line in said.splitlines())


def _money_format(currency: str, *, last: bool) -> str:
    places = EXPONENTS.get(currency, 2)
    figure = "#,##0" + ("." + "0" * places if places else "")
    symbol = _SYMBOLS.get(currency, currency.upper())
    return f'{figure} "{symbol}"' if last or symbol.isalpha() else f'"{symbol}"{figure}'
