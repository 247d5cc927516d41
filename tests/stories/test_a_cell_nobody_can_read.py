"""Noted within the dashboard: a cell that cannot be read stops its own row, never the month."""

from stories import town
from stories.house import LONDON, House, house

LATE_CELL = "holds label 9 'Maybe', which the mapping does not name"


def two_rows(one: House) -> tuple[str, str]:
    good, bad = one.row("Good", "1"), one.row("Bad", "2")
    one.work(good, "2026-10-05 09:00", 20)
    one.work(bad, "2026-10-05 10:00", 40)
    one.settle()
    return good, bad


def test_an_unknown_label_parks_its_row_alone_and_is_said_everywhere() -> None:
    with house() as one:
        good, bad = two_rows(one)
        one.edit(bad, town.APPROVAL, 9)
        one.work(bad, "2026-10-06 10:00", 30)
        one.work(good, "2026-10-06 09:00", 10)
        one.wait(3)
        one.sweep()
        reason = (
            f"column approval {LATE_CELL}: choose a mapped label or add this id to mappings.yaml"
        )
        assert one.parked() == [("item", bad, reason)]
        assert [p["title"] for p in one.status()["parked"]] == ["Bad"]
        assert (one.cell(good), one.cell(bad)) == (("30", "aperto"), ("40", "da correggere"))
        assert one.package() == (600, 70, 110, 530, 420)
        assert one.held() == [(bad, "", "parked", 0)]
        one.edit(bad, town.APPROVAL, town.APPROVED)
        one.wait(3)
        one.sweep()
        assert one.parked() == []
        assert one.cell(bad) == ("70", "aperto")
        assert one.findings() == ()


def test_an_unreadable_cell_is_never_zero_and_its_billed_line_rests() -> None:
    with house(zone=LONDON) as one:
        item = one.row("Menu", board=town.TEA)
        session = one.work(item, "2026-10-05 09:00", 60)
        one.go("2026-11-03 09:00")
        one.settle()
        one.close("2026-10", "tea")
        one.wait(60)
        one.edit(item, town.STATUS, None)
        one.people.delete_session(item=item, session=session)
        one.people.add_column(
            board=town.TEA, column={"id": "extra", "title": "Extra", "type": "text"}
        )
        one.edit(item, town.APPROVAL, 9)
        one.sweep()
        assert one.cell(item) == ("60", "parked")
        shown = one.preview("2026-10", "tea")
        assert shown.plan.documents == ()
        assert [(c, h.activity_id, h.reason.value) for c, h in shown.held] == [
            ("tea-hourly", item, "parked")
        ]
        one.edit(item, town.APPROVAL, town.APPROVED)
        one.sweep()
        assert [d.subtotal_minor for d in one.preview("2026-10", "tea").plan.documents] == [6000]


def test_a_row_that_was_never_readable_is_shown_too() -> None:
    with house() as one:
        item = one.row("Bad from the start", "2")
        one.edit(item, town.STATUS, town.WORKING)
        one.people.edit_cell(item=item, column=town.APPROVAL, value={"index": 9})
        one.work(item, "2026-10-05 09:00", 40)
        one.settle()
        assert [kind for kind, key, _ in one.parked() if key == item] == ["item"]
        assert one.package() == (600, 0, 0, 600, 600)
        assert one.cell(item) == ("0", "da correggere")
