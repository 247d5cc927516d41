"""Goodwill for a package: an event, then one entry (ledger 7)."""

import pytest

from mondaybridge.errors import FindingsError
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
        with pytest.raises(FindingsError, match=r"no package P9 .* there are: P1"):
            credit(one.app, "P9", minutes=60, reason="sorry", actor="admin")
        for minutes, reason in ((0, "sorry"), (60, "  ")):
            with pytest.raises(FindingsError, match="has a reason"):
                credit(one.app, "P1", minutes=minutes, reason=reason, actor="admin")
        one.settle()
        assert one.package()[0] == 600
