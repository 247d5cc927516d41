"""Read a board and apply it to the mirror: ticket, claim, fetch, apply, second look (storage 2).

A hint is a key, never a content; a row that is not seen is looked up by its id before it is
believed gone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mondaybridge.app import App
from mondaybridge.domain.activity import Presence, Reading
from mondaybridge.errors import ConfigurationError, TryLater
from mondaybridge.mapping.live import label_warnings, unreadable, unwritable
from mondaybridge.monday.boards import BoardGone, read_board, read_items
from mondaybridge.store import inbox, mirror, off_columns, writes
from mondaybridge.store.inbox import Claim

LOOK_AGAIN_MS = 45_000
HINTED_MAX = 100
PAGE_ROWS = 500


@dataclass(frozen=True, slots=True)
class ReadReport:
    """What one read did: rows read and changed, rows found gone; whether the board was there.

    ``warnings`` tell of labels whose names are not the mapping's, which their ids decide, and of
    our own columns that the board does not have, which are not written.
    """

    board_id: str
    read: int
    changed: int
    gone: int = 0
    warnings: tuple[str, ...] = ()
    there: bool = True


def read_hinted(app: App, board_id: str) -> ReadReport:
    """Read what hints point to: the items alone, or the board where a hint names no item."""
    with app.store.write() as tx:
        ticket = mirror.ticket(tx, board_id)
        claims = inbox.claim(tx, board_id, app.clock.now())
    items = [claim.item_id for claim in claims]
    if not all(items) or len(items) > HINTED_MAX:
        return _read_whole(app, board_id, ticket, claims)
    readings = _fetch(app, board_id, items)
    changed = _apply(app, board_id, ticket, readings)
    missing = set(items) - {r.activity.activity_id for r in readings}
    gone = _tombstone(app, board_id, missing)
    _settle(app, claims, changed=bool(changed or gone))
    return ReadReport(board_id, len(readings), changed, gone)


def read_rows(app: App, board_id: str, items: Sequence[str]) -> list[Reading]:
    """Read rows by their ids, one call for a hundred, and apply them; hints stay as they are."""
    with app.store.write() as tx:
        ticket = mirror.ticket(tx, board_id)
    readings = _fetch(app, board_id, items)
    _apply(app, board_id, ticket, readings)
    return readings


def read_whole(app: App, board_id: str) -> ReadReport:
    """Read every item of a board; only such a read may find rows gone (S9)."""
    with app.store.write() as tx:
        ticket = mirror.ticket(tx, board_id)
        claims = inbox.claim(tx, board_id, app.clock.now())
    return _read_whole(app, board_id, ticket, claims)


def _read_whole(app: App, board_id: str, ticket: int, claims: Sequence[Claim]) -> ReadReport:
    columns, zone = app.mapping.columns(board_id), _zone(app, board_id)
    since = app.clock.now()  # what is changed while pages are read is not known to be seen
    read = read_board(app.monday, board_id, columns, zone)
    if isinstance(read.shape, BoardGone):
        with app.store.write() as tx:
            mirror.set_board_state(tx, board_id, "gone", read.shape.reason)
            inbox.settle(tx, claims)
        return ReadReport(board_id, 0, 0, there=False)
    place = app.mapping.place(board_id)
    problems = unreadable(columns, read.shape.columns, place=place)
    if problems:
        with app.store.write() as tx:
            mirror.set_board_state(tx, board_id, "quarantined", "\n".join(problems))
            inbox.settle(tx, claims)
        raise ConfigurationError(*problems)
    off = unwritable(columns, read.shape.columns, place=place)
    with app.store.write() as tx:
        off_columns.note(tx, board_id, {key for key, _ in off}, now=app.clock.now())
    warnings = [text for _, text in off]
    warnings += label_warnings(columns, read.shape.columns, place=place)
    changed = sum(_apply(app, board_id, ticket, page) for page in read.pages())
    changed += _second_look(app, board_id, ticket, read.seen)
    with app.store.write() as tx:
        mirror.set_board_state(tx, board_id, "live", "\n".join(warnings))
        mirror.complete(tx, board_id, ticket=ticket, now=since, schema_print=read.shape.fingerprint)
    _settle(app, claims, changed=bool(changed))
    return ReadReport(board_id, len(read.seen), changed, warnings=tuple(warnings))


def _zone(app: App, board_id: str) -> str:
    return app.mapping.contract_of(board_id).zone


def _fetch(app: App, board_id: str, items: Sequence[str]) -> list[Reading]:
    columns, zone = app.mapping.columns(board_id), _zone(app, board_id)
    return read_items(app.monday, items, columns, zone) if items else []


def _apply(app: App, board_id: str, ticket: int, readings: Sequence[Reading]) -> int:
    """Apply readings in short transactions, unless a newer read was applied meanwhile."""
    changed = 0
    for start in range(0, len(readings), PAGE_ROWS):
        part = readings[start : start + PAGE_ROWS]
        with app.store.write() as tx:
            if not mirror.begin(tx, board_id, ticket):
                raise TryLater(f"a newer read of board {board_id} was applied")
            rows = mirror.apply(tx, board_id, part, now=app.clock.now())
            writes.seen(tx, board_id, {r.activity.activity_id: dict(r.outputs) for r in part})
            if rows:
                mirror.raise_wanted(tx, [app.mapping.contract_of(board_id).contract_id])
            changed += rows
    return changed


def _second_look(app: App, board_id: str, ticket: int, seen: set[str]) -> int:
    """Ask for the rows that a complete read did not show, by id, before believing them gone."""
    with app.store.read() as tx:
        known = mirror.mirrored_ids(tx, board_id, {Presence.ACTIVE, Presence.MISSING})
    missing = known - seen
    if not missing:
        return 0
    found = _fetch(app, board_id, sorted(missing))
    changed = _apply(app, board_id, ticket, found)
    return changed + _tombstone(app, board_id, missing - {r.activity.activity_id for r in found})


def _tombstone(app: App, board_id: str, ids: set[str]) -> int:
    """Mark rows that two looks did not find; their hours stay as posted (ledger 5.6)."""
    if not ids:
        return 0
    with app.store.write() as tx:
        gone = mirror.mark(tx, sorted(ids), Presence.DELETED, app.clock.now())
        if gone:
            mirror.raise_wanted(tx, [app.mapping.contract_of(board_id).contract_id])
    return gone


def _settle(app: App, claims: Sequence[Claim], *, changed: bool) -> None:
    """End hints that showed a change; the others are looked at once more (read lag)."""
    with app.store.write() as tx:
        if changed:
            inbox.settle(tx, claims)
        else:
            inbox.look_again(tx, claims, app.clock.now() + LOOK_AGAIN_MS)
