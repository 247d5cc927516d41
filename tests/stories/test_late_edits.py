"""What is corrected late: by when it is credited, what waits for a person, what is only a draft."""

from datetime import date

import pytest

from mondaybridge.domain.allocation import Choice
from mondaybridge.errors import FindingsError
from mondaybridge.workflows.closing import standing
from mondaybridge.workflows.held import decide, held_lines
from stories import town
from stories.house import LONDON, House, house


def closed_october(one: House) -> tuple[str, str]:
    """An hour and a half is billed."""
    menu = one.row("Menu", board=town.TEA, approved=False)
    session = one.work(menu, "2026-10-05 09:00", 90)
    one.go("2026-11-03 09:00")
    one.settle()
    one.close("2026-10", "tea")
    return menu, session


def due(one: House) -> list[tuple[str, bool]]:
    rows = standing(one.app, one.clock.now())
    return [
        (p["by"], p["overdue"])
        for row in rows
        for p in row["planned"]
        if p["type"] == "credit_note"
    ]


def test_S7_a_credit_note_says_what_was_changed_from_what_to_what() -> None:
    with house(zone=LONDON) as one:
        menu, session = closed_october(one)
        one.rework(menu, session, 60)
        one.sweep()
        (note,) = one.preview("2026-11", "tea").plan.documents
        assert [line.cause for line in note.lines] == [
            "changed on the board after the month was closed (2026-10: 1:30 → 1:00)"
        ]
        one.close("2026-11", "tea")
        (paper,) = one.sandbox.stripe.credit_notes.values()
        assert str(paper.memo).endswith(
            "Menu · -0:30 h at 60.00 GBP: changed on the board after the month was closed "
            "(2026-10: 1:30 → 1:00)"
        )


def test_6_8_a_decrease_is_due_as_a_credit_note_within_five_working_days() -> None:
    with house(zone=LONDON) as one:
        menu, session = closed_october(one)
        one.go("2026-11-05 09:00")
        one.rework(menu, session, 60)
        one.sweep()
        one.go("2026-11-06 09:00")
        one.settle()
        shown = one.preview("2026-11", "tea")
        assert [day for _, day in shown.credit_by] == [date(2026, 11, 12)]
        assert shown.draft_only == ()  # what is due now stands there once
        assert due(one) == [("2026-11-12", False)]
        one.go("2026-11-13 09:00")
        one.settle()
        assert due(one) == [("2026-11-12", True)]
        one.close("2026-11", "tea")
        assert due(one) == []


def test_6_12_an_open_month_is_shown_as_a_draft_and_nothing_is_issued() -> None:
    with house(zone=LONDON) as one:
        menu = one.row("Menu", board=town.TEA, approved=False)
        one.work(menu, "2026-10-05 09:00", 90)
        one.go("2026-11-01 09:00")
        one.settle()
        shown = one.preview("2026-10", "tea")
        assert shown.note == "2026-10 can be closed from 2026-11-03 on"
        assert shown.plan.documents == ()
        assert [d.subtotal_minor for d in shown.draft_only] == [9000]
        one.close("2026-10", "tea")
        assert one.papers() == []


class TestLateWindow:
    """Sixty days after the close a person decides, in both directions (semantics 6.12)."""

    @pytest.mark.parametrize(
        ("minutes", "moved", "paper"),
        [(60, -30, ("credit note", "tea", "issued", 3000)), (120, 30, None)],
    )
    def test_bill_lets_it_pass(
        self, minutes: int, moved: int, paper: tuple[str, str, str, int] | None
    ) -> None:
        with house(zone=LONDON) as one:
            menu, session = closed_october(one)
            one.go("2027-01-04 09:00")
            one.close("2026-11", "tea")
            one.rework(menu, session, minutes)
            one.sweep()
            assert one.close("2026-12", "tea")[0].plan.documents == ()
            assert one.held() == [(menu, "2026-10", "later than the late window", moved)]
            (line,) = held_lines(one.app)
            assert line.detail.startswith("2026-10 was closed more than 60 days ago: 'bill' ")
            with pytest.raises(FindingsError, match="can be decided by: bill, absorb"):
                decide(one.app, menu, Choice.WAIT, "Ada")
            decide(one.app, menu, Choice.BILL, "Ada")
            one.settle()
            assert one.held() == []
            assert ("late", menu) in one.events(
                one.app.mapping.client("tea").contracts[0].contract_id
            )
            work = one.row("News", board=town.TEA, approved=False)
            one.work(work, "2027-01-05 09:00", 60)
            one.go("2027-02-03 09:00")
            one.sweep()
            one.close("2027-01", "tea")
            january = ("invoice", "tea", "open", 6000 if paper else 9000)
            assert sorted(one.papers()[1:]) == sorted(filter(None, [january, paper]))
            assert one.findings() == ()

    def test_absorb_leaves_it_as_it_was_billed(self) -> None:
        with house(zone=LONDON) as one:
            menu, session = closed_october(one)
            one.go("2027-01-04 09:00")
            one.rework(menu, session, 120)
            one.sweep()
            decide(one.app, menu, Choice.ABSORB, "Ada")
            one.settle()
            assert one.held() == []
            for period in ("2026-11", "2026-12"):
                assert one.close(period, "tea")[0].plan.documents == ()
            assert one.papers() == [("invoice", "tea", "open", 9000)]


