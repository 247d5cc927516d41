"""Actual time used for activities: typed totals, month ends, sessions that are not readable."""

from stories import town
from stories.house import LONDON, House, house

TYPED = town.mapping(
    bottega=town.bottega(town.quiet(boards=[{"id": town.HOURS, "columns": "typed"}]))
)
BY_DAY = town.mapping(
    bottega=town.bottega(town.quiet(boards=[{"id": town.HOURS, "columns": "by_day"}]))
)


def typed(one: House, item: str, moment: str, hours: str | None) -> None:
    """Somebody types a total at a moment, and the bridge reads it."""
    one.go(moment)
    one.edit(item, town.TYPED, hours)
    one.sweep()


def test_a_typed_total_counts_where_it_grew() -> None:
    with house(TYPED) as one:
        item = one.row("Texts", "9")
        one.settle()
        typed(one, item, "2026-10-28 10:00", "2")
        assert one.posted("bottega-hours", item) == {"2026-10": 120}
        typed(one, item, "2026-11-03 10:00", "5")
        assert one.posted("bottega-hours", item) == {"2026-10": 120, "2026-11": 180}
        typed(one, item, "2026-11-05 10:00", "1")
        assert one.posted("bottega-hours", item) == {"2026-10": 60}
        assert one.package() == (600, 60, 480, 540, 60)
        assert one.findings() == ()


def test_hours_typed_just_after_a_month_are_listed_before_it_is_closed() -> None:
    with house(TYPED) as one:
        item = one.row("Texts", "9")
        one.settle()
        typed(one, item, "2026-10-28 10:00", "2")
        typed(one, item, "2026-11-03 10:00", "5")
        (note,) = one.preview("2026-10", "bottega").plan.notes
        assert note == (
            f"3:00 was typed on 2026-11-03 at 'Texts' ({item}) and counts then: if it was worked "
            "in 2026-10, let a column say the day (actual.work_date), or type it back and enter it "
            "where it belongs"
        )


def test_a_decrease_after_the_close_takes_november_first_then_october() -> None:
    with house(TYPED) as one:
        item = one.row("Texts", "9")
        one.settle()
        typed(one, item, "2026-10-28 10:00", "2")
        one.go("2026-11-03 09:00")
        one.close("2026-10", "bottega")
        typed(one, item, "2026-11-03 10:00", "5")
        typed(one, item, "2026-11-05 10:00", "1")
        assert one.posted("bottega-hours", item) == {"2026-10": 60}
        assert one.entries()[-3:] == [("adjust", -60), ("post", -180), ("reserve", 240)]


def test_the_mapped_day_decides_where_it_is() -> None:
    with house(BY_DAY) as one:
        item = one.row("Texts", "9")
        one.settle()
        one.edit(item, town.WORKED_ON, {"date": "2026-10-30"})
        typed(one, item, "2026-11-02 10:00", "2")
        assert one.posted("bottega-hours", item) == {"2026-10": 120}


def test_an_emptied_total_parks_its_row_shows_the_remedy_and_mends_itself() -> None:
    with house(TYPED) as one:
        item, other = one.row("Texts", "4"), one.row("Other", "1")
        one.settle()
        typed(one, item, "2026-10-05 10:00", "2")
        typed(one, item, "2026-10-06 10:00", None)
        typed(one, other, "2026-10-06 11:00", "1")
        assert one.parked() == [
            ("item", item, "the actual time was emptied after it had a value: type 0 for zero")
        ]
        assert one.posted("bottega-hours", item) == {"2026-10": 120}
        assert one.posted("bottega-hours", other) == {"2026-10": 60}
        assert one.cell(item) == ("120", "da correggere")
        typed(one, item, "2026-10-07 10:00", "2.5")
        assert one.parked() == []
        assert one.posted("bottega-hours", item) == {"2026-10": 150}
        assert one.cell(item) == ("150", "aperto")


def test_zero_is_said_by_typing_it() -> None:
    with house(TYPED) as one:
        item = one.row("Texts", "4")
        one.settle()
        typed(one, item, "2026-10-05 10:00", "2")
        typed(one, item, "2026-10-06 10:00", "0")
        assert one.parked() == []
        assert one.posted("bottega-hours", item) == {}
        assert one.package() == (600, 0, 240, 600, 360)


def test_a_session_over_the_month_end_is_cut_where_the_client_lives() -> None:
    """23:30 to 00:30 in Rome is 22:30 to 23:30 in London: two months there, one here."""
    with house() as one:
        rome, london = one.row("Night", "2"), one.row("Night", board=town.TEA)
        one.go("2026-11-01 09:00")
        one.work(rome, "2026-10-31 23:30", 60)
        one.work(london, "2026-10-31 23:30", 60)
        one.settle()
        assert one.posted("bottega-hours", rome) == {"2026-10": 30, "2026-11": 30}
        assert one.posted("tea-hourly", london) == {"2026-10": 60}


def test_the_hour_that_october_has_twice_is_worked_once_each() -> None:
    with house(zone=LONDON) as one:
        item = one.row("Night shift", board=town.TEA)
        one.work(item, "2026-10-25 00:30", 120)  # clocks go back at two: 00:30 to 01:30 again
        one.go("2026-10-26 09:00")
        one.settle()
        assert one.posted("tea-hourly", item) == {"2026-10": 120}


def test_a_running_timer_counts_when_it_stops() -> None:
    with house() as one:
        item = one.row("Home page", "2")
        one.go("2026-10-05 09:00")
        one.people.start_session(item=item, as_user=town.STAFF)
        one.wait(50)
        one.sweep()
        assert one.package() == (600, 0, 120, 600, 480)
        one.people.stop_session(item=item, as_user=town.STAFF)
        one.sweep()
        assert one.package() == (600, 50, 70, 550, 480)
