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

DUPLICATE = _document(
    "Duplicate",
    """
    mutation Duplicate($board: ID!, $name: String!) {
      duplicate_board(
        board_id: $board, duplicate_type: duplicate_board_with_pulses, board_name: $name
        keep_subscribers: false
      ) { is_async board { id } }
    }
    """,
)

BOARDS_BY_NAME = _document(
    "BoardsByName",
    """
    query BoardsByName($limit: Int!, $page: Int!) {
      me { id }
      boards(limit: $limit, page: $page, order_by: created_at) { id name creator { id } }
    }
    """,
)

READINESS = _document(
    "Readiness",
    """
    query Readiness($board: [ID!]!) {
      boards(ids: $board, limit: 1) {
        id name state items_count groups { id } columns { id title type archived settings }
      }
    }
    """,
)

RENAME_BOARD = _document(
    "RenameBoard",
    """
    mutation RenameBoard($board: ID!, $name: String!) {
      update_board(board_id: $board, board_attribute: name, new_value: $name)
    }
    """,
)

ARCHIVE_BOARD = _document(
    "ArchiveBoard",
    "mutation ArchiveBoard($board: ID!) { archive_board(board_id: $board) { id state } }",
)

LOCK_BOARD = _document(
    "LockBoard",
    """
    mutation LockBoard($board: ID!) {
      set_board_permission(board_id: $board, basic_role_name: viewer) {
        edit_permissions failed_actions
      }
    }
    """,
)

INVITE = _document(
    "Invite",
    """
    mutation Invite($emails: [String!]!) {
      invite_users(emails: $emails, user_role: GUEST) {
        invited_users { id } errors { email message code }
      }
    }
    """,
)

ADD_TO_BOARD = _document(
    "AddToBoard",
    """
    mutation AddToBoard($board: ID!, $users: [ID!]!) {
      add_users_to_board(board_id: $board, user_ids: $users, kind: subscriber) { id }
    }
    """,
)

BOARD_ADDRESS = _document(
    "BoardAddress",
    """
    query BoardAddress($board: [ID!]!) { boards(ids: $board, limit: 1, state: all) { url } }
    """,
)

CREATE_ITEM = _document(
    "CreateItem",
    """
    mutation CreateItem($board: ID!, $name: String!) {
      create_item(board_id: $board, item_name: $name) { id }
    }
    """,
)

ATTACH = _document(
    "Attach",
    """
    mutation Attach($update: ID!, $file: File!) {
      add_file_to_update(update_id: $update, file: $file) { id }
    }
    """,
)

ATTACHMENTS = _document(
    "Attachments",
    """
    query Attachments($update: [ID!]!) {
      updates(ids: $update, limit: 1) { assets { id name file_size } }
    }
    """,
)

FIXED = (
    CREATE_UPDATE,
    EDIT_UPDATE,
    UPDATES,
    LOG_BY_PAGE,
    PEOPLE,
    PEOPLE_BY_EMAIL,
    MEMBERS,
    DUPLICATE,
    BOARDS_BY_NAME,
    READINESS,
    RENAME_BOARD,
    ARCHIVE_BOARD,
    LOCK_BOARD,
    INVITE,
    ADD_TO_BOARD,
    BOARD_ADDRESS,
    CREATE_ITEM,
    ATTACH,
    ATTACHMENTS,
)
"""All documents but those made for a number of items, for whoever validates them."""

CANDIDATES = (LOG_BY_CURSOR,)
"""The documents of the next version, which the pinned one does not take."""
