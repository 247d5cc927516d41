"""Opening a file that somebody else may have touched: bounded, and never a traceback.

A workbook is a ZIP archive of XML: before a parser sees it, its sizes are limited and entities are
refused, since they are how a small file becomes a large one (reliability I15).
"""

import io
import warnings
import zipfile
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from mondaybridge.domain.money import EXPONENTS
from mondaybridge.errors import FindingsError
from mondaybridge.export.cells import Kind, Value

FILE_BYTES = 10_000_000
UNPACKED_BYTES = 60_000_000
MEMBERS = 100
ROWS = 20_000
COLUMNS = 30

_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = 0x1
_DAY = 86_400
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet has no zones


class UnreadableWorkbook(FindingsError):  # noqa: N818 - what was found, as in FindingsError
    """The file cannot be read as one of our workbooks; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Found:
    """A cell as it stands in a file: its formula, if it has one, and its value."""

    formula: str
    value: object


@dataclass(frozen=True, slots=True)
class FoundSheet:
    """The cells of one sheet, by row and column from 0; ``rows`` is how far they go."""

    cells: dict[tuple[int, int], Found] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """The number of rows."""
        return max((row for row, _ in self.cells), default=-1) + 1

    def at(self, row: int, column: int) -> Found:
        """Return the cell in a place; an empty one has no value."""
        return self.cells.get((row, column), Found("", None))


def open_workbook(content: bytes) -> dict[str, FoundSheet]:
    """Return the sheets of a file by name, or raise UnreadableWorkbook."""
    _check(content)
    written, shown = _load(content, values=False), _load(content, values=True)
    return {name: _joined(cells, shown.get(name, {})) for name, cells in written.items()}


def as_value(found: object, kind: Kind, currency: str = "") -> Value:
    """Return a cell's value as its kind says it; what is of another kind comes back as text."""
    if found is None:
        return None
    try:
        return _value(found, kind, currency)
    except (ValueError, TypeError, OverflowError):
        return str(found)


def _value(found: object, kind: Kind, currency: str) -> Value:
    if kind in {Kind.DATE, Kind.MOMENT}:
        made = (_moment(found) + timedelta(seconds=30)).replace(second=0, microsecond=0)
        return made if kind is Kind.MOMENT else made.date()
    if kind is Kind.TEXT:
        return str(found)
    if kind in {Kind.SECONDS, Kind.EXACT, Kind.MINUTES}:
        return _whole(_seconds(found) / (60 if kind is Kind.MINUTES else 1))
    scales = {Kind.HOURS: 60, Kind.MONEY: 10 ** EXPONENTS.get(currency, 2)}
    return _whole(_number(found) * scales.get(kind, 1))


def _seconds(found: object) -> int:
    """Return a duration in seconds; a sheet keeps it as a part of a day."""
    if isinstance(found, timedelta):
        return round(found.total_seconds())
    if isinstance(found, time):
        return found.hour * 3600 + found.minute * 60 + found.second + round(found.microsecond / 1e6)
    if isinstance(found, datetime):  # a duration whose format was changed to a date's
        return round((found - _DAY_ZERO).total_seconds())
    return round(_number(found) * _DAY)


def _number(found: object) -> float:
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise TypeError("not a number")
    return found


def _whole(number: float) -> int:
    """Return a whole number; a sheet's numbers are binary fractions, so nearly is enough."""
    if abs(number - round(number)) > 1e-6 * max(1, abs(number)):
        raise ValueError("not a whole number")
    return round(number)


def _moment(found: object) -> datetime:
    if isinstance(found, datetime):
        return found
    if isinstance(found, date):
        return datetime(found.year, found.month, found.day)  # noqa: DTZ001 - a sheet has no zones
    return _DAY_ZERO + timedelta(days=_number(found))


def _check(content: bytes) -> None:
    if len(content) > FILE_BYTES:
        raise UnreadableWorkbook(
            f"the file has {len(content):,} bytes; a workbook of ours never has more than "
            f"{FILE_BYTES:,}: is it the right file?"
        )
    if content.startswith(_LOCKED):
        raise UnreadableWorkbook(
            "the file is protected by a password, or is of the old .xls format: open it, save it "
            "as .xlsx without a password, and try again"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_members(archive)
    except UnreadableWorkbook:
        raise
    except Exception as error:
        raise UnreadableWorkbook(
            "the file is damaged or no .xlsx workbook: take the copy that was delivered"
        ) from error


def _check_members(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    size = sum(member.file_size for member in members)
    if len(members) > MEMBERS or size > UNPACKED_BYTES:
        raise UnreadableWorkbook(
            f"the file unpacks to {len(members)} parts with {size:,} bytes; allowed are {MEMBERS} "
            f"with {UNPACKED_BYTES:,}: it is none of ours"
        )
    names = [member.filename for member in members]
    if len(set(names)) != len(names):
        raise UnreadableWorkbook("the file holds a part twice: it is none of ours")
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise UnreadableWorkbook("the file is encrypted: save it without a password, and try again")
    for member in members:
        part = archive.read(member)
        if member.filename.endswith((".xml", ".rels")) and not _harmless(part):
            raise UnreadableWorkbook(
                f"the file declares XML entities in {member.filename!r}: it is none of ours"
            )


def _harmless(part: bytes) -> bool:
    # UTF-16 would hide a declaration from this look; spreadsheets write UTF-8.
    return b"<!DOCTYPE" not in part and b"<!ENTITY" not in part and b"\x00" not in part


def _load(content: bytes, *, values: bool) -> dict[str, dict[tuple[int, int], Found]]:
    from openpyxl import load_workbook  # type: ignore[import-untyped]  # noqa: PLC0415 - no hints; heavy

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about parts of the file that are not ours
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=values)
            with closing(book):
                return {
                    sheet.title: {
                        (cell.row - 1, cell.column - 1): _found(cell.data_type, cell.value)
                        for row in sheet.iter_rows(max_row=ROWS, max_col=COLUMNS)
                        for cell in row
                        if cell.value is not None
                    }
                    for sheet in book.worksheets
                }
    except Exception as error:
        raise UnreadableWorkbook(
            "the file is damaged: a spreadsheet may mend it, but take the copy that was delivered"
        ) from error


def _found(data_type: str, value: object) -> Found:
    return Found(str(value), None) if data_type == "f" else Found("", value)


def _joined(
    written: dict[tuple[int, int], Found], shown: dict[tuple[int, int], Found]
) -> FoundSheet:
    """Give the formulas of one look at the file the stored values of the other."""
    nothing = Found("", None)
    return FoundSheet(
        {
            place: Found(cell.formula, shown.get(place, nothing).value) if cell.formula else cell
            for place, cell in written.items()
        }
    )
