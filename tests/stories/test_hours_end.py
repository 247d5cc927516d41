"""What happens when the hours end? Overrun, decisions, the next package."""

import pytest

from mondaybridge.domain.allocation import Choice
from mondaybridge.errors import FindingsError
from mondaybridge.workflows.held import decide, held_lines
from stories import town
from stories.house import House, house

SECOND = {**town.PACKAGE, "id": "P2", "granted": "5:00", "sold_on": "2026-10-12"}


def used_up(one: House) -> tuple[str, str]:
    """Nine hours are reserved for A; B was estimated at one and took an hour and a half."""
    a, b = one.row("A", "9"), one.row("B", "1")
    one.settle()
    one.work(b, "2026-10-05 09:00", 90)
    one.sweep()
    return a, b


def test_overrun_is_funded_from_what_is_free_and_the_rest_is_held() -> None:
    with house() as one:
        a, b = one.row("A", "8"), one.row("B", "1")
        one.settle()
        one.work(b, "2026-10-05 09:00", 150)  # 60 of its own, 60 free, 30 too many
        one.sweep()
        assert one.package() == (600, 120, 480, 480, 0)
        assert one.held() == [(b, "2026-10", "unfunded", 30)]
        assert (one.cell(a), one.cell(b)) == (("0", "aperto"), ("120", "in sospeso"))
        one.edit(a, town.ESTIMATE, "7")  # an hour becomes free
        one.wait(3)
        one.sweep()
        assert one.package() == (600, 150, 420, 450, 30)
        assert one.held() == []
        assert one.cell(b) == ("150", "aperto")


def test_overrun_limit_hard_takes_what_others_reserved() -> None:
    terms = town.quiet(policies={"overrun_limit": "hard"})
    with house(town.mapping(bottega=town.bottega(terms))) as one:
        used_up(one)
        assert one.held() == []
        assert one.package() == (600, 90, 540, 510, -30)


def test_absorbed_minutes_are_gone_from_the_list() -> None:
    with house() as one:
        _, b = used_up(one)
        assert one.held() == [(b, "2026-10", "unfunded", 30)]
        decide(one.app, b, Choice.ABSORB, "admin")
        one.settle()
        assert one.held() == []
        assert one.package() == (600, 60, 540, 540, 0)
        one.wait(3)
        one.settle()
        assert one.cell(b) == ("60", "aperto")


def test_a_sale_frees_what_the_reserves_of_others_held_back() -> None:
    """The overrun's own package has room; the sale lets the others reserve elsewhere."""
    with house(town.mapping(bottega=town.bottega(town.quiet(town.PACKAGE, SECOND)))) as one:
        _, b = used_up(one)
        assert one.held() == [(b, "2026-10", "unfunded", 30)]
        one.go("2026-10-12 09:00")
        one.settle()
        assert one.held() == []
        assert one.package("P1") == (600, 90, 510, 510, 0)
        assert one.package("P2") == (300, 0, 30, 300, 270)


def exhausted(one: House) -> str:
    """Fifty minutes are left when an activity takes two hours."""
    a, b = one.row("A", "9.1666"), one.row("B", "0.8")
    one.work(a, "2026-10-02 09:00", 550)
    one.work(b, "2026-10-05 09:00", 120)
    one.go("2026-10-06 09:00")
    one.settle()
    assert one.package("P1") == (600, 600, 0, 0, 0)
    assert one.held() == [(b, "2026-10", "unfunded", 70)]
    return b


def test_exhausted_in_mid_activity_the_next_package_pays_the_rest_by_decision() -> None:
    with house(town.mapping(bottega=town.bottega(town.quiet(town.PACKAGE, SECOND)))) as one:
        b = exhausted(one)
        decide(one.app, b, Choice.NEXT_PACKAGE, "admin")
        one.settle()
        assert one.held() == [(b, "2026-10", "unfunded", 70)]
        one.go("2026-10-12 09:00")
        one.settle()
        assert one.held() == []
        assert one.package("P1") == (600, 600, 0, 0, 0)
        assert one.package("P2") == (300, 70, 0, 230, 230)
        assert one.findings() == ()


