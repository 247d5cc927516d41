"""Write the bridge's own cells, ten items a request; each answer is a read of what now stands.

Values are absolute, so a repeated write changes nothing. A column that is neither ours nor one of
the three that a policy may open is never written (architecture 5.13), a label never created
(monday.md §5). Values have the form in which ``cells.shown`` reads them.
"""

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from mondaybridge.mapping.columns import ColumnSet
from mondaybridge.monday import cells, queries
from mondaybridge.monday.client import MondayClient
from mondaybridge.monday.columns import own_columns, shown_columns
from mondaybridge.monday.errors import Fault, Refused
from mondaybridge.monday.texts import line

NAME = "name"


class CellLike(Protocol):
    """A cell to be written, or an item's name, whose column is ``name``."""

    @property
    def item_id(self) -> str:
        """Return the item's id."""

    @property
    def column_id(self) -> str:
        """Return the column's id."""

    @property
    def value(self) -> str:
        """Return what ``cells.shown`` should find: a label's id, ``address text`` of a link.

        Empty clears the cell.
        """


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a batch: cells as they stand now, and a sentence for each refused item."""

    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


def write_cells(
    client: MondayClient,
    board_id: str,
    wanted: Sequence[CellLike],
    columns: ColumnSet,
    *,
    allowed: Collection[str] | None = None,
) -> Written:
    """Write cells of one board, one call for ten items.

    ``allowed`` are the columns that may be written: ours, which is what none means, and by policy
    the name, the status and the approval.

    Raises:
        AssertionError: for any other column.
        TryLater: when monday cannot take it now; items of earlier batches may be written.
    """
    ours = (*own_columns(columns), *shown_columns(columns))
    may = set(own_columns(columns) if allowed is None else allowed) & {NAME, *ours}
    foreign = {cell.column_id for cell in wanted} - may
    if foreign:
        raise AssertionError(f"columns {sorted(foreign)} are not ours to write")
    forms = _forms(columns)
    by_item: dict[str, _Contents] = {}
    for cell in wanted:
        content = forms.get(cell.column_id, str)(cell.value)
        by_item.setdefault(cell.item_id, {})[cell.column_id] = content
    written = Written()
    items = list(by_item)
    for start in range(0, len(items), queries.BATCH):
        batch = {item_id: by_item[item_id] for item_id in items[start : start + queries.BATCH]}
        _write(client, board_id, batch, ours, written)
    return written


def _label(value: str) -> object:
    """Return a label by its id; a name would be guessed at (monday.md §5)."""
    return {"index": int(value)} if value else None


def _link(value: str) -> object:
    address, _, text = value.partition(" ")
    return {"url": address, "text": text or address} if address else None


def _date(value: str) -> object:
    """Return a day: a time is written in UTC but read in the account's zone (monday.md §5)."""
    return {"date": value} if value else None


def _forms(columns: ColumnSet) -> dict[str, Callable[[str], object]]:
    """Return how to write the columns that do not simply take text."""
    forms: dict[str, Callable[[str], object]] = dict.fromkeys(shown_columns(columns), _label)
    package = columns.ours.package
    if columns.ours.document:
        forms[columns.ours.document.id] = _link
    if package and package.expiry:
        forms[package.expiry.id] = _date
    return forms


_Contents = dict[str, object]


class _Own(msgspec.Struct, frozen=True):
    id: str
    name: str
    column_values: list[msgspec.Raw]


_Answers = dict[str, _Own | None]


def _write(
    client: MondayClient,
    board_id: str,
    batch: Mapping[str, _Contents],
    ours: Sequence[str],
    written: Written,
) -> None:
    """Send a batch; when monday does not say whose fault an error is, send its items singly."""
    try:
        answers, faults = _sent(client, board_id, batch, ours)
    except Refused as refusal:
        answers, faults = {}, refusal.faults or (Fault("", str(refusal)),)
    blamed = {fault.path[0]: fault for fault in faults if fault.path}
    for alias, item_id in zip(_aliases(), batch, strict=False):
        own = answers.get(alias)
        if own is not None and alias not in blamed:
            _take(item_id, own, written)
        elif alias in blamed or len(batch) == 1:
            fault = blamed.get(alias) or next(iter(faults), Fault("", "no answer for this item"))
            written.problems[item_id] = f"monday refused to write item {item_id}: {fault}"
        else:
            _write(client, board_id, {item_id: batch[item_id]}, ours, written)


def _sent(
    client: MondayClient,
    board_id: str,
    batch: Mapping[str, _Contents],
    ours: Sequence[str],
) -> tuple[_Answers, tuple[Fault, ...]]:
    """Send one request under a key of its own: only its own repetitions are replays (monday.md §3).

    A key made from the content would replay an old answer where a person changed the cell between.
    """
    variables: dict[str, object] = {"board": board_id, "columns": ours}
    for n, (item_id, values) in enumerate(batch.items()):
        variables |= {f"i{n}": item_id, f"v{n}": msgspec.json.encode(values).decode()}
    document = queries.write_cells(len(batch))
    key = str(uuid.uuid4())
    return client.execute_parts(document, variables, _Answers, idempotency_key=key)


def _aliases() -> Iterator[str]:
    return (f"a{n}" for n in range(queries.BATCH))


def _take(item_id: str, own: _Own, written: Written) -> None:
    """Keep what the answer shows of an item's cells."""
    try:
        read = [cells.cell(raw) for raw in own.column_values]
    except cells.Unreadable as error:
        written.problems[item_id] = f"item {item_id}, our own column {error}"
    else:
        written.outputs[item_id] = {one.id: cells.shown(one) for one in read}
        written.outputs[item_id][NAME] = line(own.name)
