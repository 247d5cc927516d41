"""What is held, and what a person decides about it: every choice once, through the store."""

import pytest

from mondaybridge.domain.allocation import Choice
from mondaybridge.errors import FindingsError
from mondaybridge.workflows.held import decide, held_lines
from stories import town
from stories.house import House, house

OVERAGE = {
    "currency": "EUR",
    "tax_rate": "txr_iva22",
    "hourly": [{"from": "2026-10-01", "amount": "55.00"}],
}


def mapping(**terms: object) -> str:
    return town.mapping(
        rates={"overage": OVERAGE, "hourly": town.RATE},
        bottega=town.bottega(town.prepaid(**terms)),
        tea=town.tea(),
    )


def overrun(one: House) -> str:
    """Eleven hours of work on a package of ten."""
    row = one.row("A", "10")
    one.settle()
    one.work(row, "2026-10-02 09:00", 660)
    one.go("2026-10-06 09:00")
    one.sweep()
    return row


def test_5_2_what_is_billed_by_decision_is_a_line_of_the_months_invoice() -> None:
    with house(mapping(policies={"overage_rate": "overage"})) as one:
        row = overrun(one)
        assert one.held() == [(row, "2026-10", "unfunded", 60)]
        decide(one.app, row, Choice.BILL, "admin")
        one.settle()
        assert one.held() == []
        assert one.posted("bottega-hours", row) == {"2026-10": 660}
        assert one.package() == (600, 600, 0, 0, 0)
        one.go("2026-11-10 09:00")
        one.sweep()
        one.close("2026-10", "bottega")
        assert one.papers() == [
            ("invoice", "bottega", "open", 60000),
            ("invoice", "bottega", "open", 5500),
        ]
        assert one.findings() == ()


def test_5_2_overrun_bill_needs_nobody() -> None:
    with house(mapping(policies={"overage_rate": "overage", "overrun": "bill"})) as one:
        row = overrun(one)
        assert one.held() == []
        assert one.posted("bottega-hours", row) == {"2026-10": 660}
        assert one.package() == (600, 600, 0, 0, 0)
        assert one.findings() == ()


def test_5_2_without_a_price_billing_is_refused_with_the_remedy() -> None:
    with house(mapping()) as one:
        row = overrun(one)
        message = r"bottega-hours has no price .* policies\.overage_rate in mappings\.yaml"
        with pytest.raises(FindingsError, match=message):
            decide(one.app, row, Choice.BILL, "admin")
        assert one.held() == [(row, "2026-10", "unfunded", 60)]


def test_5_8_work_after_the_contracts_end_says_so_and_cannot_be_decided_away() -> None:
    with house(mapping(until="2026-10-04")) as one:
        row = one.row("A", "2")
        one.settle()
        one.work(row, "2026-10-02 09:00", 30)
        one.work(row, "2026-10-05 09:00", 20)
        one.go("2026-10-06 09:00")
        one.sweep()
        assert one.posted("bottega-hours", row) == {"2026-10": 30}
        line = held_lines(one.app)[0]
        assert (line.reason.value, line.held.minutes) == ("no contract on this date", 20)
        assert line.detail == (
            "contract bottega-hours ended on 2026-10-03: extend it, map the board to the next "
            "contract, or correct the date of the work"
        )
        with pytest.raises(FindingsError, match="nothing here: mend the board or the contract"):
            decide(one.app, row, Choice.ABSORB, "admin")
