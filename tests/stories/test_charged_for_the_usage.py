"""At the end of each month, you will be charged for the service usage, fully itemised."""

import pytest

from mondaybridge.errors import ConfigurationError, FindingsError
from mondaybridge.workflows import close, plan
from stories import town
from stories.house import LONDON, House, house

NOVEMBER = "2026-11-03 09:00"


def worked(one: House, minutes: int = 90, day: str = "2026-10-05 09:00") -> str:
    item = one.row("Menu", board=town.TEA, approved=False)
    one.work(item, day, minutes)
    return item


def test_a_month_is_charged_line_by_line() -> None:
    with house(zone=LONDON) as one:
        menu, banner = worked(one), one.row("Banner", board=town.TEA, approved=False)
        one.edit(menu, town.NOTE, "soup added")
        one.work(banner, "2026-10-06 09:00", 20, seconds=1)
        one.sweep()
        one.work(banner, "2026-10-09 09:00", 10)
        one.go(NOVEMBER)
        one.settle()
        one.close("2026-10", "tea")
        assert one.papers() == [("invoice", "tea", "open", 12100)]
        assert one.lines() == [
            ("5 Oct · Menu · 1:30 h at 60.00 GBP - soup added", 9000),
            ("6-9 Oct · Banner · 0:31 h at 60.00 GBP", 3100),
        ]
        assert (one.cell(menu), one.cell(banner)) == (
            ("90", "billed 2026-10"),
            ("31", "billed 2026-10"),
        )
        assert one.findings() == ()


def test_a_month_with_nothing_in_it_is_closed_without_a_document() -> None:
    with house(zone=LONDON) as one:
        one.go(NOVEMBER)
        one.settle()
        done = one.close("2026-10", "tea")
        assert (done[0].plan.closes, one.papers()) == ("2026-10", [])
        assert one.preview("2026-10", "tea").plan.empty


def test_a_month_of_a_package_is_closed_without_a_document() -> None:
    package = {**town.PACKAGE, "sale": "elsewhere"}
    with house(town.mapping(bottega=town.bottega(town.quiet(package)))) as one:
        item = one.row("Home page", "2")
        one.work(item, "2026-10-05 09:00", 40)
        one.go(NOVEMBER)
        one.settle()
        assert one.close("2026-10", "bottega")[0].plan.closes == "2026-10"
        assert one.papers() == []
        one.work(item, "2026-10-06 09:00", 10)
        one.wait(20)
        one.sweep()
        assert one.entries()[-2:] == [("release", -10), ("adjust", 10)]
        assert one.findings() == ()


def test_a_package_is_invoiced_when_it_is_sold_not_at_the_month_end() -> None:
    with house() as one:
        one.settle()
        done = one.close("2026-10", "bottega")[0]
        assert done.note == "2026-10 can be closed from 2026-11-03 on"
        assert one.papers() == [("invoice", "bottega", "open", 60000)]
        assert one.lines() == [("Pacchetto orario P1, 10:00 h", 60000)]
        assert [i.totals.total for i in one.sandbox.stripe.invoices.values()] == [73200]
        one.close("2026-10", "bottega")
        assert len(one.papers()) == 1


def test_a_recorded_sale_cannot_be_changed_in_the_mapping() -> None:
    for change, said in (
        ({"granted": "12:00"}, "package P1 was granted 10:00; the file says 12:00"),
        ({"price": "700.00 EUR"}, r"package P1 was sold for 600\.00 EUR"),
        ({"id": "P9"}, "package P1 was granted and may not be taken away"),
    ):
        with house() as one:
            one.settle()
            other = town.bottega(town.quiet({**town.PACKAGE, **change}))
            with pytest.raises(ConfigurationError, match=said) as refused:
                one.reopen(town.mapping(bottega=other, tea=town.tea()))
            assert refused.value.exit_code == 3


