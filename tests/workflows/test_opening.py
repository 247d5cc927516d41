"""What an opening refuses, what it waits for, and how it goes on (R21, R22, R24)."""

import json
from collections.abc import Iterator

import pytest

from mail.postbox import postbox
from mondaybridge.cli.package_page import mapping_lines, opening_json, show_opening, show_page
from mondaybridge.errors import BridgeError, ConfigurationError, TryLater
from mondaybridge.mapping.load import parse
from mondaybridge.monday.errors import RateLimited
from mondaybridge.reports.opening import dashboards
from mondaybridge.reports.package import package
from mondaybridge.store import effects, lease, work
from openinghouse import (
    ADA,
    BEA,
    CONTRACT,
    PACKAGE,
    TEMPLATE,
    TITLE,
    OpeningHouse,
    openinghouse,
)
from stories import town

HERE = [{"id": town.HOURS, "columns": "tracked"}]
SUBJECT = f"open:{CONTRACT}:1"


@pytest.fixture
def house() -> Iterator[OpeningHouse]:
    with openinghouse(users=(ADA,)) as one:
        yield one


def refusal(one: OpeningHouse, name: str = CONTRACT) -> str:
    """Run, be refused before anything was made, and return the words."""
    with pytest.raises(BridgeError) as caught:
        one.run(name)
    assert one.copies() == []
    assert one.files() == []
    return str(caught.value).replace(str(one.folder), "…")


class TestRefusals:
    def test_a_contract_that_nobody_named(self, house: OpeningHouse) -> None:
        assert "names no contract 'bottega-hour', nor a package of this id" in refusal(
            house, "bottega-hour"
        )

    def test_a_contract_without_packages(self, house: OpeningHouse) -> None:
        assert "contract tea-hourly has no packages" in refusal(house, "tea-hourly")

    def test_a_template_that_is_gone(self, house: OpeningHouse) -> None:
        house.people.archive_board(board=TEMPLATE)
        assert f"the template board {TEMPLATE}: the board is archived" in refusal(house)

    def test_a_template_without_the_mapped_columns(self, house: OpeningHouse) -> None:
        house.people.delete_column(board=TEMPLATE, column=town.ESTIMATE)
        said = refusal(house)
        assert f"board {TEMPLATE} has the columns of no set; the nearest is 'tracked':" in said
        assert "columns.tracked.estimate" in said

    def test_nobody_who_could_be_asked(self) -> None:
        with openinghouse(contact=None) as one:
            assert "clients.bottega.contact is not set" in refusal(one)
        with postbox() as box, openinghouse(contact=None, smtp=box.settings()) as one:
            assert one.run().copy is not None

    def test_addresses_that_no_mail_can_go_to(self) -> None:
        with openinghouse(users=(ADA, "bea@sh_op.example")) as one:
            (said,) = refusal(one).splitlines()
            assert "clients.bottega: 'bea@sh_op.example'" in said

    def test_another_worker_at_the_same_client(self, house: OpeningHouse) -> None:
        held = lease.acquire(house.app.store, "client:bottega", "other", 60_000)
        assert held is not None
        assert "another worker acts for bottega" in refusal(house)
        lease.release(house.app.store, held)
        assert house.run().copy is not None

    def test_a_no_of_monday_is_told_and_the_next_try_is_a_new_one(
        self, house: OpeningHouse
    ) -> None:
        house.fault("monday", "user_unauthorized", "duplicate_board")
        assert "nauthorized" in refusal(house)
        house.fault("monday", "minute_limit", "duplicate_board", retry_after=30)
        with pytest.raises(RateLimited) as caught:
            house.run()
        house.clock.set(caught.value.until)
        assert house.run().copy is not None
        with house.app.store.read() as tx:
            sent = [(one.attempt, one.http_status) for one in effects.find(tx, SUBJECT)]
        assert sent == [(1, 400), (2, 429), (3, 200)]

    def test_an_unreadable_yaml_is_no_way_on(self, house: OpeningHouse) -> None:
        copy = house.run().copy
        assert copy is not None
        line = f'"boards": [{{"id": "{copy.board_id}", "columns": "trackd"}}]'
        with pytest.raises(ConfigurationError, match="trackd"):
            house.reopen(house.mapping.replace('"boards": []', line))
        house.mapping = house.mapping.replace(line, '"boards": []')


