"""What people see of a board: its address, and the row that shows the package itself.

That row is found by its name and then known by its id: somebody who renames it does not make it
work, and a second row of the same name is an ordinary one.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import BindParameter, bindparam, select

from mondaybridge.domain.activity import Presence, Reading
from mondaybridge.store.engine import Tx
from mondaybridge.store.package_tables import board_face as t
from mondaybridge.store.tables import item
from mondaybridge.store.upsert import insert


@dataclass(frozen=True, slots=True)
class BoardFace:
    """A board's address and the item that shows its package; empty where not known."""

    board_id: str
    address: str = ""
    package_item_id: str = ""


def face(tx: Tx, board_id: str) -> BoardFace:
    """Return what is known of a board."""
    row = tx.execute(_FACE, {"of_board": board_id}).first()
    return BoardFace(row.board_id, row.address, row.package_item_id) if row else BoardFace(board_id)


def package_item(tx: Tx, board_id: str) -> str:
    """Return the row that shows the package, if it is there; else nothing."""
    return _standing(tx, board_id)[0]


def pinned_boards(tx: Tx) -> set[str]:
    """Return the boards whose row of the package is there."""
    return set(tx.execute(_PINNED_BOARDS).scalars())


def package_items(tx: Tx) -> set[str]:
    """Return all rows that show a package; none of them is work."""
    return set(tx.execute(_PACKAGE_ITEMS).scalars())


def pin(tx: Tx, board_id: str, readings: Iterable[Reading]) -> bool:
    """Take the first row that has the mapped name, unless one is known; say whether it is new.

    A row that somebody records time on is work again: no time may go uncounted without a word.
    """
    here = [r for r in readings if r.activity.board_id == board_id]
    named = [r.activity for r in here if r.pinned and r.activity.presence is Presence.ACTIVE]
    known, name = _standing(tx, board_id)
    if any(_worked(r) for r in here if known and r.activity.activity_id == known):
        set_package_item(tx, board_id, "")
        return True
    if not named:
        return False
    first = min(named, key=lambda a: (a.created_at, a.activity_id))
    if known and name == first.name:
        return False
    set_package_item(tx, board_id, first.activity_id)
    return known != first.activity_id


def set_package_item(tx: Tx, board_id: str, item_id: str) -> None:
    """Remember which row shows the package."""
    _put(tx, board_id, package_item_id=item_id)


def set_address(tx: Tx, board_id: str, address: str) -> None:
    """Remember where people open the board."""
    _put(tx, board_id, address=address)


def _worked(reading: Reading) -> bool:
    return not reading.pinned and bool(reading.activity.sessions or reading.number_seconds)


def _standing(tx: Tx, board_id: str) -> tuple[str, str]:
    """Return id and name of the row that is known and still there."""
    row = tx.execute(_STANDING, {"of_board": board_id}).first()
    return (row.item_id, row.name) if row else ("", "")


def _put(tx: Tx, board_id: str, **values: str) -> None:
    new = {"board_id": board_id, "address": "", "package_item_id": "", **values}
    put = insert(tx, t).values(**new)
    tx.execute(put.on_conflict_do_update(index_elements=[t.c.board_id], set_=values))


_OF_BOARD: BindParameter[str] = bindparam("of_board")
_FACE = select(t).where(t.c.board_id == _OF_BOARD)
_PACKAGE_ITEMS = select(t.c.package_item_id).where(t.c.package_item_id != "")
_PINNED_BOARDS = (
    select(t.c.board_id)
    .join(item, t.c.package_item_id == item.c.item_id)
    .where(t.c.board_id == item.c.board_id, item.c.state == "active")
)
_STANDING = (
    select(item.c.item_id, item.c.name)
    .join(t, t.c.package_item_id == item.c.item_id)
    .where(t.c.board_id == _OF_BOARD, item.c.board_id == _OF_BOARD, item.c.state == "active")
)
