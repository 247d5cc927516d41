"""``db``: the database's schema."""

import typer

from mondaybridge.cli.output import say
from mondaybridge.cli.start import start

app = typer.Typer(no_args_is_help=True, help="The database.")


@app.command()
def upgrade() -> None:
    """Bring the database's tables to this version."""
    from mondaybridge.app import open_store

    store = open_store(start())
    try:
        store.upgrade()
        store.check_schema()
    finally:
        store.close()
    say("the database is up to date")
