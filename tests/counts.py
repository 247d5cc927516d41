"""A gate says how much it ran: what a test records as ``counted`` stands in the summary.

What a test prints stays in the process that ran it; what it records travels with its report.
"""

from collections.abc import Callable

import pytest

COUNTED = "counted"
Record = Callable[[str, object], None]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
    for report in reports:
        for name, value in getattr(report, "user_properties", ()):
            if name == COUNTED:
                terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {value}")
