"""Staff ask what a request would be answered before they type it (R09, R12, R15, R16)."""

import json
import subprocess
import sys

from mondaybridge.domain.admission import Origin
from mondaybridge.domain.asking import Asked
from mondaybridge.domain.worktime import iso
from mondaybridge.reports.check import Check, check
from project import ROOT
from stories import town
from stories.house import House, house


def asked(one: House, minutes: int, origin: Origin | None = None, *, urgent: bool = False) -> Check:
    contract = one.app.mapping.contract("bottega-hours")
    return check(one.app, contract, Asked(minutes, urgent, origin))


def command(one: House, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "mondaybridge", "package", "check", "bottega-hours", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={
            "PATH": "",
            "PYTHONPATH": str(ROOT / "src"),
            "MONDAYBRIDGE_DATABASE_URL": one.url,
            "MONDAYBRIDGE_DATA_DIR": str(one.folder),
            "MONDAYBRIDGE_MAPPINGS": str(one.folder / "mappings.yaml"),
        },
        timeout=60,
    )


def test_R09_R16_the_answer_has_the_number_that_is_missing_and_nothing_is_written() -> None:
    with house() as one:
        one.row("Home page", "8")
        one.sweep()
        entries, writes, package = one.entries(), one.writes(), one.package()
        fits = asked(one, 60)
        assert fits.answer.seen.verdict.value == "confirm"
        over = asked(one, 150)
        assert (over.answer.seen.shortfall, over.answer.refused) == (30, False)
        assert asked(one, 601).answer.seen.missing == 1
        assert (one.entries(), one.writes(), one.package()) == (entries, writes, package)


def test_R12_R15_the_row_that_is_typed_afterwards_is_answered_the_same() -> None:
    with house() as one:
        one.row("Home page", "8")
        one.sweep()
        for name, minutes in (("Long", 90), ("Longer", 180), ("Longest", 660)):
            before = asked(one, minutes).answer.seen
            item = one.row(name, f"{minutes / 60}", approved=False, status=town.NEW)
            one.sweep()
            shown = [row for row in one.status()["refused"] if row["activity"] == item]
            numbers = [(row["need"], row["hard"], row["shortfall"]) for row in shown]
            assert numbers == [(before.need, before.hard, before.shortfall)]


def test_R10_an_urgent_request_is_judged_by_what_it_costs() -> None:
    with house() as one:
        one.sweep()
        assert asked(one, 210, urgent=True).answer.seen.missing == 30


def test_the_answer_says_how_old_the_look_at_the_boards_is() -> None:
    with house() as one:
        assert asked(one, 10).age.startswith("The boards have not all been read yet")
        one.sweep()
        seen = one.clock.now()
        one.wait(125)
        assert asked(one, 10).age == f"As the boards were read 2:05 h ago ({iso(seen)})."


def test_R16_the_command_ends_with_5_when_the_request_would_be_refused() -> None:
    with house() as one:
        one.sweep()
        fits = command(one, "--minutes", "90", "--json")
        assert (fits.returncode, fits.stderr) == (0, "")
        told = json.loads(fits.stdout)
        assert (told["verdict"], told["need"], told["free"]) == ("confirm", 90, 600)
        assert told["sentence"].startswith("It fits: 1:30 is needed and 10:00 is free.")
        refused = command(one, "--minutes", "601", "--extra")
        assert refused.returncode == 5
        assert refused.stdout.startswith("It cannot be done: 10:01 is needed and 10:00 is left,")
        assert "ago (" in refused.stderr
        twice = command(one, "--minutes", "5", "--extra", "--redo")
        assert (twice.returncode, twice.stdout) == (2, "")
        other = command(one, "--minutes", "5")
        assert other.returncode == 0
