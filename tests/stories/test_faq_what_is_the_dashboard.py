"""What is the dashboard? Seven fields on every row, one set of numbers, and no hand in yours."""

from pathlib import Path

import pytest

from mondaybridge.errors import ConfigurationError
from mondaybridge.mapping.load import load
from stories import town
from stories.office import (
    DUE,
    DUE_KIND,
    OURS,
    PERSON,
    RIGID,
    Office,
    agreed,
    terms,
)


def _storm(one: Office, home: str) -> list[str]:
    """Let a busy day happen: extras of all sizes, work, raises, an overcommit, a rejection."""
    rows = [one.ask(f"Ask {n}", hours, reference=f"<{n}@shop>") for n, hours in
            enumerate(("0.5", "0.25", "2", "9", "11"))]  # fmt: skip
    one.turn()
    for row in rows[2:4]:
        one.approve(row)
    one.fill(home, town.ESTIMATE, "3")
    one.reject(rows[1])
    one.go("2026-10-05 18:00")
    one.work(home, "2026-10-05 09:00", 90)
    one.work(rows[0], "2026-10-05 11:00", 50)
    for _ in range(3):
        one.turn()
    return [home, *rows]


@pytest.mark.parametrize(
    "mapping",
    [terms(), terms(forbidden_start="revert"), terms(stale_approval="keep")],
    ids=["as shipped", "starts taken back", "answers kept"],
)
def test_R02_R03_after_a_storm_a_second_look_writes_nothing(mapping: str) -> None:
    with agreed(mapping, Home="2") as (one, made):
        _storm(one, made["Home"])
        written, package = one.writes(), one.package()
        for _ in range(3):
            one.turn()
        assert (one.writes(), one.package()) == (written, package)
        assert one.findings() == ()


def test_R02_board_command_and_ledger_show_the_same_numbers() -> None:
    with agreed(Home="2") as (one, made):
        _storm(one, made["Home"])
        granted, posted, reserved, _, free = one.package()
        assert one.pinned() == tuple(map(str, (granted, posted, reserved, free)))
        entries = one.entries()
        assert sum(m for kind, m in entries if kind == "grant") == granted
        assert sum(m for kind, m in entries if kind in {"post", "adjust"}) == posted
        assert sum(m for kind, m in entries if kind in {"reserve", "release"}) == reserved
        rows = one.sandbox.monday.state.boards[town.HOURS].item_ids
        charged = [one.shows(row, town.CHARGED) for row in rows if row != one.package_row()]
        assert sum(int(text or 0) for text in charged) == posted


def test_R02_no_column_of_the_people_is_touched_but_where_a_policy_opens_it() -> None:
    closed = terms(extra_label="off", stale_approval="keep", forbidden_start="notice")
    with agreed(closed, Home="2") as (one, made):
        _storm(one, made["Home"])
        people = {column for _, column in one.touched()} - OURS
        assert people == {"create_pulse", town.APPROVAL}
        automatic = {row for row, column in one.touched() if column == town.APPROVAL}
        assert {one.name(row) for row in automatic} <= {"Ask 0", "Ask 1"}


def test_R02_with_the_policies_open_only_name_approval_and_status_are_written_besides() -> None:
    with agreed(terms(forbidden_start="revert"), Home="2") as (one, made):
        rows = _storm(one, made["Home"])
        one.fill(rows[-1], town.STATUS, town.WORKING)
        for _ in range(2):
            one.turn()
        people = {column for _, column in one.touched()} - OURS
        assert people == {"create_pulse", "update_name", town.APPROVAL, town.STATUS}


def test_R03_each_minute_is_reserved_or_posted_and_what_is_left_is_released() -> None:
    with agreed(Home="2") as (one, made):
        row = made["Home"]
        one.go("2026-10-05 18:00")
        one.work(row, "2026-10-05 09:00", 40)
        one.turn()
        assert one.package() == (600, 40, 80, 560, 480)
        one.fill(row, town.STATUS, town.DONE)
        one.turn()
        assert one.package() == (600, 40, 0, 560, 560)
        assert one.moved(row) == [
            ("reserve", 120),
            ("release", -40),
            ("post", 40),
            ("release", -80),
        ]


@pytest.mark.parametrize("field", ["status", "approval", "estimate", "actual"])
def test_R23_a_mapping_without_a_field_of_the_board_is_refused(field: str, tmp_path: Path) -> None:
    path = tmp_path / "mappings.yaml"
    path.write_text(terms().replace(f'"{field}": {{', f'"{field}_gone": {{', 1))
    with pytest.raises(ConfigurationError) as told:
        load(path)
    assert field in str(told.value)


def test_R23_all_seven_fields_are_read_from_the_row() -> None:
    with agreed(Home="2") as (one, made):
        row = made["Home"]
        one.fill(row, PERSON, {"personsAndTeams": [{"id": int(town.STAFF), "kind": "person"}]})
        one.fill(row, town.STATUS, town.WORKING)
        one.fill(row, DUE, {"date": "2026-10-30"})
        one.fill(row, DUE_KIND, RIGID)
        one.go("2026-10-05 18:00")
        one.work(row, "2026-10-05 09:00", 40)
        one.sweep()
        seen = one.mirrored(row)
        assert (seen.name, seen.person, seen.status.value) == ("Home", "Avery", "working")
        assert (seen.approval.value, seen.estimate_seconds) == ("approved", 7_200)
        assert (sum(s.seconds for s in seen.sessions), seen.due, seen.rigid) == (
            2_400,
            "2026-10-30",
            True,
        )


def test_R23_a_label_that_nobody_mapped_is_parked_and_not_guessed() -> None:
    with agreed(Home="2") as (one, made):
        board = one.sandbox.monday.state.boards[town.HOURS]
        board.columns[town.STATUS].labels.append(
            type(board.columns[town.STATUS].labels[0])(11, "?")
        )
        one.fill(made["Home"], town.STATUS, 11)
        one.turn()
        assert [(kind, key) for kind, key, _ in one.parked()] == [("item", made["Home"])]
        assert one.package() == (600, 0, 120, 600, 480)
        one.fill(made["Home"], town.STATUS, town.WORKING)
        one.turn()
        assert one.parked() == []