def test_min_credit_lets_the_next_invoice_bear_a_small_decrease() -> None:
    terms = town.tea(policies={"min_credit": "10.00"})
    with house(town.mapping(tea=terms), zone=LONDON) as one:
        menu, session = closed_october(one)
        one.rework(menu, session, 85)
        one.sweep()
        shown = one.close("2026-11", "tea")[0]
        assert shown.plan.documents == ()
        assert shown.plan.notes == (
            f"5.00 GBP less for {menu} in 2026-10 waits for the next invoice",
        )
        news = one.row("News", board=town.TEA, approved=False)
        one.work(news, "2026-11-05 09:00", 60)
        one.go("2026-12-03 09:00")
        one.sweep()
        one.close("2026-11", "tea")
        assert one.papers()[1:] == [("invoice", "tea", "open", 5500)]
        assert one.lines() == [
            (
                (
                    "Adjustment for October 2026: 5 Oct · Menu · -0:05 h at 60.00 GBP "
                    "(1:25 = 85.00, billed 90.00)"
                ),
                -500,
            ),
            ("5 Nov · News · 1:00 h at 60.00 GBP", 6000),
        ]
        assert one.findings() == ()


def test_6_12_a_small_decrease_after_the_last_month_is_credited_at_once() -> None:
    ending = town.hourly(until="2026-10-31")
    terms = town.tea(ending, policies={"min_credit": "10.00"})
    with house(town.mapping(tea=terms), zone=LONDON) as one:
        menu, session = closed_october(one)
        one.rework(menu, session, 85)
        one.sweep()
        shown = one.close("2026-11", "tea")[0]
        assert shown.plan.notes == ()
        assert one.papers()[1:] == [("credit note", "tea", "issued", 500)]
        assert one.findings() == ()


def test_6_20_months_that_are_carried_on_are_not_late_however_long_it_takes() -> None:
    with house(town.mapping(tea=town.tea(policies={"min_invoice": "20.00"})), zone=LONDON) as one:
        for period, after in [
            ("2026-10", "2026-11-04"),
            ("2026-11", "2026-12-04"),
            ("2026-12", "2027-01-04"),
            ("2027-01", "2027-02-04"),
        ]:
            row = one.row("Menu", board=town.TEA, approved=False)
            one.work(row, f"{period}-05 09:00", 6)
            one.go(f"{after} 09:00")
            one.sweep()
            one.close(period, "tea")
            assert one.held() == []
        assert one.papers() == [("invoice", "tea", "open", 2400)]
        assert [text.partition(":")[0] for text, _ in one.lines()] == [
            "From October 2026",
            "From November 2026",
            "From December 2026",
            "5 Jan · Menu · 0",
        ]
        assert one.findings() == ()


def test_6_12_what_was_edited_back_is_absorbed_no_more() -> None:
    with house(zone=LONDON) as one:
        menu, session = closed_october(one)
        one.go("2027-01-04 09:00")
        for period in ("2026-11", "2026-12"):
            one.close(period, "tea")
        for minutes, choice in [(120, Choice.ABSORB), (60, Choice.BILL)]:
            one.rework(menu, session, minutes)
            one.sweep()
            decide(one.app, menu, choice, "Ada")
            one.settle()
        one.close("2026-12", "tea")
        assert one.papers()[1:] == [("credit note", "tea", "issued", 3000)]
        one.rework(menu, session, 90)
        one.sweep()
        assert one.held() == [(menu, "2026-10", "later than the late window", 30)]
        one.rework(menu, session, 70)
        one.sweep()
        assert one.held() == [(menu, "2026-10", "later than the late window", 10)]
