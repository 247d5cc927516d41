"""Every document by which the bridge acts or looks whether it did; the rest is in ``queries.py``.

Ids and texts travel as variables. A write that makes something new is sent under the caller's
idempotency key, which monday honours for thirty minutes (monday.md §3).
"""

from gql import gql

from mondaybridge.monday.queries import Document

UPDATES_PAGE = 100  # updates of one item in a look


def _document(name: str, *parts: str) -> Document:
    text = "\n".join(" ".join(part.split()) for part in parts)
    return Document(name, text, gql(text))


CREATE_UPDATE = _document(
    "Say",
    """
    mutation Say($item: ID!, $body: String!) {
      create_update(item_id: $item, body: $body) { id }
    }
    """,
)

EDIT_UPDATE = _document(
    "Correct",
    """
    mutation Correct($update: ID!, $body: String!) {
      edit_update(id: $update, body: $body) { id }
    }
    """,
)

UPDATES = _document(
    "Said",
    """
    query Said($item: [ID!]!, $limit: Int!, $page: Int!) {
      me { id }
      items(ids: $item, limit: 1, exclude_nonactive: false) {
        updates(limit: $limit, page: $page) { id creator_id body }
      }
    }
    """,
)

FIXED = (CREATE_UPDATE, EDIT_UPDATE, UPDATES)
"""All documents but those made for a number of items, for whoever validates them."""
