"""noted within it are: the bridge's two cells, written when they differ and left alone then."""

from stories import town
from stories.house import house


def test_a_second_pass_writes_nothing() -> None:
    with house() as one:
        for number in range(3):
            one.work(one.row(f"Row {number}", "1"), "2026-10-05 09:00", 10)
        one.settle()
        written = one.calls["write monday"]
        for _ in range(3):
            one.wait(11)
            one.sweep()
        assert one.calls["write monday"] == written


def test_what_a_person_types_over_it_is_written_anew_once() -> None:
    with house() as one:
        item = one.row("Home page", "2")
        one.work(item, "2026-10-05 09:00", 40)
        one.settle()
        one.wait(11)
        one.settle()
        before = one.calls["write monday"]
        one.edit(item, town.CHARGED, "999")
        one.edit(item, town.BILLING, "paid, I think")
        for _ in range(3):
            one.wait(11)
            one.settle()
        assert one.cell(item) == ("40", "open")
        assert one.calls["write monday"] - before == 1
        assert one.package()[1] == 40


def test_no_cell_of_the_team_or_the_client_is_ever_written() -> None:
    with house() as one:
        item = one.row("Home page", "2")
        one.work(item, "2026-10-05 09:00", 140)
        cells = one.sandbox.monday.state.items[item].cells
        theirs = (town.STATUS, town.APPROVAL, town.ESTIMATE, town.NOTE)
        before = {key: cells[key].value for key in theirs if key in cells}
        one.settle()
        one.go("2026-11-03 09:00")
        one.sweep()
        one.close("2026-10")
        cells = one.sandbox.monday.state.items[item].cells
        assert {key: cells[key].value for key in theirs if key in cells} == before


def test_a_lost_answer_of_a_write_is_looked_at_before_it_is_written_again() -> None:
    with house() as one:
        item = one.row("Home page", "2")
        one.work(item, "2026-10-05 09:00", 40)
        one.fault("monday", "drop_answer", "change_multiple_column_values", 1)
        one.settle()
        assert one.cell(item) == ("40", "open")
        for _ in range(3):
            one.wait(11)
            one.settle()
        assert one.cell(item) == ("40", "open")
        assert one.status()["unwritten"] == []
