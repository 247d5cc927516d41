"""A database belongs to one account of monday's and one of Stripe's, in one mode (P29, O7)."""

import pytest

from mondaybridge.app import build
from mondaybridge.errors import ConfigurationError
from mondaybridge.mapping.load import load
from mondaybridge.sandbox.server import transport
from mondaybridge.sandbox.world import Request, Response
from mondaybridge.settings import Settings
from mondaybridge.store import peer
from mondaybridge.store.peer import Peer
from mondaybridge.workflows import binding
from mondaybridge.workflows.start import start
from stories.house import LONDON, House, house

KEY_LIVE = "rk_" + "live_x"


def bound(one: House, service: str) -> Peer | None:
    with one.app.store.read() as tx:
        return peer.find(tx, service)


def asked(one: House) -> int:
    """Return how often Stripe was asked for its account."""
    return one.calls["look stripe /v1/account"]


class Counting(House):
    """A house that counts what Stripe is asked by path."""

    def _stripe(self, request: Request) -> Response:
        word = "look" if request.method == "GET" else "write"
        self.calls[f"{word} stripe {request.path}"] += 1
        return super()._stripe(request)


def keyed(one: House, key: str) -> None:
    """Start with another key on the same database."""
    one.app.close()
    settings = one.settings().model_dump()
    settings["stripe"]["api_key"] = key
    one.app = build(
        Settings.model_validate(settings),
        clock=one.clock,
        mapping=load(one.folder / "mappings.yaml"),
        monday_transport=transport(one._monday),
        stripe_transport=transport(one._stripe),
    )


def test_P29_accounts_are_bound_at_first_contact_and_asked_for_once_a_process() -> None:
    with house(zone=LONDON, kind=Counting) as one:
        now = one.clock.now()
        assert bound(one, peer.STRIPE) is None
        assert asked(one) == 0
        monday = bound(one, peer.MONDAY)
        assert monday == Peer("monday", monday.account_id if monday else "", True, now, "", now)
        one.settle()
        one.sweep()
        met = Peer("stripe", "acct_InventedAgency", False, now, "", now)
        assert (bound(one, peer.STRIPE), asked(one)) == (met, 1)
        one.reopen()
        one.preview("2026-10", "tea")
        assert (bound(one, peer.STRIPE), asked(one)) == (met, 2)


def test_P29_another_account_stops_before_any_call_that_writes() -> None:
    with house(zone=LONDON, kind=Counting) as one:
        one.settle()
        one.sandbox.stripe.account.identifier = "acct_Other"
        one.reopen()
        before = sum(n for name, n in one.calls.items() if name.startswith("write stripe"))
        with pytest.raises(ConfigurationError, match=r"account acct_Other in test mode, but this"):
            one.preview("2026-10", "tea")
        with pytest.raises(ConfigurationError, match="MONDAYBRIDGE_DATABASE_URL to another"):
            binding.meet_stripe(one.app)
        after = sum(n for name, n in one.calls.items() if name.startswith("write stripe"))
        assert after == before
        one.sandbox.stripe.account.identifier = "acct_InventedAgency"
        one.preview("2026-10", "tea")


def test_P29_a_live_key_never_meets_a_test_database_and_the_reverse() -> None:
    with house(zone=LONDON, kind=Counting) as one:
        one.settle()
        looks = asked(one)
        keyed(one, KEY_LIVE)
        with pytest.raises(ConfigurationError, match="live mode, but this database belongs to"):
            start(one.app)
        with pytest.raises(ConfigurationError, match="in live mode"):
            one.preview("2026-10", "tea")
        assert asked(one) == looks + 1
    with house(zone=LONDON, kind=Counting) as one:
        keyed(one, KEY_LIVE)
        binding.meet_stripe(one.app)
        keyed(one, "sk_test_x")
        with pytest.raises(ConfigurationError, match="in test mode, but this database belongs to"):
            start(one.app)


def test_P29_another_account_of_monday_of_the_same_name_is_refused() -> None:
    with house(zone=LONDON) as one:
        found = bound(one, peer.MONDAY)
        assert found is not None
        with pytest.raises(ConfigurationError, match="monday's account 1"):
            binding.bind_monday(one.app, "1" + found.account_id)


def test_P29_an_address_that_does_not_tell_its_account_binds_the_mode_alone() -> None:
    with house(zone=LONDON) as one:
        with one.app.store.write() as tx:
            peer.bind(tx, Peer("stripe", "", False), 1)
            peer.bind(tx, Peer("stripe", "acct_1", False), 2)
            assert peer.find(tx, "stripe") == Peer("stripe", "acct_1", False, 1, "", 1)
            with pytest.raises(ConfigurationError, match="an account without a name in test mode"):
                peer.bind(tx, Peer("stripe", "", False), 3)
        one.sandbox.stripe.account.identifier = "acct_1"
        one.settle()
        assert bound(one, "stripe") is not None


def test_where_stripe_cannot_answer_at_the_start_the_first_call_asks_again() -> None:
    with house(zone=LONDON) as one:
        one.fault("stripe", "drop_request", "/v1/account", 6)
        binding.meet_stripe(one.app)
        assert bound(one, "stripe") is None
        one.settle()
        assert bound(one, "stripe") is not None
