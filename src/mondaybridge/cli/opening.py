"""Open the application for a command: settings, mapping, store, and what is recorded agree."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mondaybridge.cli.start import start as configured

if TYPE_CHECKING:
    from mondaybridge.app import App


@contextmanager
def opened(*, online: bool = True) -> Iterator["App"]:
    """Give the App, with the mapping registered.

    An ``online`` command needs credentials, and monday's account is checked first.
    """
    from mondaybridge.app import build
    from mondaybridge.workflows.start import register, start

    app = build(configured(), online=online)
    try:
        if online:
            start(app)
        else:
            register(app)
        yield app
    finally:
        app.close()
