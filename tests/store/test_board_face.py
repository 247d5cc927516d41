"""The row that shows the package: known by its name once, then by its id, and never work."""

from dataclasses import replace
from typing import Any

import pytest

from mirrorbook import reading, registered, rows, take, tracked, wanted
from mondaybridge.domain.activity import Presence, Reading
from mondaybridge.store import board_face, mirror
from mondaybridge.store.board_face import BoardFace
from mondaybridge.store.engine import Store
from storebook import NOW


@pytest.fixture(name="store")
def store_with_boards(store: Store) -> Store:
    return registered(store)


def pinned(item_id: str = "9", **cells: Any) -> Reading:  # noqa: ANN401 - any cell of a row
    return replace(reading(item_id, **{"name": "Package", **cells}), pinned=True)


def shown(store: Store) -> str:
    with store.read() as tx:
        return board_face.package_item(tx, "100")


def test_it_is_no_work_and_never_parked(store: Store) -> None:
    take(store, reading("1"), pinned(parked="column estimate is empty"))
    assert (shown(store), [row.activity_id for row in rows(store)]) == ("9", ["1"])
    with store.read() as tx:
        assert mirror.parked_items(tx) == []
        assert board_face.package_items(tx) == {"9"}


def test_a_row_that_becomes_the_package_is_reviewed_away(store: Store) -> None:
    take(store, replace(pinned(), pinned=False))
    assert [row.activity_id for row in rows(store)] == ["9"]
    with store.read() as tx:
        before = wanted(tx)["acme-care"]
    assert take(store, pinned()) == 0
    with store.read() as tx:
        assert wanted(tx)["acme-care"] == before + 1
    assert rows(store) == []


def test_its_id_stays_when_it_is_renamed_and_a_second_one_is_ordinary(store: Store) -> None:
    take(store, pinned("9"))
    take(store, pinned("8"))
    take(store, reading("9", name="Our hours", updated_at=20))
    assert (shown(store), [row.activity_id for row in rows(store)]) == ("9", ["8"])


def test_time_on_it_makes_it_work(store: Store) -> None:
    take(store, pinned("9"))
    timed = reading("9", name="Package", sessions=(tracked("s1", 50),), updated_at=20)
    take(store, timed)
    assert (shown(store), [row.activity_id for row in rows(store)]) == ("", ["9"])


def test_another_row_takes_its_place_when_it_is_gone(store: Store) -> None:
    take(store, pinned("9"))
    with store.write() as tx:
        mirror.mark(tx, ["9"], Presence.DELETED, NOW)
    assert shown(store) == ""
    take(store, pinned("8"))
    assert shown(store) == "8"


def test_a_new_name_in_the_mapping_moves_it(store: Store) -> None:
    take(store, pinned("9", name="Package"))
    take(store, pinned("8", name="Pacchetto"))
    assert shown(store) == "8"


def test_address_and_row_are_kept_apart(store: Store) -> None:
    with store.write() as tx:
        assert board_face.face(tx, "100") == BoardFace("100")
        board_face.set_address(tx, "100", "https://agency.example/boards/100")
        board_face.set_package_item(tx, "100", "9")
        board_face.set_address(tx, "100", "https://agency.example/boards/1")
        assert board_face.face(tx, "100") == BoardFace(
            "100", "https://agency.example/boards/1", "9"
        )
