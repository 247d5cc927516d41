"""What ``package check`` reads from its options and prints for people."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from mondaybridge.domain.asking import Asked
    from mondaybridge.reports.check import Check

COLUMNS = ("verdict", "origin", "charge", "need", "hard", "free", "planned", "shortfall", "missing")


def asked(minutes: int, *, urgent: bool, extra: bool, redo: bool, agreed: bool) -> "Asked":
    """Return the request; of the origins one at most may be named."""
    from mondaybridge.domain.admission import Origin
    from mondaybridge.domain.asking import Asked

    flags = {Origin.EXTRA: extra, Origin.REDO: redo, Origin.AGREED: agreed}
    named = [origin for origin, flag in flags.items() if flag]
    if len(named) > 1:
        raise typer.BadParameter("name one of --extra, --redo and --agreed, or none")
    return Asked(minutes, urgent, named[0] if named else None)


def show_check(found: "Check") -> None:
    """Print the sentence, its numbers, and how old the look at the boards is."""
    from mondaybridge.cli.output import print_line, say, show_table
    from mondaybridge.domain.asking import sentence
    from mondaybridge.domain.worktime import hours_text

    seen = found.answer.seen
    numbers = {name: hours_text(getattr(seen, name)) for name in COLUMNS[2:]}
    row = {"verdict": seen.verdict.value, "origin": found.answer.origin.value, **numbers}
    print_line(sentence(found.answer))
    show_table("In h:mm", COLUMNS, [row])
    say(found.age)
