"""What is held, and what a person decides about it: every choice once, through the store."""

import pytest

from mondaybridge.domain.allocation import Choice
from mondaybridge.errors import ConfigurationError, FindingsError
from mondaybridge.store import facts
from mondaybridge.workflows.held import decide, held_lines
from mondaybridge.workflows.packages import credit
from stories import town
from stories.house import LONDON, House, house

OVERAGE: town.Terms = {
    "currency": "EUR",
    "tax_rate": "txr_iva22",
    "hourly": [{"from": "2026-10-01", "amount": "55.00"}],
}


def mapping(overage: town.Terms = OVERAGE, **terms: object) -> str:
    return town.mapping(
        rates={"overage": overage, "hourly": town.RATE},
        bottega=town.bottega(town.quiet(**terms)),  # type: ignore[arg-type]  # a test names its terms
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
        assert one.lines() == [("2 ott · A · 1:00 h oltre il pacchetto a 55.00 EUR", 5500)]
        one.reopen()
        dearer = {**OVERAGE, "hourly": [{"from": "2026-10-01", "amount": "60.00"}]}
        with pytest.raises(ConfigurationError, match=r"2026-10 is closed at 55\.00 EUR an hour"):
            one.reopen(mapping(dearer, policies={"overage_rate": "overage"}))
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


def test_7_what_was_worked_before_the_contracts_end_is_billed_though_work_goes_on() -> None:
    terms = town.hourly(until="2026-10-15")
    with house(town.mapping(tea=town.tea(terms)), zone=LONDON) as one:
        row = one.row("Menu", board=town.TEA)
        one.settle()
        one.work(row, "2026-10-05 09:00", 60)
        one.work(row, "2026-10-20 09:00", 30)
        one.go("2026-11-10 09:00")
        one.sweep()
        assert one.held() == [(row, "2026-10", "no contract on this date", 30)]
        one.close("2026-10", "tea")
        assert one.papers() == [("invoice", "tea", "open", 6000)]


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
        with pytest.raises(FindingsError, match="no contract on this date: contract bottega-hours"):
            decide(one.app, row, Choice.ABSORB, "admin")


@pytest.mark.parametrize("then", ["bill", "hold", "next_package"])
def test_5_2_what_the_policy_absorbed_stays_absorbed_in_a_closed_month(then: str) -> None:
    absorbing = {"overage_rate": "overage", "overrun": "absorb"}
    with house(mapping(policies=absorbing)) as one:
        row = overrun(one)
        assert (one.held(), one.posted("bottega-hours", row)) == ([], {"2026-10": 600})
        one.go("2026-11-10 09:00")
        one.sweep()
        one.close("2026-10", "bottega")
        with one.app.store.read() as tx:
            told = [
                (e.actor, e.args, e.cause) for e in facts.events(tx, "bottega-hours", "decision")
            ]
        decided = {"choice": "absorb", "periods": {"2026-10": 60}}
        assert told == [("policy", decided, "overrun: absorb")]
        one.settle()
        one.reopen(mapping(policies={**absorbing, "overrun": then}))
        credit(one.app, "P1", minutes=90, reason="they were patient", actor="Ada")
        one.settle()
        assert (one.held(), one.posted("bottega-hours", row)) == ([], {"2026-10": 600})
        assert one.package() == (690, 600, 0, 90, 90)
        assert one.findings() == ()
