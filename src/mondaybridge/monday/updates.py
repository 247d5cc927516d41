"""Comments of ours on an item: said once, corrected in place, found again (monday.md §7).

The text is plain; it becomes HTML here, and nothing in it can become markup or a mention.
"""

import html
from enum import Enum

import msgspec

from mondaybridge.monday import acting_queries
from mondaybridge.monday.client import MondayClient
from mondaybridge.monday.errors import Refused, ServerFault
from mondaybridge.monday.found import only

PAGES = 20  # of a look: an item with more updates of others is not searched further
GONE = ("InvalidUpdateId", "ResourceNotFound", "UserUnauthorized")


class Edited(Enum):
    """What became of a correction; one that is gone, or not ours any more, is said anew."""

    DONE = "done"
    GONE = "gone"


def post(client: MondayClient, item_id: str, body: str, key: str) -> str:
    """Say something on an item, once; return the update's id.

    It is sent once: after an unknown answer ``find`` it before the same key is sent again.
    """
    variables: dict[str, object] = {"item": item_id, "body": markup(body)}
    answer = client.execute(
        acting_queries.CREATE_UPDATE, variables, _Said, idempotency_key=key, repeatable=False
    )
    return answer.create_update.id


def edit(client: MondayClient, update_id: str, body: str) -> Edited:
    """Give an update another text; repeating it changes nothing."""
    variables: dict[str, object] = {"update": update_id, "body": markup(body)}
    try:
        client.execute(acting_queries.EDIT_UPDATE, variables, _Corrected)
    except Refused as refusal:
        if any(fault.code.startswith(GONE) for fault in refusal.faults):
            return Edited.GONE
        raise
    return Edited.DONE


def find(client: MondayClient, item_id: str, marker: str) -> str | None:
    """Return the newest update on an item that this user wrote and that holds the marker.

    Raises:
        TryLater: when the item's updates cannot be seen; saying it again could say it twice.
    """
    for page in range(1, PAGES + 1):
        me, updates = _page(client, item_id, page)
        for one in updates:
            if one.creator_id == me and marker in html.unescape(one.body):
                return one.id
        if len(updates) < acting_queries.UPDATES_PAGE:
            break
    return None


def markup(text: str) -> str:
    """Return plain text as an update's HTML: a blank line parts paragraphs."""
    paragraphs = [part.strip() for part in text.split("\n\n") if part.strip()]
    return "".join(f"<p>{_escaped(part)}</p>" for part in paragraphs)


def _escaped(text: str) -> str:
    """Escape markup and the sign that could mention somebody (monday.md §7)."""
    return html.escape(text).replace("@", "&#64;").replace("\n", "<br>")


class _Id(msgspec.Struct, frozen=True):
    id: str


class _Said(msgspec.Struct, frozen=True):
    create_update: _Id


class _Corrected(msgspec.Struct, frozen=True):
    edit_update: _Id


class _Update(msgspec.Struct, frozen=True):
    id: str
    body: str
    creator_id: str | None = None


class _Item(msgspec.Struct, frozen=True):
    updates: list[_Update | None] | None


class _Found(msgspec.Struct, frozen=True):
    me: _Id
    items: list[_Item | None] | None


def _page(client: MondayClient, item_id: str, page: int) -> tuple[str, list[_Update]]:
    variables: dict[str, object] = {
        "item": [item_id],
        "limit": acting_queries.UPDATES_PAGE,
        "page": page,
    }
    answer = client.execute(acting_queries.UPDATES, variables, _Found)
    updates = only(answer.items, f"item {item_id}").updates
    if updates is None:
        raise ServerFault(f"monday does not show the updates of item {item_id}")
    return answer.me.id, [one for one in updates if one is not None]
