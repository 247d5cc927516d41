"""Every correction of a closed month names its cause (S7, ledger 2)."""

from dataclasses import replace

import pytest

from ledgerbook import activity, at, package, worked
from mondaybridge.domain.activity import Status
from mondaybridge.domain.allocation import Choice
from mondaybridge.domain.contract import DatedRate, Overrun, Policies
from mondaybridge.domain.ledger import EntryKind
from mondaybridge.domain.money import RateKey
from packagebook import PackageBook, book, change, decide, later

RATES = (DatedRate(at("2026-10-01"), RateKey(5_500, "eur", "")),)
ROW = activity("A", 60, worked(100, "2026-10-05"), status=Status.DONE)


def october_closed() -> PackageBook:
    """Return a book with 60 of 100 minutes posted in a closed month, 40 unfunded."""
    started = book(package("p1", 60), policies=Policies(overage=RATES))
    later(started, "2026-10-06", ROW)
    started.closed.add("2026-10")
    assert later(started, "2026-11-03", ROW) == []
    return started


def adjusted(started: PackageBook) -> list[tuple[int, str]]:
    later(started, "2026-11-05", ROW)
    return [(e.minutes, e.cause) for e in started.entries if e.kind is EntryKind.ADJUST]


def test_S7_goodwill_pays_and_says_so() -> None:
    started = october_closed()
    change(started, 40)
    assert adjusted(started) == [(40, "paid by hours given after the month was closed")]


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (Choice.BILL, "billed by decision"),
        (Choice.NEXT_PACKAGE, "paid by the next package by decision"),
    ],
)
def test_S7_a_decision_is_named(choice: Choice, said: str) -> None:
    started = october_closed()
    more = (*started.contract.packages, package("p2", 300, "2026-11-02"))
    started.contract = replace(started.contract, packages=more)
    later(started, "2026-11-04", ROW)
    decide(started, "A", choice, _2026_10=40)
    assert adjusted(started) == [(40, f"{said} after the month was closed")]


@pytest.mark.parametrize(
    ("overrun", "said"),
    [
        (Overrun.BILL, "billed by the policy"),
        (Overrun.NEXT_PACKAGE, "paid by the next package, by the policy,"),
    ],
)
def test_S7_a_policy_is_named(overrun: Overrun, said: str) -> None:
    started = october_closed()
    more = (*started.contract.packages, package("p2", 300, "2026-11-02"))
    started.contract = replace(started.contract, packages=more)
    later(started, "2026-11-04", ROW)
    policies = Policies(overage=RATES, overrun=overrun)
    started.contract = replace(started.contract, policies=policies)
    assert adjusted(started) == [(40, f"{said} after the month was closed")]
