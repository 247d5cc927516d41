"""I still have time available, how does this work? Small extras, larger ones, and what is left."""

import pytest

from stories import town
from stories.office import AUTO, DUE, MESSAGE, ORIGIN, agreed, office, terms

IT_WARNING = (
    "9:00 h: serve la conferma. Restano 10:00 h, di cui 2:00 h riservate: mancherebbero 1:00 h e il"
    " tempo complessivo potrebbe successivamente non bastare per le attività concordate (a rischio:"
    " «Home»). Per confermare si imposta l'approvazione su questa riga; in alternativa si riduce la"
    " stima o si amplia il pacchetto. [MB-confirm]"
)
EN_WARNING = (
    "9:00 h: please confirm. 10:00 h are left, 2:00 h of them reserved: 1:00 h would be missing,"
    " and all the time together may later not be enough for the agreed work (at risk: “Home”). To"
    " confirm, set the approval on this row; otherwise the estimate can be reduced or the package"
    " extended. [MB-confirm]"
)
IT_ROOM = (
    "1:00 h: serve la conferma. Restano 10:00 h, di cui 2:00 h riservate e 8:00 h libere; il tempo"
    " complessivo potrebbe successivamente non bastare per le attività concordate. Per confermare"
    " si imposta l'approvazione su questa riga. [MB-confirm]"
)
DONE_IT, DONE_EN = (
    "✓ Risolto: non serve altro. [MB-confirm]",
    "✓ Settled: there is nothing more to do. [MB-confirm]",
)


def test_R12_a_minor_extra_starts_by_itself_and_takes_its_reserve() -> None:
    with agreed(Home="2") as (one, _):
        row = one.ask("Banner", "0.5", reference="<a@shop>")
        one.turn()
        assert one.state(row) == "active"
        assert one.verdict(row).auto
        assert one.package() == (600, 0, 150, 600, 450)
        assert one.pinned() == ("600", "0", "150", "450")
        assert one.shows(row, town.APPROVAL) == str(AUTO)
        assert one.message(row) == "0:30 h, attivata automaticamente (entro 0:30 h). [MB-minor]"
        assert one.notices(row) == []
        assert one.entries() == [("grant", 600), ("reserve", 120), ("reserve", 30)]


def test_R12_in_english_it_reads_the_same() -> None:
    with agreed(terms(locale="en"), Home="2") as (one, _):
        row = one.ask("Banner", "0.25", reference="<a@shop>")
        one.turn()
        assert one.message(row) == "0:15 h, started automatically (up to 0:30 h). [MB-minor]"
        assert one.shows(row, ORIGIN) == "extra"


def test_R12_thirty_one_minutes_wait_for_the_client() -> None:
    with agreed(Home="2") as (one, _):
        row = one.ask("Banner", "0.51", reference="<a@shop>")
        one.turn()
        assert one.state(row) == "confirm"
        assert one.package() == (600, 0, 120, 600, 480)
        assert one.shows(row, town.APPROVAL) == ""
        assert one.message(row).startswith("0:31 h: serve la conferma;")


def test_R12_an_urgent_quarter_of_an_hour_takes_three() -> None:
    with agreed(Home="2") as (one, _):
        row = one.ask("Broken link", "0.25", urgent=True, evidence="mail 4", reference="<a@shop>")
        one.turn()
        assert one.state(row) == "active"
        assert one.package() == (600, 0, 165, 600, 435)


def test_R12_a_minor_extra_that_grows_beyond_thirty_minutes_waits() -> None:
    with agreed(Home="2") as (one, _):
        row = one.ask("Banner", "0.5", reference="<a@shop>")
        one.turn()
        one.fill(row, town.ESTIMATE, "0.75")
        one.turn()
        assert one.state(row) == "confirm"
        assert one.package() == (600, 0, 120, 600, 480)
        assert one.shows(row, town.APPROVAL) == ""
        one.approve(row)
        one.turn()
        assert one.package() == (600, 0, 165, 600, 435)


def test_R12_what_was_agreed_and_not_answered_yet_is_left_alone() -> None:
    with office() as one:
        one.ask("Home", "9.75")
        one.settle()
        one.go("2026-10-02 09:00")
        one.sweep()
        row = one.ask("Banner", "0.5", reference="<a@shop>")
        one.turn()
        assert one.state(row) == "confirm"
        assert one.package() == (600, 0, 0, 600, 600)


