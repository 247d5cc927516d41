"""Calendars as the file says them: country, hours, closing days, and each refusal (R04, 6.29)."""

import os
import subprocess
import sys
from datetime import date

import pytest

from ledgerbook import at
from mondaybridge.domain.calendar import Calendar
from mondaybridge.mapping.calendars import YEARS, build
from project import ROOT

OFFICE = {"mon-fri": ["09:00-13:00", "14:00-18:00"]}
NINE_TO_FIVE = {"mon-fri": ["09:00-17:00"]}
YEAR = range(2026, 2027)


def rome(**more: object) -> Calendar:
    terms = {"zone": "Europe/Rome", "country": "IT", "hours": OFFICE, **more}
    return build(**terms)  # type: ignore[arg-type]  # a test names the term it is about


def without_country(**more: object) -> Calendar:
    return rome(country=None, **more)


def days(*texts: str) -> frozenset[date]:
    return frozenset(map(date.fromisoformat, texts))


def test_R04_hours_and_closing_days_without_a_country() -> None:
    closed = ["2026-12-24", "2026-08-14/2026-08-16", "2026-12-24"]
    assert without_country(closed=closed) == Calendar(
        "Europe/Rome",
        (((540, 780), (840, 1080)),) * 5 + ((), ()),
        days("2026-12-24", "2026-08-14", "2026-08-15", "2026-08-16"),
    )


def test_single_days_ranges_and_an_end_at_midnight() -> None:
    hours = {
        "tue": ["14:00-24:00", "00:00-01:30"],
        "thu-sat": ["08:00-12:00", "12:00-13:00"],
        "sun": [],
    }
    assert without_country(hours=hours).windows == (
        (),
        ((0, 90), (840, 1440)),
        (),
        ((480, 720), (720, 780)),
        ((480, 720), (720, 780)),
        ((480, 720), (720, 780)),
        (),
    )


def test_R04_italy_2026_has_its_new_holiday_of_4_october() -> None:
    assert rome(years=YEAR).closed == days(
        "2026-01-01",
        "2026-01-06",
        "2026-04-05",
        "2026-04-06",
        "2026-04-25",
        "2026-05-01",
        "2026-06-02",
        "2026-08-15",
        "2026-10-04",
        "2026-11-01",
        "2026-12-08",
        "2026-12-25",
        "2026-12-26",
    )


@pytest.mark.parametrize("subdivision", ["MI", "IT-MI"])
def test_6_29_a_subdivision_adds_its_own_holidays(subdivision: str) -> None:
    added = rome(subdivision=subdivision, years=YEAR).closed - rome(years=YEAR).closed
    assert added == days("2026-12-07")


def test_R43b_great_britain_has_the_bank_holidays_of_england_where_nothing_else_is_said() -> None:
    london, edinburgh = (
        build(zone="Europe/London", country="GB", subdivision=part, hours=NINE_TO_FIVE, years=YEAR)
        for part in (None, "SCT")
    )
    assert london.closed == days(
        "2026-01-01",
        "2026-04-03",
        "2026-04-06",
        "2026-05-04",
        "2026-05-25",
        "2026-08-31",
        "2026-12-25",
        "2026-12-26",
        "2026-12-28",
    )
    easter_monday = date(2026, 4, 6)
    assert [easter_monday in house.closed for house in (london, edinburgh)] == [True, False]


def test_R18_the_two_houses_differ_on_8_december() -> None:
    london = build(zone="Europe/London", country="GB", hours=NINE_TO_FIVE)
    thursday, saturday = at("2026-12-03 10:00"), at("2026-12-05 11:00")
    assert [
        rome().close_of_day_after(thursday, 5),
        london.close_of_day_after(thursday, 5),
        rome().close_of_day_after(saturday, 5),
    ] == [at("2026-12-11 18:00"), at("2026-12-10 17:00", "Europe/London"), at("2026-12-14 18:00")]


def test_closing_days_of_the_house_are_added_to_the_holidays() -> None:
    house = rome(closed=["2026-08-10/2026-08-21"])
    assert house.working_days_after(date(2026, 8, 7), 1) == date(2026, 8, 24)
    assert house.working_days_after(date(2026, 12, 7), 1) == date(2026, 12, 9)


def test_holidays_are_known_far_ahead_in_every_calendar() -> None:
    house = rome()
    for year in (YEARS[0], YEARS[-1]):
        assert date(year, 12, 25) in house.closed


