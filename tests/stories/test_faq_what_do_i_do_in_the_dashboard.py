"""What is of my management in the dashboard? You approve, or not, the time that is estimated."""

import pytest

from stories import town
from stories.office import WRITTEN, agreed, office, terms

STAFF_TOLD = {
    "it": "Serve l'approvazione del cliente; per ora risulta impostata da a@agency.example."
    " [MB-unverified]",
    "en": "The client's own approval is needed; so far it was set by a@agency.example."
    " [MB-unverified]",
}


@pytest.mark.parametrize("locale", ["it", "en"])
def test_R25_a_click_of_the_staff_is_not_the_clients_word(locale: str) -> None:
    with agreed(terms(locale=locale)) as (one, _):
        row = one.ask("Catalogue", "2", reference="<a@shop>")
        one.approve(row, user=town.STAFF)
        one.turn()
        assert one.state(row) == "unverified"
        assert one.message(row) == STAFF_TOLD[locale]
        assert one.package() == (600, 0, 0, 600, 600)
        assert one.waiting() == {row: "unverified"}


def test_R25_the_clients_own_click_counts_and_is_kept_with_its_actor() -> None:
    with agreed(Home="2") as (one, made):
        consent = one.verdict(made["Home"]).consent
        assert consent
        assert (consent.user, consent.standing.value) == ("g@shop.example", "verified")
        assert (consent.estimate_seconds, consent.factor) == (7_200, 1)


def test_R19_R25_every_answer_stays_known_with_its_actor_and_what_it_covers() -> None:
    with agreed(Home="2") as (one, made):
        row = made["Home"]
        one.fill(row, town.ESTIMATE, "3")
        one.turn()
        one.turn()
        one.approve(row)
        one.turn()
        one.reject(row)
        one.turn()
        given = [(fact.actor, fact.args["estimate_seconds"]) for fact in one.known("approved")]
        assert given == [("g@shop.example", 7_200), ("g@shop.example", 10_800)]
        assert [fact.activity_id for fact in one.known("rejected")] == [row]


@pytest.mark.parametrize(
    ("policy", "state", "standing"),
    [
        ("off", "active", "unchecked"),
        ("warn", "active", "unverified"),
        ("require", "unverified", "unverified"),
    ],
)
def test_R25_the_policy_says_whether_a_staffs_click_is_enough(
    policy: str, state: str, standing: str
) -> None:
    with office(terms(approval_actor=policy)) as one:
        row = one.ask("Home", "2")
        one.approve(row, user=town.STAFF)
        one.turn()
        consent = one.verdict(row).consent
        assert consent
        assert (one.state(row), consent.standing.value) == (state, standing)
        assert one.package()[2] == (120 if state == "active" else 0)


def test_R25_after_the_staffs_click_the_clients_own_one_counts() -> None:
    with office() as one:
        row = one.ask("Home", "2")
        one.approve(row, user=town.STAFF)
        one.turn()
        assert one.state(row) == "unverified"
        one.approve(row)
        one.turn()
        assert one.state(row) == "active"
        assert one.notices(row) == ["✓ Risolto: non serve altro. [MB-unverified]"]


def test_R25_what_the_client_took_back_the_staff_cannot_set_again() -> None:
    with agreed(Home="2") as (one, made):
        one.fill(made["Home"], town.APPROVAL, None, town.GUEST)
        one.turn()
        assert one.package() == (600, 0, 0, 600, 600)
        one.approve(made["Home"], user=town.STAFF)
        one.turn()
        assert one.state(made["Home"]) == "unverified"
        assert one.package() == (600, 0, 0, 600, 600)


def test_R25_an_approval_by_mail_counts_by_its_reference() -> None:
    with office() as one:
        row = one.ask("Home", "2")
        one.approve(row, user=town.STAFF)
        one.fill(row, WRITTEN, "<ok@shop.example>")
        one.turn()
        consent = one.verdict(row).consent
        assert consent
        assert (consent.standing.value, consent.reference) == ("reference", "<ok@shop.example>")
        assert one.package() == (600, 0, 120, 600, 480)


def test_R25_a_mail_covers_the_estimate_it_was_written_for() -> None:
    with office() as one:
        row = one.ask("Home", "2")
        one.fill(row, WRITTEN, "<ok@shop.example>")
        one.approve(row, user=town.STAFF)
        one.turn()
        one.fill(row, town.ESTIMATE, "4")
        one.turn()
        assert one.package() == (600, 0, 0, 600, 600)
        one.approve(row, user=town.STAFF)  # the mail that still stands there was for two hours
        one.turn()
        assert (one.state(row), one.package()) == ("stale", (600, 0, 0, 600, 600))
        one.fill(row, WRITTEN, "<ok-again@shop.example>")
        one.approve(row, user=town.STAFF)
        one.turn()
        assert one.package() == (600, 0, 240, 600, 360)


def test_R25_where_the_log_is_gone_nobody_knows_who_answered() -> None:
    with office() as one:
        one.sandbox.monday.switches.logs_denied = True
        row = one.ask("Home", "2")
        one.approve(row)
        for _ in range(3):
            one.turn()
        assert one.state(row) == "unverified"
        assert one.message(row) == (
            "Serve l'approvazione del cliente: non risulta chi ha impostato quella attuale."
            " [MB-unverified]"
        )


def test_R25_a_log_that_lags_is_asked_again_before_anybody_is_told() -> None:
    with office() as one:
        row = one.ask("Home", "2")
        one.approve(row)
        one.wait(11)
        one.sweep()
        assert one.state(row) == "checking"
        assert one.message(row) == (
            "L'approvazione è in verifica: non serve fare nulla. [MB-checking]"
        )
        assert one.notices(row) == []
        one.wait(1)
        one.settle()
        assert (one.state(row), one.message(row)) == ("active", "")


def test_R25_an_automation_is_nobody() -> None:
    with office() as one:
        row = one.ask("Home", "2")
        one.approve(row, user=town.BRIDGE)
        one.turn()
        assert one.state(row) == "unverified"


def test_R25_what_is_known_of_an_answer_is_not_looked_up_again_at_every_change() -> None:
    with office() as one:
        row, other = one.ask("Home", "2"), one.ask("Shop", "2")
        one.approve(row, user=town.STAFF)
        one.turn()
        one.turn()
        asked, written = one.calls["look monday"], one.rewritten(row)
        for hours in ("3", "4", "5"):
            one.fill(other, town.ESTIMATE, hours)
            one.turn()
        assert (one.state(row), one.rewritten(row)) == ("unverified", written)
        assert one.calls["look monday"] - asked == 3
