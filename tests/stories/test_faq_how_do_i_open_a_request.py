"""How do I open a service request? By e-mail, one request each, for one of the known services."""

import pytest

from stories import town
from stories.office import (
    AGREED_WITH,
    OTHER,
    REFERENCE,
    REQUESTER,
    SERVICE,
    agreed,
    terms,
)

GARDENING = 8


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        ("it", "Da completare: tipo di servizio. [MB-proof]"),
        ("en", "To be filled in: type of service. [MB-proof]"),
    ],
)
def test_R05_an_unknown_service_is_pointed_out_and_starts_all_the_same(
    locale: str, told: str
) -> None:
    with agreed(terms(locale=locale, service_type="warn", request_reference="off")) as (one, _):
        row = one.ask("Hedge", "0.5", service=GARDENING)
        one.turn()
        assert (one.state(row), one.message(row)) == ("active", told)
        one.fill(row, SERVICE, 1)
        one.turn()
        assert "[MB-minor]" in one.message(row)


def test_R05_where_it_is_required_an_unknown_service_waits_and_loses_no_time() -> None:
    with agreed(terms(service_type="require", request_reference="off")) as (one, _):
        row = one.ask("Hedge", "0.5", service=GARDENING)
        one.work(row, "2026-10-02 08:00", 20)
        one.turn()
        assert one.waiting() == {row: "needs_proof"}
        assert one.held() == [(row, "2026-10", "unapproved", 20)]
        one.fill(row, SERVICE, 1)
        one.turn()
        assert (one.state(row), one.held(), one.package()) == (
            "active",
            [],
            (600, 20, 10, 580, 570),
        )


def test_R05_another_service_names_with_whom_it_was_agreed() -> None:
    with agreed(terms(service_type="require", request_reference="off")) as (one, _):
        row = one.ask("Photos", "0.5", service=OTHER)
        one.turn()
        assert (one.state(row), one.message(row)) == (
            "needs_proof",
            "Da completare: con chi è stata concordata. [MB-proof]",
        )
        one.fill(row, AGREED_WITH, "Avery")
        one.turn()
        assert one.state(row) == "active"


def test_R05_off_nobody_asks_for_a_service() -> None:
    with agreed(terms(service_type="off", request_reference="off")) as (one, _):
        row = one.ask("Hedge", "0.5", service=GARDENING)
        one.turn()
        assert one.state(row) == "active"
        assert "[MB-proof]" not in one.message(row)


@pytest.mark.parametrize("who", [None, "somebody@else.example"])
def test_R06_a_request_names_one_of_the_clients_people(who: str | None) -> None:
    with agreed(terms(requester="require", request_reference="off")) as (one, _):
        row = one.ask("Banner", "0.5", requester=who)
        one.turn()
        assert one.waiting() == {row: "needs_proof"}
        assert one.message(row) == "Da completare: richiedente. [MB-proof]"
        one.fill(row, REQUESTER, "Guest <G@shop.example>")
        one.turn()
        assert (one.state(row), one.waiting()) == ("active", {})


@pytest.mark.parametrize(
    ("policy", "state", "told"),
    [
        ("off", "active", "0:30 h, attivata automaticamente (entro 0:30 h). [MB-minor]"),
        ("warn", "active", "Da completare: richiedente. [MB-proof]"),
        ("require", "needs_proof", "Da completare: richiedente. [MB-proof]"),
    ],
)
def test_R06_the_policy_says_how_much_it_matters_who_asked(
    policy: str, state: str, told: str
) -> None:
    with agreed(terms(requester=policy, request_reference="off")) as (one, _):
        row = one.ask("Banner", "0.5")
        one.turn()
        assert (one.state(row), one.message(row)) == (state, told)


@pytest.mark.parametrize(
    ("policy", "state", "told"),
    [
        ("off", "active", "0:30 h, attivata automaticamente (entro 0:30 h). [MB-minor]"),
        ("warn", "active", "Da completare: richiesta di riferimento. [MB-proof]"),
        ("require", "needs_proof", "Da completare: richiesta di riferimento. [MB-proof]"),
    ],
)
def test_R07_the_policy_says_how_much_the_mail_matters(policy: str, state: str, told: str) -> None:
    with agreed(terms(request_reference=policy)) as (one, _):
        row = one.ask("Banner", "0.5")
        one.turn()
        assert (one.state(row), one.message(row)) == (state, told)
        one.fill(row, REFERENCE, "<a@shop.example>")
        one.turn()
        assert one.state(row) == "active"


def test_R07_what_was_agreed_at_the_start_needs_no_mail() -> None:
    with agreed(terms(request_reference="require", requester="require"), Home="2") as (one, made):
        assert one.state(made["Home"]) == "active"


def test_R07_a_second_row_of_the_same_mail_is_named() -> None:
    with agreed() as (one, _):
        first = one.ask("Banner", "0.5", reference="<a@shop.example>")
        one.turn()
        second = one.ask("Footer", "0.5", reference=" <A@shop.example> ")
        one.turn()
        assert one.message(second) == (
            "La stessa richiesta è già su «Banner (extra)»: da verificare che non sia doppia."
            " [MB-twin]"
        )
        assert "[MB-twin]" not in one.message(first)
        one.fill(second, REFERENCE, "<b@shop.example>")
        one.turn()
        assert "[MB-minor]" in one.message(second)


def test_R07_four_small_extras_of_one_mail_in_a_day_are_looked_at_together() -> None:
    with agreed(terms(request_reference="off")) as (one, _):
        rows = [one.ask(f"Part {n}", "0.5", reference="<a@shop.example>") for n in range(4)]
        one.turn()
        assert [one.state(row) for row in rows] == ["active"] * 4
        assert one.shows(rows[0], town.MESSAGE) == (
            "4 piccoli extra della stessa richiesta in un giorno: da valutare insieme. [MB-flood]"
        )
