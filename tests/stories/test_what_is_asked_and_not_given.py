"""What is asked for and not given is said on the row and in ``status``; nothing is said untruly."""

import re

from mondaybridge.store import facts
from stories import town
from stories.office import EVIDENCE, EXPIRY, URGENT, Office, agreed, office, terms

SECOND = {**town.PACKAGE, "id": "P2", "sold_on": "2026-10-20"}
ASKED = "<m@shop.example>"


def told(one: Office) -> set[int]:
    """Return the thresholds that count as told."""
    with one.app.store.read() as tx:
        return {threshold for _, threshold in facts.told(tx, "bottega-hours")}


def urgent(one: Office, row: str) -> None:
    """Have the client ask for it at once, and approve that."""
    one.fill(row, EVIDENCE, "mail 9")
    one.fill(row, URGENT, True)
    one.turn()
    one.wait(3)
    one.approve(row)
    one.turn()


def test_R10_R15b_an_approved_urgency_beyond_what_is_free_is_confirmed_and_given() -> None:
    with agreed(Home="1", Shop="8") as (one, made):
        urgent(one, made["Home"])
        assert "3:00 h invece di 1:00 h: serve la conferma." in one.notices(made["Home"])[-1]
        assert "mancherebbero 1:00 h" in one.message(made["Home"])
        assert one.waiting() == {made["Home"]: "confirm"}
        one.wait(3)
        one.approve(made["Home"])
        one.turn()
        one.turn()
        assert (one.verdict(made["Home"]).factor, one.waiting()) == (3, {})


def test_R16_an_approved_urgency_beyond_all_hours_says_the_number_that_is_missing() -> None:
    with agreed(Home="3.5") as (one, made):
        urgent(one, made["Home"])
        assert "Servono 10:30 h e ne restano 10:00: mancano 0:30 h." in one.notices(made["Home"])[1]
        [refused] = one.status()["refused"]
        assert (refused["verdict"], refused["missing"]) == ("refused", 30)


def test_5_6_a_row_that_cannot_be_read_keeps_its_comments_and_says_what_to_do() -> None:
    with agreed(Home="1") as (one, _):
        row = one.ask("Shop", "3", reference=ASKED)
        one.turn()
        before = one.notices(row)
        one.fill(row, town.ESTIMATE, None)
        one.turn()
        one.turn()
        assert one.notices(row) == before
        assert one.message(row) == (
            "Un dato di questa riga è da correggere: fino ad allora resta tutto com'era. "
            "[MB-parked]"
        )
        one.fill(row, town.ESTIMATE, "2")
        one.turn()
        one.turn()
        assert "parked" not in one.message(row)
        assert one.notices(row)[0].startswith("2:00 h: serve la conferma.")


def test_6_28_after_a_top_up_the_same_threshold_is_a_comment_of_its_own() -> None:
    with agreed(terms(town.PACKAGE, SECOND), Home="8", Shop="1") as (one, made):
        one.go("2026-10-05 15:00")
        one.work(made["Home"], "2026-10-05 09:00", 310)
        one.turn()
        one.turn()
        one.go("2026-10-21 09:00")
        one.turn()
        row = one.ask("Big", "12", reference=ASKED)
        for _ in range(2):
            one.turn()
            one.approve(row)
        one.turn()
        one.turn()
        one.go("2026-10-22 18:00")
        one.work(row, "2026-10-22 09:00", 320)
        one.turn()
        one.turn()
        tails = [said[said.index("[MB-") :] for said in one.notices(one.package_row())]
        assert tails == ["[MB-used-50]", "[MB-used-50-2]"]


def test_6_28_a_threshold_without_a_place_is_not_told_and_stands_in_status() -> None:
    unmapped = re.sub(r',\s*"package": \{.*?\n    \}', "", terms(), flags=re.DOTALL)
    with agreed(unmapped, Home="8") as (one, made):
        one.work(made["Home"], "2026-10-02 09:00", 470)
        one.go("2026-10-03 09:00")
        one.turn()
        assert told(one) == set()
        reasons = [line["reason"] for line in one.status()["untold"]]
        assert [reason for reason in reasons if "package" in reason] == [
            "bottega-hours: 78 % of the hours are used; no row of the package is mapped"
        ]


def test_7_more_agreed_than_granted_is_said_once_and_stands_in_status() -> None:
    with agreed(Home="8", Shop="6") as (one, _):
        one.turn()
        one.turn()
        assert [said for said in one.notices(one.package_row()) if "baseline" in said] == [
            (
                "14:00 h concordate e 10:00 h nel pacchetto: tutte insieme non ci stanno. Resta da"
                " decidere che cosa viene prima o se ampliare il pacchetto. [MB-baseline]"
            )
        ]
        [line] = one.status()["overcommitted"]
        assert (line["agreed"], line["granted"]) == (840, 600)


def test_6_6_the_row_of_the_package_shows_the_next_expiry() -> None:
    first = {**town.PACKAGE, "expires_on": "2026-12-31"}
    second = {**SECOND, "sold_on": "2026-12-01", "expires_on": "2027-06-30"}
    with office(terms(first, second)) as one:
        one.ask("Home", "1")
        one.turn()
        one.go("2027-02-01 09:00")
        for _ in range(2):
            one.sweep()
            one.wait(10)
        assert one.shows(one.package_row(), EXPIRY) == "2027-06-30"
