"""R21, R22, R24: a package starts with a board that the client sees, and a mail that says how.

Told over HTTP shapes from the first command to the guest's mail, with a process that may be killed
before and after every call.
"""

import pytest

from mail.postbox import CUT, postbox
from mondaybridge.errors import TryLater
from mondaybridge.reports import opening as report
from mondaybridge.reports.opening import Sight, Weight
from mondaybridge.reports.package import package
from mondaybridge.store import facts
from mondaybridge.workflows.guests import unseen
from openinghouse import (
    ADA,
    BEA,
    CONTACT,
    CONTRACT,
    TEMPLATE,
    TITLE,
    OpeningHouse,
    letter,
    openinghouse,
    words,
)
from stories import town


def opened(one: OpeningHouse) -> str:
    """Copy the board and put its line into the mapping; return the board."""
    copy = one.run().copy
    assert copy is not None
    one.map_board(copy.board_id)
    return copy.board_id


def told(one: OpeningHouse) -> list[tuple[str, str]]:
    with one.app.store.read() as tx:
        rows = facts.events(tx, CONTRACT, "onboarding")
    return [(str(row.args["guest"]), str(row.args["state"])) for row in rows]


def troubles(one: OpeningHouse) -> list[tuple[str, str]]:
    return [(found.weight.value, found.text) for found in report.troubles(one.app)]


def test_R21_R22_R24_from_the_template_to_the_guests_mail() -> None:
    with openinghouse() as one:
        assert troubles(one) == [("error", "the package runs and has no board")]
        copy = one.run().copy
        assert copy is not None
        (board,) = one.copies()
        address = f"https://invented-agency.monday.com/boards/{board.id}"
        assert (copy.board_id, copy.title, copy.columns) == (board.id, TITLE, "tracked")
        assert (copy.address, board.name, board.kind) == (address, TITLE, "share")
        names = [one.name(item) for item in board.item_ids]
        assert names == ["Home page", "Contact form"]
        assert board.subscriber_ids == [town.STAFF]  # the team; nobody else before it is mapped
        assert one.files() == []

        one.map_board(board.id)
        done = one.run()
        assert [(guest.email, guest.sight) for guest in done.guests] == [
            (ADA, Sight.SEES),
            (BEA, Sight.INVITED),
        ]
        assert (done.findings, done.later, done.copy) == ((), (), None)
        ada, bea = one.letters()
        assert [str(mail["To"]) for mail in (ada, bea)] == [f"Ada Bottega <{ADA}>", BEA]
        assert str(ada["Subject"]) == f"{TITLE}: la dashboard è pronta"
        said = words(bea)
        for part in ("Buongiorno,", address, BEA, CONTACT, "approvata o non approvata"):
            assert part in said
        assert "urgente" not in said  # no column of this board says so
        assert told(one) == [(ADA, "written"), (BEA, "written")]
        assert troubles(one) == [
            ("warning", f"{BEA} cannot see the board yet: the invitation is open")
        ]


def test_R24_in_english_for_an_english_client() -> None:
    with openinghouse(locale="en", users=(ADA,)) as one:
        opened(one)
        one.run()
        (mail,) = one.letters()
        assert str(mail["Subject"]) == f"{TITLE}: the dashboard is ready"
        assert "mark each activity in the dashboard as approved or not" in words(mail)


def test_R22_a_board_that_exists_is_shared_and_nothing_is_copied() -> None:
    boards = [{"id": town.HOURS, "columns": "tracked"}]
    with openinghouse(boards=boards, template=None) as one:
        one.run()
        assert one.copies() == []
        board = one.sandbox.monday.state.boards[town.HOURS]
        emails = [one.sandbox.monday.state.users[key].email for key in board.subscriber_ids]
        assert emails == ["a@agency.example", ADA, BEA]
        assert "Duplicate" not in one.asked
        assert len(one.files()) == 2


def test_R24_again_and_again_writes_nothing_more() -> None:
    with openinghouse() as one:
        opened(one)
        first = one.run()
        files, writes = one.files(), one.writes()
        one.wait(60)
        again = one.run()
        assert (one.files(), one.writes()) == (files, writes)
        assert again.places == first.places
        assert [(mail.email, mail.at, mail.new) for mail in again.welcomes] == [
            (mail.email, mail.at, False) for mail in first.welcomes
        ]
        assert len(told(one)) == 2


def test_R24_a_guest_who_comes_later_is_the_only_one_written_to() -> None:
    with openinghouse(users=(ADA,)) as one:
        opened(one)
        one.run()
        one.reopen(one.mapping.replace(f'"{ADA}"', f'"{ADA}", "{BEA}"'))
        done = one.run()
        assert [(mail.email, mail.new) for mail in done.welcomes] == [(ADA, False), (BEA, True)]
        assert told(one) == [(ADA, "written"), (BEA, "written")]