WEEKDAY = "is not a weekday: write mon, tue, wed, thu, fri, sat, sun, or two of them with a dash"
SPAN = 'is not a span of hours: write it like "09:00-13:00"'
DAYS = 'is not a day or a range of days: write "2026-12-24" or "2026-08-10/2026-08-21"'
COUNTRY = "is not a country whose holidays are known: write two letters, like IT"


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ({"country": "ITA"}, f"'ITA' {COUNTRY}; did you mean 'IT'?"),
        ({"country": "it"}, f"'it' {COUNTRY}; did you mean 'IT'?"),
        ({"country": "UK"}, f"'UK' {COUNTRY}; did you mean 'GB'?"),
        ({"country": "??"}, f"'??' {COUNTRY}"),
        (
            {"subdivision": "IT-mi"},
            "'IT-mi' is not a subdivision of IT, like AG; did you mean 'MI'?",
        ),
        (
            {"country": "VA", "subdivision": "RM"},
            "VA has no subdivisions with holidays of their own: leave it out",
        ),
        (
            {"country": None, "subdivision": "MI"},
            "the subdivision 'MI' needs its country: add country",
        ),
        ({"hours": {}}, 'there are no hours: write them like mon-fri: ["09:00-13:00"]'),
        ({"hours": {"mon": []}}, 'there are no hours: write them like mon-fri: ["09:00-13:00"]'),
        ({"hours": {"Monday": ["09:00-10:00"]}}, f"'Monday' {WEEKDAY}; did you mean 'mon'?"),
        ({"hours": {"lun-ven": ["09:00-10:00"]}}, f"'lun' {WEEKDAY}; did you mean 'mon'?"),
        ({"hours": {"mon-": ["09:00-10:00"]}}, f"'' {WEEKDAY}"),
        (
            {"hours": {"fri-mon": ["09:00-10:00"]}},
            "'fri-mon' runs backwards: the week begins on mon",
        ),
        (
            {"hours": {"mon-fri": ["09:00-10:00"], "wed": ["10:00-11:00"]}},
            "wed has hours twice: once is in 'wed'",
        ),
        ({"hours": {"mon": ["9-13"]}}, f"'9-13' {SPAN}"),
        ({"hours": {"mon": ["09:00-24:30"]}}, f"'09:00-24:30' {SPAN}"),
        ({"hours": {"mon": ["09:00"]}}, f"'09:00' {SPAN}"),
        (
            {"hours": {"mon": ["13:00-09:00"]}},
            "'13:00-09:00' is upside down: it ends before it begins",
        ),
        (
            {"hours": {"mon": ["12:00-14:00", "09:00-13:00"]}},
            "09:00-13:00 and 12:00-14:00 of 'mon' overlap",
        ),
        ({"closed": ["24/12/2026"]}, f"'24/12/2026' {DAYS}"),
        ({"closed": ["2026-08-10/"]}, f"'2026-08-10/' {DAYS}"),
        ({"closed": ["2026-02-30"]}, "2026-02-30 is not a day of the calendar"),
        (
            {"closed": ["2026-08-21/2026-08-10"]},
            "'2026-08-21/2026-08-10' is upside down: it ends before it begins",
        ),
        (
            {"closed": ["2026-08-10/2062-08-21"]},
            "'2026-08-10/2062-08-21' closes for more than a year: is its last day right?",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(
    terms: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - the whole sentence is compared below
        rome(**terms)
    assert str(refusal.value) == sentence


def test_without_the_package_of_holidays_a_country_is_refused_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(ValueError, match="of MT need the package 'holidays': install it, or leave"):
        rome(country="MT")
    assert without_country(closed=["2026-12-24"]).closed == days("2026-12-24")


def test_the_package_of_holidays_is_loaded_only_by_a_calendar_with_a_country() -> None:
    script = (
        "import sys\n"
        "from mondaybridge.mapping.calendars import build\n"
        "build(zone='Europe/Rome', country=None, hours={'mon': ['09:00-10:00']})\n"
        "assert 'holidays' not in sys.modules\n"
        "build(zone='Europe/Rome', country='IT', hours={'mon': ['09:00-10:00']})\n"
        "assert 'holidays' in sys.modules\n"
    )
    subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", script],
        check=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
