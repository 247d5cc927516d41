"""What stands behind an issued line is remembered once, with its minutes (S6)."""

from mondaybridge.domain.ledger import Entry, EntryKind
from mondaybridge.store import line_entries
from mondaybridge.store.engine import Store
from storebook import posted, with_contracts


def test_remembers_what_stands_behind_a_line(store: Store) -> None:
    with_contracts(store)
    seqs = [row.seq for row in posted(store, [_entry(60), _entry(15), _entry(-5), _entry(7)])]
    with store.write() as tx:
        line_entries.link(tx, "c1", [("one", seqs[2]), ("one", seqs[0])])
        line_entries.link(tx, "c1", [("one", seqs[2]), ("two", seqs[1])])
        line_entries.link(tx, "c1", [])
        assert line_entries.linked(tx, ["one", "three", "two"]) == {
            "one": [(seqs[0], 60), (seqs[2], -5)],
            "two": [(seqs[1], 15)],
        }
        assert line_entries.linked_minutes(tx, "c1") == {"one": 55, "two": 15}
        assert line_entries.linked_minutes(tx, "c2") == {}


def _entry(minutes: int) -> Entry:
    return Entry(EntryKind.POST, minutes, activity_id="a1", period="2026-10", source="payg")
