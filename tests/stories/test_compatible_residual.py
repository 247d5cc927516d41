"""in any case, changes are possible only if there is a compatible hourly residual."""

from stories import town
from stories.house import house


def test_what_does_not_fit_is_refused_and_shown_with_what_is_missing() -> None:
    with house() as one:
        one.row("Home page", "8")
        one.settle()
        worked = one.row("Worked", "4")
        one.sweep()
        one.confirm(worked)
        one.work(worked, "2026-10-05 09:00", 200)
        one.sweep()
        large = one.row("Large", "7")
        one.sweep()
        assert one.package() == (600, 200, 520, 400, -120)
        assert one.status()["refused"] == [
            {
                "activity": large,
                "title": "Large",
                "approval": "approved",
                "origin": "request",
                "verdict": "refused",
                "need": 420,
                "hard": 400,
                "free": -120,
                "shortfall": 540,
                "missing": 20,
                "waits_for": "",
            }
        ]


def test_time_on_what_was_refused_is_held_and_not_posted() -> None:
    with house() as one:
        large = one.row("Large", "11")
        one.work(large, "2026-10-05 09:00", 30)
        one.settle()
        assert one.package() == (600, 0, 0, 600, 600)
        assert one.held() == [(large, "2026-10", "unapproved", 30)]
        assert one.cell(large) == ("0", "in sospeso")


def test_a_lower_estimate_lets_it_start() -> None:
    with house() as one:
        large = one.row("Large", "11")
        one.work(large, "2026-10-05 09:00", 30)
        one.settle()
        one.edit(large, town.ESTIMATE, "9")
        one.sweep()
        assert one.package() == (600, 30, 510, 570, 60)
        assert one.status()["refused"] == []
        assert one.held() == []


def test_an_approval_without_an_estimate_asks_for_one() -> None:
    with house() as one:
        item = one.row("No idea how long")
        one.settle()
        shown = one.status()["refused"]
        assert [(r["activity"], r["verdict"], r["shortfall"]) for r in shown] == [
            (item, "needs_estimate", 0)
        ]


def test_time_worked_and_not_approved_is_held_and_shown() -> None:
    with house() as one:
        item = one.row("Early bird", "2", approved=False)
        one.work(item, "2026-10-05 09:00", 45)
        one.settle()
        assert one.held() == [(item, "2026-10", "unapproved", 45)]
        assert one.cell(item) == ("0", "in sospeso")
        shown = one.preview("2026-10", "bottega")
        assert [(c, h.activity_id, h.minutes) for c, h in shown.held] == [
            ("bottega-hours", item, 45)
        ]
        one.edit(item, town.APPROVAL, town.APPROVED)
        one.wait(3)
        one.sweep()
        assert one.held() == []
        assert one.package() == (600, 45, 75, 555, 480)
        assert one.cell(item) == ("45", "aperto")
