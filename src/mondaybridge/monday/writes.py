"""Write the bridge's own cells, ten items a request; each answer is a read of what now stands.

Values are absolute, so a repeated write changes nothing. Columns that the mapping does not list as
ours are never written (architecture 5.13), labels never created (monday.md §5).
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from mondaybridge.mapping.columns import ColumnSet
from mondaybridge.monday import cells, queries
from mondaybridge.monday.client import MondayClient
from mondaybridge.monday.columns import own_columns
from mondaybridge.monday.errors import Fault, Refused


class CellLike(Protocol):
    """A cell to be written; numbers and text columns both take plain text (monday.md §5)."""

    @property
    def item_id(self) -> str:
        """Return the item's id."""

    @property
    def column_id(self) -> str:
        """Return the column's id, one of ours."""

    @property
    def value(self) -> str:
        """Return the text that the cell should show; empty clears it."""


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a batch: cells as they stand now, and a sentence for each refused item."""

    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


def write_cells(
    client: MondayClient, board_id: str, wanted: Sequence[CellLike], columns: ColumnSet
) -> Written:
    """Write cells of one board, one call for ten items.

    Raises:
        AssertionError: for a column that is not the bridge's.
        TryLater: when monday cannot take it now; items of earlier batches may be written.
    """
    ours = own_columns(columns)
    foreign = {cell.column_id for cell in wanted} - set(ours)
    if foreign:
        raise AssertionError(f"columns {sorted(foreign)} are not ours to write")
    by_item: dict[str, dict[str, str]] = {}
    for cell in wanted:
        by_item.setdefault(cell.item_id, {})[cell.column_id] = cell.value
    written = Written()
    items = list(by_item)
    for start in range(0, len(items), queries.BATCH):
        batch = {item_id: by_item[item_id] for item_id in items[start : start + queries.BATCH]}
        _write(client, board_id, batch, ours, written)
    return written


class _Own(msgspec.Struct, frozen=True):
    id: str
    column_values: list[msgspec.Raw]


_Answers = dict[str, _Own | None]


def _write(
    client: MondayClient,
    board_id: str,
    batch: Mapping[str, Mapping[str, str]],
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
    batch: Mapping[str, Mapping[str, str]],
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
