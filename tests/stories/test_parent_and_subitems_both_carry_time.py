"""One time source per board: the row; a subitem's time stops its row and is never lost (ledger 7).

Neither is it added up with the row's, nor read as zero, and no other row waits for it.
"""

from stories import town
from stories.house import LONDON, House, house

TIMED: list[dict[str, object]] = [{"id": "below", "title": "Time", "type": "time_tracking"}]
WAY_OUT = "record it on the row alone and clear it on the subitem, or make the subitem its own row"
BOTH = f"time stands on the row 'Menu' and on its subitem 'Photos': {WAY_OUT}"
BELOW = f"time stands on its subitem 'Photos' and not on the row 'Menu': {WAY_OUT}"


def below(one: House, row: str) -> str:
    return one.people.create_subitem(parent=row, name="Photos", columns=TIMED, as_user=town.STAFF)


def look(one: House) -> None:
    one.wait(3)
    one.sweep()


def test_ledger_7_parent_and_subitem_both_carry_time() -> None:
    with house(zone=LONDON) as one:
        menu, other = one.row("Menu", board=town.TEA), one.row("Cards", board=town.TEA)
        one.work(menu, "2026-10-05 09:00", 60)
        one.work(other, "2026-10-05 11:00", 30)
        photos = below(one, menu)
        session = one.work(photos, "2026-10-05 10:00", 45)
        one.settle()
        assert one.parked() == [("item", menu, BOTH)]
        assert one.cell(menu)[1] == "parked"
        one.go("2026-11-03 09:00")
        look(one)
        shown = one.preview("2026-10", "tea")
        assert [d.subtotal_minor for d in shown.plan.documents] == [3000]
        assert [(h.activity_id, h.reason.value) for _, h in shown.held] == [(menu, "parked")]
        one.people.delete_session(item=photos, session=session)
        look(one)
        assert one.parked() == []
        assert [d.subtotal_minor for d in one.preview("2026-10", "tea").plan.documents] == [9000]
        assert one.findings() == ()


def test_ledger_7_time_on_the_subitem_alone_is_not_read_as_zero() -> None:
    with house(zone=LONDON) as one:
        menu = one.row("Menu", board=town.TEA)
        photos = below(one, menu)
        session = one.work(photos, "2026-10-05 10:00", 45)
        one.settle()
        assert one.parked() == [("item", menu, BELOW)]
        assert [p["title"] for p in one.status()["parked"]] == ["Menu"]
        one.people.delete_session(item=photos, session=session)
        one.work(menu, "2026-10-05 10:00", 45)
        look(one)
        assert (one.parked(), one.cell(menu)) == ([], ("45", "open"))


def test_ledger_7_what_is_invoiced_stays_so_while_a_subitem_carries_time() -> None:
    with house(zone=LONDON) as one:
        menu = one.row("Menu", board=town.TEA)
        one.work(menu, "2026-10-05 09:00", 60)
        one.go("2026-11-03 09:00")
        one.settle()
        one.close("2026-10", "tea")
        one.work(below(one, menu), "2026-11-02 10:00", 45)
        look(one)
        assert one.parked() == [("item", menu, BOTH)]
        assert one.preview("2026-10", "tea").plan.documents == ()
        assert one.papers() == [("invoice", "tea", "open", 6000)]
        assert one.findings() == ()
