"""Rows that are deleted, archived, restored or moved: posted time stays where it was billed."""

from mondaybridge.domain.allocation import Choice
from mondaybridge.domain.ledger import POSTING
from mondaybridge.store import ledger
from mondaybridge.workflows.held import decide
from stories import town
from stories.house import LONDON, House, house

TWO_HOURLY = town.mapping(
    tea=town.tea(
        town.hourly(),
        town.hourly(id="tea-second", boards=[{"id": town.THIRD, "columns": "tracked"}]),
    )
)
BEYOND = town.mapping(
    tea=town.tea(
        town.prepaid(
            {
                **town.PACKAGE,
                "id": "T1",
                "granted": "1:00",
                "price": "60.00 GBP",
                "tax_rate": "txr_vat20",
                "sale": "elsewhere",
            },
            id="tea-hours",
            boards=[{"id": town.TEA, "columns": "tracked"}],
            policies={**town.QUIET, "overrun": "bill", "overage_rate": "hourly"},
        )
    )
)


def taken_back(one: House) -> list[tuple[int, str]]:
    with one.app.store.read() as tx:
        rows = [row.entry for row in ledger.entries(tx, "tea-hours")]
    return [(e.minutes, e.cause) for e in rows if e.kind in POSTING and e.minutes < 0]


def test_a_deleted_row_keeps_its_posted_minutes_and_releases_its_reserve() -> None:
    with house() as one:
        item = one.row("Home page", "2")
        one.work(item, "2026-10-05 09:00", 40)
        one.settle()
        one.people.delete_item(item=item)
        one.wait(20)
        one.sweep()
        assert one.package() == (600, 40, 0, 560, 560)
        assert one.parked() == []


def test_unbilled_time_of_a_deleted_row_waits_for_keep_or_drop() -> None:
    for choice, kept in ((Choice.KEEP, {"2026-10": 40}), (Choice.DROP, {})):
        with house(zone=LONDON) as one:
            item = one.row("Menu", board=town.TEA)
            one.work(item, "2026-10-05 09:00", 40)
            one.settle()
            one.people.delete_item(item=item)
            one.wait(20)
            one.sweep()
            assert one.held() == [(item, "2026-10", "deleted", 40)]
            assert one.posted("tea-hourly", item) == {"2026-10": 40}
            decide(one.app, item, choice, "admin")
            one.settle()
            assert one.held() == []
            assert one.posted("tea-hourly", item) == kept
            one.go("2026-11-03 09:00")
            one.close("2026-10", "tea")
            assert sum(total for *_, total in one.papers()) == (4000 if kept else 0)


def test_5_6_time_beyond_a_package_of_a_deleted_row_waits_for_keep_or_drop() -> None:
    """The hour that the package paid for stays; the half hour beyond it was never billed."""
    for choice, bills, causes in (
        (Choice.KEEP, [("invoice", "tea", "open", 3000)], []),
        (Choice.DROP, [], [(-30, "dropped by decision")]),
    ):
        with house(BEYOND, zone=LONDON) as one:
            item = one.row("Menu", "1", board=town.TEA)
            one.work(item, "2026-10-05 09:00", 90)
            one.settle()
            one.people.delete_item(item=item)
            one.go("2026-11-03 09:00")
            one.sweep()
            assert one.held() == [(item, "2026-10", "deleted", 30)]
            assert one.posted("tea-hours", item) == {"2026-10": 90}
            one.close("2026-10", "tea")
            assert one.papers() == []
            decide(one.app, item, choice, "admin")
            one.settle()
            assert one.held() == []
            assert taken_back(one) == causes
            one.go("2026-12-03 09:00")
            one.settle()
            one.close("2026-11", "tea")
            assert one.papers() == bills
            assert one.package("T1")[:2] == (60, 60)
            assert one.findings() == ()


def test_5_6_what_is_kept_of_a_deleted_row_is_billed_though_more_was_never_posted() -> None:
    """Half an hour has its price by decision; ten minutes more were never decided about."""
    with house(BEYOND.replace('"overrun": "bill"', '"overrun": "hold"'), zone=LONDON) as one:
        item = one.row("Menu", "1", board=town.TEA)
        one.work(item, "2026-10-05 09:00", 90)
        one.settle()
        decide(one.app, item, Choice.BILL, "admin")
        one.settle()
        one.work(item, "2026-10-06 09:00", 10)
        one.wait(20)
        one.sweep()
        one.people.delete_item(item=item)
        one.go("2026-11-03 09:00")
        one.sweep()
        assert one.held() == [(item, "2026-10", "deleted", 40)]
        decide(one.app, item, Choice.KEEP, "admin")
        one.settle()
        assert one.held() == [(item, "2026-10", "deleted", 10)]
        one.close("2026-10", "tea")
        assert one.papers() == [("invoice", "tea", "open", 3000)]
        decide(one.app, item, Choice.DROP, "admin")
        one.settle()
        assert one.held() == []
        one.go("2026-12-03 09:00")
        one.settle()
        one.close("2026-11", "tea")
        assert one.papers() == [("invoice", "tea", "open", 3000)]
        assert one.findings() == ()


