"""we keep track of the time: webhooks that arrive, twice, late, in the wrong order or never."""

from mondaybridge.domain.activity import Hint
from mondaybridge.store import inbox
from stories import town
from stories.house import House, house


def tell(one: House, *items: str, board: str = town.HOURS) -> None:
    """A webhook comes in: its hint is stored before it is answered."""
    timing = one.app.mapping.timing
    with one.app.store.write() as tx:
        inbox.remember(
            tx,
            [Hint(board, item, one.clock.now()) for item in items],
            now=one.clock.now(),
            debounce_ms=timing.debounce_s * 1000,
            max_wait_ms=timing.max_wait_s * 1000,
        )


def seconds(one: House, number: int) -> None:
    one.clock.sleep(number)
    one.settle()


def test_a_webhook_is_read_after_its_debounce_with_one_call() -> None:
    with house() as one:
        item = one.row("Home page", "2")
        one.work(item, "2026-10-02 09:00", 20)  # who works here is known by now
        one.settle()
        one.wait(3)
        one.settle()
        one.work(item, "2026-10-05 09:00", 40)
        tell(one, item)
        before = one.calls["look monday"]
        seconds(one, 4)
        assert one.package()[1] == 20
        seconds(one, 2)
        assert one.package()[1] == 60
        assert one.calls["look monday"] - before == 1


def test_a_lost_webhook_is_found_by_the_sweep() -> None:
    with house() as one:
        item = one.row("Home page", "2")
        one.work(item, "2026-10-01 07:00", 5)  # who works is known from now on
        one.settle()
        one.work(item, "2026-10-05 09:00", 40)
        one.wait(9)
        one.settle()
        assert one.package()[1] == 5
        one.wait(2)
        one.settle()
        assert one.package()[1] == 45


def test_doubled_and_reordered_webhooks_count_once() -> None:
    with house() as one:
        a, b = one.row("A", "2"), one.row("B", "2")
        one.settle()
        one.work(a, "2026-10-05 09:00", 40)
        one.work(b, "2026-10-05 10:00", 30)
        for items in ((b, a), (a, b), (b,), (a, a)):
            tell(one, *dict.fromkeys(items))
        seconds(one, 6)
        tell(one, a)
        seconds(one, 60)
        seconds(one, 60)
        assert one.package()[1] == 70
        assert [kind for kind, _ in one.entries()].count("post") == 2


def test_a_storm_is_read_in_one_go_and_never_put_off_for_ever() -> None:
    with house() as one:
        items = [one.row(f"Row {n}", "0.1") for n in range(12)]
        one.settle()
        one.wait(3)
        one.settle()
        before = one.calls["look monday"]
        for item in items:
            one.work(item, "2026-10-05 09:00", 5)
            tell(one, *items)
            seconds(one, 4)
        assert one.package()[1] in range(5, 61)
        seconds(one, 6)
        assert one.package()[1] == 60
        assert one.calls["look monday"] - before <= 4


def test_a_read_that_lags_is_looked_at_once_more() -> None:
    with house() as one:
        item = one.row("Home page", "2")
        one.settle()
        one.wait(3)
        one.settle()
        one.fault("monday", "read_lag", ms=20_000)
        one.work(item, "2026-10-05 09:00", 40)
        tell(one, item)
        seconds(one, 6)
        assert one.package()[1] == 0
        seconds(one, 44)
        assert one.package()[1] == 0
        seconds(one, 2)
        assert one.package()[1] == 40


def test_a_row_that_a_lagging_read_does_not_show_is_not_believed_gone() -> None:
    with house() as one:
        one.row("First", "1")
        one.settle()
        one.fault("monday", "read_lag", ms=15_000)
        item = one.row("Second", "2")
        tell(one, item)
        seconds(one, 6)
        seconds(one, 50)
        assert one.package() == (600, 0, 180, 600, 420)


def test_a_broken_connection_costs_a_moment_and_nothing_else() -> None:
    with house() as one:
        item = one.row("Home page", "2")
        one.work(item, "2026-10-05 09:00", 40)
        one.fault("monday", "drop_answer", times=2)
        one.fault("monday", "garbage", times=2)
        one.fault("monday", "server_error", times=2)
        for _ in range(10):
            seconds(one, 30)
        assert one.package() == (600, 40, 80, 560, 480)
        assert one.cell(item) == ("40", "aperto")
        assert one.parked() == []
