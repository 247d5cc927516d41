"""The package's rules and the tests that prove them: ``docs/rules.md`` is written from here.

A test proves the rules whose numbers its name carries: ``test_R12_...``. Run it as
``PYTHONPATH=src:tests python -m rules``.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from project import ROOT

NUMBER = re.compile(r"R(\d\d)[a-c]?(?=_|$)")
STORIES = "tests/stories/"
HEAD = """# Rules

What a package of hours promises, rule by rule: what it says, where it shows, and the tests that
carry its number. Stories stand first: they run through the whole bridge, with people at the boards.
Written by `make generated`; a test says when it is stale.
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """One promise: its number, its name, what it says, and where people see that it holds."""

    number: str
    name: str
    says: str
    shows: str


RULES = (
    Rule(
        "R00",
        "Package of hours",
        "A client buys hours in advance; the package lives on its board, and only its sale is "
        "invoiced.",
        "board, `package list`, invoice of the sale",
    ),
    Rule(
        "R01",
        "One pool of minutes",
        "Whatever is done and whoever does it, all time comes out of one balance.",
        "package row, ledger, `package list`",
    ),
    Rule(
        "R02",
        "The same numbers everywhere",
        "Granted, used and left are equal on the board, in the ledger and in the workbook.",
        "package row, ledger, `package list`, `package show`, Excel",
    ),
    Rule(
        "R03",
        "Reserve, post, release",
        "An accepted estimate holds hours, work uses them up, what is left over is given back.",
        "ledger, package row, `package list`",
    ),
    Rule(
        "R04",
        "Working hours",
        "Promises of time count in the open hours of a calendar, with its breaks and holidays.",
        "clock cell of the board",
    ),
    Rule(
        "R05",
        "Types of service",
        "A row names a known type of service; another one is pointed out and loses no time.",
        "message cell of the board, Excel",
    ),
    Rule(
        "R06",
        "Who asks",
        "A row names who asked for it, and that is one of the client's people.",
        "message cell of the board, `status`",
    ),
    Rule(
        "R07",
        "One e-mail, one request",
        "A row names its e-mail, and no other row names the same one.",
        "message cell of the board, `status`",
    ),
    Rule(
        "R08",
        "What was agreed",
        "What stands on the board at the start is frozen with its date and total.",
        "origin cell of the board, ledger facts, Excel",
    ),
    Rule(
        "R09",
        "An extra needs hours",
        "What comes later is let in only if the hours for it are there, and needs an estimate.",
        "message cell and comment on the board, `status`",
    ),
    Rule(
        "R10",
        "Urgency in writing",
        "Urgent counts with the client's word for it, and later only with a new approval.",
        "message cell and comment on the board, ledger, Excel",
    ),
    Rule(
        "R11",
        "Urgent is three times",
        "Urgent work is charged three times the time worked, and holds three times its estimate.",
        "charged and message cells of the board, ledger, Excel",
    ),
    Rule(
        "R12",
        "Small extras start by themselves",
        "An extra of up to thirty minutes of work starts without a click if free hours cover it.",
        "approval and message cells of the board, ledger",
    ),
    Rule(
        "R13",
        "The word (extra)",
        'The name of an extra ends with "(extra)", once, also if it was typed by hand.',
        "name on the board, Excel",
    ),
    Rule(
        "R14",
        "Extras are ordinary work",
        "Once started, an extra goes on exactly as agreed work does.",
        "board, ledger, Excel",
    ),
    Rule(
        "R15",
        "Larger extras are confirmed",
        "The client confirms after reading what is left, what is reserved and what would lack.",
        "comment and message cell of the board, ledger facts",
    ),
    Rule(
        "R16",
        "Never beyond what is left",
        "Nothing is activated or started that needs more than all hours left.",
        "message cell and comment on the board, `status`",
    ),
    Rule(
        "R17",
        "The end of a package",
        "The client gets the list of what was done as a workbook, and the board is closed.",
        "board, Excel, mail, `package close`",
    ),
    Rule(
        "R18",
        "Taken in charge in time",
        "A request is taken in charge within five working days; a miss is recorded.",
        "clock and message cells of the board, `status`",
    ),
    Rule(
        "R19",
        "The client decides",
        "An approval covers the estimate it was given to; a higher one needs a new approval.",
        "approval cell, message cell and comment on the board, ledger facts",
    ),
    Rule(
        "R20",
        "Doing it again",
        "Work done on a wrong request stays charged; doing it again is a new row of its own.",
        "both rows of the board, ledger, Excel",
    ),
    Rule(
        "R21",
        "A board for every package",
        "Every package has a board, made from a template, and documents name its address.",
        "board, mail, `package open`, `doctor`",
    ),
    Rule(
        "R22",
        "The client sees the board",
        "The client's people are guests and subscribers of the board before work starts.",
        "board, `package open`, `doctor`",
    ),
    Rule(
        "R23",
        "Seven fields",
        "Name, person, status, approval, estimate, actual time and date are read from every row.",
        "board, Excel, `config check`, `doctor`",
    ),
    Rule(
        "R24",
        "The first mail",
        "Each of the client's people gets one mail that says how to reach the board.",
        "mail or outbox file, `package open`",
    ),
    Rule(
        "R25",
        "The client's own approval",
        "An approval counts if one of the client's people gave it, or their e-mail is named.",
        "message cell and comment on the board, ledger facts, `status`, Excel",
    ),
    Rule(
        "R26",
        "Fixed and flexible dates",
        "A fixed date that has passed is an alert, a flexible one a remark; neither costs hours.",
        "message cell and comment on the board, Excel",
    ),
    Rule(
        "R27",
        "What an hour is worth",
        "The price of a package by its hours; an hour worked is an hour charged.",
        "invoice of the sale, ledger, Excel",
    ),
)


@cache
def proofs() -> dict[str, list[str]]:
    """Return the tests that carry each rule's number: ``file::name``, stories first."""
    found: dict[str, list[str]] = {rule.number: [] for rule in RULES}
    for place, name in tests():
        for number in dict.fromkeys(NUMBER.findall(name)):
            found.get(f"R{number}", []).append(f"{place}::{name}")
    return {key: sorted(one, key=_stories_first) for key, one in found.items()}


def tests() -> Iterator[tuple[str, str]]:
    """Yield every test: its file and its name."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for name in functions(path):
            yield str(path.relative_to(ROOT)), name


def functions(path: Path) -> list[str]:
    """Return the names of a file's tests."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return [n.name for n in nodes if isinstance(n, kinds) and n.name.startswith("test_")]


def page() -> str:
    """Return ``docs/rules.md``."""
    return "\n".join([HEAD, *(_section(rule) for rule in RULES)])


def _section(rule: Rule) -> str:
    listed = "\n".join(f"- `{one}`" for one in proofs()[rule.number])
    title = f"## {rule.number} {rule.name}"
    return f"{title}\n\n{rule.says}\n\n*Shows in:* {rule.shows}.\n\n{listed}\n"


def _stories_first(proof: str) -> tuple[bool, str]:
    return not proof.startswith(STORIES), proof


if __name__ == "__main__":
    sys.stdout.write(page())