def test_the_id_of_a_package_will_do(house: OpeningHouse) -> None:
    assert house.run(PACKAGE).contract.contract_id == CONTRACT
    assert len(house.copies()) == 1


def test_nobody_is_invited_where_nobody_is_listed() -> None:
    with openinghouse(users=(), boards=HERE, policies={"approval_actor": "off"}) as one:
        done = one.run()
        assert ["users is empty" in finding for finding in done.findings] == [True]
        assert one.files() == []
        assert [found["text"] for found in dashboards(one.app)] == [
            "clients.bottega.users is empty: nobody is known to approve"
        ]


def test_a_draft_that_somebody_renamed_back_gets_its_name(house: OpeningHouse) -> None:
    house.run_killed(15)
    (board,) = house.copies()
    assert board.name.startswith(f"{TITLE} [MB-")
    house.run()
    assert board.name == TITLE


def test_a_copy_that_was_deleted_is_not_made_again_behind_ones_back(house: OpeningHouse) -> None:
    house.run_killed(8)
    (board,) = house.copies()
    house.people.delete_board(board=board.id)
    with pytest.raises(TryLater, match="restore it from monday's trash"):
        house.run()
    assert len(house.copies()) == 1


def test_a_template_that_changed_meanwhile_does_not_keep_the_copy_waiting(
    house: OpeningHouse,
) -> None:
    house.run_killed(8)
    house.people.create_item(board=TEMPLATE, name="Third row", cells={}, as_user=town.STAFF)
    assert house.run().copy is not None


def test_R24_a_refused_mail_goes_once_it_was_released() -> None:
    with postbox() as box, openinghouse(smtp=box.settings(), users=(ADA,), boards=HERE) as one:
        box.rcpt = ["550 full"]
        assert one.run().findings
        assert one.run().findings
        (_, key, _) = one.parked()[0]
        assert key == f"{CONTRACT}:{town.HOURS}:{ADA}"
        one.wait(1)
        with one.app.store.write() as tx:
            assert work.release(
                tx, "onboarding", key, actor="admin", why="looked at", now=one.clock.now()
            )
        assert one.run().findings == ()
        assert [mail.recipients for mail in box.taken] == [(ADA,)]
        assert one.parked() == []


def test_R24_a_mail_server_that_is_away_is_asked_again() -> None:
    with postbox() as box, openinghouse(smtp=box.settings(), users=(ADA,), boards=HERE) as one:
        box.rcpt = ["450 later"]
        done = one.run()
        assert [ADA in word for word in done.later] == [True]
        assert one.run().later == ()
        assert len(box.taken) == 1


def test_webhooks_that_cannot_be_installed_are_told_and_stop_nothing() -> None:
    with openinghouse(boards=HERE, public_url="https://here.example") as one:
        done = one.run()
        assert ["HOOK_SECRET is not set" in finding for finding in done.findings] == [True]
        assert len(one.files()) == 2


def test_a_board_whose_columns_changed_is_told_before_anybody_is_written_to() -> None:
    with openinghouse(boards=HERE) as one:
        one.people.delete_column(board=town.HOURS, column=town.ESTIMATE)
        (finding,) = one.run().findings
        assert finding.startswith(f"board {town.HOURS}: ")
        assert one.files() == []


def test_a_board_that_is_not_the_bridges_to_share_is_named() -> None:
    with openinghouse(boards=HERE) as one:
        board = one.sandbox.monday.state.boards[town.HOURS]
        board.owner_ids, board.subscriber_ids = [town.STAFF], [town.BRIDGE]
        board.permissions = "owners"
        (finding,) = one.run().findings
        assert finding.startswith(f"monday did not add the client to board {town.HOURS}:")
        assert one.files() == []


def test_a_key_that_monday_may_have_forgotten_is_looked_after_once_more(
    house: OpeningHouse,
) -> None:
    house.fault("monday", "drop_request", "duplicate_board")
    with pytest.raises(TryLater):
        house.run()
    house.wait(24)
    house.fault("monday", "read_lag", ms=90_000)
    house.fault("monday", "drop_answer", "duplicate_board")
    with pytest.raises(TryLater):
        house.run()  # under the same key, and it was copied
    house.wait(1)
    with pytest.raises(TryLater, match="may not show the copy yet"):
        house.run()
    house.wait(1)
    assert house.run().copy is not None
    assert len(house.copies()) == 1
    with house.app.store.read() as tx:
        assert [(one.attempt, one.http_status) for one in effects.find(tx, SUBJECT)] == [(1, 200)]


