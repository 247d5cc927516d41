"""The command line's frame: the table of commands, and the one place where errors become exits.

Each name in ``COMMANDS`` is a module of this package with either a group ``app`` or a function of
the module's own name. Modules import only typer at their top, so that ``--help`` is quick.
"""

import importlib
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated

import typer

from mondaybridge.cli.start import invocation
from mondaybridge.errors import BridgeError, TryLater

COMMANDS = (
    "close",
    "config",
    "db",
    "demo",
    "doctor",
    "export",
    "explain",
    "healthcheck",
    "held",
    "ledger",
    "package",
    "park",
    "plan",
    "question",
    "run",
    "sandbox",
    "statement",
    "status",
    "sync",
    "version",
    "webhooks",
)

EXIT_CODES = (
    "Exit codes: 0 ok, 1 unexpected, 2 usage, 3 configuration, 4 credentials or upstream, "
    "5 findings, 75 try later."
)
UNEXPECTED = 1


def run(arguments: Sequence[str], app: typer.Typer | None = None) -> int:
    """Run one command line and return its exit code; no traceback unless it was asked for."""
    try:
        (app or build())(list(arguments))
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    except BridgeError as error:
        _say(error, _message(error))
        return error.exit_code
    except Exception as error:  # noqa: BLE001 - the last boundary before the shell
        hint = "" if invocation.debug else "; run again with --debug for the traceback"
        _say(error, f"unexpected {type(error).__name__}: {error}{hint}")
        return UNEXPECTED
    return 0


def build() -> typer.Typer:
    """Return the application with every command of the table."""
    app = frame()
    for name in COMMANDS:
        module = importlib.import_module(f"mondaybridge.cli.{name}")
        if hasattr(module, "app"):
            app.add_typer(module.app, name=name)
        else:
            app.command(name)(getattr(module, name))
    return app


def frame() -> typer.Typer:
    """Return the application without commands."""
    return typer.Typer(
        name="mondaybridge",
        help="Hourly packages and monthly billing between monday.com boards and Stripe documents.",
        epilog=EXIT_CODES,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        callback=_options,
    )


def _options(
    debug: Annotated[
        bool, typer.Option("--debug", help="Log in detail; show the traceback of an error.")
    ] = False,
) -> None:
    invocation.debug = debug


def _message(error: BridgeError) -> str:
    if isinstance(error, TryLater) and error.until:
        from mondaybridge.domain.worktime import iso

        return f"{error} (not before {iso(error.until)})"
    return str(error)


def _say(error: Exception, message: str) -> None:
    """Write an error to stderr without secrets, with its traceback where it was asked for."""
    from mondaybridge.log import hide

    if invocation.debug:
        message = "".join(traceback.format_exception(error)) + message
    sys.stderr.write(hide(message, invocation.secrets) + "\n")
