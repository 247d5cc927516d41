"""Subscriptions are a state that is brought about: missing ones made, stale ones removed."""

import pytest

from mondaybridge.errors import ConfigurationError, CredentialsError
from mondaybridge.monday.webhooks import EVENTS, subscriptions, unsubscribe
from mondaybridge.store import webhooks
from mondaybridge.workflows.webhooks import Installed, install, remove
from stories import town
from stories.house import House, house

HERE, THERE = "https://here.example", "https://there.example"
ALL = len(EVENTS)
SECRET = {"MONDAYBRIDGE_MONDAY__HOOK_SECRET": "secret-of-this-test-0123456789-0123456789"}


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRET.items():
        monkeypatch.setenv(name, value)


def alive(one: House, board: str = town.HOURS) -> int:
    return len(subscriptions(one.app.monday, board))


def reachable(one: House) -> None:
    """Let every address answer monday's challenge, as a receiver does."""
    one.sandbox.monday.handshake = lambda _, body: body


def test_what_is_missing_is_made_once() -> None:
    with house() as one:
        reachable(one)
        assert install(one.app, HERE) == [
            Installed(town.HOURS, 0, ALL, 0),
            Installed(town.TEA, 0, ALL, 0),
        ]
        assert install(one.app, HERE) == [
            Installed(town.HOURS, ALL, 0, 0),
            Installed(town.TEA, ALL, 0, 0),
        ]
        assert alive(one) == ALL


def test_another_address_takes_the_place_of_the_old_one() -> None:
    with house() as one:
        reachable(one)
        install(one.app, HERE)
        assert install(one.app, THERE)[0] == Installed(town.HOURS, 0, ALL, ALL)
        assert alive(one) == ALL
        assert remove(one.app) == 2 * ALL
        assert alive(one) == 0
        with one.app.store.read() as tx:
            assert webhooks.known(tx) == []


def test_a_subscription_that_monday_lost_is_made_again() -> None:
    with house() as one:
        reachable(one)
        install(one.app, HERE)
        lost = subscriptions(one.app.monday, town.HOURS)[0]
        unsubscribe(one.app.monday, lost.id)
        assert install(one.app, HERE)[0] == Installed(town.HOURS, ALL - 1, 1, 1)
        assert alive(one) == ALL


def test_an_address_is_needed() -> None:
    with house() as one:
        for address in ("", "here.example"):
            with pytest.raises(ConfigurationError, match="MONDAYBRIDGE_PUBLIC_URL must be"):
                install(one.app, address)


def test_a_secret_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MONDAYBRIDGE_MONDAY__HOOK_SECRET")
    with house() as one, pytest.raises(CredentialsError, match="HOOK_SECRET is not set"):
        install(one.app, HERE)


def test_a_secret_that_can_be_guessed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONDAYBRIDGE_MONDAY__HOOK_SECRET", "short")
    with house() as one, pytest.raises(CredentialsError, match="has 5 characters"):
        install(one.app, "https://bridge.test")