def test_an_undecided_deleted_row_is_not_billed_and_is_listed_at_the_close() -> None:
    with house(zone=LONDON) as one:
        item = one.row("Menu", board=town.TEA)
        one.work(item, "2026-10-05 09:00", 40)
        one.settle()
        one.people.delete_item(item=item)
        one.go("2026-11-03 09:00")
        one.sweep()
        shown = one.preview("2026-10", "tea")
        assert shown.plan.documents == ()
        assert [(h.activity_id, h.minutes) for _, h in shown.held] == [(item, 40)]


def test_a_restored_row_goes_on_where_it_was() -> None:
    with house() as one:
        item = one.row("Home page", "2")
        one.work(item, "2026-10-05 09:00", 40)
        one.settle()
        one.people.delete_item(item=item)
        one.wait(20)
        one.sweep()
        one.people.restore_item(item=item)
        one.work(item, "2026-10-06 09:00", 10)
        one.wait(20)
        one.sweep()
        assert one.package() == (600, 50, 70, 550, 480)
        assert one.held() == []


def test_an_archived_row_stays_as_it_was() -> None:
    with house() as one:
        item = one.row("Home page", "2")
        one.work(item, "2026-10-05 09:00", 40)
        one.settle()
        one.people.archive_item(item=item)
        one.wait(20)
        one.sweep()
        assert one.package() == (600, 40, 80, 560, 480)
        assert one.held() == []
        assert one.parked() == []


def test_a_row_moved_to_the_board_of_another_contract_is_never_billed_twice() -> None:
    """Posted time stays with the old contract; the new one gets what is new (ledger 5.8)."""
    with house(TWO_HOURLY, zone=LONDON) as one:
        item = one.row("Menu", board=town.TEA)
        one.work(item, "2026-10-05 09:00", 60)
        one.settle()
        assert one.posted("tea-hourly", item) == {"2026-10": 60}
        one.people.move_item(item=item, board=town.THIRD, as_user=town.STAFF)
        one.work(item, "2026-10-20 09:00", 15)
        one.go("2026-11-03 09:00")
        one.sweep()
        one.sweep()
        assert one.posted("tea-hourly", item) == {"2026-10": 60}
        assert one.posted("tea-second", item) == {"2026-10": 15}
        one.close("2026-10", "tea")
        assert sum(total for *_, total in one.papers()) == 7500
        assert one.findings() == ()


def test_a_row_moved_after_its_month_was_billed_is_not_billed_by_the_other_client() -> None:
    with house() as one:
        item = one.row("Menu", "2", board=town.TEA)
        one.work(item, "2026-10-05 09:00", 60)
        one.go("2026-11-03 09:00")
        one.settle()
        one.close("2026-10")
        one.people.move_item(item=item, board=town.HOURS, as_user=town.STAFF)
        one.wait(20)
        one.sweep()
        one.sweep()
        one.wait(20)
        one.sweep()
        assert one.posted("tea-hourly", item) == {"2026-10": 60}
        assert one.posted("bottega-hours", item) == {}
        assert [one.preview("2026-10", c).plan.documents for c in ("bottega", "tea")] == [(), ()]


def test_a_row_moved_to_a_board_that_nobody_maps_is_parked_and_keeps_its_minutes() -> None:
    with house() as one:
        item = one.row("Menu", "2")
        one.work(item, "2026-10-05 09:00", 60)
        one.settle()
        one.people.move_item(item=item, board=town.THIRD, as_user=town.STAFF)
        one.wait(20)
        one.sweep()
        assert one.posted("bottega-hours", item) == {"2026-10": 60}
        assert one.parked() == [
            ("item", item, f"moved to board {town.THIRD}, which no contract maps")
        ]


def test_a_moved_row_is_billed_under_its_own_title() -> None:
    with house() as one:
        item = one.row("Menu", "2", board=town.TEA)
        one.work(item, "2026-10-05 09:00", 60)
        one.settle()
        one.people.move_item(item=item, board=town.HOURS, as_user=town.STAFF)
        one.go("2026-11-03 09:00")
        one.sweep()
        one.close("2026-10", "tea")
        assert one.lines() == [("5 Oct · Menu · 1:00 h at 60.00 GBP", 6000)]
        assert one.findings() == ()
