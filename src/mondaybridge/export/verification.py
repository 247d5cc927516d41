"""Reading a workbook back: totals again, rows by their digests, all against the ledger (R17b).

Nothing is repaired and nothing is believed: stored values, formulas and rows each have to agree.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mondaybridge.domain.worktime import hours_text
from mondaybridge.export import proof as proofs
from mondaybridge.export.book import Book
from mondaybridge.export.cells import Cell, Kind, Look, Row, Sheet, Value, address
from mondaybridge.export.columns import COLUMNS
from mondaybridge.export.handover import EntryId, LedgerValues
from mondaybridge.export.layout import layout
from mondaybridge.export.proof import Proof, RowProof
from mondaybridge.export.reading import FoundSheet, UnreadableWorkbook, as_value, open_workbook
from mondaybridge.export.summary import places
from mondaybridge.export.tables import FIRST, number, sheet_name
from mondaybridge.i18n import LANGUAGES, text

_CHECKED_LOOKS = frozenset(Look) - {Look.TITLE, Look.SUBTITLE, Look.PLAIN, Look.REMARK, Look.FAINT}
_LONGEST = 60
# Beyond this a file is another one, and pairing its rows would only take time.
_MOST_CHANGED = 500


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: the sheet's name, the row as the sheet counts it (0: none), whose row, what."""

    sheet: str
    row: int
    title: str
    what: str

    def __str__(self) -> str:
        row = f", row {self.row}" if self.row else ""
        title = f" “{self.title}”" if self.title else ""
        return f"{self.sheet}{row}{title}: {self.what}"


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row of what was done, as the file has it."""

    row: int
    activity_id: str
    title: str
    charged: int
    entries: tuple[EntryId, ...]


@dataclass(frozen=True, slots=True)
class Verified:
    """What a file says, and what is wrong with it; hours in minutes, counted again."""

    sha256: str
    contract_id: str
    package_id: str
    revision: int
    head_hash: str
    locale: str
    hours: dict[str, int]
    rows: tuple[ReadRow, ...]
    undone: int
    problems: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of a table as found, with the proof it was matched with."""

    index: int
    row: Row
    proof: RowProof | None = None


def verify(content: bytes, ledger: LedgerValues) -> Verified:
    """Read a file back and hold it against the ledger's values."""
    found = read_back(content)
    against = [
        *_of_another(found, ledger),
        *_hours_differ(found, ledger),
        *_rows_differ(found, ledger),
    ]
    return replace(found, problems=(*found.problems, *against))


def read_back(content: bytes) -> Verified:
    """Read a file back: totals again from its rows, rows against the hidden sheet."""
    sheets = open_workbook(content)
    proof = _proof(sheets)
    tables = {sheet: _sheet(sheets, sheet, proof) for sheet in Sheet}
    lines = {
        sheet: _matched(_lines(tables[sheet], sheet, proof), sheet, proof)
        for sheet in (Sheet.DONE, Sheet.UNDONE)
    }
    book = _book(tables[Sheet.SUMMARY], proof, lines)
    problems = [
        *_facts_changed(tables[Sheet.SUMMARY], book, proof),
        *_rows_changed(Sheet.DONE, lines[Sheet.DONE], proof),
        *_rows_changed(Sheet.UNDONE, lines[Sheet.UNDONE], proof),
        *_totals_wrong(tables, book),
    ]
    return _verified(content, proof, book, lines, problems)


def _verified(
    content: bytes,
    proof: Proof,
    book: Book,
    lines: dict[Sheet, list[_Line]],
    problems: list[Problem],
) -> Verified:
    rows = tuple(
        ReadRow(
            row=line.index + 1,
            activity_id=line.proof.activity_id if line.proof else "",
            title=_shortened(line.row[0]),
            charged=number(line.row, Sheet.DONE, "charged"),
            entries=line.proof.entries if line.proof else (),
        )
        for line in lines[Sheet.DONE]
    )
    return Verified(
        sha256=hashlib.sha256(content).hexdigest(),
        contract_id=proof.contract_id,
        package_id=proof.package_id,
        revision=proof.revision,
        head_hash=proof.head_hash,
        locale=proof.locale,
        hours={**book.hours, "posted": book.hours.get("opening", 0) + sum(r.charged for r in rows)},
        rows=rows,
        undone=len(lines[Sheet.UNDONE]),
        problems=tuple(problems),
    )


def _proof(sheets: dict[str, FoundSheet]) -> Proof:
    hidden = sheets.get(proofs.NAME)
    if hidden is None:
        raise UnreadableWorkbook(
            "the file is no close-out workbook of this program, or its hidden sheet was removed: "
            "take the copy that was delivered"
        )
    rows: list[list[str]] = [[] for _ in range(hidden.rows)]
    for (row, _), cell in sorted(hidden.cells.items()):
        rows[row].append(str(cell.value))
    try:
        proof = proofs.read([row for row in rows if row])
    except ValueError as error:
        raise UnreadableWorkbook(f"{error}: nothing in this file can be relied on") from error
    if proof.locale not in LANGUAGES:
        raise UnreadableWorkbook(f"the file is in a language this program lacks: {proof.locale!r}")
    return proof


