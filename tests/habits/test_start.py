"""``--help`` is quick because nothing heavy is imported before a command needs it."""

import os
import resource
import subprocess
import sys

from project import ROOT

HEAVY = {"alembic", "gql", "graphql", "holidays", "httpx", "msgspec", "openpyxl", "pydantic",
         "rich", "ruamel.yaml", "sqlalchemy", "sqlmodel", "starlette", "stripe", "structlog",
         "tenacity", "uvicorn", "xlsxwriter", "zoneinfo"}  # fmt: skip
CPU_SECONDS = 0.3


def help_of(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, *options, "-m", "mondaybridge", "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )


def test_help_imports_nothing_heavy() -> None:
    lines = help_of("-X", "importtime").stderr.splitlines()
    imported = {line.rsplit("|", 1)[-1].strip() for line in lines}
    assert "typer" in imported
    assert imported & HEAVY == set()


def test_help_takes_little_time() -> None:
    assert min(_cpu_of_help() for _ in range(3)) <= CPU_SECONDS


def _cpu_of_help() -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    help_of()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
