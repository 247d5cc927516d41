"""Time of people who are not the agency's moves nothing (ledger 5.7)."""

from dataclasses import replace

import pytest

from ledgerbook import Book, activity, at, metered, package, worked
from mondaybridge.domain.activity import Capture, Presence, Session
from mondaybridge.domain.guards import own
from mondaybridge.domain.outcome import Billing, History
from packagebook import book, held, later, posted

ANNA = ("anna@client.example", "guest")
TRACKED = worked(30, "2026-10-05")  # by the person 7


@pytest.mark.parametrize(
    ("person", "users", "who"),
    [
        (ANNA, (), "anna@client.example"),
        (("", "guest"), (), "a guest"),
        (("anna@client.example", "member"), ("Anna@Client.example",), "anna@client.example"),
    ],
)
def test_5_7_time_of_the_clients_people_parks_the_row_with_a_sentence(
    person: tuple[str, str], users: tuple[str, ...], who: str
) -> None:
    row = activity("A", 60, TRACKED)
    parked = own([row], History(people={"7": person}, users=users))
    assert parked == [
        replace(
            row,
            parked=f"time was tracked by {who}, who is not one of the agency's people: delete that "
            "session and let the one who worked enter it",
        )
    ]


@pytest.mark.parametrize(
    "people",
    [
        {},  # nobody was asked about yet
        {"7": ("", "")},  # monday names nobody
        {"7": ("bea@agency.example", "member")},
        {"7": ("bea@agency.example", "admin"), "8": ANNA},
    ],
)
def test_5_7_colleagues_and_unknown_people_are_not_suspected(
    people: dict[str, tuple[str, str]],
) -> None:
    row = activity("A", 60, TRACKED)
    assert own([row], History(people=people, users=("anna@client.example",))) == [row]


def test_5_7_rows_that_are_parked_or_gone_say_what_they_said() -> None:
    rows = [
        activity("A", 60, TRACKED, parked="the estimate was emptied"),
        activity("B", 60, TRACKED, presence=Presence.DELETED),
        activity("C", 60, Session("n1", Capture.NUMBER, 1, 1, 60)),
    ]
    assert own(rows, History(people={"7": ANNA})) == rows


def test_5_7_a_strangers_time_is_not_posted_and_the_rest_of_the_row_waits_with_it() -> None:
    started = book(package(minutes=200))
    started.people["7"] = ANNA
    row = activity("A", 60, TRACKED, replace(worked(20, "2026-10-05 14:00", "s2"), person_id="8"))
    started.now = at("2026-10-06")
    assert held(started.review(row)) == [("A", "", "parked", 0)]
    assert posted(started) == {}
    mended = replace(row, sessions=row.sessions[1:])
    assert later(started, "2026-10-06", mended) == [("post", 20), ("reserve", 40)]


def test_5_7_what_was_posted_before_anybody_knew_stays_until_it_is_mended() -> None:
    started = book(package(minutes=200))
    row = activity("A", 60, TRACKED)
    assert later(started, "2026-10-06", row) == [("post", 30), ("reserve", 30)]
    started.people["7"] = ANNA
    assert later(started, "2026-10-07", row) == []
    mended = replace(row, sessions=())
    assert later(started, "2026-10-08", mended) == [("post", -30), ("reserve", 30)]


def test_5_7_a_contract_without_packages_is_not_charged_for_its_own_peoples_time() -> None:
    opened = Book(metered(), at("2026-10-06"), people={"7": ANNA})
    row = activity("A", None, TRACKED)
    decided = opened.review(row)
    assert (decided.entries, [h.reason.value for h in decided.held]) == ((), ["parked"])
    assert [cell.billing for cell in decided.cells] == [Billing.PARKED]
