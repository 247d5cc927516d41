"""The two tables: what was done and what was not, with totals that are formulas (R17c, R02)."""

from mondaybridge.export.book import Book
from mondaybridge.export.cells import Cell, Kind, Look, Row, Sheet, address
from mondaybridge.export.columns import COLUMNS, Column, place
from mondaybridge.i18n import text

HEAD = 3
FIRST = HEAD + 1

_HEADS = {Kind.TEXT: Look.HEAD, Kind.DATE: Look.HEAD_CENTRE}


def sheet_name(sheet: Sheet, locale: str) -> str:
    """Return what a sheet is called in a language."""
    return text(f"workbook.sheet.{sheet.value}", locale)


def last_row(rows: int) -> int:
    """Return the row number of the last row of a table; an empty one has one row that says so."""
    return FIRST + max(rows, 1) - 1


def column_range(book: Book, key: str) -> str:
    """Return the cells of a column of what was done, as other sheets name them."""
    column = place(Sheet.DONE, key)
    top, end = address(FIRST, column), address(last_row(len(book.done)), column)
    return f"'{sheet_name(Sheet.DONE, book.locale)}'!{top}:{end}"


def total_of(book: Book, key: str) -> str:
    """Return the cell of a column's total, as other sheets name it."""
    cell = address(last_row(len(book.done)) + 1, place(Sheet.DONE, key))
    return f"'{sheet_name(Sheet.DONE, book.locale)}'!{cell}"


def number(row: Row, sheet: Sheet, key: str) -> int:
    """Return the number in a row's column; an empty cell counts nothing."""
    value = row[place(sheet, key)]
    return value if isinstance(value, int) else 0


def table(book: Book, sheet: Sheet) -> list[Cell]:
    """Return all cells of one table."""
    rows = book.done if sheet is Sheet.DONE else book.undone
    cells = _top(book, sheet)
    for index, row in enumerate(rows, start=FIRST):
        cells += [
            Cell(sheet, index, at, value, column.kind)
            for at, (column, value) in enumerate(zip(COLUMNS[sheet], row, strict=True))
            if value not in {None, ""}
        ]
    if not rows:
        empty = text(f"workbook.empty.{sheet.value}", book.locale)
        cells.append(Cell(sheet, FIRST, 0, empty, look=Look.REMARK))
    return cells + _totals(book, sheet, rows)


def _top(book: Book, sheet: Sheet) -> list[Cell]:
    client, package = str(book.facts["client"]), str(book.facts["package"])
    title = text(f"workbook.title.{sheet.value}", book.locale)
    whose = text("workbook.subtitle", book.locale, client=client, package=package)
    heads = [
        Cell(
            sheet,
            HEAD,
            at,
            text(f"workbook.column.{column.key}", book.locale),
            look=_HEADS.get(column.kind, Look.HEAD_RIGHT),
        )
        for at, column in enumerate(COLUMNS[sheet])
    ]
    return [
        Cell(sheet, 0, 0, title, look=Look.TITLE),
        Cell(sheet, 1, 0, whose[:1000], look=Look.SUBTITLE),
        *heads,
    ]


def _totals(book: Book, sheet: Sheet, rows: tuple[Row, ...]) -> list[Cell]:
    at = last_row(len(rows)) + 1
    label = Cell(sheet, at, 0, text("workbook.total", book.locale), look=Look.STRONG)
    return [label] + [
        _total(sheet, at, index, column, rows)
        for index, column in enumerate(COLUMNS[sheet])
        if column.totalled
    ]


def _total(sheet: Sheet, at: int, index: int, column: Column, rows: tuple[Row, ...]) -> Cell:
    formula = f"=SUM({address(FIRST, index)}:{address(at - 1, index)})"
    value = sum(number(row, sheet, column.key) for row in rows)
    return Cell(sheet, at, index, value, column.kind, formula, Look.STRONG)
