"""Old tasks billed month by month must meet an independent calculation to the penny."""

import csv
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from mondaybridge.demo import real
from mondaybridge.demo.projects import projects_of
from mondaybridge.demo.tasks import Stretch, read_tasks, stretches
from mondaybridge.errors import ConfigurationError
from shared import shared_file
from stories.independent import expected

TASKS = (
    "TaskNumber,Summary,Priority,RaisedByID,AssignedToID,AuthorisedByID,StatusCode,ProjectCode,"
    "ProjectBreakdownCode,Category,SubCategory,HoursEstimate,HoursActual,DeveloperID,"
    "DeveloperHoursActual,TaskPerformance,DeveloperPerformance"
)
DATES = "TaskNumber,EstimateOn,StartedOn,CompletedOn"


def task(number: int, summary: str, project: str, status: str, *work: tuple[int, str]) -> list[str]:
    """Return a task's rows: one for each developer and their hours."""
    return [
        f'{number},"{summary}",1,1,{developer},1,{status},{project},B,Development,Bug,3.5,9,'
        f"{developer},{hours},0,0"
        for developer, hours in work
    ]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two projects: both changes of the clock, month ends, odd names, long and tiny tasks."""
    place = tmp_path_factory.mktemp("tasks")
    rows = [
        *task(11, 'Says ""hello"", twice', "Alpha", "FINISHED", (1, "7.01"), (2, "0.01")),
        *task(12, "Über die Brücke, naïve  ", "Alpha", "CANCELLED", (1, "14.2")),
        *task(13, "Same name", "Alpha", "ESTIMATED", (3, "0.3333")),
        *task(14, "Same name", "Alpha", "CHRONICLE", (3, "0.3333")),
        *task(21, "Over many months", "Beta: #2", "RELEASED", (2, "400.75"), (1, "3")),
        *task(22, "doesn\x92t start, 'quoted'", "Beta: #2", "WAITING?", (2, "0.005")),
        *task(23, "The last Friday of October", "Beta: #2", "COMPLETED", (1, "20.999")),
    ]
    dates = [
        "11,28-Mar-08,28-Mar-08,",  # the Friday before summer time
        "12,30-Apr-08,,02-May-08",  # begins by its estimate, ends in May
        "13,29-Feb-08,29-Feb-08,",
        "13,29-Feb-08,29-Feb-08,",
        "14,01-Mar-08,01-Mar-08,",  # a Saturday
        "21,15-Aug-08,15-Aug-08,",
        "22,31-Aug-08,31-Aug-08,",  # a Sunday: its work is September's
        "23,20-Oct-08,24-Oct-08,",  # the Friday before winter time
    ]
    (place / "sip-tasks.csv").write_text("\n".join([TASKS, *rows]), encoding="utf-8")
    (place / "sip-dates.csv").write_text("\n".join([DATES, *dates]), encoding="utf-8")
    return place


@pytest.fixture(scope="session")
def printed(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command as a person does."""
    source = str(Path(real.__file__).parents[2])
    return subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "mondaybridge.demo.real", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": source, "PYTHONUTF8": "1"},
    )


def test_every_invoice_and_line_equals_the_independent_figures(
    folder: Path, printed: subprocess.CompletedProcess[str]
) -> None:
    wanted = expected(folder)
    assert (printed.returncode, json.loads(printed.stdout)) == (0, wanted)
    assert list(wanted["Alpha"]) == ["2008-02", "2008-03", "2008-04", "2008-05"]
    assert wanted["Alpha"]["2008-03"]["lines"] == {"11": [422, 45710], "14": [20, 2166]}


def test_tells_time_calls_and_memory_on_stderr(
    printed: subprocess.CompletedProcess[str],
) -> None:
    lines = printed.stderr.splitlines()
    assert [line.split(":")[0] for line in lines[:3]] == ["first pass", "second pass", "checks"]
    assert lines[-1].startswith("peak memory: ")
    invoices = sum(len(months) for months in json.loads(printed.stdout).values())
    assert f"{invoices:6} stripe POST /v1/invoices/ID/finalize" in lines


def test_a_tampered_line_or_board_is_a_difference(folder: Path, tmp_path: Path) -> None:
    projects = projects_of(read_tasks(folder))
    with real.bench(projects, tmp_path) as ready:
        real.close_all(ready.app, projects.months[: 12 * 4 + 3])
        client = ready.app.mapping.clients[0]
        closed = real.account(ready, client)
        invoice = closed.documents[0]
        line = replace(invoice.lines[0], minutes=invoice.lines[0].minutes + 1)
        tampered = replace(
            closed, documents=(replace(invoice, lines=(line, *invoice.lines[1:])), invoice)
        )
        found = real.differences(tampered)
    assert "project-1: ledger and documents differ" in found
    assert "project-1: invoice 2008-02: 2 documents differ" in found


def test_hours_become_working_days_from_nine_to_the_second() -> None:
    friday = date(2008, 3, 28)
    assert list(stretches("7", friday, "7.5")) == [
        Stretch("7", 1_206_694_800_000, 1_206_720_000_000),
        Stretch("7", 1_206_950_400_000, 1_206_952_200_000),
    ]


def test_items_are_created_at_least_eleven_minutes_apart(folder: Path) -> None:
    projects = projects_of(read_tasks(folder))
    items = [item for board in projects.world.monday.boards for item in board.items]
    created = sorted(item.created_at or 0 for item in items)
    assert len(created) == 7
    assert min(b - a for a, b in pairwise(created)) >= 11 * 60_000


@pytest.mark.parametrize("name", ["sip-tasks.csv", "sip-dates.csv"])
def test_a_folder_without_its_files_is_named(
    folder: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    other = {"sip-tasks.csv", "sip-dates.csv"} - {name}
    for each in other:
        (tmp_path / each).write_bytes((folder / each).read_bytes())
    assert real.main([str(tmp_path)]) == ConfigurationError.exit_code
    assert name in capsys.readouterr().err


def test_a_task_without_dates_is_named(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "sip-tasks.csv").write_bytes((folder / "sip-tasks.csv").read_bytes())
    (tmp_path / "sip-dates.csv").write_text(DATES, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="'11'"):
        read_tasks(tmp_path)


def test_it_needs_one_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert (real.main([]), capsys.readouterr().err) == (2, f"{real.USAGE}\n")


@pytest.mark.timeout(1800)
def test_ten_years_meet_the_independent_figures_to_the_penny() -> None:
    data = shared_file("data")
    result = real.run(data)
    assert (result.findings, result.figures) == ((), expected(data))


def test_the_shared_data_is_what_its_description_says() -> None:
    data = shared_file("data")
    with (data / "sip-tasks.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert (len(rows), len(read_tasks(data)), len(expected(data))) == (4_204, 3_285, 10)
