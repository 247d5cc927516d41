"""in the initial start-up phase of the project: hours used before, work before ``bill_from``."""

from stories import town
from stories.house import LONDON, house


def test_hours_used_before_go_live_are_posted_once_without_activity() -> None:
    package = {**town.PACKAGE, "opening_used": "2:20"}
    with house(town.mapping(bottega=town.bottega(town.quiet(package)))) as one:
        one.settle()
        assert one.package() == (600, 140, 0, 460, 460)
        assert one.entries() == [("grant", 600), ("post", 140)]
        one.sweep()
        assert one.entries() == [("grant", 600), ("post", 140)]
        assert one.findings() == ()


def test_work_before_the_first_billed_day_is_shown_and_never_posts() -> None:
    terms = town.quiet(bill_from="2026-10-10")
    with house(town.mapping(bottega=town.bottega(terms))) as one:
        item = one.row("Long running", "5")
        one.work(item, "2026-10-05 09:00", 120)
        one.work(item, "2026-10-09 23:30", 60)
        one.go("2026-10-12 12:00")
        one.settle()
        assert one.posted("bottega-hours", item) == {"2026-10": 30}
        assert one.package() == (600, 30, 270, 570, 300)


def test_a_board_with_months_of_history_bills_nothing_of_it() -> None:
    terms = town.hourly(bill_from="2026-11-01")
    with house(town.mapping(tea=town.tea(terms)), zone=LONDON) as one:
        old = one.row("Old work", board=town.TEA, approved=False)
        for day in (1, 8, 15):
            one.work(old, f"2026-10-{day:02} 09:00", 300)
        one.go("2026-12-03 09:00")
        one.work(old, "2026-11-02 09:00", 10)
        one.sweep()
        shown = one.preview("2026-10", "tea")
        assert (shown.plan.documents, shown.note) == ((), "tea is billed from 2026-11 on")
        one.close("2026-11")
        assert one.papers() == [("invoice", "tea", "open", 1000)]
