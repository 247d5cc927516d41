"""Subscriptions of a board: list, create, delete (monday.md §6).

monday never shows a subscription's address again: whoever creates one remembers id and address.
"""

import msgspec

from mondaybridge.monday import queries
from mondaybridge.monday.client import MondayClient

EVENTS = (
    "create_item",
    "change_column_value",
    "change_name",
    "item_archived",
    "item_deleted",
    "item_restored",
    "item_moved_to_any_group",
)
"""What a board must tell for its rows to be read soon; the sweep finds the rest (monday.md §6)."""

URL_LENGTH = 255


class Subscription(msgspec.Struct, frozen=True):
    """One webhook of a board, whoever made it."""

    id: str
    event: str
    board_id: str = ""


def subscriptions(client: MondayClient, board_id: str) -> list[Subscription]:
    """List a board's webhooks."""
    answer = client.execute(queries.WEBHOOKS, {"board": board_id}, _Listed)
    return [one for one in answer.webhooks or () if one is not None]


def subscribe(client: MondayClient, board_id: str, url: str, event: str) -> Subscription:
    """Create a webhook; monday asks the address for its challenge before it answers.

    It is sent once: after ``TryLater`` list again, since a second one would double each hint.

    Raises:
        ValueError: for an address that monday would refuse as too long.
    """
    if len(url) > URL_LENGTH:
        raise ValueError(f"the webhook's address has more than {URL_LENGTH} characters")
    variables: dict[str, object] = {"board": board_id, "url": url, "event": event}
    answer = client.execute(queries.SUBSCRIBE, variables, _Created, repeatable=False)
    return answer.create_webhook


def unsubscribe(client: MondayClient, subscription_id: str) -> None:
    """Delete a webhook."""
    client.execute(queries.UNSUBSCRIBE, {"id": subscription_id}, _Deleted)


class _Listed(msgspec.Struct, frozen=True):
    webhooks: list[Subscription | None] | None


class _Created(msgspec.Struct, frozen=True):
    create_webhook: Subscription


class _Deleted(msgspec.Struct, frozen=True):
    delete_webhook: object
