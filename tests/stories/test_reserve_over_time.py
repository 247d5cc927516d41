"""ensure that you reserve resources over time: approval reserves, work posts, the end releases."""

from stories import town
from stories.house import house


def test_an_approved_estimate_reserves_its_hours() -> None:
    with house() as one:
        item = one.row("Home page", "2")
        one.settle()
        assert one.package() == (600, 0, 120, 600, 480)
        assert one.entries() == [("grant", 600), ("reserve", 120)]
        assert one.cell(item) == ("0", "aperto")


def test_an_estimate_that_nobody_approved_reserves_nothing() -> None:
    with house() as one:
        item = one.row("Home page", "2", approved=False)
        one.settle()
        assert one.package() == (600, 0, 0, 600, 600)
        one.edit(item, town.APPROVAL, town.APPROVED)
        one.sweep()
        assert one.package() == (600, 0, 120, 600, 480)


def test_actual_time_posts_and_shrinks_the_reserve() -> None:
    with house() as one:
        item = one.row("Home page", "2")
        one.settle()
        one.work(item, "2026-10-05 09:00", 40)
        one.sweep()
        assert one.package() == (600, 40, 80, 560, 480)
        one.work(item, "2026-10-06 09:00", 29, seconds=1)
        one.sweep()
        assert one.package() == (600, 70, 50, 530, 480)
        assert one.entries() == [
            ("grant", 600),
            ("reserve", 120),
            ("release", -40),
            ("post", 40),
            ("release", -30),
            ("post", 30),
        ]
        assert one.cell(item) == ("70", "aperto")
        assert one.findings() == ()


def test_done_and_cancelled_release_what_is_left() -> None:
    with house() as one:
        done, cancelled = one.row("Done soon", "2"), one.row("Not wanted", "1")
        one.work(done, "2026-10-05 09:00", 40)
        one.work(cancelled, "2026-10-05 11:00", 25)
        one.settle()
        assert one.package() == (600, 65, 115, 535, 420)
        one.edit(done, town.STATUS, town.DONE)
        one.sweep()
        assert one.package() == (600, 65, 35, 535, 500)
        one.edit(cancelled, town.STATUS, town.CANCELLED)
        one.sweep()
        assert one.package() == (600, 65, 0, 535, 535)


def test_a_done_activity_that_is_reopened_reserves_its_rest_again() -> None:
    with house() as one:
        item = one.row("Home page", "2")
        one.work(item, "2026-10-05 09:00", 100)
        one.settle()
        one.edit(item, town.STATUS, town.DONE)
        one.sweep()
        assert one.package() == (600, 100, 0, 500, 500)
        one.edit(item, town.STATUS, town.WORKING)
        one.sweep()
        assert one.package() == (600, 100, 20, 500, 480)


def test_a_rejected_estimate_gives_its_reserve_back() -> None:
    with house() as one:
        item = one.row("Home page", "2")
        one.settle()
        one.edit(item, town.APPROVAL, town.REJECTED)
        one.sweep()
        assert one.package() == (600, 0, 0, 600, 600)