def test_a_later_package_takes_no_earlier_overrun_unless_somebody_says_so() -> None:
    with house(town.mapping(bottega=town.bottega(town.quiet(town.PACKAGE, SECOND)))) as one:
        b = exhausted(one)
        one.go("2026-10-12 09:00")
        one.settle()
        assert one.held() == [(b, "2026-10", "unfunded", 70)]
        assert one.package("P2") == (300, 0, 0, 300, 300)
        decide(one.app, b, Choice.NEXT_PACKAGE, "admin")
        one.settle()
        assert one.held() == []
        assert one.package("P2") == (300, 70, 0, 230, 230)


def test_to_wait_is_an_answer_that_changes_nothing_and_is_shown() -> None:
    with house() as one:
        _, b = used_up(one)
        decide(one.app, b, Choice.WAIT, "admin")
        one.settle()
        assert one.held() == [(b, "2026-10", "unfunded", 30)]
        assert [line.decided for line in held_lines(one.app)] == ["wait"]


def test_what_is_not_held_cannot_be_decided() -> None:
    with house() as one:
        a, b = used_up(one)
        with pytest.raises(FindingsError, match=f"nothing is held for activity {a}"):
            decide(one.app, a, Choice.ABSORB, "admin")
        with pytest.raises(FindingsError, match="can be decided by: absorb, next_package, wait"):
            decide(one.app, b, Choice.KEEP, "admin")


def test_a_top_up_that_is_there_takes_the_overrun_by_itself() -> None:
    """A package sold later is eligible for work of its own days only."""
    with house(town.mapping(bottega=town.bottega(town.quiet(town.PACKAGE, SECOND)))) as one:
        a = one.row("A", "10")
        one.settle()
        one.work(a, "2026-10-05 09:00", 500)
        one.sweep()
        assert one.package("P1") == (600, 500, 100, 100, 0)
        one.go("2026-10-13 18:00")
        one.work(a, "2026-10-13 09:00", 170)
        one.sweep()
        assert one.package("P1") == (600, 600, 0, 0, 0)
        assert one.package("P2") == (300, 70, 0, 230, 230)
        assert one.held() == []
        assert one.findings() == ()


def test_a_package_that_is_added_to_the_mapping_later_is_granted_and_billed() -> None:
    with house() as one:
        one.row("A", "10")
        one.settle()
        assert one.close("2026-10", "bottega")[0].plan.closes == ""
        big = one.row("B", "4")
        one.sweep()
        assert [(r["activity"], r["shortfall"]) for r in one.status()["refused"]] == [(big, 240)]
        one.confirm(big)
        assert [(r["activity"], r["shortfall"]) for r in one.status()["refused"]] == []
        third = one.row("C", "11")
        one.sweep()
        assert [(r["activity"], r["missing"]) for r in one.status()["refused"]] == [(third, 60)]
        later = {**town.PACKAGE, "id": "P2", "granted": "5:00", "price": "300.00 EUR"}
        one.go("2026-10-20 09:00")
        one.reopen(
            town.mapping(
                bottega=town.bottega(town.quiet(town.PACKAGE, {**later, "sold_on": "2026-10-20"})),
                tea=town.tea(),
            )
        )
        one.settle()
        assert one.package("P2")[0] == 300
        assert [(r["activity"], r["shortfall"]) for r in one.status()["refused"]] == [(third, 600)]
        one.confirm(third)
        assert one.status()["refused"] == []
        assert one.preview("2026-10", "bottega").plan.documents[0].key.scope == "P2"
        one.close("2026-10", "bottega")
        assert one.papers() == [
            ("invoice", "bottega", "open", 60000),
            ("invoice", "bottega", "open", 30000),
        ]
        assert big
