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

LOG_BY_PAGE = _document(
    "Log",
    """
    query Log(
      $board: [ID!]!, $items: [ID!], $from: ISO8601DateTime, $limit: Int!, $page: Int!
    ) {
      boards(ids: $board, limit: 1, state: all) {
        activity_logs(item_ids: $items, from: $from, limit: $limit, page: $page) {
          id event data created_at user_id
        }
      }
    }
    """,
)

LOG_BY_CURSOR = _document(
    "LogPage",
    """
    query LogPage(
      $board: [ID!]!, $items: [ID!], $events: [String!], $from: String, $limit: Int!,
      $cursor: String
    ) {
      boards(ids: $board, limit: 1, state: all) {
        activity_logs(
          item_ids: $items, event_types: $events, from: $from, limit: $limit, cursor: $cursor
        ) { cursor logs { id event data created_at user_id } }
      }
    }
    """,
)
"""The same from 2027-01 on (monday.md §2)."""

_PERSON = "fragment Somebody on User { id email name kind status }"

PEOPLE = _document(
    "People",
    """
    query People($ids: [ID!]!, $limit: Int!) {
      users(ids: $ids, status: [ACTIVE, PENDING, INACTIVE], limit: $limit) { ...Somebody }
    }
    """,
    _PERSON,
)

PEOPLE_BY_EMAIL = _document(
    "PeopleByEmail",
    """
    query PeopleByEmail($emails: [String!]!, $limit: Int!) {
      users(emails: $emails, limit: $limit) { ...Somebody }
    }
    """,
    _PERSON,
)

MEMBERS = _document(
    "Members",
    """
    query Members($board: [ID!]!) {
      boards(ids: $board, limit: 1) { owners { ...Somebody } subscribers { ...Somebody } }
    }
    """,
    _PERSON,
)

FIXED = (
    CREATE_UPDATE,
    EDIT_UPDATE,
    UPDATES,
    LOG_BY_PAGE,
    PEOPLE,
    PEOPLE_BY_EMAIL,
    MEMBERS,
)
"""All documents but those made for a number of items, for whoever validates them."""

CANDIDATES = (LOG_BY_CURSOR,)
"""The documents of the next version, which the pinned one does not take."""
