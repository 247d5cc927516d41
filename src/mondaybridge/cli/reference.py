"""The reference of all commands, written from the commands themselves: ``docs/cli.md``."""

import inspect
import sys
from collections.abc import Iterator
from typing import Any

import typer.main

from mondaybridge.cli.app import EXIT_CODES, build

HEAD = f"""# Commands

Written by `make generated`; a test says when it is stale. Data goes to stdout, progress and logs to
stderr; `--json` prints one JSON value. {EXIT_CODES}
"""


def reference() -> str:
    """Return the reference as Markdown."""
    parts = [HEAD]
    for path, command in _commands(typer.main.get_command(build()), ("mondaybridge",)):
        usage = " ".join((*path, *_usage(command)))
        text = inspect.cleandoc(command.help or "")
        parts += [f"## `{usage}`\n", f"{text}\n", *_options(command)]
    return "\n".join(parts)


def _commands(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:  # noqa: ANN401 - typer keeps the types of its commands to itself
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command
        return
    for name in sorted(inner):
        yield from _commands(inner[name], (*path, name))


def _usage(command: Any) -> Iterator[str]:  # noqa: ANN401 - as above
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            name = parameter.name.upper()
            yield name if parameter.required else f"[{name}]"


def _options(command: Any) -> Iterator[str]:  # noqa: ANN401 - as above
    rows = [
        f"- `{', '.join(parameter.opts)}`: {parameter.help}"
        if parameter.param_type_name == "option"
        else f"- `{parameter.name.upper()}`: {parameter.help}"
        for parameter in command.params
        if parameter.help
    ]
    if rows:
        yield "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(reference())
