"""The store's two doors: ``read()`` and ``write()``, on SQLite and on PostgreSQL.

No transaction may be open while a byte goes out; ``assert_idle`` is for those who send. A door
retries nothing: what another moment may cure is raised as ``TryLater`` (storage 3).
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from mondaybridge.clock import Clock
from mondaybridge.errors import ConfigurationError, TryLater
from mondaybridge.store.gate import FifoGate

if TYPE_CHECKING:
    import psycopg

Tx = Connection
ROWS_MAX = 500  # of one transaction, so that an acknowledgement never waits long
PREPARED = 1_000  # statements that SQLite keeps ready; there are some hundreds in all
BUSY_SECONDS = 10  # a writer in another process; its transactions are short too
BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}

# A context variable is per thread and per greenlet: it is empty where either begins.
_inside: ContextVar[bool] = ContextVar("inside", default=False)


class Store:
    """A database with its doors; ``engine`` has the one pool, ``clock`` is the App's."""

    def __init__(self, url: str, *, clock: Clock) -> None:
        self.url = _driver(url)
        self.clock = clock
        self.engine = _engine(self.url)
        self._gate = FifoGate()

    @property
    def sqlite(self) -> bool:
        """Whether the database is a file of ours."""
        return self.engine.dialect.name == "sqlite"

    def read(self) -> AbstractContextManager[Tx]:
        """Open one consistent view of the database that refuses to write."""
        options: dict[str, Any] = {"door": "read"}
        if not self.sqlite:
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        return self._open(options, nullcontext())

    def write(self) -> AbstractContextManager[Tx]:
        """Open a transaction that is committed at the end, or undone by whatever is raised."""
        gate = self._gate.passage() if self.sqlite else nullcontext()
        return self._open({"door": "write"}, gate)

    def assert_idle(self) -> None:
        """Fail if this thread or greenlet has a transaction open."""
        if _inside.get():
            raise AssertionError("a transaction is open: nothing may be sent or opened inside it")

    def now(self, tx: Tx) -> int:
        """Return the time that leases live by, in UTC epoch milliseconds (storage 3)."""
        if self.sqlite:
            return self.clock.now()
        found = tx.execute(text("select (extract(epoch from clock_timestamp()) * 1000)::bigint"))
        return int(found.scalar_one())

    def upgrade(self) -> None:
        """Create the database's tables or bring them to this version."""
        from mondaybridge.store import schema  # noqa: PLC0415 - Alembic only where it is needed

        if self.sqlite:
            _make_private(Path(str(self.url.database)))
        with self.write() as tx:
            schema.upgrade(tx)

    def check_schema(self) -> None:
        """Raise ConfigurationError unless the database has exactly this version's tables."""
        from mondaybridge.store import schema  # noqa: PLC0415 - Alembic only where it is needed

        if self.sqlite and not Path(str(self.url.database)).exists():
            raise ConfigurationError(
                f"there is no database at {self.url.database}: run `mondaybridge db upgrade`"
            )
        with self.read() as tx:
            schema.check(tx)

    def close(self) -> None:
        """Close all idle connections."""
        self.engine.dispose()

    @contextmanager
    def _open(self, options: dict[str, Any], gate: AbstractContextManager[None]) -> Iterator[Tx]:
        """Check a connection out, pass the gate, run one transaction; in this order.

        Checking out and in may wait or be watched; the gate is never held meanwhile.
        """
        self.assert_idle()
        with _translated(), self.engine.connect() as connection:
            tx = connection.execution_options(**options)
            with gate, _marked(), tx.begin():
                yield tx


@contextmanager
def _marked() -> Iterator[None]:
    mark = _inside.set(True)
    try:
        yield
    finally:
        _inside.reset(mark)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except PoolTimeoutError as error:
        raise TryLater("all connections to the database are in use") from error
    except DBAPIError as error:
        if _passing(error):
            raise TryLater(f"the database is busy or away: {error.orig}") from error
        raise
    except sqlite3.OperationalError as error:  # of a transaction's beginning
        if _locked(error):
            raise TryLater(f"the database is busy or away: {error}") from error
        raise


def _passing(error: DBAPIError) -> bool:
    """Whether another moment may cure it: locks, lost connections, serialisation."""
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return isinstance(cause, sqlite3.OperationalError) and _locked(cause)
    import psycopg  # noqa: PLC0415 - a fifth of a second that SQLite's users need not wait

    return error.connection_invalidated or isinstance(cause, psycopg.OperationalError)


def _locked(cause: sqlite3.OperationalError) -> bool:
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF in BUSY


def _driver(url: str) -> URL:
    made = make_url(url.replace("postgres://", "postgresql://", 1))
    if made.get_backend_name() == "postgresql":
        return made.set(drivername="postgresql+psycopg")
    if made.get_backend_name() == "sqlite" and made.database not in {None, "", ":memory:"}:
        return made
    raise ConfigurationError(
        "the database's address must be postgresql://… or sqlite:///FILE "
        f"(MONDAYBRIDGE_DATABASE_URL), not {made.render_as_string(hide_password=True)}"
    )


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        arguments = {
            "timeout": BUSY_SECONDS,
            "check_same_thread": False,
            "cached_statements": PREPARED,
        }
        # The connection used last has the newest pages: another would have to read them again.
        pool: dict[str, Any] = {"pool_size": 4, "max_overflow": -1, "pool_use_lifo": True}
        engine = create_engine(url, connect_args=arguments, **pool)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = create_engine(url, pool_size=4, max_overflow=16)
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun here, never by the driver
    for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=on"):
        connection.execute(f"pragma {pragma}")


def _begin_sqlite(tx: Connection) -> None:
    """Take the write lock at once: a read that turns into a write fails whatever the timeout.

    Said to the driver itself: these two are half of what a short transaction costs.
    """
    driver: Any = tx.connection.dbapi_connection
    if tx.get_execution_options().get("door") == "write":
        driver.execute("pragma query_only=off")
        driver.execute("begin immediate")
    else:
        driver.execute("pragma query_only=on")
        driver.execute("begin")


def _prepare_postgresql(connection: "psycopg.Connection[Any]", _record: object) -> None:
    connection.execute(f"set lock_timeout = '{BUSY_SECONDS}s'")
    connection.execute("set synchronous_commit = on")
    connection.commit()


def _make_private(path: Path) -> None:
    """Create the file for its owner alone; SQLite gives its companions the same rights."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
