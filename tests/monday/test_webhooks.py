"""Subscriptions: listed, made, taken away; and what they then deliver is understood."""

import pytest

from mondaybook import BOARD, account, item
from mondaybridge.domain.activity import Hint
from mondaybridge.errors import TryLater, UpstreamError
from mondaybridge.monday.hooks import read_body
from mondaybridge.monday.webhooks import (
    EVENTS,
    Subscription,
    subscribe,
    subscriptions,
    unsubscribe,
)

URL = "https://bridge.example/hooks/monday/secret"


def test_a_board_is_subscribed_and_unsubscribed() -> None:
    here = account(item(1))
    made = [subscribe(here.client, BOARD, URL, event) for event in EVENTS]
    assert subscriptions(here.client, BOARD) == made
    assert made[0] == Subscription(made[0].id, "create_item", BOARD)
    unsubscribe(here.client, made[0].id)
    assert subscriptions(here.client, BOARD) == made[1:]


def test_a_subscription_is_never_asked_for_twice() -> None:
    here = account()
    here.plan("drop_answer")
    with pytest.raises(TryLater):
        subscribe(here.client, BOARD, URL, "create_item")
    assert here.asked == ["Subscribe"]
    assert [one.event for one in subscriptions(here.client, BOARD)] == ["create_item"]


def test_what_monday_refuses_is_said() -> None:
    here = account()
    with pytest.raises(UpstreamError, match="InvalidBoardIdException"):
        subscribe(here.client, "4711", URL, "create_item")
    with pytest.raises(ValueError, match="more than 255"):
        subscribe(here.client, BOARD, URL + "x" * 255, "create_item")


def test_each_subscribed_event_becomes_a_hint_on_its_item() -> None:
    here = account(item(1))
    for event in EVENTS:
        subscribe(here.client, BOARD, URL, event)
    people = here.api.humans
    people.edit_cell(item="1", column="estimate", value="2")
    people.rename_item(item="1", name="Other")
    people.archive_item(item="1")
    people.restore_item(item="1")
    people.delete_item(item="1")
    made = people.create_item(board=BOARD, name="New")
    hints = [read_body(one.body, now=5) for one in here.world.deliveries]
    assert hints == [Hint(BOARD, "1", 5)] * 5 + [Hint(BOARD, made, 5)]
