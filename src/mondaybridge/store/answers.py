"""Who answered: rows whose answer is to be looked up in the log, and what the log told.

A look belongs to a *print* of what the row shows; another print is another question and due at
once. What was seen first stays: changes are never updated (ledger 4). A log that tells nothing is
asked again ever more rarely, for one that was late or denied must not void an approval for ever.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, or_, select, update

from mondaybridge.domain.approval import Change, Evidence, Field
from mondaybridge.store.engine import Tx
from mondaybridge.store.package_tables import cell_change, log_look, person
from mondaybridge.store.tables import board, item, session
from mondaybridge.store.upsert import insert, many, parts

LOOKS_MAX = 3
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


@dataclass(frozen=True, slots=True)
class Look:
    """One row whose answer is to be looked up; ``looks`` were tried for this print.

    From ``LOOKS_MAX`` on they were in vain, and the next is due at ``not_before``.
    """

    item_id: str
    board_id: str
    print: str
    seen_print: str = ""
    looks: int = 0
    not_before: int = 0

    @property
    def in_vain(self) -> bool:
        """Whether the log was asked in vain about what the row shows."""
        return self.seen_print == self.print and self.looks >= LOOKS_MAX

    def tried_in_vain(self, now: int) -> tuple[int, int]:
        """Return looks and the next instant: in an hour, then twice as late, up to a day."""
        looks = max(self.looks + 1, LOOKS_MAX)
        return looks, now + min(DAY_MS, HOUR_MS << min(looks - LOOKS_MAX, 5))


def want_looks(tx: Tx, board_id: str, prints: Mapping[str, str]) -> int:
    """Ask for the answers of a board's rows, by what they show; return how many are new."""
    known = {look.item_id: look for look in _of_items(tx, sorted(prints))}
    new = []
    for item_id, shown in sorted(prints.items()):
        before = known.get(item_id)
        if before and (before.print, before.board_id) == (shown, board_id):
            continue
        new.append(Look(item_id, board_id, shown, before.seen_print if before else ""))
    statement = insert(tx, log_look)
    names = [name for name in Look.__slots__ if name != "item_id"]
    put = statement.on_conflict_do_update(
        index_elements=[log_look.c.item_id],
        set_={name: statement.excluded[name] for name in names},
    )
    many(tx, put, [{name: getattr(look, name) for name in Look.__slots__} for look in new])
    return len(new)


def due_looks(tx: Tx, now: int) -> list[str]:
    """Return the boards that have rows to be looked up now."""
    return sorted(set(tx.execute(_DUE_BOARDS, {"now": now}).scalars()))


def pending(tx: Tx, board_id: str, now: int, limit: int) -> list[Look]:
    """Return a board's rows to be looked up now, those first that were tried least."""
    rows = tx.execute(_PENDING, {"of_board": board_id, "now": now, "most": limit})
    return [Look(*row) for row in rows]


def finish(tx: Tx, looks: Sequence[Look], now: int, gone: Collection[str] = ()) -> None:
    """End looks whose question still stands; ``gone`` are rows of which the log does not tell.

    Those are looked for again later: the log may come back.
    """
    ends = [look.tried_in_vain(now) if look.item_id in gone else (0, 0) for look in looks]
    _end(tx, looks, ends)


def put_off(tx: Tx, looks: Sequence[Look], now: int) -> None:
    """Leave rows alone that wait for no answer as they stand; tomorrow they may."""
    _end(tx, looks, [(look.looks, now + DAY_MS) for look in looks])


def later(tx: Tx, looks: Sequence[Look], not_before: int) -> None:
    """Look again at an instant: the log may lag behind the board."""
    values = {"looks": log_look.c.looks + 1, "not_before": not_before}
    many(tx, update(log_look).where(*_EXACTLY).values(**values), [_key(look) for look in looks])


def save_changes(tx: Tx, changes: Iterable[tuple[str, Change]]) -> None:
    """Keep changes of rows' cells, by item; one that is known stays as it is."""
    put = insert(tx, cell_change).on_conflict_do_nothing(index_elements=[cell_change.c.log_id])
    many(tx, put, [_row(item_id, change) for item_id, change in changes])


def changes(tx: Tx, item_ids: Sequence[str]) -> dict[str, list[Change]]:
    """Return what the log told of rows, oldest first; people by their addresses where known."""
    found: dict[str, list[Change]] = {}
    for part in parts(item_ids):
        for item_id, at, log_id, field, *rest in tx.execute(_CHANGES, {"items": part}):
            found.setdefault(item_id, []).append(Change(at, log_id, Field(field), *rest))
    return {item_id: sorted(listed) for item_id, listed in found.items()}


