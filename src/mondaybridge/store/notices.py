"""Comments of ours on rows, one per row and rule: the table is the outbox (storage 1, 2.6).

A comment is wanted in the review's transaction, sent afterwards, and corrected in place when its
numbers change. One that is no longer true ends: it is corrected once more and never removed. What
is told of a package stays: such a row's key is the package's place on a board, not an item.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, func, select, update

from mondaybridge.domain.notices import Args, Notice, Rule
from mondaybridge.domain.worktime import DAY_MS
from mondaybridge.store import board_face
from mondaybridge.store.engine import Tx
from mondaybridge.store.package_tables import notice as t
from mondaybridge.store.tables import board, effect, item
from mondaybridge.store.upsert import insert, many

AGAIN_MS = 120_000
ATTEMPTS_MAX = 5
NEW_A_DAY = 10  # comments of a board, so that nobody is flooded (experience 4.3)
WANTED, SENT, KNOWN = "wanted", "sent", "known"
POST = "create_update"
PACKAGE = "package:"


@dataclass(frozen=True, slots=True)
class Saying:
    """One comment: what is wanted, what was sent, and what the client has been shown since when.

    ``shown_args`` is empty while nothing true is shown; ``problem`` is monday's last refusal.
    """

    item_id: str
    rule: str
    board_id: str
    args: str
    body: str = ""
    ended: int = 0
    update_id: str = ""
    state: str = WANTED
    attempt: int = 0
    sent_at: int = 0
    shown_at: int = 0
    shown_args: str = ""
    problem: str = ""

    @property
    def notice(self) -> Notice:
        """Return what is to be told."""
        return Notice(self.item_id, Rule(self.rule.partition("-")[0]), read_args(self.args))

    @property
    def business_key(self) -> str:
        """Return what its effects are known by."""
        return f"notice:{self.item_id}:{self.rule}"

    @property
    def fresh(self) -> bool:
        """Whether nothing was ever said, so that it counts as a new comment of the day."""
        return not self.update_id and not self.attempt


def package_place(board_id: str) -> str:
    """Return the key of what is told of a package on a board, whichever row shows it."""
    return PACKAGE + board_id


def want(
    tx: Tx,
    board_id: str,
    wanted: Mapping[tuple[str, str], Notice],
    now: int,  # noqa: ARG001 - as its neighbours have it
    *,
    kept: Collection[str] = (),
) -> int:
    """Say what a board's rows are told, by (item, rule); return how many must be sent.

    Rules that are not named any more end, but for what was told of the package, and for ``kept``
    rows, which cannot be read: nobody knows that anything was settled there.
    """
    known = {(row.item_id, row.rule): row for row in _of_board(tx, board_id, wanted)}
    changed = []
    for (item_id, rule), one in sorted(wanted.items()):
        args, before = write_args(one.args), known.get((item_id, rule))
        if before is None:
            changed.append(Saying(item_id, rule, board_id, args))
        elif (before.args, before.board_id, before.ended) != (args, board_id, 0):
            now_wanted = replace(before, args=args, board_id=board_id, ended=0)
            changed.append(replace(now_wanted, state=WANTED, attempt=0, problem=""))
    for place, before in known.items():
        lasting = before.item_id.startswith(PACKAGE) or before.item_id in kept
        lasting = lasting or before.board_id != board_id
        if place not in wanted and not before.ended and not lasting:
            changed.append(_ended(before))
    _store(tx, changed)
    return sum(row.state == WANTED for row in changed)


def pending(tx: Tx, board_id: str, now: int) -> list[tuple[str, Saying]]:
    """Return what is to be sent now, each with the item it stands on; corrections come first."""
    return _sendable(tx, _open(tx, board_id), now)


def due_boards(tx: Tx, now: int) -> list[str]:
    """Return the boards where something is to be said now."""
    return sorted({one.board_id for _, one in _sendable(tx, _open(tx), now)})


def waiting(tx: Tx, now: int) -> dict[str, int]:
    """Return how many new comments wait for tomorrow, by board: a board takes ten a day."""
    counts: dict[str, int] = {}
    for row in _open(tx):
        if row.fresh and not row.ended and _left_today(tx, row.board_id, now) <= 0:
            counts[row.board_id] = counts.get(row.board_id, 0) + 1
    return counts


def stuck(tx: Tx) -> list[Saying]:
    """Return what monday refused so often that it is not tried any more."""
    return [row for row in _open(tx) if row.attempt >= ATTEMPTS_MAX]


def shown(tx: Tx, contract_id: str) -> dict[str, tuple[int, dict[str, int | str]]]:
    """Return since when which numbers stand there for the client to confirm, by activity (R15)."""
    found = _rows(tx, _SHOWN, {"of_contract": contract_id})
    rows = sorted(found, key=lambda row: row.shown_at)
    return {row.item_id: (row.shown_at, dict(read_args(row.shown_args))) for row in rows}


def standing(tx: Tx, rule: Rule, items: Collection[str]) -> list[Notice]:
    """Return what these rows are told by a rule, as last wanted."""
    rows = _rows(tx, _STANDING, {"of_rule": rule.value, "items": sorted(items)})
    return [row.notice for row in rows]


def sent(tx: Tx, one: Saying, body: str, now: int) -> None:
    """Note, before the call, what is being said."""
    _change(tx, one, body=body, state=SENT, attempt=one.attempt + 1, sent_at=now)


def unsent(tx: Tx, one: Saying) -> None:
    """Take a note back: the vendor said that the call was not executed."""
    _change(tx, one, state=WANTED, attempt=one.attempt, sent_at=one.sent_at)


def found(tx: Tx, one: Saying, update_id: str) -> None:
    """Note the comment that an unanswered call did make; its text may be an earlier one."""
    _change(tx, one, update_id=update_id)


def known(tx: Tx, one: Saying, *, update_id: str, shown_at: int) -> None:
    """Note that it stands there as wanted; if it changed meanwhile, it is wanted still."""
    told = "" if one.ended else one.args
    values = {"update_id": update_id, "shown_at": shown_at, "shown_args": told, "problem": ""}
    _change(tx, one, **values)
    same = (t.c.args == one.args, t.c.ended == one.ended)
    tx.execute(_mine(one).where(*same).values(state=KNOWN, attempt=0))


def rest(tx: Tx, one: Saying) -> None:
    """Leave it: it ended and nothing of it was ever said."""
    _change(tx, one, state=KNOWN, attempt=0, update_id="", shown_args="")


def gone(tx: Tx, one: Saying) -> None:
    """Note that somebody removed the comment; what is still true is said anew."""
    values: dict[str, Any] = {"update_id": "", "shown_args": "", "attempt": 0}
    _change(tx, one, **values, state=KNOWN if one.ended else WANTED, sent_at=0)


def refused(tx: Tx, one: Saying, problem: str) -> None:
    """Keep why monday refused it; it is tried a few times more."""
    _change(tx, one, state=WANTED, problem=problem)


def write_args(args: Args) -> str:
    """Return arguments as they are kept and compared."""
    return json.dumps(sorted(args), ensure_ascii=False)


def read_args(text: str) -> Args:
    """Return arguments as they were kept."""
    return tuple((name, value) for name, value in json.loads(text))


def _ended(one: Saying) -> Saying:
    """End it: what was said is corrected, what may have been said is looked for."""
    state = KNOWN if one.fresh else WANTED
    return replace(one, ended=1, state=state, attempt=min(one.attempt, 1), problem="")


def _sendable(tx: Tx, rows: Iterable[Saying], now: int) -> list[tuple[str, Saying]]:
    """Pick what may be sent: its row stands on a live board, and the day's comments last."""
    ready = [r for r in rows if r.attempt < ATTEMPTS_MAX]
    ready = [r for r in ready if not r.sent_at or r.sent_at + AGAIN_MS <= now]
    places = _targets(tx, ready)
    left: dict[str, int] = {}
    picked = []
    for one in sorted(ready, key=lambda r: (r.fresh, r.item_id, r.rule)):
        target = places.get((one.item_id, one.board_id), "")
        if not target:
            continue
        if one.fresh:
            left.setdefault(one.board_id, _left_today(tx, one.board_id, now))
            left[one.board_id] -= 1
            if left[one.board_id] < 0:
                continue
        picked.append((target, one))
    return picked


