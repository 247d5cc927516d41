"""``doctor``: the mapping, monday, Stripe and this machine, looked at together."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from mondaybridge.setup.finding import Finding

PLAIN_WIDTH = 10_000
COLOURS = {"OK": "green", "WARN": "yellow", "FAIL": "red"}
INDENT = " " * len("FAIL  MB000  ")


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check settings, mapping, boards, columns, people, Stripe and database (exit 4 on FAIL).

    Nothing is written anywhere, and everything is looked at, whatever was found before.
    """
    from mondaybridge.cli.output import print_json
    from mondaybridge.errors import UpstreamError
    from mondaybridge.setup.finding import Level

    findings = list(_findings(shown=not as_json))
    failed = sum(one.level is Level.FAIL for one in findings)
    if as_json:
        print_json({"ok": not failed, "findings": [_plain(one) for one in findings]})
    else:
        _conclude(findings)
    if failed:
        raise typer.Exit(UpstreamError.exit_code)


def _findings(*, shown: bool) -> "Iterator[Finding]":
    """Yield the findings as they come, and show each at once: a look at monday takes its time."""
    from mondaybridge.cli.start import start
    from mondaybridge.errors import ConfigurationError
    from mondaybridge.setup.doctor import examine
    from mondaybridge.setup.finding import Check, failure

    try:
        found = examine(start())
    except ConfigurationError as error:
        fix = "correct the environment; nothing else can be looked at before"
        found = iter([failure(Check.SETTINGS, problem, fix) for problem in error.problems])
    for one in found:
        if shown:
            _show(one)
        yield one


def _show(finding: "Finding") -> None:
    """Print a finding on a line, and on the next one what to do about it."""
    import os
    import shutil
    import sys
    import textwrap

    from mondaybridge.cli.output import print_line
    from mondaybridge.cli.start import invocation
    from mondaybridge.log import hide

    wide = shutil.get_terminal_size().columns if sys.stdout.isatty() else PLAIN_WIDTH
    level = finding.level.value
    head = f"{level:<4}  {finding.check.value}  "
    for first, text in ((head, finding.text), (INDENT, finding.fix and f"-> {finding.fix}")):
        if text:
            lines = textwrap.wrap(
                hide(text, invocation.secrets),
                wide,
                initial_indent=first,
                subsequent_indent=INDENT,
                break_long_words=False,
                break_on_hyphens=False,
            )
            shown = "\n".join(lines)
            if sys.stdout.isatty() and not os.environ.get("NO_COLOR") and text is finding.text:
                shown = typer.style(level, fg=COLOURS[level], bold=True) + shown[len(level) :]
            print_line(shown)


def _conclude(findings: "Sequence[Finding]") -> None:
    from mondaybridge.cli.output import print_line
    from mondaybridge.setup.finding import Level

    counts = {level: sum(one.level is level for one in findings) for level in Level}
    print_line(
        f"{len(findings)} checks: {counts[Level.OK]} OK, {counts[Level.WARN]} to consider, "
        f"{counts[Level.FAIL]} to mend"
    )


def _plain(finding: "Finding") -> dict[str, str]:
    from mondaybridge.cli.start import invocation
    from mondaybridge.log import hide

    return {
        "id": finding.check.value,
        "level": finding.level.value,
        "text": hide(finding.text, invocation.secrets),
        "fix": finding.fix,
    }