class TestPrinted:
    def test_the_lines_for_the_mapping_are_yaml_that_fits(
        self, house: OpeningHouse, capsys: pytest.CaptureFixture[str]
    ) -> None:
        done = house.run()
        capsys.readouterr()
        lines = mapping_lines(done, house.app)
        board = house.copies()[0].id
        assert lines == ["boards:", f'  - {{id: "{board}", columns: tracked}}']
        show_opening(done, house.app)
        printed = capsys.readouterr().out
        assert "\n".join(f"        {line}" for line in lines) in printed
        assert "mondaybridge config check\n    mondaybridge package open bottega-hours" in printed
        shown = opening_json(done, house.app)
        assert shown["state"] == "to_be_mapped"
        assert shown["copy"]["mapping"] == lines
        mapped = house.mapping.replace(
            '"boards": []', f'"boards": [{lines[1].strip().removeprefix("- ")}]'
        )
        assert parse(mapped.encode())[1] == []

    def test_what_is_open_and_what_comes_next(self, capsys: pytest.CaptureFixture[str]) -> None:
        with openinghouse(boards=HERE) as one:
            done = one.run()
            capsys.readouterr()
            show_opening(done, one.app)
            printed = capsys.readouterr()
            assert f"{BEA}   invited, has not come in yet   written 2026-10-01T" in printed.out
            for mail, file in zip((ADA, BEA), one.files(), strict=True):
                assert f"To be sent by hand to {mail}: {file}\n" in printed.out
            assert printed.err.endswith(
                "The package is open. See it: mondaybridge package show bottega-hours\n"
            )
            shown = json.loads(json.dumps(opening_json(done, one.app)))
            assert (shown["state"], shown["copy"], shown["findings"]) == ("open", None, [])
            assert [person["sees"] for person in shown["people"]] == [
                "on the board",
                "invited, has not come in yet",
            ]

    def test_what_is_to_be_mended_comes_last(self, capsys: pytest.CaptureFixture[str]) -> None:
        with openinghouse(boards=HERE, users=(ADA,)) as one:
            one.sandbox.monday.state.boards[town.HOURS].kind = "public"
            done = one.run()
            capsys.readouterr()
            show_opening(done, one.app)
            printed = capsys.readouterr()
            assert "not sent: they are not on the board" in printed.out
            assert printed.err.startswith("To mend: monday did not add the client")
            assert printed.err.endswith("run again: mondaybridge package open bottega-hours\n")
            assert opening_json(done, one.app)["state"] == "to_be_mended"

    def test_the_page_of_a_package(self, capsys: pytest.CaptureFixture[str]) -> None:
        with openinghouse(boards=HERE, users=(ADA,)) as one:
            one.run()
            one.sweep()
            capsys.readouterr()
            show_page(package(one.app, one.app.mapping.contract(CONTRACT)))
            printed = capsys.readouterr().out
            for part in (
                "P1     10:00",
                "live",
                f"/boards/{town.HOURS}",
                "on the board",
                "none yet",
            ):
                assert part in printed

    def test_the_page_of_a_package_that_has_no_board(
        self, house: OpeningHouse, capsys: pytest.CaptureFixture[str]
    ) -> None:
        show_page(package(house.app, house.app.mapping.contract(CONTRACT)))
        printed = capsys.readouterr().out
        assert "Boards: none yet: mondaybridge package open bottega-hours" in printed
        assert "Agreed at the start: not frozen yet" in printed


def test_who_left_the_board_was_written_to_all_the_same() -> None:
    with openinghouse(boards=HERE, users=(ADA,)) as one:
        one.run()
        board = one.sandbox.monday.state.boards[town.HOURS]
        board.kind, board.subscriber_ids = "public", [town.STAFF]
        (mail,) = one.run().welcomes
        assert (mail.email, mail.at > 0, mail.new) == (ADA, True, False)
