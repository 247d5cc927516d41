"""In CI a skipped test is a failure, unless it is named here with a reason.

A suite that quietly tests less than it claims is worse than a red one. Loaded by ``conftest.py``;
works in the processes of xdist too, because each turns its own reports.
"""

import os
from collections.abc import Generator

import pytest

# Node id -> why CI may leave it out.
ALLOWED: dict[str, str] = {
    "tests/web/test_server.py::test_an_address_of_the_new_kind": "a machine may have no IPv6",
    "tests/export/test_recalculation.py::test_beyond9_libreoffice_computes_the_same_totals": (
        "a machine may have no LibreOffice"
    ),
}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _judge(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _judge(report)
    return report


def _judge(report: pytest.TestReport | pytest.CollectReport) -> None:
    expected_failure = hasattr(report, "wasxfail")
    if os.environ.get("CI") == "true" and report.skipped and not expected_failure:
        if report.nodeid in ALLOWED:
            return
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} is skipped in CI and not on the list: {reason}"
