"""The first sheet: what the package was, its hours, how they went, what an hour was worth.

The three numbers that the ledger also says (purchased, used, remaining) are formulas over the
rows (R02); the value of an hour is price by hours (R27).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mondaybridge.domain.money import EXPONENTS, round_half_up
from mondaybridge.domain.worktime import hours_text
from mondaybridge.export.book import ALL, FACTS, URGENT, Book
from mondaybridge.export.cells import Cell, Kind, Look, Sheet, Value, address
from mondaybridge.export.columns import place
from mondaybridge.export.tables import column_range, number, total_of
from mondaybridge.i18n import text

VALUE = 1
DECIMAL = 2

# Each sum of the hours as signed lines; a line that the summary does not show counts nothing.
_TOTAL = {"granted": 1, "credited": 1, "refunded": -1, "expired": -1}
_USED = {"opening": 1, "done": 1}
_HARD = _TOTAL | {"opening": -1, "done": -1}
_FREE = _HARD | {"reserved": -1}


@dataclass(slots=True)
class _Page:
    """The sheet as it grows downwards; ``rows`` remembers where a key's line stands."""

    book: Book
    row: int = 0
    cells: list[Cell] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)

    def say(self, key: str) -> str:
        return text(f"workbook.{key}", self.book.locale)

    def put(
        self,
        column: int,
        value: Value,
        kind: Kind = Kind.TEXT,
        *,
        formula: str = "",
        look: Look = Look.PLAIN,
    ) -> None:
        self.cells.append(Cell(Sheet.SUMMARY, self.row, column, value, kind, formula, look))

    def label(self, key: str, look: Look = Look.LABEL) -> None:
        self.put(0, self.say(key), look=look)

    def heads(self, *keys: str) -> None:
        self.row += 1
        for column, key in enumerate(keys):
            self.put(
                column,
                self.say(key) if key else "",
                look=Look.HEAD_RIGHT if column else Look.HEAD,
            )
        self.row += 1


def summary(book: Book) -> list[Cell]:
    """Return all cells of the summary."""
    return _laid_out(book).cells


def places(book: Book) -> dict[str, Cell]:
    """Return where the summary holds each value that is not a formula, by key."""
    page = _laid_out(book)
    wanted = {row: key for key, row in page.rows.items()}
    return {
        wanted[cell.row]: cell
        for cell in page.cells
        if cell.column == VALUE and cell.row in wanted and not cell.formula
    }


def _laid_out(book: Book) -> _Page:
    page = _Page(book)
    page.label("title.summary", Look.TITLE)
    page.row += 2
    _facts(page)
    _hours(page)
    _origins(page)
    _price(page)
    page.row += 1
    for key in ("note.charge", "note.live", "note.elsewhere"):
        page.label(key, Look.REMARK)
        page.row += 1
    return page


def _facts(page: _Page) -> None:
    for key, kind in FACTS.items():
        if key not in page.book.facts:
            continue
        page.rows[f"fact.{key}"] = page.row
        page.label(f"fact.{key}")
        look = Look.FAINT if key == "head" else Look.PLAIN
        page.put(VALUE, page.book.facts[key], kind, look=look)
        page.row += 1


def _hours(page: _Page) -> None:
    shown = page.book.hours
    page.heads("hours.head", "hours.clock", "hours.decimal")
    values = {**shown, "done": sum(number(row, Sheet.DONE, "charged") for row in page.book.done)}
    for key in ("granted", "credited", "refunded", "expired"):
        _base(page, key, values)
    if shown.keys() & {"credited", "refunded", "expired"}:
        _sum(page, "total", _TOTAL, values)
    _base(page, "opening", values)
    page.rows["hours.done"] = page.row
    formula = f"={total_of(page.book, 'charged')}"
    _line(page, "done", values["done"], formula=formula)
    if "opening" in shown:
        _sum(page, "used", _USED, values)
    _sum(page, "hard", _HARD, values)
    _base(page, "reserved", values)
    if "reserved" in shown:
        _sum(page, "free", _FREE, values)


def _base(page: _Page, key: str, values: Mapping[str, int]) -> None:
    if key in page.book.hours:
        page.rows[f"hours.{key}"] = page.row
        _line(page, key, values[key])


def _sum(page: _Page, key: str, signs: Mapping[str, int], values: Mapping[str, int]) -> None:
    present = {base: sign for base, sign in signs.items() if f"hours.{base}" in page.rows}
    terms = [
        ("+" if sign > 0 else "-") + address(page.rows[f"hours.{base}"], VALUE)
        for base, sign in present.items()
    ]
    minutes = sum(sign * values[base] for base, sign in present.items())
    _line(page, key, minutes, formula="=" + "".join(terms).removeprefix("+"), look=Look.STRONG)


def _line(
    page: _Page, key: str, minutes: int, *, formula: str = "", look: Look = Look.PLAIN
) -> None:
    """Put a line of hours; below zero the clock is spelled, a sheet has no negative durations."""
    page.label(f"hours.{key}", Look.STRONG if look is Look.STRONG else Look.LABEL)
    here = address(page.row, VALUE)
    if formula and minutes < 0:
        spelled = f'="-"&TEXT(-({formula[1:]}),"[h]:mm")'
        page.put(VALUE, hours_text(minutes), formula=spelled, look=look)
        here = f"({formula[1:]})"
    else:
        page.put(VALUE, minutes, Kind.MINUTES, formula=formula, look=look)
    page.put(DECIMAL, minutes, Kind.HOURS, formula=f"={here}*24", look=look)
    page.row += 1


def _origins(page: _Page) -> None:
    page.heads("origin.head", "origin.count", "origin.charged")
    for key in page.book.origins:
        _origin(page, key)


def _origin(page: _Page, key: str) -> None:
    book = page.book
    name = page.say(f"origin.{key}")
    if key in {ALL, URGENT}:
        least = 2 if key == URGENT else 1
        where, which = column_range(book, "factor"), f'">={least}"'
        rows = [row for row in book.done if number(row, Sheet.DONE, "factor") >= least]
    else:
        where, which = column_range(book, "origin"), address(page.row, 0)
        at = place(Sheet.DONE, "origin")
        rows = [row for row in book.done if str(row[at]).casefold() == name.casefold()]
    look = Look.STRONG if key == ALL else Look.PLAIN
    page.label(f"origin.{key}", look if key == ALL else Look.LABEL)
    page.put(VALUE, len(rows), Kind.COUNT, formula=f"=COUNTIF({where},{which})", look=look)
    charged = sum(number(row, Sheet.DONE, "charged") for row in rows)
    total = f"=SUMIF({where},{which},{column_range(book, 'charged')})"
    page.put(DECIMAL, charged, Kind.MINUTES, formula=total, look=look)
    page.row += 1


def _price(page: _Page) -> None:
    price, granted = page.book.price_minor, page.book.hours["granted"]
    if price is None:
        return
    page.heads("price.head", "", "")
    page.rows["price"] = page.row
    page.label("price.package")
    page.put(VALUE, price, Kind.MONEY)
    cell = address(page.row, VALUE)
    page.row += 1
    if granted > 0:
        page.label("price.hour")
        hours = f"({address(page.rows['hours.granted'], VALUE)}*24)"
        places = EXPONENTS.get(page.book.currency, 2)
        value = round_half_up(price * 60, granted)
        page.put(VALUE, value, Kind.MONEY, formula=f"=ROUND({cell}/{hours},{places})")
        page.row += 1
