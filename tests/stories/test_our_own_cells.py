"""noted within it are: our own cells, written when they differ and left alone then."""

from boardhouse import (
    BOARD,
    FREE,
    GRANTED,
    MESSAGE,
    ORIGIN,
    OWN,
    PACKAGE,
    PACKAGE_ROW,
    RESERVED,
    USED,
    BoardHouse,
    boardhouse,
)
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
        assert one.cell(item) == ("40", "aperto")
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
        assert one.cell(item) == ("40", "aperto")
        for _ in range(3):
            one.wait(11)
            one.settle()
        assert one.cell(item) == ("40", "aperto")
        assert one.status()["unwritten"] == []


def begun(one: BoardHouse) -> str:
    """Agree on one row, and let the package begin; return the row."""
    agreed = one.row("Home page", "2")
    one.go("2026-10-02 09:00")
    one.sweep()
    one.wait(11)
    one.settle()
    return agreed


def test_R12_R13_a_minor_extra_starts_by_itself_and_is_named_so_once() -> None:
    with boardhouse() as one:
        begun(one)
        extra = one.row("Small change", "0.4", approved=False, status=town.NEW)
        for _ in range(4):
            one.wait(11)
            one.settle()
        shown = [one.shows(extra, column) for column in ("name", ORIGIN, MESSAGE)]
        assert shown == [
            "Small change (extra)",
            "extra",
            "0:24 h, attivata automaticamente (entro 0:30 h). [MB-minor]",
        ]
        assert one.read()[1].approval.value == "auto"
        assert one.comments(extra) == []


def test_R15_a_larger_extra_asks_below_the_row_and_in_its_cell() -> None:
    with boardhouse() as one:
        begun(one)
        extra = one.row("Larger change", "9", approved=False, status=town.NEW)
        one.wait(11)
        one.settle()
        one.settle()
        [asked] = one.comments(extra)
        assert asked == (
            "9:00 h: serve la conferma. Restano 10:00 h, di cui 2:00 h riservate: mancherebbero"
            " 1:00 h e il tempo complessivo potrebbe successivamente non bastare per le attività"
            " concordate (a rischio: «Home page»). Per confermare si imposta l'approvazione su"
            " questa riga; in alternativa si riduce la stima o si amplia il pacchetto. [MB-confirm]"
        )
        assert one.shows(extra, MESSAGE) == (
            "9:00 h: serve la conferma; mancherebbero 1:00 h per le altre attività. [MB-confirm]"
        )


def test_R19_a_raised_estimate_is_told_and_then_its_old_answer_is_cleared() -> None:
    with boardhouse() as one:
        extra = begun(one)
        one.sent.clear()
        one.edit(extra, town.ESTIMATE, "3")
        for _ in range(4):
            one.wait(11)
            one.settle()
        written = [name for name, _ in one.sent]
        why = "2:00 h approvate, la stima ora è di 3:00 h: serve una nuova approvazione."
        assert one.shows(extra, MESSAGE) == f"{why} [MB-stale]"
        [comment] = one.comments(extra)
        assert comment.startswith(why)
        assert [row.approval.value for row in one.read()] == ["none"]
        assert written[0] == "Say"
        one.edit(extra, town.APPROVAL, town.APPROVED)
        for _ in range(3):
            one.wait(11)
            one.settle()
        assert one.comments(extra) == ["✓ Risolto: non serve altro. [MB-stale]"]
        assert (one.shows(extra, MESSAGE) or "") == ""
        assert one.package()[2] == 180


def test_a_forbidden_start_is_taken_back_and_told_until_its_reason_is_gone() -> None:
    with boardhouse(policies={"forbidden_start": "revert"}) as one:
        item = one.row("Home page", "2", approved=False)
        for _ in range(4):
            one.settle()
            one.wait(11)
        assert [row.status.value for row in one.read()] == ["waiting"]
        assert one.comments(item) == [
            (
                "Serve l'approvazione. L'attività risulta già avviata: prosegue appena questo punto"
                " è risolto. [MB-start]"
            )
        ]
        assert one.shows(item, MESSAGE) == "2:00 h: serve l'approvazione. [MB-approval]"
        one.edit(item, town.APPROVAL, town.APPROVED)
        one.edit(item, town.STATUS, town.WORKING)
        for _ in range(3):
            one.wait(11)
            one.settle()
        assert one.comments(item) == ["✓ Risolto: non serve altro. [MB-start]"]
        assert [row.status.value for row in one.read()] == ["working"]


def test_R02_the_row_of_the_package_shows_what_the_ledger_says() -> None:
    with boardhouse() as one:
        item = begun(one)
        one.work(item, "2026-10-05 09:00", 45)
        one.go("2026-10-05 12:00")
        for _ in range(3):
            one.wait(11)
            one.settle()
        [package] = one.named(PACKAGE_ROW)
        shown = [one.shows(package, column) for column in (GRANTED, USED, RESERVED, FREE)]
        assert one.package() == (600, 45, 75, 555, 480)
        assert shown == ["10", "0.75", "1.25", "480"]
        assert [row.activity_id for row in one.read()] == [item]


def test_S22_a_storm_of_people_ends_in_silence_and_touches_nothing_of_theirs() -> None:
    """M43: our own writes come back as webhooks and lead to nothing; a second pass is quiet."""
    with boardhouse(policies={"forbidden_start": "revert"}) as one:
        one.listen()
        agreed = begun(one)
        rows = [one.row(f"Row {n}", f"0.{n + 2}", approved=False) for n in range(8)]
        for minute in range(30):
            row = [agreed, *rows][minute % 9]
            one.edit(row, town.ESTIMATE, f"{1 + minute % 3}")
            one.edit(row, town.STATUS, (town.WORKING, town.WAITING, town.NEW)[minute % 3])
            one.edit(row, town.APPROVAL, (town.APPROVED, town.REJECTED)[minute % 2])
            one.edit(row, MESSAGE, "typed by somebody")
            one.echo(1)
        one.echo(20)
        quiet = len(one.sent)
        one.sweep()
        one.echo(20)
        one.go("2026-10-02 20:00")
        one.sweep()
        assert one.sent[quiet:] == []
        [package] = one.named(PACKAGE_ROW)
        people = {"name", town.STATUS, town.APPROVAL}
        for item, columns in one.columns_sent().items():
            assert columns <= (PACKAGE if item == package else OWN | people)
        assert {name for name, _ in one.sent} <= {
            "Subscribe",
            "CreateItem",
            "Say",
            "Correct",
            "WriteCells",
        }
        assert len(one.sandbox.monday.state.boards[BOARD].columns) > 0
        assert one.findings() == ()
