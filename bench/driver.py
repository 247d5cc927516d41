"""What SQLite is asked, and how long it takes: transactions, statements and their rows."""

import sqlite3
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event

STATEMENTS = ("execute", "executemany")
ROWS = ("fetchone", "fetchmany", "fetchall")
TRANSACTIONS = ("execute", "commit", "rollback")  # of a connection; they are begun by ``execute``


class Driver:
    """The database's own time from now on; ``rows_seconds`` of it are spent handing rows over."""

    def __init__(self, engine: Engine) -> None:
        self.statements = 0
        self.seconds = 0.0
        self.rows_seconds = 0.0
        engine.dispose()  # connections made from now on are the timed ones
        event.listen(engine, "do_connect", self._use_timed)

    def _use_timed(
        self, _dialect: object, _record: object, _args: object, options: dict[str, Any]
    ) -> None:
        options["factory"] = self._connection()

    def _connection(self) -> type:
        """Return a connection class whose calls and whose cursors' calls are timed."""
        names = (*STATEMENTS, *ROWS)
        calls = {name: self._timed(getattr(sqlite3.Cursor, name), name) for name in names}
        cursor: type[sqlite3.Cursor] = type("TimedCursor", (sqlite3.Cursor,), calls)
        calls = {name: self._timed(getattr(sqlite3.Connection, name)) for name in TRANSACTIONS}

        def opened(connection: sqlite3.Connection, *_: object) -> sqlite3.Cursor:
            return sqlite3.Connection.cursor(connection, cursor)

        return type("TimedConnection", (sqlite3.Connection,), {**calls, "cursor": opened})

    def _timed(self, call: Callable[..., object], name: str = "") -> Callable[..., object]:
        def timed(*args: object) -> object:
            began = time.perf_counter()
            try:
                return call(*args)
            finally:
                taken = time.perf_counter() - began
                self.seconds += taken
                self.rows_seconds += taken if name in ROWS else 0
                self.statements += name in STATEMENTS

        return timed
