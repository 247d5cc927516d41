"""What is an hourly package, and what is an hour worth? Hours bought once, used for anything."""

import pytest

from ledgerbook import at
from mondaybridge.domain.money import parse_rate_key
from mondaybridge.export.verification import read_back
from mondaybridge.reports.package import package
from mondaybridge.store import ledger
from mondaybridge.workflows.handover import hand_over
from stories import town
from stories.house import MINUTE, ROME
from stories.office import SERVICE, URGENT, Office, agreed, office, terms

SHOWN = ("granted", "used", "reserved", "free")
SMALL = {**town.PACKAGE, "granted": "4:00"}


def _month(one: Office) -> None:
    one.go("2026-11-03 09:00")
    one.sweep()
    one.close("2026-10", "bottega")


def test_R00_hours_are_bought_in_advance_and_only_their_sale_is_invoiced() -> None:
    with agreed(Home="2") as (one, made):
        one.go("2026-10-05 18:00")
        one.work(made["Home"], "2026-10-05 09:00", 90)
        one.sweep()
        _month(one)
        assert one.papers() == [("invoice", "bottega", "open", 60_000)]
        assert one.package() == (600, 90, 30, 510, 480)
        assert [kind for kind, _ in one.entries()].count("grant") == 1


def test_R00_a_second_package_is_a_second_sale_and_its_hours_join_the_first() -> None:
    second = {**town.PACKAGE, "id": "P2", "granted": "5:00", "price": "300.00 EUR"}
    with agreed(terms(town.PACKAGE, {**second, "sold_on": "2026-10-02"}), Home="2") as (one, _):
        assert one.package("P2") == (300, 0, 0, 300, 300)
        assert one.pinned() == ("900", "0", "120", "780")
        _month(one)
        assert sorted(one.papers()) == [
            ("invoice", "bottega", "open", 30_000),
            ("invoice", "bottega", "open", 60_000),
        ]


def test_R01_all_kinds_of_work_and_all_people_use_one_balance() -> None:
    with agreed(Site="1", Training="1", Other="1") as (one, made):
        for service, row in zip((1, 2, 7), made.values(), strict=True):
            one.fill(row, SERVICE, service)
        one.go("2026-10-05 18:00")
        colleague = one.people.invite(email="k@agency.example", role="member")
        begins = ("2026-10-05 09:00", "2026-10-05 11:00", "2026-10-05 14:00")
        colleagues = (town.STAFF, colleague, town.STAFF)
        for begin, user, row in zip(begins, colleagues, made.values(), strict=True):
            begun = at(begin, ROME)
            one.people.add_session(
                item=row, started_at=begun, ended_at=begun + 30 * MINUTE, as_user=user
            )
        one.turn()
        assert one.package() == (600, 90, 90, 510, 420)
        assert one.pinned() == ("600", "90", "90", "420")


def test_R02_board_list_show_and_copy_say_the_same_to_the_minute() -> None:
    with agreed(terms(SMALL, contact="r@agency.example"), Home="4") as (one, made):
        row = made["Home"]
        one.go("2026-10-05 18:00")
        one.work(row, "2026-10-05 09:00", 239, seconds=30)
        one.turn()
        _same(one)
        one.fill(row, town.STATUS, town.DONE)
        one.turn()
        granted, used, free = _same(one)
        assert (granted, used, free) == (240, 240, 0)
        hand_over(one.app, "P1")
        (copy,) = one.sandbox.monday.state.assets.values()
        assert read_back(copy.content).hours == {"granted": granted, "posted": used}


def _same(one: Office) -> tuple[int, int, int]:
    granted, used, reserved, _, free = one.package()
    shown = package(one.app, one.app.mapping.contract("bottega-hours"))["packages"][0]
    assert [shown[n] for n in SHOWN] == [granted, used, reserved, free]
    assert one.pinned() == tuple(str(shown[n]) for n in SHOWN)
    return granted, used, free


@pytest.mark.parametrize("charged", [60, 180])
def test_R27_an_hour_worked_is_an_hour_charged_and_three_where_urgent(charged: int) -> None:
    with agreed() as (one, _):
        row = one.ask("Form", "1", evidence="mail 4", reference="<a@shop>")
        one.fill(row, URGENT, value=True if charged > 60 else None)
        one.turn()
        one.approve(row)
        one.turn()
        one.go("2026-10-05 18:00")
        one.work(row, "2026-10-05 09:00", 60)
        one.turn()
        assert one.package()[1] == charged


def test_R27_what_an_hour_is_worth_follows_from_price_and_hours() -> None:
    with office() as one:
        one.sweep()
        with one.app.store.read() as tx:
            (grant,) = [row.entry for row in ledger.entries(tx, "bottega-hours")]
        price = parse_rate_key(grant.rate_key)
        assert (grant.minutes, price.unit_minor, price.currency) == (600, 60_000, "eur")
        _month(one)
        assert [amount for _, amount in one.lines()] == [60_000]
