"""``mondaybridge config``: judge the mapping without any account, or print its schema."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="The mapping: check it, or print its schema.", no_args_is_help=True)


@app.command()
def check(
    file: Annotated[
        Path | None, typer.Argument(help="The mapping; without it MONDAYBRIDGE_MAPPINGS.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check the mapping offline; every problem is reported at once (exit 3)."""
    from mondaybridge.cli.output import print_json, print_line
    from mondaybridge.cli.start import start
    from mondaybridge.errors import ConfigurationError
    from mondaybridge.mapping import load

    file = file or start().mappings
    mapping, problems = load.check(file)
    if as_json:
        print_json(
            {
                "ok": not problems,
                "file": str(file),
                "problems": [
                    {"line": p.line, "path": p.path, "message": p.message} for p in problems
                ],
                "warnings": list(mapping.warnings) if mapping else [],
            }
        )
        raise typer.Exit(ConfigurationError.exit_code if problems else 0)
    if mapping is None:
        raise ConfigurationError(*map(str, problems))
    counts = [
        f"{len(mapping.clients)} clients",
        f"{len(mapping.contracts)} contracts",
        f"{len(mapping.board_ids)} boards",
    ]
    print_line(f"OK {file}: {', '.join(counts)}")
    for warning in mapping.warnings:
        print_line(f"warning: {warning}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of the mapping, for editors."""
    from mondaybridge.cli.output import print_json
    from mondaybridge.mapping.schema import mapping_schema

    print_json(mapping_schema())