def test_R22_an_owner_stays_an_owner() -> None:
    boards = [{"id": town.HOURS, "columns": "tracked"}]
    with openinghouse(boards=boards, users=("a@agency.example", ADA)) as one:
        board = one.sandbox.monday.state.boards[town.HOURS]
        board.owner_ids = [town.BRIDGE, town.STAFF]
        one.run()
        one.run()
        assert board.owner_ids == [town.BRIDGE, town.STAFF]
        assert "202" in board.subscriber_ids


class TestKilled:
    """Killed before and after every call of monday: one board, one mail per guest."""

    def test_R21_while_the_board_is_copied(self) -> None:
        with openinghouse(users=(ADA,)) as one:
            calls = 0
            while one.run_killed(calls):
                calls += 1
                assert calls < 60
            assert calls > 5
            assert [board.name for board in one.copies()] == [TITLE]
            assert one.run().copy is not None
            assert len(one.copies()) == 1

    @pytest.mark.parametrize("at", [1, 3, 4, 5, 6, 7, 15, 16, 20, 21, 22, 23, 25])
    def test_R21_at_any_call_of_a_fresh_opening(self, at: int) -> None:
        with openinghouse(users=(ADA,)) as one:
            one.run_killed(at)
            copy = one.run().copy
            assert copy is not None
            assert [(board.id, board.name) for board in one.copies()] == [(copy.board_id, TITLE)]

    def test_R24_while_guests_are_invited_and_written_to(self) -> None:
        with openinghouse() as one:
            opened(one)
            calls = 0
            while one.run_killed(calls):
                calls += 1
                assert calls < 60
            assert calls > 8
            assert len(one.files()) == 2
            assert told(one) == [(ADA, "written"), (BEA, "written")]
            emails = [user.email for user in one.sandbox.monday.state.users.values()]
            assert emails.count(BEA) == 1


class TestNoAnswer:
    def test_R21_an_answer_that_was_lost_makes_no_second_board(self) -> None:
        with openinghouse() as one:
            one.fault("monday", "drop_answer", "duplicate_board")
            with pytest.raises(TryLater):
                one.run()
            assert len(one.copies()) == 1
            assert one.run().copy is not None  # found by its name
            assert [board.name for board in one.copies()] == [TITLE]

    def test_R21_a_copy_that_is_not_shown_yet_is_not_made_again(self) -> None:
        with openinghouse() as one:
            one.fault("monday", "read_lag", ms=30_000)
            one.fault("monday", "drop_answer", "duplicate_board")
            for _ in range(2):
                with pytest.raises(TryLater):
                    one.run()
            one.wait(1)
            assert one.run().copy is not None
            assert [board.name for board in one.copies()] == [TITLE]

    @pytest.mark.parametrize("minutes", [0, 2, 40])
    def test_R21_a_request_that_was_lost_is_sent_again(self, minutes: int) -> None:
        with openinghouse() as one:
            one.fault("monday", "drop_request", "duplicate_board")
            with pytest.raises(TryLater):
                one.run()
            assert one.copies() == []
            if not minutes:
                with pytest.raises(TryLater, match="may not show the copy yet") as caught:
                    one.run()
                one.clock.set(caught.value.until)
            one.wait(minutes)
            assert one.run().copy is not None
            assert [board.name for board in one.copies()] == [TITLE]

    def test_R21_a_copy_that_takes_long_is_waited_for_and_then_left_for_later(self) -> None:
        with openinghouse() as one:
            one.sandbox.monday.switches.duplicate_takes_ms = 90_000
            with pytest.raises(TryLater, match="is still filling board"):
                one.run()
            one.wait(2)
            assert one.run().copy is not None
            assert len(one.copies()) == 1


class TestBySmtp:
    """With a real mail server."""

    def test_R24_each_guest_gets_one_mail(self) -> None:
        with postbox() as box, openinghouse(smtp=box.settings()) as one:
            opened(one)
            done = one.run()
            assert [mail.recipients for mail in box.taken] == [(ADA,), (BEA,)]
            assert "250" not in done.welcomes[0].words
            mail = letter(box.taken[0].content)
            assert (str(mail["From"]), str(mail["Reply-To"])) == (
                "Agenzia <ore@example.com>",
                CONTACT,
            )
            assert "Agenzia vi pianifica il lavoro" in words(mail)
            one.run()
            assert len(box.taken) == 2
            assert told(one) == [(ADA, "delivered"), (BEA, "delivered")]
            assert one.files() == []

    def test_R24_without_an_answer_it_goes_twice_at_most_and_is_the_same_mail(self) -> None:
        with postbox() as box, openinghouse(smtp=box.settings(), users=(ADA,)) as one:
            opened(one)
            box.dot = [CUT, CUT]
            assert one.run().later
            doubtful = one.run()
            assert any("nobody knows whether" in word for word in doubtful.findings)
            for _ in range(3):
                assert one.run().findings == ()  # it was said once, and stays to be seen
            first, second = box.taken
            assert first.content == second.content
            assert told(one) == [(ADA, "unknown")]

    def test_R24_a_refused_address_keeps_nobody_else_waiting(self) -> None:
        with postbox() as box, openinghouse(smtp=box.settings()) as one:
            opened(one)
            box.rcpt = ["550 no such person"]
            done = one.run()
            assert [mail.recipients for mail in box.taken] == [(BEA,)]
            (finding,) = done.findings
            assert "no such person" in finding
            assert "mondaybridge park release onboarding" in finding
            assert one.parked()[0][0] == "onboarding"
            assert len(box.taken) == 1


