"""Situations that will happen, as the board tells of them (ledger 7)."""

import pytest

from stories import town
from stories.office import CLOCK, agreed, terms


def test_R12_R15_minor_with_too_little_free_is_confirmed_with_its_shortfall() -> None:
    with agreed(Home="9.83") as (one, _):
        row = one.ask("Banner", "0.33", reference="<a@shop>")
        one.turn()
        seen = one.verdict(row).assessment
        assert seen
        assert (one.state(row), seen.need, seen.free, seen.shortfall) == ("confirm", 20, 10, 10)
        assert one.message(row) == (
            "0:20 h: serve la conferma; mancherebbero 0:10 h per le altre attività. [MB-confirm]"
        )


def test_R15_each_of_two_overcommits_shows_all_that_is_missing_by_then() -> None:
    with agreed(Home="8") as (one, _):
        for name, shortfall in (("One", 60), ("Two", 240)):
            row = one.ask(name, "3", reference=f"<{name}@shop>")
            one.turn()
            seen = one.verdict(row).assessment
            assert seen
            assert seen.shortfall == shortfall
            one.approve(row)
            one.turn()
            assert one.verdict(row).overcommit == shortfall
        assert one.package() == (600, 0, 840, 600, -240)


def test_R03_done_and_then_more_time_is_taken_from_what_is_free_and_nothing_reopens() -> None:
    with agreed(Home="2") as (one, made):
        row = made["Home"]
        one.go("2026-10-05 18:00")
        one.work(row, "2026-10-05 09:00", 120)
        one.fill(row, town.STATUS, town.DONE)
        one.turn()
        one.work(row, "2026-10-05 14:00", 15)
        one.turn()
        assert one.package() == (600, 135, 0, 465, 465)
        assert one.shows(row, town.STATUS) == str(town.DONE)
        assert one.message(row) == (
            "2:15 h effettive su 2:00 h approvate: 0:15 h in più. [MB-overrun]"
        )


def test_R03_R19_done_and_reopened_reserves_the_rest_and_stays_approved() -> None:
    with agreed(Home="2") as (one, made):
        row = made["Home"]
        one.go("2026-10-05 18:00")
        one.work(row, "2026-10-05 09:00", 100)
        one.fill(row, town.STATUS, town.DONE)
        one.turn()
        assert one.package() == (600, 100, 0, 500, 500)
        one.fill(row, town.STATUS, town.WORKING)
        one.turn()
        assert (one.package(), one.state(row)) == ((600, 100, 20, 500, 480), "active")


def test_R00_hours_used_before_the_bridge_counted_are_used() -> None:
    with agreed(terms({**town.PACKAGE, "opening_used": "4:00"}), Home="2") as (one, _):
        assert one.package() == (600, 240, 120, 360, 240)
        assert one.pinned() == ("600", "240", "120", "240")


@pytest.mark.parametrize(
    ("asked", "due"), [("2026-12-03 10:00", "11 dic 18:00"), ("2026-12-05 10:00", "14 dic 18:00")]
)
def test_R04_R18_the_day_of_receipt_and_the_holiday_do_not_count(asked: str, due: str) -> None:
    with agreed() as (one, _):
        one.go(asked)
        row = one.ask("Banner", "2", reference="<a@shop>")
        one.sweep()
        assert one.shows(row, CLOCK) == f"entro {due}"


def test_R16_R19_an_answer_that_comes_after_the_hours_have_gone_activates_nothing() -> None:
    package = {**town.PACKAGE, "expires_on": "2026-10-30"}
    with agreed(terms(package), Home="2") as (one, _):
        row = one.ask("Banner", "2", reference="<a@shop>")
        one.turn()
        one.go("2026-11-09 09:00")
        one.turn()
        one.approve(row)
        one.turn()
        assert one.state(row) == "refused"
        assert one.package()[2:] == (0, 0, 0)


def test_R16_the_package_says_at_each_threshold_how_much_is_used_and_says_it_once() -> None:
    with agreed(Home="9") as (one, made):
        one.go("2026-10-05 18:00")
        one.work(made["Home"], "2026-10-05 08:00", 310)
        for _ in range(3):
            one.turn()
        assert one.notices(one.package_row()) == [
            "51 % del pacchetto utilizzato: 5:10 h su 10:00 h; restano 4:50 h. [MB-used-50]"
        ]
        one.go("2026-10-06 18:00")
        one.work(made["Home"], "2026-10-06 08:00", 230)
        for _ in range(3):
            one.turn()
        assert [told[-12:] for told in one.notices(one.package_row())] == [
            "[MB-used-50]",
            "[MB-used-90]",
        ]
