"""The schema's version: bring it up to date, or say why this code may not use it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from mondaybridge.errors import ConfigurationError

MIGRATIONS = Path(__file__).parent / "migrations"
UPGRADE_LOCK = 0x6D6F6E646179  # one upgrade at a time on PostgreSQL; the number says "monday"


def upgrade(tx: Connection, revision: str = "head") -> None:
    """Bring the schema forward to a revision; nothing happens where it is there already."""
    if tx.dialect.name == "postgresql":
        tx.execute(text("select pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
    refuse_newer(current(tx))
    command.upgrade(config(tx), revision)


def downgrade(tx: Connection, revision: str) -> None:
    """Take the schema back to a revision, ``base`` for none."""
    command.downgrade(config(tx), revision)


def check(tx: Connection) -> None:
    """Refuse a schema that is older or newer than this code (S18)."""
    found = current(tx)
    refuse_newer(found)
    if found != head():
        state = f"is at {found}" if found else "has no tables yet"
        raise ConfigurationError(f"the database {state}: run `mondaybridge db upgrade`")


def current(tx: Connection) -> str:
    """Return the revision that a database is at, empty where it has none."""
    return MigrationContext.configure(tx).get_current_revision() or ""


def head() -> str:
    """Return the revision that this code needs."""
    return ScriptDirectory.from_config(config()).get_current_head() or ""


def config(tx: Connection | None = None) -> Config:
    """Return Alembic's configuration for a connection."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    made.attributes["connection"] = tx
    return made


def refuse_newer(found: str) -> None:
    """Refuse a database that a newer version of the program has changed."""
    known = {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}
    if found and found not in known:
        raise ConfigurationError(
            f"the database was written by a newer version (its schema is {found}): "
            "install that version, or restore a backup made before it"
        )
