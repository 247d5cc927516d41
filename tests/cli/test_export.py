"""``export``: files for other tools."""

import pytest

from mondaybridge.cli.app import run


@pytest.mark.parametrize("month", ["2026-13", "October", "2026-1"])
def test_a_month_that_is_none_is_a_mistake_of_usage(month: str) -> None:
    assert run(["export", "invoices", month]) == 2
