"""we monitor the time we spend on the job: what is corrected after the bill corrects the bill."""

from stories import town
from stories.house import LONDON, House, house


def closed_october(one: House) -> tuple[str, str, str, str]:
    """Two activities of an hour and a half and of half an hour are billed."""
    menu = one.row("Menu", board=town.TEA, approved=False)
    form = one.row("Form", board=town.TEA, approved=False)
    first = one.work(menu, "2026-10-05 09:00", 90)
    second = one.work(form, "2026-10-06 09:00", 30)
    one.go("2026-11-03 09:00")
    one.settle()
    one.close("2026-10", "tea")
    one.go("2026-11-10 09:00")
    return menu, first, form, second


def test_less_time_becomes_a_credit_note_on_the_line_that_billed_it() -> None:
    with house(zone=LONDON) as one:
        menu, session, *_ = closed_october(one)
        one.rework(menu, session, 60)
        one.sweep()
        one.close("2026-11", "tea")
        assert one.papers() == [
            ("invoice", "tea", "open", 12000),
            ("credit note", "tea", "issued", 3000),
        ]
        assert one.credits() == [("5 Oct · Menu · 1:30 h at 60.00 GBP", 3000)]
        assert one.cell(menu) == ("60", "credited")
        assert one.findings() == ()


def test_more_time_becomes_a_line_of_the_next_invoice_that_names_its_month() -> None:
    with house(zone=LONDON) as one:
        _, _, form, session = closed_october(one)
        one.rework(form, session, 45)
        one.sweep()
        assert one.close("2026-11", "tea")[0].plan.documents == ()
        one.work(form, "2026-11-11 09:00", 60)
        one.go("2026-12-03 09:00")
        one.sweep()
        one.close("2026-11", "tea")
        assert one.papers()[1:] == [("invoice", "tea", "open", 7500)]
        assert one.lines() == [
            (
                (
                    "Adjustment for October 2026: 6 Oct · Form · 0:15 h at 60.00 GBP "
                    "(0:45 = 45.00, billed 30.00)"
                ),
                1500,
            ),
            ("11 Nov · Form · 1:00 h at 60.00 GBP", 6000),
        ]
        assert one.cell(form) == ("105", "billed 2026-11")
        assert one.findings() == ()


def test_both_at_once_are_two_papers() -> None:
    with house(zone=LONDON) as one:
        menu, first, form, second = closed_october(one)
        one.rework(menu, first, 75)
        one.rework(form, second, 40)
        one.sweep()
        one.close("2026-11", "tea")
        one.go("2026-12-03 09:00")
        one.sweep()
        one.close("2026-11", "tea")
        assert one.papers()[1:] == [
            ("credit note", "tea", "issued", 1500),
            ("invoice", "tea", "open", 1000),
        ]
        assert one.findings() == ()


def test_equal_amounts_of_two_lines_do_not_cancel_each_other() -> None:
    """Fifteen minutes less here and fifteen more there are a credit and a line, not nothing."""
    with house(zone=LONDON) as one:
        menu, first, form, second = closed_october(one)
        one.rework(menu, first, 75)
        one.rework(form, second, 45)
        one.sweep()
        one.go("2026-12-03 09:00")
        one.sweep()
        one.close("2026-11", "tea")
        assert sorted(one.papers()[1:]) == [
            ("credit note", "tea", "issued", 1500),
            ("invoice", "tea", "open", 1500),
        ]


def test_edited_back_in_time_nothing_is_issued() -> None:
    with house(zone=LONDON) as one:
        menu, session, *_ = closed_october(one)
        one.rework(menu, session, 60)
        one.sweep()
        assert [d.subtotal_minor for d in one.preview("2026-11", "tea").plan.documents] == [3000]
        one.rework(menu, session, 90)
        one.wait(20)
        one.sweep()
        assert one.preview("2026-11", "tea").plan.documents == ()
        one.wait(3)
        one.settle()
        assert one.cell(menu) == ("90", "billed 2026-10")
        assert one.findings() == ()


def test_edited_back_after_the_credit_note_it_is_billed_anew() -> None:
    with house(zone=LONDON) as one:
        menu, session, *_ = closed_october(one)
        one.rework(menu, session, 60)
        one.sweep()
        one.close("2026-11", "tea")
        one.rework(menu, session, 90)
        one.go("2026-12-03 09:00")
        one.sweep()
        one.close("2026-11", "tea")
        assert one.papers()[1:] == [
            ("credit note", "tea", "issued", 3000),
            ("invoice", "tea", "open", 3000),
        ]
        one.rework(menu, session, 50)
        one.go("2026-12-10 09:00")
        one.sweep()
        one.close("2026-12", "tea")
        assert one.papers()[3:] == [
            ("credit note", "tea", "issued", 1000),
            ("credit note", "tea", "issued", 3000),  # the newest line first, whole
        ]
        assert one.findings() == ()


def test_a_deleted_session_is_credited_whole() -> None:
    with house(zone=LONDON) as one:
        menu, session, *_ = closed_october(one)
        one.people.delete_session(item=menu, session=session)
        one.sweep()
        one.close("2026-11", "tea")
        assert one.papers()[1:] == [("credit note", "tea", "issued", 9000)]
        assert one.cell(menu) == ("0", "credited")


def test_a_session_moved_into_november_is_a_credit_and_a_line() -> None:
    with house(zone=LONDON) as one:
        menu, session, *_ = closed_october(one)
        start = one.sandbox.monday.state.items[menu].sessions[town.TIME][0].started_at
        later = start + 31 * 86_400_000
        one.people.edit_session(
            item=menu, session=session, started_at=later, ended_at=later + 90 * 60_000
        )
        one.go("2026-12-03 09:00")
        one.sweep()
        one.close("2026-11", "tea")
        assert sorted(one.papers()[1:]) == [
            ("credit note", "tea", "issued", 9000),
            ("invoice", "tea", "open", 9000),
        ]
        assert one.findings() == ()


def test_a_credit_note_is_issued_by_itself_where_documents_are_automatic() -> None:
    terms = town.tea(policies={"close": "auto"})
    with house(town.mapping(tea=terms), zone=LONDON) as one:
        menu = one.row("Menu", board=town.TEA, approved=False)
        session = one.work(menu, "2026-10-05 09:00", 90)
        one.go("2026-11-03 09:00")
        one.sweep()
        one.rework(menu, session, 60)
        one.wait(20)
        one.settle()
        assert one.papers() == [
            ("invoice", "tea", "open", 9000),
            ("credit note", "tea", "issued", 3000),
        ]
        before = one.writes()
        one.wait(20)
        one.settle()
        one.wait(20)
        one.settle()
        assert one.writes() - before <= 2  # our two cells, once
