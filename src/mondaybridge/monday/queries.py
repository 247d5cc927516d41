"""Every document that is sent to monday, parsed once; ids travel as variables (monday.md §4, §7).

Only mapped columns are asked for, ``value`` only of numbers (their text may be formatted) and of
dates (it alone says a time in UTC); pages are ordered by creation, which no edit moves. What
subitems hold of time comes with their row, in no call of its own; which of their numbers is time,
its column's title tells.
"""

from dataclasses import dataclass, field
from functools import cache

from gql import GraphQLRequest, gql

BATCH = 10  # mutations in one request (monday.md §7)


@dataclass(frozen=True, slots=True)
class Document:
    """One operation: its name, its text as sent, and gql's parse of it."""

    name: str
    text: str
    parsed: GraphQLRequest = field(compare=False, repr=False)

    def asked(self, variables: dict[str, object]) -> GraphQLRequest:
        """Return the request that asks this with these variables."""
        return GraphQLRequest(self.parsed, variable_values=variables, operation_name=self.name)


def _document(name: str, *parts: str) -> Document:
    text = "\n".join(" ".join(part.split()) for part in parts)
    return Document(name, text, gql(text))


_ROW = """
fragment Row on Item {
  id name state created_at updated_at
  column_values(ids: $columns) {
    id type text
    ... on StatusValue { index updated_at }
    ... on NumbersValue { value column { title } }
    ... on DateValue { date time value }
    ... on CheckboxValue { checked }
    ... on DropdownValue { values { id label } }
    ... on EmailValue { email label }
    ... on LinkValue { url url_text }
    ... on BoardRelationValue { linked_item_ids }
    ... on FileValue { files { ... on FileAssetValue { name } } }
    ... on TimeTrackingValue {
      running duration column { title } history { id started_at ended_at started_user_id }
    }
  }
  subitems {
    id name
    column_values(types: [numbers, time_tracking]) {
      id type text
      ... on NumbersValue { value column { title } }
      ... on TimeTrackingValue { running duration }
    }
  }
}
"""

_SHAPE = """
fragment Shape on Board { id name state columns { id title type archived settings } }
"""

_OWN = """
fragment Own on Item {
  id name updated_at
  column_values(ids: $columns) {
    id type text
    ... on StatusValue { index }
    ... on NumbersValue { value }
    ... on DateValue { date time }
    ... on LinkValue { url url_text }
  }
}
"""

FIRST_PAGE = _document(
    "FirstPage",
    """
    query FirstPage($board: [ID!]!, $columns: [String!], $limit: Int!) {
      boards(ids: $board, limit: 1, state: all) {
        ...Shape
        items_page(
          limit: $limit
          query_params: {order_by: [{column_id: "__creation_log__", direction: asc}]}
        ) { cursor items { ...Row } }
      }
    }
    """,
    _SHAPE,
    _ROW,
)

NEXT_PAGE = _document(
    "NextPage",
    """
    query NextPage($cursor: String!, $columns: [String!], $limit: Int!) {
      next_items_page(cursor: $cursor, limit: $limit) { cursor items { ...Row } }
    }
    """,
    _ROW,
)

BOARD = _document(
    "BoardShape",
    """
    query BoardShape($board: [ID!]!) {
      boards(ids: $board, limit: 1, state: all) { ...Shape }
    }
    """,
    _SHAPE,
)

ITEMS = _document(
    "Items",
    """
    query Items($ids: [ID!]!, $columns: [String!]) {
      items(ids: $ids, limit: 100, exclude_nonactive: false) { ...Row board { id } }
    }
    """,
    _ROW,
)

ME = _document("Me", "query Me { me { id account { id slug } } }")

WEBHOOKS = _document(
    "Webhooks",
    "query Webhooks($board: ID!) { webhooks(board_id: $board) { id event board_id } }",
)

SUBSCRIBE = _document(
    "Subscribe",
    """
    mutation Subscribe($board: ID!, $url: String!, $event: WebhookEventType!) {
      create_webhook(board_id: $board, url: $url, event: $event) { id event board_id }
    }
    """,
)

UNSUBSCRIBE = _document(
    "Unsubscribe", "mutation Unsubscribe($id: ID!) { delete_webhook(id: $id) { id } }"
)


@cache
def write_cells(items: int) -> Document:
    """Return the mutation that writes cells of so many items, aliased ``a0``, ``a1`` and so on.

    Raises:
        ValueError: for no item or more than a request takes.
    """
    if not 1 <= items <= BATCH:
        raise ValueError(f"{items} items in one request: 1 to {BATCH} can be written")
    numbers = range(items)
    declared = " ".join(f"$i{n}: ID! $v{n}: JSON!" for n in numbers)
    writes = " ".join(
        f"a{n}: change_multiple_column_values(board_id: $board, item_id: $i{n},"
        f" column_values: $v{n}, create_labels_if_missing: false) {{ ...Own }}"
        for n in numbers
    )
    head = f"mutation WriteCells($board: ID!, $columns: [String!], {declared})"
    return _document("WriteCells", f"{head} {{ {writes} }}", _OWN)


FIXED = (FIRST_PAGE, NEXT_PAGE, BOARD, ITEMS, ME, WEBHOOKS, SUBSCRIBE, UNSUBSCRIBE)
"""All documents but the batches, for whoever validates them."""
