"""monday.md §7: files below updates and in cells: sent as multipart, read, fetched, limited."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaybridge.sandbox.monday.switches import Switches
from mondaybridge.sandbox.world import Request
from sandbox.build_monday import AT, BOARD, NOW, Sandbox, item, sandbox

TO_UPDATE = """mutation ($u: ID!, $file: File!) {
  add_file_to_update(update_id: $u, file: $file) { id name } }"""
TO_COLUMN = """mutation ($i: ID!, $c: String!, $file: File!) {
  add_file_to_column(item_id: $i, column_id: $c, file: $file) { id url } }"""
CONTENT = b"PK\x03\x04 \r\n--x not the end\r\r\n\n\xff" + bytes(range(256))


def code(answer: dict[str, Any]) -> str:
    return str(answer["errors"][0]["extensions"]["code"])


def to_update(box: Sandbox, content: bytes = CONTENT, name: str = "copy.xlsx") -> dict[str, Any]:
    update = box.api.humans.comment(item="1", body="<p>See the copy</p>")
    answer = box.upload(TO_UPDATE, {"u": update}, content, name)
    made: dict[str, Any] = answer["data"]["add_file_to_update"]
    return made


def to_column(box: Sandbox, content: bytes = b"x", name: str = "copy.xlsx") -> dict[str, Any]:
    answer = box.upload(TO_COLUMN, {"i": "1", "c": "files"}, content, name)
    assert "errors" not in answer, answer
    made: dict[str, Any] = answer["data"]["add_file_to_column"]
    return made


def test_a_file_hangs_below_its_update() -> None:
    box = sandbox(item(1))
    made = to_update(box)
    query = """{ items(ids: [1]) { updates { assets {
      id name file_size file_extension created_at uploaded_by { id } url public_url } } } }"""
    (update,) = box.data(query)["items"][0]["updates"]
    (shown,) = update["assets"]
    public = shown.pop("public_url")
    assert shown == {
        "id": made["id"],
        "name": "copy.xlsx",
        "file_size": len(CONTENT),
        "file_extension": ".xlsx",
        "created_at": AT,
        "uploaded_by": {"id": "100"},
        "url": f"https://invented-agency.monday.com/protected_static/9000001/resources/"
        f"{made['id']}/copy.xlsx",
    }
    path, _, query = public.removeprefix("http://files.invalid").partition("?")
    fetched = box.api.handle(Request("GET", path, query))
    assert fetched.body == CONTENT
    assert box.api.state.assets[made["id"]].content == fetched.body


@given(content=st.binary(), name=st.text("aàß 好.-_()", min_size=1))
def test_every_byte_and_name_arrives(content: bytes, name: str) -> None:
    box = sandbox(item(1))
    made = to_column(box, content, f"a{name}x")
    kept = box.api.state.assets[made["id"]]
    assert (kept.content, kept.name) == (content, f"a{name}x")
    query = "query ($i: [ID!]!) { assets(ids: $i) { public_url } }"
    public = box.data(query, {"i": [made["id"]]})["assets"][0]["public_url"]
    path, _, query = public.removeprefix("http://files.invalid").partition("?")
    assert box.api.handle(Request("GET", path, query)).body == content


def test_a_file_stands_in_its_cell() -> None:
    box = sandbox(item(1))
    box.subscribe("change_column_value")
    first, second = to_column(box), to_column(box, b"\x89PNG", "C:\\pictures\\plan.png")
    fields = """text value ... on FileValue { files { ... on FileAssetValue {
      name asset_id is_image asset { id file_size } } } }"""
    cell = box.cell("1", "files", fields)
    assert cell["text"] == f"{first['url']}, {second['url']}"
    assert cell["files"] == [
        {
            "name": "copy.xlsx",
            "asset_id": first["id"],
            "is_image": False,
            "asset": {"id": first["id"], "file_size": 1},
        },
        {
            "name": "plan.png",
            "asset_id": second["id"],
            "is_image": True,
            "asset": {"id": second["id"], "file_size": 4},
        },
    ]
    shown = {"name": "plan.png", "assetId": int(second["id"]), "isImage": "true"}
    shown |= {"fileType": "ASSET", "createdAt": NOW, "createdBy": "100"}
    assert msgspec.json.decode(cell["value"])["files"][1] == shown
    assert [event["value"]["files"][-1]["name"] for event in box.events()] == [
        "copy.xlsx",
        "plan.png",
    ]
    rows = [(row.event, row.column_id, row.user_id) for row in box.api.state.logs[BOARD]]
    assert rows == [("update_column_value", "files", "100")] * 2
    box.write("1", files={"clear_all": True})
    assert box.cell("1", "files") == {"text": "", "value": None}


@pytest.mark.parametrize("included", [True, False])
def test_assets_of_an_item(included: bool) -> None:  # noqa: FBT001 - a switch's position
    box = sandbox(item(1), switches=Switches(item_assets_include_updates=included))
    said, put = to_update(box)["id"], to_column(box)["id"]
    query = """{ items(ids: [1]) { assets { id }
      columns: assets(assets_source: columns) { id }
      gallery: assets(assets_source: gallery) { id }
      one: assets(column_ids: ["files"]) { id } } }"""
    (shown,) = box.data(query)["items"]
    below = [{"id": said}] if included else []
    assert shown == {
        "assets": [{"id": put}, *below],
        "columns": [{"id": put}],
        "gallery": below,
        "one": [{"id": put}],
    }
    assert box.data("{ items(ids: [1]) { assets { id } } }", api_version="2026-01") == {
        "items": [{"assets": [{"id": put}]}]
    }


def test_assets_are_read_by_id() -> None:
    box = sandbox(item(1))
    made = to_column(box)["id"]
    query = "query ($i: [ID!]!) { assets(ids: $i) { name } }"
    assert box.data(query, {"i": ["9", made]}) == {"assets": [None, {"name": "copy.xlsx"}]}
    box.api.state.boards[BOARD].subscriber_ids = ["101"]
    box.token = "guest-102"
    assert box.data(query, {"i": [made]}) == {"assets": [None]}


def test_a_public_address_lives_an_hour() -> None:
    box = sandbox(item(1))
    made = to_column(box)["id"]
    query = "query ($i: [ID!]!) { assets(ids: $i) { public_url } }"
    public = box.data(query, {"i": [made]}, host="here.example")["assets"][0]["public_url"]
    assert public.startswith(
        f"http://here.example/files/{made}/copy.xlsx?expires={NOW + 3_600_000}"
    )
    path, _, query = public.removeprefix("http://here.example").partition("?")

    def status(path: str, query: str) -> int:
        return box.api.handle(Request("GET", path, query)).status

    assert status(path, query) == 200
    assert status(path, query.replace(str(NOW + 3_600_000), str(NOW + 9_000_000))) == 403
    assert status(path, "") == 403
    assert status("/files/9/copy.xlsx", query) == 404
    box.world.clock.advance(3_600_001)
    assert status(path, query) == 403


def test_a_file_may_be_too_large() -> None:
    box = sandbox(item(1), switches=Switches(largest_file=3))
    assert to_column(box, b"xxx")
    answer = box.upload(TO_COLUMN, {"i": "1", "c": "files"}, b"xxxx")
    assert code(answer) == "FileSizeLimitException"
    assert len(box.api.state.assets) == 1


@pytest.mark.parametrize(
    ("query", "variables", "expected"),
    [
        (TO_UPDATE, {"u": "9"}, "InvalidUpdateIdException"),
        (TO_COLUMN, {"i": "9", "c": "files"}, "InvalidItemIdException"),
        (TO_COLUMN, {"i": "1", "c": "nope"}, "InvalidColumnIdException"),
        (TO_COLUMN, {"i": "1", "c": "memo"}, "InvalidColumnTypeException"),
    ],
)
def test_where_no_file_can_go(query: str, variables: dict[str, object], expected: str) -> None:
    box = sandbox(item(1))
    assert code(box.upload(query, variables, b"x")) == expected
    assert box.api.state.assets == {}


def test_a_file_is_uploaded_once_under_one_key() -> None:
    box = sandbox(item(1))
    box.headers = {"idempotency-key": "k"}
    assert to_column(box) == to_column(box)
    assert len(box.api.state.assets) == 1


@pytest.mark.parametrize("form", ['{"0":"variables.file"}', '{"0":["variables.file"]}', None])
def test_the_forms_of_other_clients(form: str | None) -> None:
    box = sandbox(item(1))
    name = "0" if form else "variables[file]"
    parts = [("query", None, TO_COLUMN.replace("$i: ID!, $c: String!, ", "")), (name, "a.txt", "x")]
    parts += [("map", None, form)] if form else []
    body = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{key}"'
        + (f'; filename="{file}"\r\nContent-Type: text/plain' if file else "")
        + f"\r\n\r\n{text.replace('$i', '1').replace('$c', chr(34) + 'files' + chr(34))}\r\n"
        for key, file, text in parts
    )
    headers = {"authorization": "t", "content-type": 'multipart/form-data; boundary="b"'}
    for path in ("/v2/file", "/v2"):
        request = Request("POST", path, "", headers, f"{body}--b--".encode())
        assert "errors" not in msgspec.json.decode(box.api.handle(request).body)
    assert [one.name for one in box.api.state.assets.values()] == ["a.txt", "a.txt"]


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("multipart/form-data; boundary=b", '{"1":"variables.file"}'),
        ("multipart/form-data; boundary=b", '{"0":"file"}'),
        ("multipart/form-data; boundary=b", "[]"),
        ("multipart/form-data", "{}"),
    ],
)
def test_forms_that_make_no_sense(kind: str, form: str) -> None:
    box = sandbox(item(1))
    parts = {'name="query"': TO_UPDATE, 'name="map"': form, 'name="0"; filename="a"': "x"}
    body = "".join(
        f"--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{text}\r\n"
        for head, text in parts.items()
    )
    headers = {"authorization": "t", "content-type": kind}
    answer = box.api.handle(Request("POST", "/v2/file", "", headers, f"{body}--b--".encode()))
    assert answer.status == 400


def test_a_file_that_is_no_part_is_refused() -> None:
    box = sandbox(item(1))
    for sent in (None, "x"):
        assert code(box.ask(TO_COLUMN, {"i": "1", "c": "files", "file": sent})) == (
            "GRAPHQL_VALIDATION_FAILED"
        )
