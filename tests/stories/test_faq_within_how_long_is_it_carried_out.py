"""Within how long is a request carried out? Taken in charge in five days; the client decides."""

import pytest

from mondaybridge.reports.package import package
from stories import town
from stories.office import CLOCK, DUE, DUE_KIND, PERSON, RECEIVED, RIGID, agreed, office, terms


def test_R04_friday_evening_counts_from_monday_and_a_holiday_does_not_count() -> None:
    with agreed() as (one, _):
        one.go("2026-12-04 18:30")
        row = one.ask("Banner", "2", reference="<a@shop>")
        one.sweep()
        assert one.shows(row, CLOCK) == "entro 14 dic 18:00"


@pytest.mark.parametrize(
    ("locale", "texts"),
    [
        (
            "it",
            [
                "entro 9 ott 18:00",
                "in scadenza: entro 9 ott 18:00",
                "scaduto: era entro 9 ott 18:00",
                "preso in carico 12 ott 10:11, era entro 9 ott 18:00",
            ],
        ),
        (
            "en",
            [
                "by 9 Oct 18:00",
                "due soon: by 9 Oct 18:00",
                "overdue since 9 Oct 18:00",
                "taken in charge 12 Oct 10:11, due by 9 Oct 18:00",
            ],
        ),
    ],
)
def test_R18_five_working_days_are_shown_warned_missed_and_recorded(
    locale: str, texts: list[str]
) -> None:
    with agreed(terms(locale=locale)) as (one, _):
        row = one.ask("Catalogue", "2", reference="<a@shop>")
        one.turn()
        seen = [one.shows(row, CLOCK)]
        one.go("2026-10-08 18:01")
        one.settle()
        seen.append(one.shows(row, CLOCK))
        one.go("2026-10-09 18:01")
        one.settle()
        seen.append(one.shows(row, CLOCK))
        one.go("2026-10-12 10:11")
        one.fill(row, PERSON, {"personsAndTeams": [{"id": int(town.STAFF), "kind": "person"}]})
        one.sweep()
        seen.append(one.shows(row, CLOCK))
        assert seen == texts


def test_R18_taken_up_in_time_is_met_and_stays_so() -> None:
    with agreed() as (one, _):
        row = one.ask("Catalogue", "2", reference="<a@shop>")
        one.turn()
        one.fill(row, town.STATUS, town.WAITING)
        one.sweep()
        assert one.shows(row, CLOCK) == "preso in carico 2 ott 09:12"
        one.go("2026-10-20 09:00")
        one.fill(row, town.STATUS, town.NEW)
        one.sweep()
        assert one.shows(row, CLOCK) == "preso in carico 2 ott 09:12"
        assert [fact.activity_id for fact in one.known("taken")].count(row) == 1


def test_R18_the_day_of_receipt_is_what_the_row_says() -> None:
    with agreed() as (one, _):
        one.go("2026-10-07 09:00")
        row = one.ask("Catalogue", "2", reference="<a@shop>", received={"date": "2026-10-05"})
        one.sweep()
        assert one.shows(row, CLOCK) == "entro 12 ott 18:00"
        one.fill(row, RECEIVED, {"date": "2026-10-06"})
        one.turn()
        assert one.shows(row, CLOCK) == "entro 13 ott 18:00"


def test_R18_who_waits_longest_comes_first_in_the_commands_too() -> None:
    with agreed() as (one, _):
        late = one.ask("Late", "2", reference="<a@shop>")
        one.turn()
        one.go("2026-10-09 18:01")
        soon = one.ask("Soon", "2", reference="<b@shop>")
        one.turn()
        shown = package(one.app, one.app.mapping.contract("bottega-hours"))["clocks"]
        assert [(row["activity"], row["state"], row["due"]) for row in shown] == [
            (late, "breached", "2026-10-09T16:00:00Z"),
            (soon, "running", "2026-10-16T16:00:00Z"),
        ]
        assert [
            (row["title"], row["state"], row["due"], row["taken_up"])
            for row in one.status()["clocks"]
        ] == [
            ("Late (extra)", "breached", "2026-10-09T16:00:00Z", ""),
            ("Soon", "running", "2026-10-16T16:00:00Z", ""),
        ]
        one.fill(late, town.STATUS, town.WAITING)
        one.turn()
        states = [(row["activity"], row["state"]) for row in one.status()["clocks"]]
        assert states == [(late, "late"), (soon, "running")]
        one.fill(late, town.STATUS, town.DONE)
        one.go("2026-10-15 09:00")
        one.turn()
        states = [(row["activity"], row["state"]) for row in one.status()["clocks"]]
        assert states == [(soon, "warned")]


def test_R18_what_was_agreed_has_no_clock() -> None:
    with agreed(Home="2") as (one, made):
        assert one.shows(made["Home"], CLOCK) == ""


def test_R19_nothing_starts_without_an_answer_to_its_estimate() -> None:
    with agreed() as (one, _):
        row = one.ask("Catalogue", "2", reference="<a@shop>")
        one.fill(row, town.STATUS, town.WORKING)
        one.go("2026-10-05 18:00")
        one.work(row, "2026-10-05 09:00", 40)
        one.turn()
        assert one.state(row) == "confirm"
        assert one.held() == [(row, "2026-10", "unapproved", 40)]
        assert one.message(row) == ("Serve la conferma; poi l'attività può proseguire. [MB-start]")
        one.approve(row)
        one.turn()
        assert (one.held(), one.package()) == ([], (600, 40, 80, 560, 480))


