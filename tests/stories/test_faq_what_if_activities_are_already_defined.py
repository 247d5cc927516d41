"""What if the activities have already been defined? They are agreed; what comes later is extra."""

from stories import town
from stories.office import ORIGIN, agreed, office, terms


def test_R08_what_is_on_the_board_at_the_start_is_frozen_with_date_and_total() -> None:
    with agreed(Home="2", Shop="3.5") as (one, made):
        (frozen,) = one.known("baseline")
        assert frozen.at == one.clock.now()
        assert frozen.args == {
            "agreed": {made["Home"]: 120, made["Shop"]: 210},
            "granted": 600,
            "total": 330,
        }
        assert [one.shows(row, ORIGIN) for row in made.values()] == ["concordata"] * 2


def test_R08_it_is_frozen_once_and_later_rows_are_extra() -> None:
    with agreed(terms(locale="en"), Home="2") as (one, made):
        one.fill(made["Home"], town.ESTIMATE, "1")
        later = one.ask("Banner", "1", reference="<a@shop>")
        for _ in range(3):
            one.turn()
        (frozen,) = one.known("baseline")
        assert frozen.args["total"] == 120
        assert one.shows(made["Home"], ORIGIN) == "agreed"
        assert (one.shows(later, ORIGIN), one.name(later)) == ("extra", "Banner (extra)")


def test_R08_on_the_first_day_everything_still_counts_as_agreed() -> None:
    with office() as one:
        row = one.ask("Home", "0.5")
        one.sweep()
        assert one.known("baseline") == []
        assert (one.state(row), one.shows(row, ORIGIN)) == ("unapproved", "concordata")
        assert one.name(row) == "Home"
        assert one.message(row) == "0:30 h: serve l'approvazione. [MB-approval]"


def test_R08_the_day_of_the_freeze_can_be_chosen() -> None:
    with office(terms(baseline_on="2026-10-08")) as one:
        one.ask("Home", "2")
        one.go("2026-10-07 09:00")
        late = one.ask("Shop", "2")
        one.sweep()
        one.go("2026-10-08 09:00")
        one.sweep()
        later = one.ask("Banner", "2", reference="<a@shop>")
        one.turn()
        (frozen,) = one.known("baseline")
        assert frozen.args["total"] == 240
        assert [one.shows(row, ORIGIN) for row in (late, later)] == ["concordata", "extra"]


def test_R08_more_agreed_than_sold_leaves_extras_to_be_confirmed() -> None:
    with agreed(Home="6", Shop="5.5") as (one, made):
        (frozen,) = one.known("baseline")
        assert (frozen.args["total"], frozen.args["granted"]) == (690, 600)
        assert [one.state(row) for row in made.values()] == ["active", "confirm"]
        row = one.ask("Banner", "0.5", reference="<a@shop>")
        one.turn()
        assert one.state(row) == "confirm"


def test_R08_without_a_baseline_all_rows_are_requests() -> None:
    with office(terms(baseline="none", locale="en")) as one:
        row = one.ask("Banner", "0.5", reference="<a@shop>")
        one.turn()
        assert (one.state(row), one.name(row)) == ("active", "Banner")
        assert one.shows(row, ORIGIN) == "request"
        assert one.known("baseline") == []


def test_R09_an_extra_without_an_estimate_asks_for_one() -> None:
    with agreed(Home="2") as (one, _):
        row = one.ask("Banner", reference="<a@shop>")
        one.turn()
        assert one.state(row) == "needs_estimate"
        assert one.message(row) == (
            "Manca la stima: appena c'è, l'attività può proseguire. [MB-estimate]"
        )
        assert one.name(row) == "Banner"
        one.fill(row, town.ESTIMATE, "0.5")
        one.turn()
        assert (one.state(row), one.name(row)) == ("active", "Banner (extra)")


def test_R09_an_extra_that_does_not_fit_stays_on_the_board_and_is_told_what_is_missing() -> None:
    with agreed(terms(locale="en"), Home="2") as (one, made):
        one.go("2026-10-05 18:00")
        one.work(made["Home"], "2026-10-05 09:00", 120)
        row = one.ask("Shop", "9", reference="<a@shop>")
        one.turn()
        assert one.waiting() == {row: "refused"}
        assert one.message(row) == (
            "9:00 h are needed and 8:00 h are left: 1:00 h are missing. [MB-residual]"
        )
        assert one.notices(row) == [
            (
                "9:00 h are needed and 8:00 h are left: 1:00 h are missing. The work can start once"
                " the estimate is reduced or the package extended. [MB-residual]"
            )
        ]
        assert one.package() == (600, 120, 0, 480, 480)
        one.fill(row, town.ESTIMATE, "8")
        one.turn()
        assert one.state(row) == "confirm"
        assert one.notices(row)[0] == "✓ Settled: there is nothing more to do. [MB-residual]"


def test_R09_the_agreed_hours_of_another_activity_count_as_taken() -> None:
    with agreed(Home="6") as (one, _):
        row = one.ask("Shop", "5", reference="<a@shop>")
        one.turn()
        seen = one.verdict(row).assessment
        assert seen
        assert (one.state(row), seen.free, seen.shortfall) == ("confirm", 240, 60)