def _targets(tx: Tx, rows: Iterable[Saying]) -> dict[tuple[str, str], str]:
    """Return the item that each stands on, if it is there."""
    wanted = {(row.item_id, row.board_id) for row in rows}
    if not wanted:
        return {}
    real = {
        (item_id, board_id): (
            board_face.package_item(tx, board_id) if item_id.startswith(PACKAGE) else item_id
        )
        for item_id, board_id in wanted
    }
    standing = {tuple(row) for row in tx.execute(_THERE, {"items": sorted(set(real.values()))})}
    return {place: target for place, target in real.items() if (target, place[1]) in standing}


def _left_today(tx: Tx, board_id: str, now: int) -> int:
    """Return how many new comments a board still takes today, by UTC."""
    ours = (effect.c.business_key >= "notice:", effect.c.business_key < "notice;")
    today = (effect.c.path == board_id, effect.c.first_sent_at >= now - now % DAY_MS)
    counted = select(func.count()).where(*ours, effect.c.op == POST, *today)
    return NEW_A_DAY - int(tx.execute(counted).scalar_one())


def _open(tx: Tx, board_id: str = "") -> list[Saying]:
    return _rows(tx, _OPEN_HERE if board_id else _OPEN, {"of_board": board_id})


def _of_board(tx: Tx, board_id: str, wanted: Mapping[tuple[str, str], Notice]) -> list[Saying]:
    """Return a board's rows, and those of its items that came from another board."""
    items = sorted({item_id for item_id, _ in wanted})
    here = _rows(tx, _HERE, {"of_board": board_id})
    came = _rows(tx, _CAME, {"items": items, "of_board": board_id})
    return [*here, *came]


