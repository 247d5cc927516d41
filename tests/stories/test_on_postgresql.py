"""The whole main job once on PostgreSQL: read, reserve, post, bill, correct, come to rest."""

import psycopg
import pytest

from store.conftest import postgresql_server
from stories import town
from stories.house import house

__all__ = ["postgresql_server"]


@pytest.fixture
def address(request: pytest.FixtureRequest) -> str:
    """Give the address of an empty database."""
    server = str(request.getfixturevalue("postgresql_server"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("create database stories")
    return server.replace("/postgres?", "/stories?")


def test_a_month_and_its_correction(address: str) -> None:
    with house(url=address) as one:
        home = one.row("Home page", "2")
        early = one.row("Early bird", "1", approved=False)
        menu = one.row("Menu", board=town.TEA, approved=False)
        form = one.row("Form", board=town.TEA, approved=False)
        one.work(home, "2026-10-05 09:00", 40)
        one.work(early, "2026-10-05 11:00", 15)
        first = one.work(menu, "2026-10-06 09:00", 90)
        second = one.work(form, "2026-10-07 09:00", 30)
        one.go("2026-11-03 09:00")
        one.settle()
        assert one.package() == (600, 40, 80, 560, 480)
        assert one.held() == [(early, "2026-10", "unapproved", 15)]
        one.close("2026-10")
        assert one.papers() == [
            ("invoice", "bottega", "open", 60000),
            ("invoice", "tea", "open", 12000),
        ]
        one.rework(menu, first, 60)
        one.rework(form, second, 45)
        one.people.delete_item(item=home)
        one.wait(20)
        one.settle()
        one.close("2026-11")
        one.go("2026-12-03 09:00")
        one.settle()
        one.close("2026-11")
        assert one.papers()[2:] == [
            ("credit note", "tea", "issued", 3000),
            ("invoice", "tea", "open", 1500),
        ]
        assert one.package() == (600, 40, 0, 560, 560)
        assert (one.cell(menu), one.cell(form)) == (("60", "credited"), ("45", "billed 2026-10"))
        before = one.writes()
        one.close("2026-11")
        one.wait(11)
        one.settle()
        assert one.writes() == before
        assert one.findings() == ()
