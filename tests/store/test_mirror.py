from dataclasses import replace

import pytest
from sqlalchemy import event, select

from mirrorbook import (
    CLIENTS,
    HASHES,
    client,
    number,
    reading,
    registered,
    row,
    rows,
    take,
    tracked,
    wanted,
)
from mondaybridge.domain.activity import Approval, Presence, Status
from mondaybridge.domain.ledger import Entry, EntryKind
from mondaybridge.errors import ConfigurationError
from mondaybridge.store import ledger, mirror, tables
from mondaybridge.store.engine import Store
from mondaybridge.store.mirror import BoardFacts, ParkedItem
from storebook import NOW


@pytest.fixture(name="store")
def store_with_boards(store: Store) -> Store:
    return registered(store)


class TestRegister:
    def test_makes_contracts_that_want_a_review_and_boards_never_read(self, store: Store) -> None:
        with store.read() as tx:
            facts = mirror.board_facts(tx)
            assert wanted(tx) == {"acme-care": 1, "globex-care": 1}
        assert facts == [
            BoardFacts("100", "acme-care", "live", "", 0, 0, 0, ""),
            BoardFacts("101", "acme-care", "live", "", 0, 0, 0, ""),
            BoardFacts("200", "globex-care", "live", "", 0, 0, 0, ""),
        ]

    def test_the_same_again_changes_nothing(self, store: Store) -> None:
        with store.write() as tx:
            mirror.register(tx, CLIENTS, HASHES)
            assert wanted(tx) == {"acme-care": 1, "globex-care": 1}

    def test_changed_terms_want_a_review_and_keep_what_is_known(self, store: Store) -> None:
        take(store, reading())
        acme = client("acme", ["100", "101"], customer="cus_other")
        with store.write() as tx:
            mirror.register(tx, [acme, CLIENTS[1]], {**HASHES, "acme-care": "h3"})
            assert wanted(tx) == {"acme-care": 3, "globex-care": 1}
            assert tx.execute(
                select(tables.client.c.client_id, tables.client.c.stripe_customer).order_by(
                    tables.client.c.client_id
                )
            ).all() == [("acme", "cus_other"), ("globex", "cus_globex")]
        assert rows(store) == [row()]

    def test_a_board_changes_hands_while_nothing_is_posted(self, store: Store) -> None:
        take(store, reading())
        moved = [client("acme", ["101"]), client("globex", ["100", "200"])]
        with store.write() as tx:
            before = wanted(tx)
            mirror.register(tx, moved, HASHES)
            assert wanted(tx) == {name: version + 1 for name, version in before.items()}
        assert (rows(store), rows(store, "globex-care")) == ([], [row()])

    def test_a_board_with_posted_hours_stays(self, store: Store) -> None:
        take(store, reading())
        moved = [client("acme", ["101"]), client("globex", ["100", "200"])]
        with store.write() as tx:
            place = ledger.lock(tx, "acme-care")
            ledger.append(tx, place, [Entry(EntryKind.POST, 60, activity_id="1")], now=NOW)
        with pytest.raises(ConfigurationError) as found, store.write() as tx:
            mirror.register(tx, moved, HASHES)
        assert str(found.value) == (
            "board 100 belongs to contract acme-care, which has entries for its rows, and the "
            "mapping gives it to globex-care: leave it where it is and make a new board"
        )

    def test_a_contract_with_entries_keeps_its_currency(self, store: Store) -> None:
        with store.write() as tx:
            place = ledger.lock(tx, "acme-care")
            ledger.append(tx, place, [Entry(EntryKind.POST, 60, activity_id="1")], now=NOW)
        other = client("acme", ["100", "101"], currency="GBP")
        with pytest.raises(ConfigurationError, match="acme-care has entries"), store.write() as tx:
            mirror.register(tx, [other, CLIENTS[1]], HASHES)


