"""I sent a request whose content is wrong: the work stays charged, doing it again is a new row."""

import pytest

from stories import town
from stories.office import ORIGIN, REDO_OF, Office, agreed, terms


def _mistaken(one: Office, row: str) -> None:
    one.fill(row, town.STATUS, town.WORKING)
    one.go("2026-10-05 18:00")
    one.work(row, "2026-10-05 09:00", 50)
    one.turn()


def test_R20_the_work_stays_charged_and_doing_it_again_is_a_row_of_its_own() -> None:
    with agreed(Text="1") as (one, made):
        first = made["Text"]
        _mistaken(one, first)
        one.fill(first, town.STATUS, town.DONE)
        one.turn()
        again = one.ask("Text, corrected", "0.5", redo_of=first, reference="<b@shop>")
        one.turn()
        assert one.package() == (600, 50, 0, 550, 550)
        assert one.state(again) == "confirm"
        assert one.name(again) == "Text, corrected (extra)"
        one.approve(again)
        one.turn()
        assert one.message(first) == "Sostituita da «Text, corrected (extra)». [MB-replaced]"
        assert one.package() == (600, 50, 30, 550, 520)
        assert one.cell(first) == ("50", "aperto")


@pytest.mark.parametrize(("locale", "word"), [("it", "rifacimento"), ("en", "redo")])
def test_R20_a_redo_asks_for_its_own_estimate_and_never_starts_by_itself(
    locale: str, word: str
) -> None:
    with agreed(terms(locale=locale), Text="1") as (one, made):
        again = one.ask("Text, corrected", redo_of=made["Text"], reference="<b@shop>")
        one.turn()
        assert (one.state(again), one.shows(again, ORIGIN)) == ("needs_estimate", word)
        one.fill(again, town.ESTIMATE, "0.25")
        one.turn()
        assert one.state(again) == "confirm"
        assert not one.verdict(again).auto


def test_R20_what_the_first_still_held_is_given_back_when_the_redo_is_linked() -> None:
    with agreed(Text="2") as (one, made):
        first = made["Text"]
        _mistaken(one, first)
        assert one.package() == (600, 50, 70, 550, 480)
        one.ask("Text, corrected", "1", redo_of=first, reference="<b@shop>")
        one.turn()
        assert one.package() == (600, 50, 0, 550, 550)
        assert one.moved(first)[-1] == ("release", -70)


def test_R20_a_redo_is_refused_without_the_hours_for_it() -> None:
    with agreed(Text="1") as (one, made):
        again = one.ask("Relaunch", "11", redo_of=made["Text"], reference="<b@shop>")
        one.turn()
        one.approve(again)
        one.turn()
        assert one.waiting() == {again: "refused"}


def test_R20_a_link_that_was_a_slip_is_taken_out_again() -> None:
    with agreed(Text="2") as (one, made):
        again = one.ask("Something else", "1", redo_of=made["Text"], reference="<b@shop>")
        one.turn()
        assert one.package() == (600, 0, 0, 600, 600)
        one.fill(again, REDO_OF, None)
        one.turn()
        assert one.package() == (600, 0, 120, 600, 480)
        assert (one.message(made["Text"]), one.shows(again, ORIGIN)) == ("", "extra")
