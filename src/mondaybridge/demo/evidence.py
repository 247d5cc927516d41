"""What the three places say, each asked by itself: the boards, the ledger and the documents.

Boards and documents are read with plain HTTP requests of this module's own, not through the
bridge's adapters, so that a mistake there cannot hide here.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from mondaybridge.domain.ledger import Balance, ChainedEntry
from mondaybridge.store import ledger
from mondaybridge.store.engine import Store

Json = dict[str, Any]

PAGE = 100
URGENT_FACTOR = 3  # R11


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One item as its board shows it; seconds are by month of the client's zone.

    ``answer`` is the id of the approval's label; ``approved`` is whether it lets work be charged,
    ``factor`` how many times, where urgency is asked for with its evidence.
    """

    item_id: str
    name: str
    approved: bool
    seconds: Mapping[str, int]
    charged: str
    billing: str
    answer: int | None = None
    factor: int = 1
    origin: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Face:
    """What a row says to people: its name, one of its cells, the comments below it."""

    name: str
    message: str
    comments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One line; ``identity`` is contract, kind, subject, period, source and rate key."""

    line_id: str
    identity: tuple[str, ...]
    minutes: int
    amount_minor: int
    description: str
    source_line: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One issued paper; amounts of a credit note are positive."""

    kind: str
    client_id: str
    scope: str
    number: str
    currency: str
    subtotal_minor: int
    total_minor: int
    finalized_at: int
    lines: tuple[DocumentLine, ...]


@dataclass(frozen=True, slots=True)
class LedgerBook:
    """One contract's entries and balances as the store holds them."""

    contract_id: str
    entries: tuple[ChainedEntry, ...]
    balances: Mapping[str, Balance]
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that are looked at, and the approval labels that count.

    ``urgent`` are the columns of the wish and of its evidence; ``pinned`` the name of the row that
    shows the package, which is no work, and ``numbers`` its columns.
    """

    actual: str
    charged: str
    billing: str
    approval: str = ""
    approved: tuple[int, ...] = ()
    urgent: tuple[str, ...] = ()
    origin: str = ""
    message: str = ""
    pinned: str = ""
    numbers: tuple[str, ...] = ()


def board_rows(monday: httpx.Client, board_id: str, columns: Columns, zone: str) -> list[BoardRow]:
    """Read all rows of a board through monday's API."""
    items = _items(monday, board_id)
    return [_row(item, columns, zone) for item in items if item["name"] != columns.pinned]


def pinned(monday: httpx.Client, board_id: str, columns: Columns) -> tuple[str, ...]:
    """Read the numbers on the row that shows the package; nothing where there is none."""
    for item in _items(monday, board_id):
        if item["name"] == columns.pinned:
            cells = {cell["id"]: cell["text"] for cell in item["column_values"]}
            return tuple(cells[name] for name in columns.numbers)
    return ()


def face(monday: httpx.Client, item_id: str, column: str) -> Face:
    """Read what one row says to people."""
    item = _asked(monday, _FACE, {"item": [item_id], "column": [column]})["items"][0]
    said = tuple(one["text_body"] for one in reversed(item["updates"]))
    return Face(item["name"], item["column_values"][0]["text"] or "", said)


def documents(stripe: httpx.Client, customer: str) -> list[Document]:
    """Read all issued documents of a customer through Stripe's API, the oldest first."""
    invoices = [
        _invoice(stripe, one)
        for one in _listed(stripe, "/v1/invoices", {"customer": customer})
        if one["status"] in {"open", "paid", "uncollectible"}
    ]
    notes = [
        _credit_note(stripe, one)
        for one in _listed(stripe, "/v1/credit_notes", {"customer": customer})
        if one["status"] == "issued"
    ]
    return sorted([*invoices[::-1], *notes[::-1]], key=lambda d: d.finalized_at)


def ledger_book(store: Store, contract_id: str) -> LedgerBook:
    """Read one contract from the store."""
    with store.read() as tx:
        return LedgerBook(
            contract_id,
            tuple(ledger.entries(tx, contract_id)),
            {key: found for key, (_, found) in ledger.balances(tx, contract_id).items()},
            tuple(ledger.verify(tx, contract_id)),
        )


_ITEMS = """
  cursor
  items {
    id name
    column_values {
      id text
      ... on StatusValue { index }
      ... on CheckboxValue { checked }
      ... on TimeTrackingValue { history { started_at ended_at } }
    }
  }
"""
_FIRST = f"""query Rows($board: [ID!], $limit: Int!) {{
  boards(ids: $board) {{ items_page(limit: $limit) {{ {_ITEMS} }} }} }}"""