def _rows(tx: Tx, query: Select[Any], which: Mapping[str, Any]) -> list[Saying]:
    found = (Saying(*row) for row in tx.execute(query, which))
    return sorted(found, key=lambda r: (r.item_id, r.rule))


def _store(tx: Tx, rows: Collection[Saying]) -> None:
    if not rows:
        return
    statement = insert(tx, t)
    names = [name for name in Saying.__slots__ if name not in {"item_id", "rule"}]
    put = statement.on_conflict_do_update(
        index_elements=[t.c.item_id, t.c.rule],
        set_={name: statement.excluded[name] for name in names},
    )
    many(tx, put, [{name: getattr(row, name) for name in Saying.__slots__} for row in rows])


def _mine(one: Saying) -> Any:  # noqa: ANN401 - an update, to be given its values
    return update(t).where(t.c.item_id == one.item_id, t.c.rule == one.rule)


def _change(tx: Tx, one: Saying, **values: Any) -> None:  # noqa: ANN401 - columns of a row
    tx.execute(_mine(one).values(**values))


_OF_BOARD: BindParameter[str] = bindparam("of_board")
_AMONG: BindParameter[str] = bindparam("items", expanding=True)
_SAYINGS = select(*(t.c[name] for name in Saying.__slots__))
_OPEN = _SAYINGS.where(t.c.state != KNOWN)
_OPEN_HERE = _OPEN.where(t.c.board_id == _OF_BOARD)
_HERE = _SAYINGS.where(t.c.board_id == _OF_BOARD)
_CAME = _SAYINGS.where(t.c.item_id.in_(_AMONG), t.c.board_id != _OF_BOARD)
_SHOWN = _SAYINGS.join(board, board.c.board_id == t.c.board_id).where(
    board.c.contract_id == bindparam("of_contract"),
    t.c.rule.in_([Rule.CONFIRM.value, Rule.RAISE.value]),
    t.c.ended == 0,
    t.c.shown_args != "",
)
_STANDING = _SAYINGS.where(
    t.c.rule == bindparam("of_rule"), t.c.ended == 0, t.c.item_id.in_(_AMONG)
)
_THERE = (
    select(item.c.item_id, item.c.board_id)
    .join(board, board.c.board_id == item.c.board_id)
    .where(item.c.item_id.in_(_AMONG), item.c.state == "active", board.c.state == "live")
)
