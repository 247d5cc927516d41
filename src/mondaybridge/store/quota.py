"""Calls of an account per UTC day, and until when it may make none; one short row each.

Counted in a transaction of its own: inside another it would wait for itself (storage 3).
"""

from functools import cache

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.sql.dml import ReturningInsert

from mondaybridge.domain.worktime import DAY_MS
from mondaybridge.store.engine import Tx
from mondaybridge.store.tables import quota as t
from mondaybridge.store.upsert import insert, insert_into

DAY, BLOCK = "day", "block"


def count(tx: Tx, account: str, now: int) -> int:
    """Count one call; return the day's calls so far."""
    day = now - now % DAY_MS
    row = {"account": account, "bucket": DAY, "window_start": day, "used": 1, "until": 0}
    return int(tx.execute(_counted(tx.dialect.name), row).scalar_one())


def used_today(tx: Tx, account: str, now: int) -> int:
    """Return the calls of this UTC day."""
    today = (t.c.account == account, t.c.bucket == DAY, t.c.window_start == now - now % DAY_MS)
    return tx.execute(select(t.c.used).where(*today)).scalar() or 0


def block(tx: Tx, account: str, until: int) -> None:
    """Make no call before an instant; a later one stands."""
    row = {"account": account, "bucket": BLOCK, "window_start": 0, "used": 0, "until": until}
    statement = insert(tx, t).values(**row)
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=[t.c.account, t.c.bucket],
            set_={"until": statement.excluded.until},
            where=t.c.until < statement.excluded.until,
        )
    )


def blocked_until(tx: Tx, account: str) -> int:
    """Return the instant before which no call may be made, 0 if there is none."""
    return tx.execute(_BLOCKED_UNTIL, {"of_account": account}).scalar() or 0


@cache
def _counted(engine: str) -> ReturningInsert[int]:
    statement = insert_into(engine, t)
    new = statement.excluded
    same = t.c.window_start == new.window_start
    return statement.on_conflict_do_update(
        index_elements=[t.c.account, t.c.bucket],
        set_={"window_start": new.window_start, "used": case((same, t.c.used + 1), else_=1)},
    ).returning(t.c.used)


_BLOCKED_UNTIL = select(func.max(t.c.until)).where(t.c.account == bindparam("of_account"))