def test_R19_a_forbidden_start_is_taken_back_where_the_policy_says_so() -> None:
    with agreed(terms(forbidden_start="revert")) as (one, _):
        row = one.ask("Catalogue", "2", reference="<a@shop>")
        one.turn()
        one.fill(row, town.STATUS, town.WORKING)
        one.turn()
        one.turn()
        assert one.shows(row, town.STATUS) == str(town.WAITING)
        assert any("[MB-confirm]" in told for told in one.notices(row))


@pytest.mark.parametrize(("hours", "asked"), [("6", "confirm"), ("20", "residual")])
def test_R19_what_was_approved_stays_readable_beside_what_is_asked_of_a_raise(
    hours: str, asked: str
) -> None:
    """Nothing is said to be settled while the client must still act."""
    with office(terms(locale="en")) as one:
        first, second = one.ask("Home page", "4"), one.ask("Shop", "5")
        one.turn()
        one.approve(first)
        one.approve(second)
        one.turn()
        one.fill(first, town.ESTIMATE, "6")
        one.turn()
        one.turn()
        one.fill(first, town.ESTIMATE, hours)
        one.turn()
        assert one.shows(first, town.APPROVAL) == ""
        assert f"[MB-{asked}]" in one.message(first)
        standing = f"4:00 h are approved and the estimate is now {hours}:00 h"
        assert [
            told.startswith(standing) for told in one.notices(first) if "[MB-stale]" in told
        ] == [True]
        one.fill(first, town.ESTIMATE, "6")
        one.turn()
        one.approve(first)
        one.turn()
        assert one.state(first) == "active"
        assert [told for told in one.notices(first) if not told.startswith("✓")] == []


@pytest.mark.parametrize(
    ("locale", "told", "comment"),
    [
        (
            "it",
            "2:00 h approvate, la stima ora è di 3:00 h: serve una nuova approvazione. [MB-stale]",
            (
                "2:00 h approvate, la stima ora è di 3:00 h: serve una nuova approvazione. Quella"
                " precedente vale solo per la prima stima; per la nuova si imposta di nuovo"
                " l'approvazione su questa riga. [MB-stale]"
            ),
        ),
        (
            "en",
            (
                "2:00 h are approved and the estimate is now 3:00 h: approval is needed again."
                " [MB-stale]"
            ),
            (
                "2:00 h are approved and the estimate is now 3:00 h: approval is needed again. The"
                " earlier one covers the first estimate only; to approve the new one, set the"
                " approval on this row again. [MB-stale]"
            ),
        ),
    ],
)
def test_R19_a_raised_estimate_voids_the_answer_and_its_label_goes_after_the_comment(
    locale: str, told: str, comment: str
) -> None:
    with agreed(terms(locale=locale), Home="2") as (one, made):
        row = made["Home"]
        one.fill(row, town.ESTIMATE, "3")
        for _ in range(2):
            one.turn()
        assert one.package() == (600, 0, 0, 600, 600)
        assert (one.message(row), one.notices(row)) == (told, [comment])
        assert one.shows(row, town.APPROVAL) == ""
        one.approve(row)
        one.turn()
        assert one.package() == (600, 0, 180, 600, 420)
        assert one.shows(row, town.APPROVAL) == str(town.APPROVED)


def test_R19_a_label_is_left_where_the_policy_says_keep_and_covers_nothing_more() -> None:
    with agreed(terms(stale_approval="keep"), Home="2") as (one, made):
        row = made["Home"]
        one.fill(row, town.ESTIMATE, "3")
        for _ in range(2):
            one.turn()
        assert (one.state(row), one.shows(row, town.APPROVAL)) == ("stale", str(town.APPROVED))
        assert one.package() == (600, 0, 0, 600, 600)


def test_R19_a_lowered_estimate_keeps_the_answer() -> None:
    with agreed(Home="2") as (one, made):
        one.fill(made["Home"], town.ESTIMATE, "1.5")
        one.turn()
        assert one.package() == (600, 0, 90, 600, 510)
        assert (one.message(made["Home"]), one.notices(made["Home"])) == ("", [])


def test_R26_a_rigid_date_that_passed_is_an_alert_and_a_flexible_one_a_remark() -> None:
    with agreed(Home="2", Shop="2") as (one, made):
        for row in made.values():
            one.fill(row, DUE, {"date": "2026-10-06"})
        one.fill(made["Home"], DUE_KIND, RIGID)
        before = one.package()
        one.turn()
        assert [one.message(row) for row in made.values()] == ["", ""]
        one.go("2026-10-07 09:00")
        one.sweep()
        assert [one.message(row) for row in made.values()] == [
            "6 ott: la data concordata è passata. [MB-due]",
            "6 ott: la data prevista è passata; si può spostare. [MB-passed]",
        ]
        assert [len(one.notices(row)) for row in made.values()] == [1, 0]
        assert one.package() == before
        one.fill(made["Home"], DUE, {"date": "2026-10-30"})
        one.turn()
        assert one.notices(made["Home"]) == ["✓ Risolto: non serve altro. [MB-due]"]


def test_R26_time_alone_makes_a_date_pass() -> None:
    with agreed(terms(locale="en"), Home="2") as (one, made):
        one.fill(made["Home"], DUE, {"date": "2026-10-06"})
        one.turn()
        one.go("2026-10-07 00:01")
        one.settle()
        assert one.message(made["Home"]) == (
            "6 Oct: the planned date has passed; it may be moved. [MB-passed]"
        )