class TestNotSeen:
    def test_R22_on_a_board_that_is_not_shareable_nobody_is_written_to(self) -> None:
        boards = [{"id": town.HOURS, "columns": "tracked"}]
        with openinghouse(boards=boards) as one:
            one.sandbox.monday.state.boards[town.HOURS].kind = "public"
            done = one.run()
            (finding,) = done.findings
            assert "Guests can only be on shareable boards" in finding
            assert [guest.sight for guest in done.guests] == [Sight.ABSENT, Sight.ABSENT]
            assert (one.files(), told(one)) == ([], [])
            assert [weight for weight, _ in troubles(one)] == ["warning", "warning"]

    def test_R22_an_address_that_monday_refuses_is_named_and_the_others_are_served(self) -> None:
        with openinghouse() as one:
            opened(one)
            one.sandbox.monday.state.boards[one.copies()[0].id].kind = "share"
            one.fault("monday", "server_error", "invite_users")
            with pytest.raises(TryLater):
                one.run()
            assert one.run().findings == ()

    def test_R22_who_cannot_see_the_board_is_named_with_the_way_out(self) -> None:
        boards = [{"id": town.HOURS, "columns": "tracked"}]
        with openinghouse(boards=boards) as one:
            contract = one.app.mapping.contract(CONTRACT)
            assert troubles(one) == [("warning", "nobody looked whether the client sees the board")]
            command = "run 'mondaybridge package open bottega-hours'"
            assert unseen(one.app, contract) == [
                f"{ADA} cannot see board {town.HOURS}: {command}",
                f"{BEA} cannot see board {town.HOURS}: {command}",
            ]
            one.run()
            assert unseen(one.app, contract) == [
                f"{BEA} cannot see board {town.HOURS} yet: the invitation is open, ask for it"
            ]

    def test_R21_a_board_that_is_gone_is_an_error(self) -> None:
        with openinghouse() as one:
            board_id = opened(one)
            one.run()
            one.people.archive_board(board=board_id)
            assert one.run().findings == (
                f"board {board_id}: the board is archived: restore it or unmap it",
            )
            one.sweep()
            weight, text = troubles(one)[0]
            assert (weight, text.split(":")[0]) == (
                Weight.ERROR.value,
                "the package runs and its board cannot be reached",
            )


def test_a_copy_whose_board_was_unmapped_makes_room_for_the_next_one() -> None:
    with openinghouse() as one:
        first = opened(one)
        one.run()
        one.reopen(one.mapping.replace(f'[{{"id": "{first}", "columns": "tracked"}}]', "[]"))
        second = one.run().copy
        assert second is not None
        assert [board.id for board in one.copies()] == [first, second.board_id]
        assert one.run().copy is not None
        assert len(one.copies()) == 2


def test_changes_of_the_board_are_told_where_an_address_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    secret = "secret-of-this-test-0123456789-0123456789"
    monkeypatch.setenv("MONDAYBRIDGE_MONDAY__HOOK_SECRET", secret)
    with openinghouse(public_url="https://here.example") as one:
        opened(one)
        made = one.run().webhooks
        assert made.endswith("made, 0 kept")
        assert one.run().webhooks.startswith("0 made")


def test_R02_R08_everything_about_a_package_on_one_page() -> None:
    with openinghouse() as one:
        board_id = opened(one)
        one.run()
        one.sweep()
        page = package(one.app, one.app.mapping.contract(CONTRACT))
        (only,) = page["packages"]
        assert (only["id"], only["granted"], only["free"], only["begun"]) == ("P1", 600, 600, True)
        assert [(b["id"], b["state"]) for b in page["boards"]] == [(board_id, "live")]
        assert page["boards"][0]["address"].endswith(f"/boards/{board_id}")
        assert [(p["email"], p["boards"]) for p in page["people"]] == [
            (ADA, {board_id: "on the board"}),
            (BEA, {board_id: "invited, has not come in yet"}),
        ]
        assert [mail["state"] for p in page["people"] for mail in p["onboarding"]] == [
            "written",
            "written",
        ]
        counts = {row["origin"]: row["count"] for row in page["activities"]}
        assert sum(counts.values()) == 2
        assert TEMPLATE not in str(page)
