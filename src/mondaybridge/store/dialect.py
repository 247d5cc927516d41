"""The one statement that both engines spell alike and SQLAlchemy names twice."""

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from mondaybridge.store.engine import Tx


def insert_into(tx: Tx, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an insert that may say ``on conflict``, for this connection's engine."""
    if tx.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)
