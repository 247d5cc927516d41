"""Goodwill for a package: an event, then one entry (ledger 7)."""

import pytest

from mondaybridge.errors import ConfigurationError, FindingsError
from mondaybridge.store import facts
from mondaybridge.workflows.packages import credit
from stories import town
from stories.house import house


def test_7_a_goodwill_hour_is_credited_once_and_says_who_gave_it_and_why() -> None:
    with house() as one:
        one.settle()
        given = credit(one.app, "P1", minutes=60, reason=" the  site was down ", actor="Ada")
        assert given == "bottega-hours"
        one.settle()
        assert one.package() == (660, 0, 0, 660, 660)
        one.settle()
        assert one.package() == (660, 0, 0, 660, 660)
        with one.app.store.read() as tx:
            event = facts.events(tx, given, facts.PACKAGE_CHANGE)[0]
        assert (event.actor, event.cause, event.args) == (
            "Ada",
            "the site was down",
            {"kind": "credit", "minutes": 60},
        )
        assert one.findings() == ()


def test_7_goodwill_names_a_package_of_ours_and_has_a_reason() -> None:
    with house(town.mapping(bottega=town.bottega())) as one:
        with pytest.raises(ConfigurationError, match=r"no package 'P9': it has P1"):
            credit(one.app, "P9", minutes=60, reason="sorry", actor="admin")
        for minutes, reason in ((0, "sorry"), (60, "  ")):
            with pytest.raises(FindingsError, match="has a reason"):
                credit(one.app, "P1", minutes=minutes, reason=reason, actor="admin")
        one.settle()
        assert one.package()[0] == 600


def test_7_goodwill_to_a_package_that_expired_is_refused_with_the_one_to_credit_instead() -> None:
    ends = {"expires_on": "2026-10-20"}
    terms = town.quiet(packages=[{**town.PACKAGE, **ends}])
    with house(town.mapping(bottega=town.bottega(terms))) as one:
        one.go("2026-10-21 09:00")
        message = r"P1 expired on 2026-10-20, .* sell the next package"
        with pytest.raises(FindingsError, match=message):
            credit(one.app, "P1", minutes=60, reason="sorry", actor="Ada")
        second = {**town.PACKAGE, "id": "P2", "sold_on": "2026-10-15"}
        two = town.quiet(packages=[{**town.PACKAGE, **ends}, second])
        one.reopen(town.mapping(bottega=town.bottega(two)))
        with pytest.raises(FindingsError, match="credit P2 instead"):
            credit(one.app, "P1", minutes=60, reason="sorry", actor="Ada")
        with one.app.store.write() as tx:
            facts.add_event(
                tx, "bottega-hours", facts.HANDOVER, package_id="P2", at=one.app.clock.now()
            )
        with pytest.raises(FindingsError, match="P2 was handed over on 2026-10-21"):
            credit(one.app, "P2", minutes=60, reason="sorry", actor="Ada")
        with one.app.store.read() as tx:
            assert facts.events(tx, "bottega-hours", facts.PACKAGE_CHANGE) == []
