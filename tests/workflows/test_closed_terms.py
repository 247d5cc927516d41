"""What a mapping may not change any more: how closed months were counted, what was used before."""

import pytest

from mondaybridge.errors import ConfigurationError
from stories import town
from stories.house import House, house


def bottega(*, zone: str = "Europe/Rome", **terms: object) -> str:
    """Return a mapping of Bottega alone, whose contract has these terms besides."""
    client = town.bottega({**town.quiet(), **terms})
    return town.mapping(bottega={**client, "zone": zone})


def october_closed(one: House) -> str:
    row = one.row("A", "2")
    one.settle()
    one.work(row, "2026-10-31 23:00", 31)
    one.go("2026-11-10 09:00")
    one.sweep()
    one.close("2026-10", "bottega")
    one.settle()
    return row


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"bill_from": "2026-11-01"}, r"bill_from 2026-10-01; the file says 2026-11-01"),
        (
            {"policies": {**town.QUIET, "rounding": {"increment": 15}}},
            r"rounding\.increment 1; the file says 15",
        ),
        ({"policies": {**town.QUIET, "urgent_factor": 2}}, r"urgent_factor 3; the file says 2"),
        ({"zone": "Asia/Tokyo"}, r"the time zone Europe/Rome; the file says Asia/Tokyo"),
    ],
)
def test_5_another_way_to_count_closed_months_is_refused(terms: dict[str, str], said: str) -> None:
    with house(bottega()) as one:
        row = october_closed(one)
        with pytest.raises(ConfigurationError, match=rf"2026-10 is closed with {said}.*`until`"):
            one.reopen(bottega(**terms))
        one.reopen(bottega())
        one.settle()
        assert one.posted("bottega-hours", row) == {"2026-10": 31}
        assert one.findings() == ()


def test_5_8_an_end_before_the_time_of_a_closed_month_is_refused() -> None:
    with house(bottega()) as one:
        row = october_closed(one)
        with pytest.raises(ConfigurationError, match=r"2026-10 is closed .* end on 2026-11-01"):
            one.reopen(bottega(until="2026-10-20"))
        one.reopen(bottega(until="2026-11-01"))
        one.settle()
        assert one.posted("bottega-hours", row) == {"2026-10": 31}


def test_5_8_a_month_that_was_closed_with_its_contracts_end_stays_so() -> None:
    with house(bottega(until="2026-10-20")) as one:
        row = one.row("A", "2")
        one.work(row, "2026-10-05 09:00", 31)
        one.go("2026-11-10 09:00")
        one.sweep()
        one.close("2026-10", "bottega")
        one.reopen(bottega(until="2026-10-20"))
        one.reopen(bottega(until="2026-10-25"))
        with pytest.raises(ConfigurationError, match="end on 2026-10-20"):
            one.reopen(bottega(until="2026-10-19"))


def test_5_before_a_month_with_time_is_closed_the_terms_may_change() -> None:
    with house(bottega()) as one:
        one.settle()
        one.reopen(bottega(policies={**town.QUIET, "rounding": {"increment": 15}}))
        one.go("2026-11-10 09:00")
        one.sweep()
        one.close("2026-10", "bottega")
        one.reopen(bottega())


def test_5_4_hours_used_before_are_refused_once_the_package_is_granted() -> None:
    with house(bottega()) as one:
        one.settle()
        message = r"P1 was granted with 0:00 used before; the file says 1:40: put opening_used back"
        with pytest.raises(ConfigurationError, match=message):
            one.reopen(bottega(packages=[{**town.PACKAGE, "opening_used": "1:40"}]))