class TestTickets:
    def test_an_older_read_is_dropped_once_a_newer_one_was_applied(self, store: Store) -> None:
        with store.write() as tx:
            older, newer = mirror.ticket(tx, "100"), mirror.ticket(tx, "100")
            begun = [mirror.begin(tx, "100", t) for t in (older, older, newer, older, newer)]
        assert (older, newer, begun) == (1, 2, [True, True, True, False, True])

    def test_completion_is_noted_for_the_newest_read_alone(self, store: Store) -> None:
        with store.write() as tx:
            older, newer = mirror.ticket(tx, "100"), mirror.ticket(tx, "100")
            assert mirror.complete(tx, "100", ticket=newer, now=NOW, schema_print="p")
            assert not mirror.complete(tx, "100", ticket=older, now=NOW + 1, schema_print="q")
            assert mirror.board_facts(tx)[0] == BoardFacts(
                "100", "acme-care", "live", "", NOW, 0, 2, "p"
            )

    def test_a_board_says_its_state(self, store: Store) -> None:
        with store.write() as tx:
            mirror.set_board_state(tx, "100", "quarantined", "a column is gone")
            facts = mirror.board_facts(tx)[0]
        assert (facts.state, facts.reason) == ("quarantined", "a column is gone")


class TestApply:
    def test_every_cell_comes_back(self, store: Store) -> None:
        full = row(
            presence=Presence.ARCHIVED,
            status=Status.WAITING,
            approval=Approval.APPROVED,
            estimate_seconds=5400,
            sessions=(tracked("11", 5), tracked("12", 9)),
            factor=2,
            bug=True,
            person="7",
            due="2026-10-31",
            note="naïve \N{SNOWMAN} text",
            parked="the status has no known label",
        )
        assert take(store, replace(reading(), activity=full)) == 1
        assert rows(store) == [full]

    def test_an_unchanged_row_is_not_written(self, store: Store) -> None:
        one = reading(sessions=(tracked("11", 5),), number=60, outputs=[("c", "1")])
        assert take(store, one) == 1
        statements: list[str] = []
        event.listen(store.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
        assert take(store, one) == 0
        assert [s for s in statements if s.startswith(("INSERT", "UPDATE", "DELETE"))] == []

    def test_a_change_raises_the_versions_of_its_board_and_contract(self, store: Store) -> None:
        take(store, reading("1"), reading("2"))
        with store.read() as tx:
            before = wanted(tx)
        assert take(store, reading("1", status=Status.DONE), reading("2")) == 1
        with store.read() as tx:
            assert wanted(tx) == {**before, "acme-care": before["acme-care"] + 1}
            assert [f.mirror_version for f in mirror.board_facts(tx)] == [2, 0, 0]

    def test_our_own_cells_and_the_time_of_the_last_touch_are_no_change(self, store: Store) -> None:
        take(store, reading(outputs=[("c", "1")]))
        with store.read() as tx:
            before = wanted(tx)
        assert take(store, reading(updated_at=99, outputs=[("c", "2")])) == 0
        with store.read() as tx:
            assert mirror.outputs(tx, "100") == {"1": {"c": "2"}}
            assert wanted(tx) == before
        assert rows(store) == [row(updated_at=99)]

    def test_tracked_time_is_replaced_as_a_set(self, store: Store) -> None:
        first = (tracked("11", 5), tracked("12", 9), tracked("13", 20))
        second = (tracked("14", 1), tracked("11", 5, seconds=90), tracked("13", 20))
        take(store, reading("1", sessions=first), reading("2", sessions=first))
        assert take(store, reading("1", sessions=second), reading("2", sessions=first)) == 1
        assert rows(store) == [row("1", sessions=second), row("2", sessions=first)]
        assert take(store, reading("1"), reading("2")) == 2
        assert rows(store) == [row("1"), row("2")]

    def test_changes_of_a_number_are_kept_in_order(self, store: Store) -> None:
        for typed in (*range(600, 7200, 600), 0):
            take(store, reading(number=typed))
        steps = [number(f"n{n}", 600) for n in range(1, 12)]
        assert rows(store) == [row(sessions=(*steps, number("n12", -6600)))]

    def test_an_unreadable_row_is_parked_with_its_last_good_values(self, store: Store) -> None:
        take(store, reading(estimate_seconds=60))
        assert take(store, reading(parked="the estimate is no number")) == 1
        with store.read() as tx:
            assert mirror.parked_items(tx) == [
                ParkedItem("100", "acme-care", "1", "Task 1", "the estimate is no number")
            ]
        assert rows(store) == [row(estimate_seconds=60, parked="the estimate is no number")]
        assert take(store, reading(estimate_seconds=90)) == 1
        with store.read() as tx:
            assert mirror.parked_items(tx) == []

    def test_the_last_of_two_readings_of_a_row_counts(self, store: Store) -> None:
        assert take(store, reading(note="a"), reading(note="b")) == 1
        assert rows(store) == [row(note="b")]

    def test_a_transaction_takes_500_rows(self, store: Store) -> None:
        with pytest.raises(ValueError, match="501 rows"):
            take(store, *[reading(str(n)) for n in range(501)])
        assert take(store, *[reading(str(n)) for n in range(500)]) == 500


class TestMovedRows:
    def test_a_row_seen_on_its_new_board_is_that_contracts(self, store: Store) -> None:
        take(store, reading(number=600))
        with store.read() as tx:
            before = wanted(tx)
        assert take(store, reading("1", "200", number=600), board_id="200") == 1
        with store.read() as tx:
            assert wanted(tx) == {name: version + 1 for name, version in before.items()}
        moved = row("1", "200", sessions=(number("n1", 600),))
        assert (rows(store), rows(store, "globex-care")) == ([], [moved])

    def test_a_row_asked_for_by_id_follows_with_its_last_good_cells(self, store: Store) -> None:
        """It was read with the old board's column ids: they say nothing of the new board."""
        take(store, reading(estimate_seconds=60, outputs=[("c", "1")]))
        with store.read() as tx:
            before = wanted(tx)
        seen = reading("1", "200", updated_at=20, parked="has no status")
        assert (take(store, seen), take(store, seen)) == (1, 0)
        with store.read() as tx:
            assert wanted(tx) == {name: version + 1 for name, version in before.items()}
            assert mirror.outputs(tx, "200") == {"1": {}}
        assert rows(store) == []
        assert rows(store, "globex-care") == [row("1", "200", estimate_seconds=60, updated_at=20)]

    def test_a_row_on_a_board_that_no_contract_maps_waits_for_a_person(self, store: Store) -> None:
        take(store, reading(estimate_seconds=60))
        gone = reading("1", "999", updated_at=20)
        assert (take(store, gone), take(store, gone)) == (1, 0)
        reason = "moved to board 999, which no contract maps"
        missing = row(estimate_seconds=60, presence=Presence.MISSING, parked=reason)
        assert rows(store) == [missing]
        assert take(store, reading(estimate_seconds=60, updated_at=30)) == 1
        assert rows(store) == [row(estimate_seconds=60, updated_at=30)]

    def test_an_older_look_does_not_bring_a_row_back(self, store: Store) -> None:
        take(store, reading("1", "200", updated_at=20), board_id="200")
        assert take(store, reading("1", "100", updated_at=10)) == 0
        assert rows(store, "globex-care") == [row("1", "200", updated_at=20)]

    def test_a_stranger_is_left_to_its_own_board(self, store: Store) -> None:
        assert take(store, reading("1", "200"), reading("2", "999")) == 0
        gone = reading("3", "999", presence=Presence.DELETED)
        assert take(store, gone) == 0
        assert rows(store) == rows(store, "globex-care") == []


class TestMark:
    def test_a_tombstone_keeps_cells_and_hours(self, store: Store) -> None:
        take(store, reading("1", sessions=(tracked("11", 5),)), reading("2"))
        with store.write() as tx:
            before = wanted(tx)["acme-care"]
            marked = [mirror.mark(tx, ["1", "unknown"], Presence.DELETED, NOW) for _ in range(2)]
            assert wanted(tx)["acme-care"] == before + 1
        assert marked == [1, 0]
        gone = row("1", sessions=(tracked("11", 5),), presence=Presence.DELETED)
        assert rows(store) == [gone, row("2")]

    def test_a_row_that_is_found_again_is_active(self, store: Store) -> None:
        take(store, reading())
        with store.write() as tx:
            mirror.mark(tx, ["1"], Presence.MISSING, NOW)
            assert mirror.mirrored_ids(tx, "100", {Presence.MISSING}) == {"1"}
        assert take(store, reading()) == 1
        with store.read() as tx:
            assert mirror.mirrored_ids(tx, "100", {Presence.ACTIVE}) == {"1"}
            assert mirror.mirrored_ids(tx, "200", {Presence.ACTIVE}) == set()

    def test_nobody_mends_a_deleted_row(self, store: Store) -> None:
        take(store, reading(parked="has no status"))
        with store.write() as tx:
            mirror.mark(tx, ["1"], Presence.DELETED, NOW)
            assert mirror.parked_items(tx) == []
