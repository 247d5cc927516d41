from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from mondaybridge.domain.ledger import (
    GENESIS,
    Balance,
    Entry,
    EntryKind,
    LedgerSum,
    SumGroup,
    balance,
    chain,
    group_of,
)
from mondaybridge.domain.reasons import Cause
from mondaybridge.store import facts, ledger
from mondaybridge.store.engine import Store
from mondaybridge.store.ledger import ContractRow
from storebook import NOW, posted, with_contracts

GRANT = Entry(
    EntryKind.GRANT,
    600,
    package_id="p1",
    rate_key="240000/eur/",
    source="package:p1",
    cause=Cause("sale"),
)
POST = Entry(
    EntryKind.POST,
    40,
    package_id="p1",
    activity_id="a1",
    period="2026-10",
    work_at=NOW,
    source="package:p1",
    seconds_raw=2390,
    factor=3,
    cause=Cause("réview — 1"),
)
PAYG = Entry(
    EntryKind.POST, 25, activity_id="a2", period="2026-11", rate_key="6500/eur/", source="payg"
)


@pytest.fixture(name="store")
def store_with_contracts(store: Store) -> Store:
    return with_contracts(store)


def balances(store: Store) -> dict[str, tuple[str, Balance]]:
    with store.read() as tx:
        return ledger.balances(tx)


def findings(store: Store) -> list[str]:
    with store.read() as tx:
        return ledger.verify(tx, "c1")


class TestAppend:
    def test_chains_entries_and_keeps_the_balance(self, store: Store) -> None:
        first = posted(store, [GRANT, POST])
        second = posted(store, [PAYG])
        expected = chain([GRANT, POST, PAYG], contract_id="c1", seq=0, head=GENESIS, posted_at=NOW)
        assert [*first, *second] == expected
        with store.read() as tx:
            assert ledger.entries(tx, "c1") == expected
            assert ledger.entries(tx, "c1", "2026-11") == expected[2:]
            assert ledger.entries(tx, "c2") == []
            row = ledger.positions(tx)["c1"]
        assert row == ContractRow("c1", "client", 3, expected[2].hash, 1, 0, 0, "h1")
        assert balances(store) == {"p1": ("c1", Balance(600, 40, 0))}
        assert findings(store) == []

    def test_nothing_is_nothing(self, store: Store) -> None:
        assert posted(store, []) == []

    def test_two_reviews_of_one_contract_wait_for_each_other(self, store: Store) -> None:
        with store.write() as tx:
            stale = ledger.lock(tx, "c1")
        posted(store, [GRANT])
        with pytest.raises(AssertionError, match="c1 was appended to without its lock"):
            _append(store, stale, [POST])

    def test_a_package_of_another_contract_is_refused(self, store: Store) -> None:
        posted(store, [GRANT], "c2")
        with pytest.raises(AssertionError, match="package p1 belongs to another contract"):
            posted(store, [POST])
        assert findings(store) == []

    def test_a_reserve_below_zero_is_refused_with_all_that_came_with_it(self, store: Store) -> None:
        posted(store, [GRANT])
        release = Entry(EntryKind.RELEASE, -1, package_id="p1", activity_id="a1")
        with pytest.raises(IntegrityError):
            posted(store, [POST, release])
        assert balances(store) == {"p1": ("c1", Balance(600, 0, 0))}

    def test_an_unknown_contract_is_named(self, store: Store) -> None:
        with pytest.raises(KeyError, match="nobody is not registered"):
            posted(store, [GRANT], "nobody")


