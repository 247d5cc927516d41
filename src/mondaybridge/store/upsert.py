"""Insert-or-update for both engines, and statements over many rows."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, Executable, Table, case
from sqlalchemy.dialects import postgresql, sqlite

from mondaybridge.store.engine import Tx


def insert(tx: Tx, table: Table) -> postgresql.Insert:
    """Return an insert of this engine; both kinds have the same ``on_conflict`` methods."""
    return insert_into(tx.dialect.name, table)


def insert_into(engine: str, table: Table) -> postgresql.Insert:
    """Return an insert of the engine of that name, for those who build theirs once."""
    if engine == "sqlite":
        return cast("postgresql.Insert", sqlite.insert(table))
    return postgresql.insert(table)


def many(tx: Tx, statement: Executable, rows: Sequence[dict[str, Any]]) -> None:
    """Run a statement for each row, in one go; for none not at all."""
    if rows:
        tx.execute(statement, rows)


def least(one: ColumnElement[int], other: ColumnElement[int]) -> ColumnElement[int]:
    """Return the smaller of two, which the engines name differently."""
    return case((one < other, one), else_=other)


def parts(values: Sequence[Any], size: int = 5000) -> list[Sequence[Any]]:
    """Cut what goes into one ``in (…)``: both engines limit the parameters of a statement."""
    return [values[start : start + size] for start in range(0, len(values), size)]
