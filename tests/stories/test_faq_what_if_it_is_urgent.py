"""What if the change is urgent? It is said in the e-mail, and costs three times the time worked."""

import pytest

from stories import town
from stories.office import EVIDENCE, REFERENCE, URGENT, agreed, terms


def test_R10_urgent_without_the_clients_word_is_ordinary_work() -> None:
    with agreed() as (one, _):
        row = one.ask("Broken form", "0.25", urgent=True)
        one.turn()
        assert one.package() == (600, 0, 15, 600, 585)
        assert one.message(row) == (
            "Urgente, per ora senza richiesta scritta: addebitata come attività ordinaria."
            " [MB-evidence]"
        )


def test_R10_in_english_it_reads_the_same() -> None:
    with agreed(terms(locale="en")) as (one, _):
        row = one.ask("Broken form", "0.25", urgent=True)
        one.turn()
        assert one.message(row) == (
            "Urgent, with no request in writing so far: charged as ordinary work. [MB-evidence]"
        )


def test_R10_urgent_from_the_start_with_its_mail_is_approved_with_its_factor() -> None:
    with agreed() as (one, _):
        row = one.ask("Broken form", "1", urgent=True, evidence="mail 4", reference="<a@shop>")
        one.turn()
        assert one.notices(row)[0].startswith("3:00 h: serve la conferma.")
        one.approve(row)
        one.turn()
        assert one.verdict(row).factor == 3
        assert one.package() == (600, 0, 180, 600, 420)


def test_R10_urgency_that_comes_later_needs_a_new_word_of_the_client() -> None:
    with agreed(Home="1") as (one, made):
        row = made["Home"]
        one.fill(row, EVIDENCE, "mail 4")
        one.fill(row, URGENT, value=True)
        one.turn()
        assert one.package() == (600, 0, 60, 600, 540)
        assert one.message(row) == (
            "3:00 h invece di 1:00 h perché urgente: serve l'approvazione. [MB-raise]"
        )
        assert len(one.notices(row)) == 1
        one.approve(row)
        one.turn()
        assert one.verdict(row).factor == 3
        assert one.package() == (600, 0, 180, 600, 420)
        assert one.notices(row) == ["✓ Risolto: non serve altro. [MB-raise]"]


def test_R10_evidence_that_comes_later_counts_as_a_raise() -> None:
    with agreed() as (one, _):
        row = one.ask("Broken form", "1", urgent=True)
        one.turn()
        one.approve(row)
        one.turn()
        assert one.package() == (600, 0, 60, 600, 540)
        one.fill(row, REFERENCE, "<a@shop.example>")
        one.fill(row, EVIDENCE, "mail 4")
        one.turn()
        assert one.package() == (600, 0, 60, 600, 540)
        assert "[MB-raise]" in one.message(row)
        one.approve(row)
        one.turn()
        assert one.package() == (600, 0, 180, 600, 420)


@pytest.mark.parametrize("seen", [True, False])
def test_R10_evidence_typed_after_the_click_raises_nothing_before_the_next_one(
    *, seen: bool
) -> None:
    with agreed() as (one, _):
        row = one.ask("Broken form", "1", urgent=True)
        if seen:
            one.turn()
        one.wait(1)
        one.approve(row)
        one.wait(1)
        one.fill(row, EVIDENCE, "mail 4")  # before anybody has looked who clicked
        one.turn()
        one.turn()
        assert one.package() == (600, 0, 60, 600, 540)
        assert "[MB-raise]" in one.message(row)
        one.approve(row)
        one.turn()
        assert one.package() == (600, 0, 180, 600, 420)


def test_R10_urgency_taken_back_holds_at_once() -> None:
    with agreed() as (one, _):
        row = one.ask("Broken form", "1", urgent=True, evidence="mail 4", reference="<a@shop>")
        one.turn()
        one.approve(row)
        one.turn()
        one.go("2026-10-05 18:00")
        one.work(row, "2026-10-05 09:00", 40)
        one.turn()
        assert one.package() == (600, 120, 60, 480, 420)
        one.fill(row, URGENT, None)
        one.turn()
        assert one.package() == (600, 40, 20, 560, 540)


def test_R10_no_month_that_is_closed_becomes_urgent() -> None:
    with agreed(Home="2") as (one, made):
        row = made["Home"]
        one.go("2026-10-05 18:00")
        one.work(row, "2026-10-05 09:00", 40)
        one.sweep()
        one.go("2026-11-03 09:00")
        one.sweep()
        one.close("2026-10")
        one.fill(row, EVIDENCE, "mail 4")
        one.fill(row, URGENT, value=True)
        one.turn()
        one.approve(row)
        one.turn()
        assert one.verdict(row).factor == 1
        assert one.package() == (600, 40, 80, 560, 480)
        assert one.findings() == ()


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        ("it", "Urgente: 0:40 h × 3 = 2:00 h addebitate. [MB-urgent]"),  # noqa: RUF001 - as written
        ("en", "Urgent: 0:40 h × 3 = 2:00 h charged. [MB-urgent]"),  # noqa: RUF001 - as written
    ],
)
def test_R11_urgent_work_is_charged_three_times_the_time_worked(locale: str, told: str) -> None:
    with agreed(terms(locale=locale)) as (one, _):
        row = one.ask("Broken form", "1", urgent=True, evidence="mail 4", reference="<a@shop>")
        one.turn()
        one.approve(row)
        one.turn()
        one.go("2026-10-05 18:00")
        one.work(row, "2026-10-05 09:00", 40)
        one.turn()
        assert one.message(row) == told
        assert one.cell(row) == ("120", {"en": "open", "it": "aperto"}[locale])
        assert one.package() == (600, 120, 60, 480, 420)
        one.fill(row, town.STATUS, town.DONE)
        one.turn()
        assert one.package() == (600, 120, 0, 480, 480)


def test_R11_seconds_are_multiplied_before_they_are_rounded() -> None:
    with agreed() as (one, _):
        row = one.ask("Broken form", "1", urgent=True, evidence="mail 4", reference="<a@shop>")
        one.turn()
        one.approve(row)
        one.turn()
        one.go("2026-10-05 18:00")
        one.work(row, "2026-10-05 09:00", 10, seconds=10)
        one.turn()
        assert one.cell(row) == ("31", "aperto")


def test_R11_urgent_needs_three_times_its_estimate_to_fit() -> None:
    with agreed() as (one, _):
        row = one.ask("Relaunch", "3.5", urgent=True, evidence="mail 4", reference="<a@shop>")
        one.turn()
        assert one.waiting() == {row: "refused"}
        assert one.message(row) == (
            "Servono 10:30 h e ne restano 10:00: mancano 0:30 h. [MB-residual]"
        )
