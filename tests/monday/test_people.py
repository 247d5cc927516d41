"""Who is who: actors by id, members of a board, and clients who cannot see theirs (R22, R25)."""

import pytest

from mondaybook import BOARD, account
from mondaybridge.errors import TryLater
from mondaybridge.monday.people import Person, absent, members, people, with_emails

BRIDGE = Person("100", "bridge@agency.example", "Bridge", "service")
STAFF = Person("101", "avery@agency.example", "Avery Placeholder", "admin")
GUEST = Person("102", "gia@client.example", "Gia Guest", "guest")


def test_actors_are_known_by_their_ids() -> None:
    here = account()
    assert people(here.client, ["102", "101", "102", "-6", "4711", ""]) == [STAFF, GUEST]
    assert here.asked == ["People"]
    assert people(here.client, ["-6"]) == []
    assert here.asked == ["People"]


def test_people_who_left_are_still_known() -> None:
    here = account()
    here.api.state.users["102"].status = "INACTIVE"
    assert people(here.client, ["102"]) == [GUEST]


def test_a_hundred_people_are_asked_for_at_once() -> None:
    here = account()
    assert people(here.client, map(str, range(100, 301))) == [BRIDGE, STAFF, GUEST]
    assert here.asked == ["People"] * 3


def test_people_are_found_by_address() -> None:
    here = account()
    assert with_emails(here.client, ["gia@client.example", "no@client.example"]) == [GUEST]
    assert with_emails(here.client, []) == []
    assert here.asked == ["PeopleByEmail"]


def test_R22_members_of_a_board_and_who_cannot_see_it() -> None:
    here = account(kind="share", owners=[101], subscribers=[100, 102])
    there = members(here.client, BOARD)
    assert there == [STAFF, BRIDGE, GUEST]
    users = ["Gia@Client.example", "zoe@client.example"]
    assert absent(there, users) == ["zoe@client.example"]
    here.api.state.users["102"].status = "PENDING"
    assert absent(members(here.client, BOARD), users) == [
        "gia@client.example",
        "zoe@client.example",
    ]


def test_a_board_that_is_not_shown_has_no_members_to_compare() -> None:
    with pytest.raises(TryLater, match="does not show board 4711"):
        members(account().client, "4711")