def evidence(tx: Tx, contract_id: str) -> dict[str, Evidence]:
    """Return what the log told of a contract's rows, those left out that were never looked up."""
    looks = (Look(*row) for row in tx.execute(_LOOKS_OF, {"of_contract": contract_id}))
    looked = [look for look in looks if look.seen_print]
    told = changes(tx, [look.item_id for look in looked])
    return {
        look.item_id: Evidence(look.seen_print, tuple(told.get(look.item_id, ())), look.in_vain)
        for look in looked
    }


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody whose change was seen; nothing but the id is known of an automation."""

    user_id: str
    email: str = ""
    name: str = ""
    kind: str = ""


def unknown(tx: Tx, user_ids: Collection[str]) -> set[str]:
    """Return those ids of which nobody was asked yet."""
    asked = set(user_ids)
    for part in parts(sorted(asked)):
        known = (person.c.user_id.in_(part), person.c.seen_at > 0)
        asked -= set(tx.execute(select(person.c.user_id).where(*known)).scalars())
    return asked


def want_people(tx: Tx, user_ids: Collection[str]) -> None:
    """Ask who these are, each once ever; one that waits has no instant."""
    known = set(tx.execute(select(person.c.user_id)).scalars()) if user_ids else set[str]()
    _put_people(tx, (PersonRow(user_id) for user_id in sorted({*user_ids} - known)), 0)


def wanted_people(tx: Tx) -> set[str]:
    """Return the ids that wait to be asked about."""
    return set(tx.execute(_WANTED_PEOPLE).scalars())


def people(tx: Tx) -> dict[str, tuple[str, str]]:
    """Return address and kind of everybody who was asked about (ledger 5.7)."""
    return {row.user_id: (row.email, row.kind) for row in tx.execute(_PEOPLE)}


def save_people(tx: Tx, people: Iterable[PersonRow], now: int) -> None:
    """Keep who somebody was when first seen."""
    _put_people(tx, people, now)


def contracts_of(tx: Tx, user_ids: Collection[str]) -> set[str]:
    """Return the contracts on whose boards these people tracked time."""
    found: set[str] = set()
    boards = (
        select(board.c.contract_id)
        .join(item, item.c.board_id == board.c.board_id)
        .join(session, session.c.item_id == item.c.item_id)
        .distinct()
    )
    for part in parts(sorted(user_ids)):
        found |= set(tx.execute(boards.where(session.c.person_id.in_(part))).scalars())
    return found


def _put_people(tx: Tx, people: Iterable[PersonRow], now: int) -> None:
    statement = insert(tx, person)
    names = [*(n for n in PersonRow.__slots__ if n != "user_id"), "seen_at"]
    put = statement.on_conflict_do_update(
        index_elements=[person.c.user_id],
        set_={name: statement.excluded[name] for name in names},
        where=person.c.seen_at == 0,
    )
    rows = [{n: getattr(p, n) for n in PersonRow.__slots__} | {"seen_at": now} for p in people]
    many(tx, put, rows)


_AMONG: BindParameter[str] = bindparam("items", expanding=True)
_DUE = (
    or_(log_look.c.print != log_look.c.seen_print, log_look.c.looks >= LOOKS_MAX),
    log_look.c.not_before <= bindparam("now"),
)
_DUE_BOARDS = (
    select(log_look.c.board_id)
    .join(board, board.c.board_id == log_look.c.board_id)
    .where(board.c.state == "live", *_DUE)
)
_LOOKS = select(*(log_look.c[name] for name in Look.__slots__))
_LOOKS_AMONG = _LOOKS.where(log_look.c.item_id.in_(_AMONG))
_LOOKS_OF = _LOOKS.join(board, board.c.board_id == log_look.c.board_id).where(
    board.c.contract_id == bindparam("of_contract")
)
_PENDING = (
    _LOOKS.where(log_look.c.board_id == bindparam("of_board"), *_DUE)
    .order_by(log_look.c.looks, log_look.c.item_id)
    .limit(bindparam("most"))
)
_CHANGES = (
    select(
        cell_change.c.item_id,
        cell_change.c.at,
        cell_change.c.log_id,
        cell_change.c.field,
        cell_change.c.value,
        cell_change.c.previous,
        func.coalesce(func.nullif(person.c.email, ""), cell_change.c.user_id),
    )
    .outerjoin(person, person.c.user_id == cell_change.c.user_id)
    .where(cell_change.c.item_id.in_(_AMONG))
)
_WANTED_PEOPLE = select(person.c.user_id).where(person.c.seen_at == 0)
_PEOPLE = select(person.c.user_id, person.c.email, person.c.kind).where(person.c.seen_at > 0)
_EXACTLY = (
    log_look.c.item_id == bindparam("of_item"),
    log_look.c.board_id == bindparam("of_board"),
    log_look.c.print == bindparam("as_shown"),
)


def _end(tx: Tx, looks: Sequence[Look], ends: Sequence[tuple[int, int]]) -> None:
    values: dict[str, Any] = {
        "seen_print": bindparam("as_shown"),
        "looks": bindparam("tried"),
        "not_before": bindparam("next_at"),
    }
    rows = [
        _key(look) | {"tried": tried, "next_at": next_at}
        for look, (tried, next_at) in zip(looks, ends, strict=True)
    ]
    many(tx, update(log_look).where(*_EXACTLY).values(**values), rows)


def _of_items(tx: Tx, items: Sequence[str]) -> list[Look]:
    found = (tx.execute(_LOOKS_AMONG, {"items": part}) for part in parts(items))
    return [Look(*row) for rows in found for row in rows]


def _key(look: Look) -> dict[str, Any]:
    return {"of_item": look.item_id, "of_board": look.board_id, "as_shown": look.print}


def _row(item_id: str, change: Change) -> dict[str, Any]:
    return {
        "log_id": change.log_id,
        "item_id": item_id,
        "field": change.field.value,
        "at": change.at,
        "user_id": change.user,
        "value": change.value,
        "previous": change.previous,
    }