def test_R12_two_at_once_on_the_last_minutes_are_one_by_itself_and_one_to_confirm() -> None:
    with agreed(Home="9.25") as (one, _):
        rows = [one.ask(name, "0.5", reference=f"<{name}@shop>") for name in ("Banner", "Footer")]
        one.turn()
        assert [one.state(row) for row in rows] == ["active", "confirm"]
        seen = one.verdict(rows[1]).assessment
        assert seen
        assert (seen.shortfall, seen.free, seen.hard) == (15, 15, 600)
        assert one.package() == (600, 0, 585, 600, 15)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Banner", "Banner (extra)"),
        ("Banner (extra)", "Banner (extra)"),
        ("Banner (EXTRA)", "Banner (EXTRA)"),
        ("Banner (Extra) ", "Banner (Extra) "),
    ],
)
def test_R13_the_name_carries_the_word_extra_exactly_once(typed: str, shown: str) -> None:
    with agreed(Home="2") as (one, made):
        row = one.ask(typed, "0.5", reference="<a@shop>")
        for _ in range(3):
            one.turn()
        assert one.name(row) == shown
        assert one.name(made["Home"]) == "Home"


def test_R13_no_label_is_written_where_the_policy_says_off() -> None:
    with agreed(terms(extra_label="off"), Home="2") as (one, _):
        row = one.ask("Banner", "0.5", reference="<a@shop>")
        one.turn()
        assert (one.name(row), one.shows(row, ORIGIN)) == ("Banner", "extra")


def test_R13_the_word_comes_back_where_somebody_takes_it_away() -> None:
    with agreed(Home="2") as (one, _):
        row = one.ask("Banner", "0.5", reference="<a@shop>")
        one.turn()
        one.people.rename_item(item=row, name="New banner", as_user=town.STAFF)
        for _ in range(3):
            one.turn()
        assert one.name(row) == "New banner (extra)"
        assert one.state(row) == "active"


def test_R14_once_started_an_extra_goes_on_as_agreed_work() -> None:
    with agreed(Home="1") as (one, made):
        row = one.ask("Banner", "1", reference="<a@shop>")
        one.turn()
        one.approve(row)
        one.turn()
        for item in (made["Home"], row):
            one.fill(item, town.STATUS, town.WORKING)
            one.fill(item, DUE, {"date": "2026-10-30"})
        one.go("2026-10-05 12:00")
        for item in (made["Home"], row):
            one.work(item, "2026-10-05 10:00", 40)
        one.turn()
        assert [one.cell(item) for item in (made["Home"], row)] == [("40", "aperto")] * 2
        assert one.package() == (600, 80, 40, 520, 480)
        for item in (made["Home"], row):
            one.fill(item, town.STATUS, town.DONE)
        one.turn()
        moved = {item: one.moved(item) for item in (made["Home"], row)}
        assert moved[row] == moved[made["Home"]]
        assert moved[row] == [("reserve", 60), ("release", -40), ("post", 40), ("release", -20)]
        assert one.package() == (600, 80, 0, 520, 520)
        assert [one.message(item) for item in (made["Home"], row)] == ["", ""]


def test_R15_a_larger_extra_that_fits_is_confirmed_by_the_client() -> None:
    with agreed(Home="2") as (one, _):
        row = one.ask("Landing page", "1", reference="<a@shop>")
        one.turn()
        assert one.notices(row) == [IT_ROOM]
        assert one.package() == (600, 0, 120, 600, 480)
        one.approve(row)
        one.turn()
        assert one.state(row) == "active"
        assert one.package() == (600, 0, 180, 600, 420)
        assert one.notices(row) == [DONE_IT]


