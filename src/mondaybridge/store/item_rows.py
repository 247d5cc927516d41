"""How an activity becomes an item row with its sessions, and back; used by the mirror alone.

What has no column of its own is JSON in ``cells``. Sessions are kept apart: tracked ones are
replaced as a set, a change of a numbers cell is only ever added.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import msgspec
from sqlalchemy import BindParameter, Row, Select, bindparam, delete, select

from mondaybridge.domain.activity import Activity, Capture, Presence, Session
from mondaybridge.store.engine import Tx
from mondaybridge.store.package_tables import board_face
from mondaybridge.store.tables import board, item, session
from mondaybridge.store.upsert import insert, many, parts

OWN_COLUMNS = {"activity_id", "board_id", "name", "presence", "sessions", "updated_at", "parked"}

Outputs = tuple[tuple[str, str], ...]

_ORIGINS = {origin.value: origin for origin in Capture}
_PRESENCES = {presence.value: presence for presence in Presence}
_OUTPUTS = msgspec.json.Decoder(Outputs)
_CELL_FIELDS = [(f.name, f.type, f.default) for f in fields(Activity) if f.name not in OWN_COLUMNS]
_CELL_NAMES = [name for name, _, _ in _CELL_FIELDS]
_Cells = msgspec.defstruct("_Cells", _CELL_FIELDS, frozen=True)
_CELLS = msgspec.json.Decoder(_Cells)


@dataclass(frozen=True, slots=True)
class Mirrored:
    """An activity as mirrored, with our own cells as they stand on the board."""

    activity: Activity
    outputs: Outputs = ()

    @property
    def digest(self) -> str:
        """Hash of all that is stored: equal means that nothing is written."""
        row = [*_item_values(self), [_session_values(s, 0) for s in self.activity.sessions]]
        return hashlib.sha256(json.dumps(row).encode()).hexdigest()[:32]


_Found = dict[str, Mirrored]


def tidy(activity: Activity) -> Activity:
    """Return an activity as it will be read back: sessions in order, text that can be stored."""
    tracked = [s for s in activity.sessions if s.origin is Capture.TRACKED]
    numbers = [s for s in activity.sessions if s.origin is Capture.NUMBER]
    tracked.sort(key=lambda s: (s.started_at, s.session_id))
    return replace(
        activity,
        name=storable(activity.name),
        parked=storable(activity.parked),
        sessions=(*tracked, *numbers),
    )


def storable(text: str) -> str:
    """Return text without what PostgreSQL and UTF-8 refuse."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def load_of(tx: Tx, contract_id: str, ids: Collection[str] | None = None) -> dict[str, Mirrored]:
    """Return items of a contract's boards by id, some or all, without the rows of packages."""
    if ids is None:
        return _load(tx, _OF_CONTRACT, {"of_contract": contract_id})
    found: dict[str, Mirrored] = {}
    for part in parts(sorted(ids)):
        found |= _load(tx, _SOME_OF_CONTRACT, {"of_contract": contract_id, "items": part})
    return found


def load_ids(tx: Tx, ids: Sequence[str]) -> dict[str, Mirrored]:
    """Return items by id."""
    found: dict[str, Mirrored] = {}
    for part in parts(ids):
        found |= _load(tx, _OF_IDS, {"items": part})
    return found


