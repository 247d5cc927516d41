"""What the monday tests stand on: one board of each column type, and a way to ask."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from mondaybridge.sandbox.monday.api import MondayApi
from mondaybridge.sandbox.monday.data import MondayData
from mondaybridge.sandbox.monday.switches import Switches
from mondaybridge.sandbox.world import Clock, Fault, Request, Response, World

NOW = 1_790_856_000_000  # 2026-10-01T12:00:00Z
AT = "2026-10-01T12:00:00Z"
MINUTE = 60_000
BOARD = "200"
OTHER_BOARD = "201"

COLUMNS: list[dict[str, Any]] = [
    {
        "id": "status",
        "title": "Status",
        "type": "status",
        "settings": {
            "labels": [
                {"id": 1, "name": "Done", "is_done": True},
                {"id": 0, "name": "Working"},
                {"id": 108, "name": "Stuck"},
            ]
        },
    },
    {"id": "hours", "title": "Hours", "type": "numbers", "settings": {"unit": "h"}},
    {"id": "timer", "title": "Timer", "type": "time_tracking"},
    {"id": "who", "title": "Who", "type": "people"},
    {"id": "due", "title": "Due", "type": "date"},
    {"id": "approved", "title": "Approved", "type": "checkbox"},
    {
        "id": "areas",
        "title": "Areas",
        "type": "dropdown",
        "settings": {"labels": {"1": "Web", "2": "Print"}},
    },
    {"id": "mail", "title": "Mail", "type": "email"},
    {"id": "notes", "title": "Notes", "type": "long_text"},
    {"id": "invoice", "title": "Invoice", "type": "link"},
    {"id": "memo", "title": "Memo", "type": "text"},
    {"id": "total", "title": "Total", "type": "formula"},
    {"id": "related", "title": "Related", "type": "board_relation"},
    {
        "id": "shown",
        "title": "Shown",
        "type": "mirror",
        "settings": {"relation_column": "related", "linked_column": "hours"},
    },
    {"id": "files", "title": "Files", "type": "file"},
    {"id": "made", "title": "Made", "type": "creation_log"},
    {"id": "touched", "title": "Touched", "type": "last_updated"},
    {"id": "number", "title": "Number", "type": "item_id"},
    {"id": "phone", "title": "Phone", "type": "phone"},
    {"id": "old", "title": "Old", "type": "text", "archived": True},
]

GROUPS = [{"id": "topics", "title": "Topics"}, {"id": "later", "title": "Later"}]

USERS = [
    {"id": 100, "name": "Bridge", "email": "bridge@agency.example", "kind": "service"},
    {"id": 101, "name": "Avery Placeholder", "email": "avery@agency.example", "kind": "admin"},
    {"id": 102, "name": "Gia Guest", "email": "gia@client.example", "kind": "guest"},
]


def item(item_id: int, **fields: object) -> dict[str, Any]:
    """Describe an item of a data file."""
    return {"id": item_id, "name": f"Task {item_id}", "created_at": NOW - 86_400_000, **fields}


@dataclass
class Sandbox:
    """A stand-in with its clock, and the ways tests talk to it."""

    world: World
    api: MondayApi
    token: str = "token"
    headers: dict[str, str] = field(default_factory=dict)

    def post(self, query: str, variables: object = None, **headers: str) -> Response:
        """Send a document as it stands."""
        body = {"query": query} | ({} if variables is None else {"variables": variables})
        sent = {
            "authorization": self.token,
            "content-type": "application/json",
            **self.headers,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        return self.api.handle(Request("POST", "/v2", "", sent, msgspec.json.encode(body)))

    def upload(
        self, query: str, variables: dict[str, object], content: bytes, name: str = "copy.xlsx"
    ) -> dict[str, Any]:
        """Send a file as monday wants it and read the answer, whatever it says."""
        parts = {
            'name="query"': query.encode(),
            'name="variables"': msgspec.json.encode({**variables, "file": None}),
            'name="map"': b'{"0":["variables.file"]}',
            f'name="0"; filename="{name}"': content,
        }
        edge = "edge-of-a-part-7f3a"
        body = b"".join(
            f"--{edge}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + part + b"\r\n"
            for head, part in parts.items()
        )
        kind = f"multipart/form-data; boundary={edge}"
        sent = {"authorization": self.token, "content-type": kind}
        request = Request(
            "POST", "/v2/file", "", {**sent, **self.headers}, body + f"--{edge}--\r\n".encode()
        )
        answer: dict[str, Any] = msgspec.json.decode(self.api.handle(request).body)
        return answer

    def ask(self, query: str, variables: object = None, **headers: str) -> dict[str, Any]:
        """Send a document and read the answer, whatever it says."""
        answer: dict[str, Any] = msgspec.json.decode(self.post(query, variables, **headers).body)
        return answer

    def data(self, query: str, variables: object = None, **headers: str) -> dict[str, Any]:
        """Send a document that must succeed and return its data."""
        answer = self.ask(query, variables, **headers)
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    def refusal(self, query: str, variables: object = None) -> dict[str, Any]:
        """Send a document that must fail and return the extensions of its only error."""
        (error,) = self.ask(query, variables)["errors"]
        extensions: dict[str, Any] = error["extensions"]
        return extensions

    def cell(self, item_id: str, column: str, fields: str = "text value") -> dict[str, Any]:
        """Read one cell of an item."""
        query = f"""query ($i: [ID!], $c: [String!]) {{
          items(ids: $i) {{ column_values(ids: $c) {{ {fields} }} }}
        }}"""
        data = self.data(query, {"i": [item_id], "c": [column]})
        cell: dict[str, Any] = data["items"][0]["column_values"][0]
        return cell

    def write(self, item_id: str, **cells: object) -> dict[str, Any]:
        """Write cells with ``change_multiple_column_values`` and return the whole answer."""
        return self.write_on(BOARD, item_id, cells)

    def write_on(self, board: str, item_id: str, cells: dict[str, object]) -> dict[str, Any]:
        """Write cells of an item that is said to be on a board."""
        return self.ask(WRITE, {"b": board, "i": item_id, "v": msgspec.json.encode(cells).decode()})

    def updated_at(self, item_id: str) -> str:
        """Read when an item changed last."""
        items = self.data("query ($i: [ID!]) { items(ids: $i) { updated_at } }", {"i": [item_id]})
        return str(items["items"][0]["updated_at"])

    def subscribe(self, event: str, config: object = None, board: str = BOARD) -> dict[str, Any]:
        """Create a webhook and return the whole answer."""
        variables = {"b": board, "e": event, "c": msgspec.json.encode(config).decode()}
        return self.ask(SUBSCRIBE, variables)

    def events(self) -> list[dict[str, Any]]:
        """Take all deliveries that wait and return their events."""
        events = [msgspec.json.decode(one.body)["event"] for one in self.world.deliveries]
        self.world.deliveries.clear()
        return events

    def plan(self, kind: str, match: str = "", times: int = 1, **options: object) -> None:
        """Plan a fault."""
        self.world.faults.append(Fault("monday", kind, match, times, dict(options)))


WRITE = """mutation ($b: ID!, $i: ID!, $v: JSON!) {
  change_multiple_column_values(board_id: $b, item_id: $i, column_values: $v) { id updated_at }
}"""

SUBSCRIBE = """mutation ($b: ID!, $e: WebhookEventType!, $c: JSON) {
  create_webhook(board_id: $b, url: "http://127.0.0.1:9/hooks", event: $e, config: $c) {
    id board_id event config
  }
}"""


def sandbox(*items: dict[str, Any], switches: Switches | None = None, **account: object) -> Sandbox:
    """Build an account with one board of every column type and one small other board."""
    small = [{"id": "hours", "title": "Hours", "type": "numbers"}]
    boards = [
        {"id": BOARD, "name": "Jobs", "columns": COLUMNS, "groups": GROUPS, "items": list(items)},
        {"id": OTHER_BOARD, "name": "Other", "columns": small, "groups": GROUPS},
    ]
    data = MondayData.model_validate({"account": account, "users": USERS, "boards": boards})
    world = World(Clock(NOW), seed=7)
    return Sandbox(world, MondayApi(world, data, switches=switches))
