"""All cells that a client sees, on all sheets."""

from mondaybridge.export.book import Book
from mondaybridge.export.cells import Cell, Sheet
from mondaybridge.export.summary import summary
from mondaybridge.export.tables import table


def layout(book: Book) -> list[Cell]:
    """Return the cells of a book, sheet by sheet."""
    return [*summary(book), *table(book, Sheet.DONE), *table(book, Sheet.UNDONE)]
