"""Writing the close-out workbook: cells with formulas and their stored values, ready to print.

Text is written as text, never as a formula or a link, whatever it begins with (reliability I1).
Equal values give equal bytes, so that a file is known by its hash.
"""

import io
from datetime import UTC, datetime
from decimal import Decimal
from itertools import product
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]  # it has hints, but no mark that says so

from mondaybridge.domain.money import EXPONENTS
from mondaybridge.domain.worktime import hours_text
from mondaybridge.errors import FindingsError
from mondaybridge.export import appearance
from mondaybridge.export import proof as proofs
from mondaybridge.export.book import Book, book_of
from mondaybridge.export.cells import Cell, Kind, Look, Sheet, Value, moment
from mondaybridge.export.columns import COLUMNS
from mondaybridge.export.handover import Handover
from mondaybridge.export.layout import layout
from mondaybridge.export.tables import FIRST, HEAD, last_row, sheet_name
from mondaybridge.i18n import text


def workbook(handover: Handover) -> bytes:
    """Return the workbook's bytes; FindingsError when its rows are not what the ledger posted."""
    _adds_up(handover)
    book = book_of(handover)
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as file:
        made = datetime.fromtimestamp(handover.made_at // 1000, UTC).replace(tzinfo=None)
        file.set_properties({"title": book.facts["package"], "created": made})
        _Pen(file, book).write(layout(book))
        _hide(file, proofs.written(proofs.proof_of(handover, book)))
    return buffer.getvalue()


def _adds_up(handover: Handover) -> None:
    """Refuse to write three numbers that are not the ledger's (R02)."""
    rows = sum(row.charged for row in handover.rows) + handover.hours.opening
    if rows != handover.hours.posted:
        raise FindingsError(
            f"the workbook of package {handover.package_id} was not written: its rows and opening "
            f"make {hours_text(rows)}, the ledger posted {hours_text(handover.hours.posted)}: "
            f"mondaybridge ledger verify names the difference"
        )


class _Pen:
    """One file being written: its sheets, and its formats by what they show."""

    def __init__(self, file: Any, book: Book) -> None:  # noqa: ANN401 - an untyped package's object
        self.file, self.book = file, book
        self.formats: dict[tuple[Look, Kind, bool], Any] = {}
        self.sheets = {sheet: file.add_worksheet(sheet_name(sheet, book.locale)) for sheet in Sheet}

    def write(self, cells: list[Cell]) -> None:
        for sheet, page in self.sheets.items():
            own = [cell for cell in cells if cell.sheet is sheet]
            self._dress(page, sheet)
            self._size(page, sheet, own)
            for cell in _gaps(sheet, own):
                page.write_blank(cell.row, cell.column, None, self._format(cell))
            for cell in own:
                self._cell(page, cell)
        self.sheets[Sheet.SUMMARY].activate()

    def _cell(self, page: Any, cell: Cell) -> None:  # noqa: ANN401 - an untyped package's object
        look = self._format(cell)
        value = _as_written(cell.value, cell.kind, self.book.currency)
        if cell.formula:
            page.write_formula(cell.row, cell.column, cell.formula, look, value)
        elif isinstance(value, datetime):
            page.write_datetime(cell.row, cell.column, value, look)
        elif isinstance(value, str):
            page.write_string(cell.row, cell.column, value, look)
        else:
            page.write_number(cell.row, cell.column, value, look)

    def _format(self, cell: Cell) -> Any:  # noqa: ANN401 - an untyped package's object
        key = (cell.look, cell.kind, cell.sheet is Sheet.SUMMARY)
        if key not in self.formats:
            self.formats[key] = self.file.add_format(
                appearance.properties(cell, locale=self.book.locale, currency=self.book.currency)
            )
        return self.formats[key]

    def _size(self, page: Any, sheet: Sheet, own: list[Cell]) -> None:  # noqa: ANN401 - untyped
        columns = appearance.widths(sheet, own)
        for column, width in enumerate(columns):
            page.set_column(column, column, width)
        for row, points in appearance.heights(sheet, own, columns).items():
            page.set_row(row, points)

    def _dress(self, page: Any, sheet: Sheet) -> None:  # noqa: ANN401 - an untyped package's object
        page.hide_gridlines(2)
        page.set_landscape()
        page.set_paper(appearance.A4)
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.set_footer(f"&L&A&R{text('workbook.page', self.book.locale)}")
        if sheet is Sheet.SUMMARY:
            page.fit_to_pages(1, 1)
            return
        page.fit_to_pages(1, 0)
        page.repeat_rows(HEAD)
        page.freeze_panes(FIRST, 1)
        page.autofilter(HEAD, 0, last_row(_rows(self.book, sheet)), len(COLUMNS[sheet]) - 1)


def _rows(book: Book, sheet: Sheet) -> int:
    return len(book.done if sheet is Sheet.DONE else book.undone)


def _gaps(sheet: Sheet, own: list[Cell]) -> list[Cell]:
    """Return the empty cells of a table, so that rules run through and totals are a band."""
    if sheet is Sheet.SUMMARY:
        return []
    taken = {(cell.row, cell.column) for cell in own}
    looks = {cell.row: cell.look for cell in own if cell.row >= FIRST}
    places = product(looks, range(len(COLUMNS[sheet])))
    return [
        Cell(sheet, row, column, None, look=looks[row])
        for row, column in places
        if (row, column) not in taken
    ]


def _as_written(value: Value, kind: Kind, currency: str) -> str | float | datetime:
    """Return a value as a sheet keeps it: durations are parts of a day; the only floats we make."""
    if isinstance(value, int):
        parts = {Kind.MINUTES: 1440, Kind.SECONDS: 86_400, Kind.EXACT: 86_400, Kind.HOURS: 60}
        if kind is Kind.MONEY:
            return float(Decimal(value).scaleb(-EXPONENTS.get(currency, 2)))
        return value / parts[kind] if kind in parts else value
    return moment(value) if isinstance(value, datetime) or kind is Kind.DATE else str(value or "")


def _hide(file: Any, rows: list[list[str]]) -> None:  # noqa: ANN401 - an untyped package's object
    page = file.add_worksheet(proofs.NAME)
    page.very_hidden()
    for at, row in enumerate(rows):
        for column, said in enumerate(row):
            page.write_string(at, column, said)