def test_the_rate_of_a_closed_month_cannot_be_changed() -> None:
    with house(zone=LONDON) as one:
        item = worked(one)
        one.go(NOVEMBER)
        one.settle()
        one.close("2026-10")
        dearer = {**town.RATE, "hourly": [{"from": "2026-01-01", "amount": "70.00"}]}
        with pytest.raises(ConfigurationError, match=r"2026-10 is closed at 60\.00 GBP an hour"):
            one.reopen(
                town.mapping(rates={"hourly": dearer}, bottega=town.bottega(), tea=town.tea())
            )
        later = {
            **town.RATE,
            "hourly": [*town.RATE["hourly"], {"from": "2026-11-16", "amount": "70.00"}],
        }
        one.reopen(town.mapping(rates={"hourly": later}, bottega=town.bottega(), tea=town.tea()))
        one.work(item, "2026-11-10 09:00", 10, seconds=30)
        one.work(item, "2026-11-17 09:00", 10, seconds=30)
        one.go("2026-12-03 09:00")
        one.sweep()
        one.close("2026-11", "tea")
        assert one.lines() == [
            ("10 Nov · Menu · 0:11 h at 60.00 GBP", 1100),
            ("17 Nov · Menu · 0:11 h at 70.00 GBP", 1283),
        ]


def test_a_second_close_reads_and_writes_nothing() -> None:
    with house(zone=LONDON) as one:
        worked(one)
        one.go(NOVEMBER)
        one.settle()
        one.close("2026-10")
        before = one.writes()
        one.close("2026-10")
        one.settle()
        assert one.writes() == before


def test_an_old_plan_is_refused_once_the_board_was_edited() -> None:
    with house(zone=LONDON) as one:
        item = worked(one)
        one.go(NOVEMBER)
        one.settle()
        old = plan.overall_hash("2026-10", plan.preview(one.app, "2026-10"))
        mine = one.preview("2026-10", "tea").hash
        one.work(item, "2026-10-07 09:00", 10)
        one.sweep()
        for stale in (old, mine):
            with pytest.raises(
                FindingsError, match="something moved since it was shown"
            ) as refused:
                close.apply(one.app, stale)
            assert refused.value.exit_code == 5
        assert one.papers() == []
        one.close("2026-10", "tea")
        assert one.papers() == [("invoice", "tea", "open", 10000)]


def test_a_hash_of_nobody_is_refused() -> None:
    with house() as one:
        for wanted in ("2026-10:", "2026-10:000000000000", "2026-10:tea:000000000000"):
            with pytest.raises(FindingsError):
                close.apply(one.app, wanted)
        with pytest.raises(ConfigurationError, match="no client 'tee' stands there"):
            close.apply(one.app, "2026-10:tee:000000000000")


def test_documents_wait_for_a_person_unless_the_mapping_says_otherwise() -> None:
    for policy, papers in (("manual", []), ("auto", [("invoice", "tea", "open", 9000)])):
        terms = town.tea(policies={"close": policy})
        with house(town.mapping(tea=terms), zone=LONDON) as one:
            worked(one)
            one.go(NOVEMBER)
            one.sweep()
            assert one.papers() == papers
            assert [p["subtotal_minor"] for p in one.status()["planned"]] == (
                [9000] if policy == "manual" else []
            )


def test_the_grace_days_are_waited_for() -> None:
    terms = town.tea(policies={"close": "auto", "close_after_days": 5})
    with house(town.mapping(tea=terms), zone=LONDON) as one:
        worked(one)
        one.go("2026-11-05 23:50")
        one.sweep()
        assert one.papers() == []
        one.go("2026-11-06 00:01")
        one.sweep()
        assert one.papers() == [("invoice", "tea", "open", 9000)]


def test_months_are_closed_in_order() -> None:
    with house(zone=LONDON) as one:
        item = worked(one)
        one.work(item, "2026-11-05 09:00", 30)
        one.go("2026-12-03 09:00")
        one.settle()
        shown = one.preview("2026-11", "tea")
        assert (shown.note, shown.plan.documents) == (
            "2026-10 comes first: it is not closed yet",
            (),
        )
        one.close("2026-10", "tea")
        one.close("2026-11", "tea")
        assert [total for *_, total in one.papers()] == [9000, 3000]