_NEXT = f"""query More($cursor: String!, $limit: Int!) {{
  next_items_page(cursor: $cursor, limit: $limit) {{ {_ITEMS} }} }}"""

_FACE = """query Face($item: [ID!], $column: [String!]) {
  items(ids: $item) {
    name
    column_values(ids: $column) { text }
    updates(limit: 100) { text_body }
  }
}"""


def _items(monday: httpx.Client, board_id: str) -> Iterator[Json]:
    page = _asked(monday, _FIRST, {"board": [board_id], "limit": PAGE})["boards"][0]["items_page"]
    while True:
        yield from page["items"]
        if not page["cursor"]:
            return
        more = {"cursor": page["cursor"], "limit": PAGE}
        page = _asked(monday, _NEXT, more)["next_items_page"]


def _asked(monday: httpx.Client, query: str, variables: Json) -> Json:
    answer = monday.post("", json={"query": query, "variables": variables}).raise_for_status()
    data: Json = answer.json()["data"]
    return data


def _row(item: Json, columns: Columns, zone: str) -> BoardRow:
    cells = {cell["id"]: cell for cell in item["column_values"]}
    seconds: dict[str, int] = {}
    for session in cells[columns.actual]["history"]:
        if session["ended_at"]:
            for period, part in _parts(session, zone):
                seconds[period] = seconds.get(period, 0) + part
    answer = cells[columns.approval]["index"] if columns.approval else None
    return BoardRow(
        item["id"],
        item["name"],
        answer in columns.approved,
        seconds,
        cells[columns.charged]["text"],
        cells[columns.billing]["text"],
        answer,
        URGENT_FACTOR if _urgent(cells, columns) else 1,
        cells[columns.origin]["text"] if columns.origin else "",
        cells[columns.message]["text"] if columns.message else "",
    )


def _urgent(cells: Mapping[str, Json], columns: Columns) -> bool:
    """Whether urgency is wished for and proven by the client's own words."""
    if not columns.urgent:
        return False
    wish, proof = (cells[column] for column in columns.urgent)
    return bool(wish["checked"] and proof["text"])


def _parts(session: Json, zone: str) -> Iterator[tuple[str, int]]:
    """Cut a session at the beginnings of months, in seconds."""
    start, end = (_instant(session[key]) for key in ("started_at", "ended_at"))
    while start < end:
        first = datetime.fromtimestamp(start, ZoneInfo(zone)).replace(
            day=1, hour=0, minute=0, second=0
        )
        following = (first + timedelta(days=32)).replace(day=1)
        cut = min(end, int(following.timestamp()))
        yield first.strftime("%Y-%m"), cut - start
        start = cut


def _instant(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def _invoice(stripe: httpx.Client, found: Json) -> Document:
    return _document(stripe, found, "invoice", found["status_transitions"]["finalized_at"])


def _credit_note(stripe: httpx.Client, found: Json) -> Document:
    return _document(stripe, found, "credit_note", found["created"])


def _document(stripe: httpx.Client, found: Json, kind: str, at: int) -> Document:
    rows = found["lines"]["data"]
    if found["lines"]["has_more"]:
        rows = list(_listed(stripe, f"/v1/{kind}s/{found['id']}/lines", {}))
    client_id, scope, *_ = json.loads(found["metadata"]["mb_key"])
    return Document(
        kind,
        client_id,
        scope,
        found["number"],
        found["currency"],
        found["subtotal"],
        found["total"],
        at * 1000,
        tuple(_line(row) for row in rows),
    )


def _line(row: Json) -> DocumentLine:
    return DocumentLine(
        row["id"],
        tuple(json.loads(row["metadata"]["mb_line"])),
        int(row["metadata"]["mb_minutes"]),
        row["amount"],
        row["description"] or "",
        row.get("invoice_line_item") or "",
    )


def _listed(stripe: httpx.Client, path: str, query: Mapping[str, str]) -> Iterator[Json]:
    after: dict[str, str] = {}
    while True:
        asked = {**query, **after, "limit": str(PAGE)}
        page = stripe.get(path, params=asked).raise_for_status().json()
        yield from page["data"]
        if not page["has_more"]:
            return
        after = {"starting_after": page["data"][-1]["id"]}