class TestAsWritten:
    @pytest.mark.parametrize("table", ["entry", "event"])
    @pytest.mark.parametrize(
        "statement",
        [
            "update {} set cause = 'x'",
            "delete from {}",
            "delete from {} where seq = 1",
        ],
    )
    def test_entries_and_events_are_neither_changed_nor_removed(
        self, store: Store, table: str, statement: str
    ) -> None:
        posted(store, [GRANT])
        with store.write() as tx:
            facts.add_event(tx, "c1", "decision", at=NOW)
        with pytest.raises(DBAPIError, match=f"{table} is append-only"):
            _run(store, statement.format(table))
        assert findings(store) == []

    @pytest.mark.parametrize("table", ["entry", "event"])
    def test_nor_emptied_nor_replaced(self, store: Store, table: str) -> None:
        posted(store, [GRANT])
        with store.write() as tx:
            facts.add_event(tx, "c1", "decision", at=NOW)
        replace_all = f"insert or replace into {table} select * from {table}"  # noqa: S608 - fixed
        with pytest.raises(DBAPIError, match=f"{table} is append-only"):
            _run(store, replace_all if store.sqlite else f"truncate {table}")


class TestSums:
    def test_group_entries_as_a_review_needs_them(self, store: Store) -> None:
        adjust = replace(POST, kind=EntryKind.ADJUST, minutes=-15)
        reserve = Entry(EntryKind.RESERVE, 80, package_id="p1", activity_id="a1")
        release = replace(reserve, kind=EntryKind.RELEASE, minutes=-80)
        posted(store, [GRANT, POST, reserve, adjust, release, PAYG])
        with store.read() as tx:
            found = ledger.sums(tx, "c1")
            assert ledger.sums(tx, "c2") == []
        assert sorted(found, key=lambda s: s.minutes) == [
            LedgerSum(SumGroup.POST, "p1", "a1", "2026-10", "package:p1", "", 25),
            LedgerSum(SumGroup.POST, "", "a2", "2026-11", "payg", "6500/eur/", 25),
            LedgerSum(SumGroup.GRANT, "p1", "", "", "package:p1", "240000/eur/", 600),
        ]


MOVES = st.lists(
    st.tuples(
        st.sampled_from(sorted(EntryKind, key=lambda kind: kind.value)),
        st.integers(-300, 300),
        st.sampled_from(["p1", "p2"]),
        st.sampled_from(["a1", "a2", ""]),
    ),
    max_size=12,
)


class TestBalances:
    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(batches=st.lists(MOVES, max_size=4))
    def test_are_the_sums_of_what_was_written(
        self, store: Store, batches: list[list[tuple[EntryKind, int, str, str]]]
    ) -> None:
        """Whatever is refused leaves nothing behind; whatever is written counts once."""
        with store.read() as tx:
            written = [one.entry for one in ledger.entries(tx, "c1")]
        for batch in batches:
            moves = [Entry(k, minutes, p, a, "2026-10") for k, minutes, p, a in batch]
            ends = [balance(_of([*written, *moves], p)) for p in ("p1", "p2")]
            if all(end.granted >= 0 and end.reserved >= 0 for end in ends):
                posted(store, moves)
                written += moves
            else:
                with pytest.raises(IntegrityError):
                    posted(store, moves)
        packages = {entry.package_id for entry in written}
        assert balances(store) == {p: ("c1", balance(_of(written, p))) for p in sorted(packages)}
        with store.read() as tx:
            sums = ledger.sums(tx, "c1")
        for group in SumGroup:
            total = sum(e.minutes for e in written if group_of(e.kind) is group)
            assert sum(s.minutes for s in sums if s.group is group) == total


