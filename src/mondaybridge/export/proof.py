"""What the hidden sheet says: which ledger stands behind the file, and a digest of every row.

It names the place of a change, it is no signature: who can write the file can write this sheet
too. What nobody outside can write is the ledger that ``verification.verify`` holds it against.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from mondaybridge.export.book import Book
from mondaybridge.export.cells import Row, Sheet, Value
from mondaybridge.export.handover import EntryId, Handover
from mondaybridge.export.plain import cut
from mondaybridge.export.summary import places

NAME = "mondaybridge"
FORMAT = "mondaybridge-handover-1"
_TITLE_UNITS = 120
_CHUNK = 30_000
_MOST_ENTRIES = 100_000


@dataclass(frozen=True, slots=True)
class RowProof:
    """One row of a table: whose it is, a digest of its cells, the entries behind its minutes."""

    sheet: Sheet
    activity_id: str
    title: str
    digests: tuple[str, ...]
    entries: tuple[EntryId, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """The hidden sheet; ``facts`` are the summary's values by key, as digests."""

    contract_id: str
    package_id: str
    revision: int
    head_hash: str
    locale: str
    currency: str
    origins: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    rows: tuple[RowProof, ...]


def proof_of(handover: Handover, book: Book) -> Proof:
    """Return the proof of a hand-over's book."""
    entries = [row.entries for row in handover.rows] + [()] * len(handover.undone)
    ids = [row.activity_id for row in handover.rows + handover.undone]
    sheets = [Sheet.DONE] * len(book.done) + [Sheet.UNDONE] * len(book.undone)
    return Proof(
        contract_id=handover.contract_id,
        package_id=handover.package_id,
        revision=handover.revision,
        head_hash=handover.head_hash,
        locale=book.locale,
        currency=book.currency,
        origins=book.origins,
        facts=tuple((key, digest(cell.value)) for key, cell in places(book).items()),
        rows=tuple(
            RowProof(sheet, activity_id, _short(row), digests(row), tuple(sorted(behind)))
            for sheet, activity_id, row, behind in zip(
                sheets, ids, book.done + book.undone, entries, strict=True
            )
        ),
    )


def digests(row: Row) -> tuple[str, ...]:
    """Return a digest per cell, so that a change can be named by its column."""
    return tuple(digest(value) for value in row)


def digest(value: Value) -> str:
    """Return 16 hexadecimal digits for a cell's value."""
    said = "" if value is None else str(value)
    # A sheet spells "_x0041_" as "_x005F_x0041_", and readers differ in how far they undo it.
    said = re.sub(r"_(?:x005[fF]_)+", "_", said)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def written(proof: Proof) -> list[list[str]]:
    """Return the cells of the hidden sheet: a JSON list a row; the last one seals the others."""
    head = {
        "contract": proof.contract_id,
        "package": proof.package_id,
        "revision": proof.revision,
        "head": proof.head_hash,
        "locale": proof.locale,
        "currency": proof.currency,
        "origins": proof.origins,
    }
    rows: list[list[Any]] = [[FORMAT], ["file", head]]
    rows += [["fact", key, value] for key, value in proof.facts]
    rows += [_row_written(row) for row in proof.rows]
    said = [_spelled(row) for row in rows]
    said.append(_spelled(["seal", _seal(said)]))
    return [[text[at : at + _CHUNK] for at in range(0, len(text), _CHUNK)] for text in said]


def read(cells: Sequence[Sequence[str]]) -> Proof:
    """Read the hidden sheet; ValueError says what is wrong with it."""
    said = ["".join(row) for row in cells]
    if not said or said[0] != _spelled([FORMAT]):
        raise ValueError("the hidden sheet is of another format")
    if said[-1] != _spelled(["seal", _seal(said[:-1])]):
        raise ValueError("the hidden sheet was changed")
    try:
        rows = [json.loads(text) for text in said]
        return _read(rows[1][1], rows[2:-1])
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise ValueError("the hidden sheet is incomplete") from error


def _read(head: Any, rows: Sequence[Any]) -> Proof:  # noqa: ANN401 - JSON, checked here
    return Proof(
        contract_id=str(head["contract"]),
        package_id=str(head["package"]),
        revision=int(head["revision"]),
        head_hash=str(head["head"]),
        locale=str(head["locale"]),
        currency=str(head["currency"]),
        origins=tuple(map(str, head["origins"])),
        facts=tuple((str(row[1]), str(row[2])) for row in rows if row[0] == "fact"),
        rows=tuple(_row_read(row) for row in rows if row[0] == "row"),
    )


def _row_written(row: RowProof) -> list[Any]:
    entries = [[name, _spans(seqs)] for name, seqs in _by_contract(row.entries)]
    return ["row", row.sheet.value, row.activity_id, row.title, " ".join(row.digests), entries]


def _row_read(row: Sequence[Any]) -> RowProof:
    return RowProof(
        sheet=Sheet(row[1]),
        activity_id=str(row[2]),
        title=str(row[3]),
        digests=tuple(row[4].split()),
        entries=tuple((str(name), seq) for name, spans in row[5] for seq in _numbers(spans)),
    )


def _by_contract(entries: tuple[EntryId, ...]) -> Iterator[tuple[str, list[int]]]:
    for name, group in groupby(sorted(entries), key=lambda entry: entry[0]):
        yield name, [seq for _, seq in group]


def _spans(seqs: Iterable[int]) -> str:
    """Return ``4-7,9`` for 4, 5, 6, 7 and 9."""
    spans: list[list[int]] = []
    for seq in seqs:
        if spans and seq == spans[-1][-1] + 1:
            spans[-1] = [spans[-1][0], seq]
        else:
            spans.append([seq])
    return ",".join("-".join(map(str, span)) for span in spans)


def _numbers(spans: str) -> Iterator[int]:
    for span in filter(None, spans.split(",")):
        first, _, last = span.partition("-")
        if int(last or first) - int(first) > _MOST_ENTRIES:
            raise ValueError("the hidden sheet names more entries than a package can have")
        yield from range(int(first), int(last or first) + 1)


def _spelled(row: Sequence[Any]) -> str:
    """Return a row in plain ASCII; no underscore that a spreadsheet may take for an escape."""
    return json.dumps(row, sort_keys=True).replace("_", "\\u005f")


def _seal(said: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _short(row: Row) -> str:
    return cut(str(row[0]), "…", _TITLE_UNITS)
