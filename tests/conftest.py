"""What every test shares: in CI a skip that nobody named is a failure; gates say what they ran."""

from counts import pytest_terminal_summary
from skips import pytest_make_collect_report, pytest_runtest_makereport

__all__ = [
    "pytest_make_collect_report",
    "pytest_runtest_makereport",
    "pytest_terminal_summary",
]