def _sheet(sheets: dict[str, FoundSheet], sheet: Sheet, proof: Proof) -> FoundSheet:
    name = sheet_name(sheet, proof.locale)
    if name not in sheets:
        raise UnreadableWorkbook(f"the sheet {name!r} was removed or renamed")
    return sheets[name]


def _lines(found: FoundSheet, sheet: Sheet, proof: Proof) -> list[_Line]:
    """Return the rows of a table as found, down to its totals."""
    proven = sum(row.sheet is sheet for row in proof.rows)
    columns = COLUMNS[sheet]
    total = text("workbook.total", proof.locale)
    lines: list[_Line] = []
    for index in range(FIRST, found.rows):
        cells = [found.at(index, at) for at in range(len(columns))]
        at_end = index >= FIRST + proven and cells[0].value == total
        if at_end or any(
            cell.formula for cell, column in zip(cells, columns, strict=True) if column.totalled
        ):
            break
        row = tuple(
            as_value(cell.value if not cell.formula else cell.formula, column.kind)
            for cell, column in zip(cells, columns, strict=True)
        )
        if any(value is not None for value in row):
            lines.append(_Line(index, row))
    empty = text(f"workbook.empty.{sheet.value}", proof.locale)
    if not proven and len(lines) == 1 and lines[0].row == (empty, *[None] * (len(columns) - 1)):
        return []
    return lines


def _matched(lines: list[_Line], sheet: Sheet, proof: Proof) -> list[_Line]:
    """Give each row its proof: by its digests, for a client may sort; else the nearest one left."""
    left: defaultdict[tuple[str, ...], list[RowProof]] = defaultdict(list)
    for row in reversed(proof.rows):
        if row.sheet is sheet:
            left[row.digests].append(row)
    matched: list[_Line] = []
    for line in lines:
        same = left.get(proofs.digests(line.row))
        matched.append(replace(line, proof=same.pop() if same else None))
    rest = [row for rows in left.values() for row in rows]
    if len(rest) > _MOST_CHANGED:
        return matched
    return [line if line.proof else _nearest(line, rest) for line in matched]


def _nearest(line: _Line, left: list[RowProof]) -> _Line:
    """Take the proof that has most cells in common with a changed row."""
    own = proofs.digests(line.row)
    alike = max(left, key=lambda row: _in_common(row.digests, own), default=None)
    if alike is None or not _in_common(alike.digests, own):
        return line
    left.remove(alike)
    return replace(line, proof=alike)


def _in_common(some: tuple[str, ...], others: tuple[str, ...]) -> int:
    return sum(one == other for one, other in zip(some, others, strict=False))


def _book(found: FoundSheet, proof: Proof, lines: dict[Sheet, list[_Line]]) -> Book:
    """Return the book that the file's cells make."""
    keys = [key.partition(".") for key, _ in proof.facts]
    blank = Book(
        locale=proof.locale,
        currency=proof.currency,
        facts={name: None for group, _, name in keys if group == "fact"},
        hours={"granted": 1} | {name: 0 for group, _, name in keys if group == "hours"},
        price_minor=0 if any(group == "price" for group, _, _ in keys) else None,
        origins=proof.origins,
        done=tuple(line.row for line in lines[Sheet.DONE]),
        undone=tuple(line.row for line in lines[Sheet.UNDONE]),
    )
    read = {
        key: as_value(found.at(cell.row, cell.column).value, cell.kind, proof.currency)
        for key, cell in places(blank).items()
    }
    price = read.get("price")
    return replace(
        blank,
        facts={name: read[f"fact.{name}"] for name in blank.facts},
        hours={name: _minutes(read.get(f"hours.{name}")) for name in blank.hours},
        price_minor=(_minutes(price) if blank.price_minor is not None else None),
    )


def _minutes(value: Value) -> int:
    return value if isinstance(value, int) else 0


def _facts_changed(found: FoundSheet, book: Book, proof: Proof) -> Iterator[Problem]:
    name = sheet_name(Sheet.SUMMARY, proof.locale)
    where = places(book)
    for key, proven in proof.facts:
        cell = where[key]
        value = as_value(found.at(cell.row, cell.column).value, cell.kind, proof.currency)
        if proofs.digest(value) != proven:
            label = found.at(cell.row, 0).value
            yield Problem(name, cell.row + 1, _shortened(label), f"{cell.address} was changed")