class TestVerify:
    @pytest.fixture(autouse=True)
    def with_entries(self, store: Store) -> None:
        posted(store, [GRANT, POST, PAYG])
        if store.sqlite:
            for verb in ("update", "delete"):
                _run(store, f"drop trigger entry_no_{verb}")

    def test_finds_one_tampered_minute(self, store: Store) -> None:
        _tamper(store, "update entry set minutes = 41 where seq = 2")
        assert [f.split(":")[0] for f in findings(store)] == [
            "contract c1, entry 2",
            "contract c1, package p1",
        ]
        assert findings(store)[0].startswith(
            "contract c1, entry 2: it was changed after it was written: expected hash "
        )
        assert findings(store)[1] == (
            "contract c1, package p1: expected granted 600, posted 41, reserved 0 from its "
            "entries, found granted 600, posted 40, reserved 0"
        )

    def test_finds_a_rewritten_hash(self, store: Store) -> None:
        forged = replace(POST, minutes=41)
        again = chain([GRANT, forged], contract_id="c1", seq=0, head=GENESIS, posted_at=NOW)[1]
        _tamper(store, f"update entry set minutes = 41, hash = '{again.hash}' where seq = 2")  # noqa: S608 - a forger
        assert findings(store)[0].startswith("contract c1, entry 3: expected to follow ")

    def test_finds_a_missing_entry(self, store: Store) -> None:
        _tamper(store, "delete from entry where seq = 2")
        assert findings(store)[0] == ("contract c1, entry 3: expected entry 2 here, it is missing")

    def test_finds_a_missing_end(self, store: Store) -> None:
        _tamper(store, "delete from entry where seq = 3")
        assert len(findings(store)) == 1
        assert findings(store)[0].startswith("contract c1: expected entry 3 (")

    def test_finds_a_tampered_balance(self, store: Store) -> None:
        _run(store, "update package set granted = 601")
        (found,) = findings(store)
        assert found == (
            "contract c1, package p1: expected granted 600, posted 40, reserved 0 from its "
            "entries, found granted 601, posted 40, reserved 0"
        )

    def test_finds_a_release_of_what_was_not_reserved(self, store: Store) -> None:
        reserve = Entry(EntryKind.RESERVE, 30, package_id="p1", activity_id="a1")
        release = Entry(EntryKind.RELEASE, -10, package_id="p1", activity_id="a9")
        posted(store, [reserve, release])
        assert findings(store) == [
            "contract c1, entry 5: expected activity a9 to reserve 0 or more, found -10"
        ]


class TestReviewed:
    def test_is_due_when_something_moved_or_its_moment_came(self, store: Store) -> None:
        def due(now: int = NOW) -> list[str]:
            with store.read() as tx:
                return ledger.due_reviews(tx, now)

        assert due() == ["c1", "c2"]
        with store.write() as tx:
            ledger.reviewed(tx, "c1", 1, NOW + 5)
            ledger.reviewed(tx, "c2", 1, None)
        assert [due(), due(NOW + 4), due(NOW + 5)] == [[], [], ["c1"]]

    def test_a_version_that_nobody_wanted_is_refused(self, store: Store) -> None:
        with pytest.raises(IntegrityError):
            _reviewed(store, 2)


class TestClosePeriod:
    def test_closes_once_and_wants_one_more_review(self, store: Store) -> None:
        for digest in ("a", "b"):
            with store.write() as tx:
                ledger.close_period(
                    tx, "c1", "2026-10", now=NOW, config_hash="h", allocation_hash=digest
                )
        with store.read() as tx:
            assert ledger.closed_periods(tx, "c1") == {"2026-10"}
            assert ledger.closed_periods(tx, "c2") == set()
            assert ledger.positions(tx)["c1"].wanted_version == 2


def _of(entries: list[Entry], package_id: str) -> list[Entry]:
    return [entry for entry in entries if entry.package_id == package_id]


def _append(store: Store, row: ContractRow, entries: list[Entry]) -> None:
    with store.write() as tx:
        ledger.append(tx, row, entries, now=NOW)


def _reviewed(store: Store, version: int) -> None:
    with store.write() as tx:
        ledger.reviewed(tx, "c1", version, None)


def _run(store: Store, statement: str) -> None:
    with store.write() as tx:
        tx.execute(text(statement))


def _tamper(store: Store, statement: str) -> None:
    """Change what no program of ours can: past the triggers, as an owner of the file could."""
    with store.write() as tx:
        if not store.sqlite:
            tx.execute(text("set local session_replication_role = replica"))
        tx.execute(text(statement))