@pytest.mark.parametrize(
    ("locale", "warning", "settled"), [("it", IT_WARNING, DONE_IT), ("en", EN_WARNING, DONE_EN)]
)
def test_R15_the_warning_has_its_numbers_and_is_kept_with_the_answer(
    locale: str, warning: str, settled: str
) -> None:
    with agreed(terms(locale=locale), Home="2") as (one, _):
        row = one.ask("Catalogue", "9", reference="<a@shop>")
        one.turn()
        assert one.notices(row) == [warning]
        one.approve(row)
        one.turn()
        known = one.verdict(row)
        seen, consent = known.assessment, known.consent
        assert seen
        assert consent
        assert (seen.charge, seen.hard, seen.free, seen.shortfall) == (540, 600, 480, 60)
        assert (known.overcommit, consent.user) == (60, "g@shop.example")
        (fact,) = one.known("confirmed")
        assert (fact.activity_id, fact.actor, fact.cause) == (row, consent.user, consent.log_id)
        assert fact.args == {
            "charge": 540,
            "need": 540,
            "free": 480,
            "hard": 600,
            "shortfall": 60,
        }
        assert one.package() == (600, 0, 660, 600, -60)
        assert one.notices(row) == [settled]


def test_R15_an_answer_that_came_before_the_warning_is_asked_for_again() -> None:
    with agreed(Home="2") as (one, _):
        row = one.ask("Catalogue", "9", reference="<a@shop>")
        one.approve(row)
        one.turn()
        assert one.state(row) == "confirm"
        assert one.package() == (600, 0, 120, 600, 480)
        one.turn()
        assert one.shows(row, town.APPROVAL) == ""
        assert one.notices(row) == [IT_WARNING]
        one.approve(row)
        one.turn()
        assert one.state(row) == "active"
        assert one.package() == (600, 0, 660, 600, -60)


def test_R15_the_shortfall_grows_with_every_overcommit_up_to_the_limit() -> None:
    with agreed(terms(max_overcommit="2:00"), Home="8") as (one, _):
        first, second = one.ask("One", "3", reference="<a@shop>"), ""
        one.turn()
        one.approve(first)
        one.turn()
        assert one.package() == (600, 0, 660, 600, -60)
        second = one.ask("Two", "2", reference="<b@shop>")
        one.turn()
        assert one.state(second) == "refused"
        assert one.message(second) == (
            "3:00 h oltre il tempo libero: il limite concordato è di 2:00 h. [MB-limit]"
        )


def test_R15_a_rejected_one_gives_everything_back_and_posts_nothing() -> None:
    with agreed(Home="2") as (one, _):
        row = one.ask("Landing page", "1", reference="<a@shop>")
        one.turn()
        one.approve(row)
        one.turn()
        one.reject(row)
        one.turn()
        assert one.state(row) == "rejected"
        assert one.package() == (600, 0, 120, 600, 480)
        assert one.message(row) == "Non approvata: l'attività non parte. [MB-rejected]"


def test_R16_what_needs_more_than_all_that_is_left_is_not_activated() -> None:
    with agreed(Home="2") as (one, _):
        row = one.ask("Shop", "11", reference="<a@shop>")
        one.turn()
        one.approve(row)
        one.turn()
        assert one.state(row) == "refused"
        assert one.message(row) == (
            "Servono 11:00 h e ne restano 10:00: mancano 1:00 h. [MB-residual]"
        )
        assert one.waiting() == {row: "refused"}
        assert one.package() == (600, 0, 120, 600, 480)


def test_R16_the_same_holds_for_what_was_agreed() -> None:
    with agreed(Home="2", Shop="11") as (one, made):
        assert one.state(made["Shop"]) == "refused"
        assert one.package() == (600, 0, 120, 600, 480)
        one.fill(made["Shop"], town.ESTIMATE, "6")
        one.turn()
        assert one.state(made["Shop"]) == "active"


def test_R16_at_its_start_the_hours_must_still_be_there() -> None:
    with agreed(Home="1", Shop="9.5") as (one, made):
        home, shop = made["Home"], made["Shop"]
        assert (one.state(home), one.state(shop)) == ("active", "confirm")
        one.turn()
        one.approve(shop)
        one.turn()
        assert one.package() == (600, 0, 630, 600, -30)
        one.fill(shop, town.STATUS, town.WORKING)
        one.go("2026-10-05 18:00")
        one.work(shop, "2026-10-05 08:00", 570)
        one.sweep()
        assert one.package() == (600, 570, 60, 30, -30)
        one.fill(home, town.STATUS, town.WORKING)
        one.turn()
        assert one.waiting() == {home: "blocked"}
        assert one.package() == (600, 570, 60, 30, -30)
        assert one.shows(home, MESSAGE) == (
            "Servono 1:00 h per iniziare e ne restano 0:30: mancano 0:30 h. [MB-blocked]"
        )