def outputs(tx: Tx, ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return our own cells as they stand on the board, by item and column."""
    rows = [row for part in parts(ids) for row in tx.execute(_OUTPUTS_OF, {"items": part})]
    return {row.item_id: dict(json.loads(row.outputs)) for row in rows}


def save(tx: Tx, known: Mapping[str, Mirrored], changed: Iterable[Mirrored], now: int) -> None:
    """Write changed items and their sessions; an equal row is left alone by the database too."""
    kept = list(changed)
    if not kept:
        return
    statement = insert(tx, item)
    new = statement.excluded
    put = statement.on_conflict_do_update(
        index_elements=[item.c.item_id],
        set_={c.name: new[c.name] for c in item.c if c.name != "item_id"},
        where=item.c.row_hash != new.row_hash,
    )
    names = [column.name for column in item.c]
    rows = [(*_item_values(one), one.digest, now) for one in kept]
    many(tx, put, [dict(zip(names, row, strict=True)) for row in rows])
    _save_sessions(tx, known, kept)


def _save_sessions(tx: Tx, known: Mapping[str, Mirrored], kept: Sequence[Mirrored]) -> None:
    gone, fresh = [], []
    for one in kept:
        item_id = one.activity.activity_id
        before = _sessions_by_id(known.get(item_id))
        after = _sessions_by_id(one)
        for session_id, values in before.items():
            if session_id not in after and values["origin"] == Capture.TRACKED.value:
                gone.append({"of_item": item_id, "of_session": session_id})
        fresh += [{"item_id": item_id, **v} for k, v in after.items() if before.get(k) != v]
    place = (
        session.c.item_id == bindparam("of_item"),
        session.c.session_id == bindparam("of_session"),
    )
    many(tx, delete(session).where(*place), gone)
    statement = insert(tx, session)
    put = statement.on_conflict_do_update(
        index_elements=[session.c.item_id, session.c.session_id],
        set_={c.name: statement.excluded[c.name] for c in session.c if not c.primary_key},
        where=session.c.origin == Capture.TRACKED.value,
    )
    many(tx, put, fresh)


def _sessions_by_id(one: Mirrored | None) -> dict[str, dict[str, Any]]:
    if one is None:
        return {}
    numbers = [s for s in one.activity.sessions if s.origin is Capture.NUMBER]
    places = {s.session_id: position for position, s in enumerate(numbers, start=1)}
    names = [column.name for column in session.c][1:]
    return {
        s.session_id: dict(zip(names, _session_values(s, places.get(s.session_id, 0)), strict=True))
        for s in one.activity.sessions
    }


def _session_values(one: Session, position: int) -> tuple[Any, ...]:
    return (
        one.session_id,
        one.origin.value,
        position,
        one.started_at,
        one.ended_at,
        one.seconds,
        one.person_id,
    )


def _load(tx: Tx, wanted: tuple[Select[Any], Select[Any]], which: dict[str, Any]) -> _Found:
    items, times = wanted
    sessions = _sessions(tx.execute(times, which).all())
    rows = tx.execute(items, which).all()
    return {row[0]: _mirrored(row, sessions.get(row[0], ())) for row in rows}


def _sessions(rows: Sequence[Row[Any]]) -> dict[str, tuple[Session, ...]]:
    """Return sessions by item in the order of ``tidy``; tracked ones have position 0."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row[1:])
    return {item_id: tuple(map(_session, sorted(rows))) for item_id, rows in found.items()}


def _session(row: tuple[Any, ...]) -> Session:
    _, started_at, session_id, origin, ended_at, seconds, person_id = row
    return Session(session_id, _ORIGINS[origin], started_at, ended_at, seconds, person_id)


def _item_values(one: Mirrored) -> tuple[Any, ...]:
    activity = one.activity
    cells = _Cells(**{name: getattr(activity, name) for name in _CELL_NAMES})
    return (
        activity.activity_id,
        activity.board_id,
        activity.presence.value,
        activity.name,
        activity.updated_at,
        msgspec.json.encode(cells).decode(),
        msgspec.json.encode(one.outputs).decode(),
        activity.parked,
    )


def _mirrored(row: Sequence[Any], sessions: tuple[Session, ...]) -> Mirrored:
    item_id, board_id, state, name, updated_at, parked, cells, shown = row
    activity = Activity(
        item_id,
        board_id,
        name,
        _PRESENCES[state],
        sessions=sessions,
        updated_at=updated_at,
        parked=parked,
        **msgspec.structs.asdict(_CELLS.decode(cells)),
    )
    return Mirrored(activity, _OUTPUTS.decode(shown))


_ITEMS = select(
    item.c.item_id,
    item.c.board_id,
    item.c.state,
    item.c.name,
    item.c.updated_at,
    item.c.parked_reason,
    item.c.cells,
    item.c.outputs,
)
_TIMES = select(
    session.c.item_id,
    session.c.position,
    session.c.started_at,
    session.c.session_id,
    session.c.origin,
    session.c.ended_at,
    session.c.seconds,
    session.c.person_id,
)
_AMONG: BindParameter[str] = bindparam("items", expanding=True)
_NO_PACKAGE = item.c.item_id.not_in(select(board_face.c.package_item_id))
_WORK = board.c.contract_id == bindparam("of_contract"), _NO_PACKAGE
_OF_CONTRACT = (
    _ITEMS.join(board, board.c.board_id == item.c.board_id).where(*_WORK),
    _TIMES.join(item, item.c.item_id == session.c.item_id)
    .join(board, board.c.board_id == item.c.board_id)
    .where(*_WORK),
)
_SOME = item.c.item_id.in_(_AMONG)
_SOME_OF_CONTRACT = _OF_CONTRACT[0].where(_SOME), _OF_CONTRACT[1].where(_SOME)
_OF_IDS = _ITEMS.where(item.c.item_id.in_(_AMONG)), _TIMES.where(session.c.item_id.in_(_AMONG))
_OUTPUTS_OF = select(item.c.item_id, item.c.outputs).where(item.c.item_id.in_(_AMONG))