def _rows_changed(sheet: Sheet, lines: list[_Line], proof: Proof) -> Iterator[Problem]:
    name = sheet_name(sheet, proof.locale)
    for line in lines:
        title = _shortened(line.row[0])
        if line.proof is None:
            yield Problem(name, line.index + 1, title, "the row was added")
            continue
        for at, (was, value) in enumerate(zip(line.proof.digests, line.row, strict=True)):
            if was != proofs.digest(value):
                yield Problem(name, line.index + 1, title, _changed(sheet, line, at, proof.locale))
    seen = Counter(id(line.proof) for line in lines if line.proof)
    for row in proof.rows:
        if row.sheet is sheet and not seen[id(row)]:
            yield Problem(name, 0, row.title, "the row was removed")


def _changed(sheet: Sheet, line: _Line, at: int, locale: str) -> str:
    column = COLUMNS[sheet][at]
    heading = text(f"workbook.column.{column.key}", locale)
    said = _shown(line.row[at], column.kind)
    return f"{heading} ({address(line.index, at)}) was changed; it says {said}"


def _totals_wrong(tables: dict[Sheet, FoundSheet], book: Book) -> Iterator[Problem]:
    """Hold every formula and every heading against what the found rows make of them."""
    for cell in layout(book):
        found = tables[cell.sheet].at(cell.row, cell.column)
        name = sheet_name(cell.sheet, book.locale)
        what = ""
        if cell.formula:
            what = _formula_wrong(cell, found.formula, found.value, book.currency)
        elif cell.kind is Kind.TEXT and cell.look in _CHECKED_LOOKS:
            same = (found.value or "") == cell.value
            what = "" if same else f"{cell.address} should say “{cell.value}”"
        if what:
            yield Problem(
                name, cell.row + 1, _shortened(tables[cell.sheet].at(cell.row, 0).value), what
            )


def _formula_wrong(cell: Cell, formula: str, stored: object, currency: str) -> str:
    if not formula:
        return f"{cell.address} is no formula any more ({cell.formula})"
    if _plain(formula) != _plain(cell.formula):
        return f"{cell.address} has the formula {formula} instead of {cell.formula}"
    if stored is None:
        return f"{cell.address} has no stored value: open the file in a spreadsheet and save it"
    value = as_value(stored, cell.kind, currency)
    if value != cell.value:
        says, makes = _shown(value, cell.kind), _shown(cell.value, cell.kind)
        return f"{cell.address} says {says}, its rows make {makes}"
    return ""


def _plain(formula: str) -> str:
    """Return a formula without what a spreadsheet may add when it saves."""
    return "".join(sign for sign in formula.lstrip("=") if sign not in "$' ").upper()


def _of_another(found: Verified, ledger: LedgerValues) -> Iterator[Problem]:
    name = sheet_name(Sheet.SUMMARY, found.locale)
    for word, said, known in (
        ("contract", found.contract_id, ledger.contract_id),
        ("package", found.package_id, ledger.package_id),
        ("revision", str(found.revision), str(ledger.revision)),
        ("hash of the ledger", found.head_hash, ledger.head_hash),
    ):
        if said != known:
            yield Problem(name, 0, "", f"the file's {word} is {said!r}, the ledger's {known!r}")


def _hours_differ(found: Verified, ledger: LedgerValues) -> Iterator[Problem]:
    name = sheet_name(Sheet.SUMMARY, found.locale)
    for key in ("granted", "credited", "refunded", "expired", "opening", "posted", "reserved"):
        said, known = found.hours.get(key, 0), int(getattr(ledger.hours, key))
        if said != known:
            what = f"{key}: the file says {hours_text(said)}, the ledger {hours_text(known)}"
            yield Problem(name, 0, "", what)


def _rows_differ(found: Verified, ledger: LedgerValues) -> Iterator[Problem]:
    name = sheet_name(Sheet.DONE, found.locale)
    for row in found.rows:
        known = ledger.charged.get(row.activity_id, 0)
        if row.charged != known:
            what = f"{hours_text(row.charged)} charged, the ledger posted {hours_text(known)}"
            yield Problem(name, row.row, row.title, what)
        if row.activity_id and row.entries != tuple(
            sorted(ledger.entries.get(row.activity_id, ()))
        ):
            yield Problem(name, row.row, row.title, "it rests on other entries than the ledger's")
    listed = {row.activity_id for row in found.rows}
    for activity_id, minutes in ledger.charged.items():
        if minutes and activity_id not in listed:
            what = f"the ledger posted {hours_text(minutes)} for it, the file has no row"
            yield Problem(name, 0, activity_id, what)


def _shown(value: Value, kind: Kind) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, int) and kind in {Kind.MINUTES, Kind.HOURS}:
        return hours_text(value)
    if isinstance(value, int) and kind in {Kind.SECONDS, Kind.EXACT}:
        return f"{hours_text(value // 60)}:{value % 60:02d}"
    return f"“{_shortened(value)}”"


def _shortened(value: object) -> str:
    said = "" if value is None else str(value)
    return said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"
