"""Our slice of monday's schema against the official one (monday.md §1)."""

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    parse,
    print_ast,
    validate,
)

from mondaybridge.sandbox.monday.data import COLUMN_TYPES
from mondaybridge.sandbox.monday.schema import schema, schema_text
from sandbox.build_monday import item, sandbox
from shared import shared_file


@pytest.fixture(scope="module")
def official() -> GraphQLSchema:
    text = shared_file("vendors", "monday-2026-10.graphql").read_text(encoding="utf-8")
    return build_schema(text)


def differences(ours: GraphQLSchema, theirs: GraphQLSchema) -> list[str]:
    """Name everything of ours that theirs lacks or has otherwise."""
    found = []
    for name, kind in ours.type_map.items():
        other = theirs.type_map.get(name)
        if name.startswith("__"):
            continue
        if type(kind) is not type(other):
            found.append(name)
        elif isinstance(kind, GraphQLEnumType) and isinstance(other, GraphQLEnumType):
            found += [f"{name}.{value}" for value in kind.values if value not in other.values]
        elif isinstance(kind, GraphQLInputObjectType) and isinstance(other, GraphQLInputObjectType):
            found += [
                f"{name}.{field}"
                for field, mine in kind.fields.items()
                if field not in other.fields
                or str(mine.type) != str(other.fields[field].type)
                or _default(mine) != _default(other.fields[field])
            ]
        elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and isinstance(
            other, GraphQLObjectType | GraphQLInterfaceType
        ):
            found += _fields(name, kind, other)
    return found


def _fields(
    name: str,
    mine: GraphQLObjectType | GraphQLInterfaceType,
    other: GraphQLObjectType | GraphQLInterfaceType,
) -> list[str]:
    found = [
        f"{name} implements {one.name}"
        for one in mine.interfaces
        if one.name not in {theirs.name for theirs in other.interfaces}
    ]
    for field, ours in mine.fields.items():
        theirs = other.fields.get(field)
        if theirs is None or str(ours.type) != str(theirs.type):
            found.append(f"{name}.{field}")
            continue
        found += [
            f"{name}.{field}({argument}:)"
            for argument, one in ours.args.items()
            if argument not in theirs.args
            or str(one.type) != str(theirs.args[argument].type)
            or _default(one) != _default(theirs.args[argument])
        ]
        found += [
            f"{name}.{field}({argument}:) is required"
            for argument, one in theirs.args.items()
            if str(one.type).endswith("!") and _default(one) is None and argument not in ours.args
        ]
    return found


def _default(one: GraphQLArgument | GraphQLInputField) -> str | None:
    node = one.ast_node.default_value if one.ast_node else None
    return print_ast(node) if node else None


def test_everything_in_our_slice_is_mondays(official: GraphQLSchema) -> None:
    assert differences(build_schema(schema_text()), official) == []


def test_the_comparison_sees_differences(official: GraphQLSchema) -> None:
    changed = schema_text()
    for old, new in (
        ("  duration: Int\n", "  duration: Float\n  minutes: Int\n"),
        ("limit: Int! = 25", "limit: Int! = 50"),
        ("enum Kind { agent", "enum Kind { robot agent"),
        ("  ids: [ID!]\n  operator", "  ids: [ID]\n  operator"),
    ):
        assert old in changed
        changed = changed.replace(old, new, 1)
    assert set(differences(build_schema(changed), official)) == {
        "Query.next_items_page(limit:)",
        "ItemsQuery.ids",
        "TimeTrackingValue.duration",
        "TimeTrackingValue.minutes",
        "Kind.robot",
    }


def test_column_types_are_mondays() -> None:
    kind = schema().type_map["ColumnType"]
    assert isinstance(kind, GraphQLEnumType)
    assert set(kind.values) == COLUMN_TYPES


def operations() -> dict[str, str]:
    """Return the vendor's sample operations by name, each with the fragment it spreads."""
    text = shared_file("vendors", "monday-operations-sample.graphql").read_text(encoding="utf-8")
    start = text.index("fragment I on Item")
    end = text.index("\nquery Activity")
    fragment = text[start:end]
    lines = (text[:start] + text[end:]).splitlines()
    found = [line for line in lines if line.startswith(("query", "mutation"))]
    return {
        line.split("(")[0].split()[1]: line + (fragment if "...I" in line else "") for line in found
    }


def test_the_sample_operations_validate() -> None:
    found = operations()
    assert len(found) == 21
    assert [name for name, text in found.items() if validate(schema(), parse(text))] == []


def test_the_sample_reads_answer() -> None:
    box, found = sandbox(item(1, cells={"hours": "2"}), item(2)), operations()
    box.api.humans.start_session(item="1")
    columns = ["hours", "timer", "status"]
    first = box.data(found["FirstPage"], {"ids": ["200"], "limit": 1, "cols": columns})
    cursor = first["boards"][0]["items_page"]["cursor"]
    second = box.data(found["NextPage"], {"cursor": cursor, "limit": 1, "cols": columns})
    by_id = box.data(found["ItemsById"], {"ids": ["1", "2"], "cols": columns})["items"]
    pages = [first["boards"][0]["items_page"], second["next_items_page"]]
    shown = [one for page in pages for one in page["items"]]
    assert sorted(shown, key=lambda one: str(one["id"])) == by_id
    assert box.data(found["BoardShape"], {"ids": ["200"]})["boards"][0]["items_count"] == 2
    assert len(box.data(found["Versions"])["versions"]) == 8
    assert box.data(found["Hooks"], {"b": "200"}) == {"webhooks": []}


def test_the_sample_writes_answer() -> None:
    box, found = sandbox(item(1)), operations()
    said = box.data(found["Say"], {"i": "1", "t": "Hello", "m": [{"id": "101", "type": "User"}]})
    update = said["create_update"]["id"]
    attached = box.upload(found["Attach"].replace("$f", "$file"), {"u": update}, b"x")["data"]
    assert attached["add_file_to_update"]["url"].endswith("/copy.xlsx")
    instants = {"from": "2026-10-01T00:00:00Z", "to": "2026-10-02T00:00:00Z"}
    box.write("1", memo="x")
    logs = box.data(found["Activity"], {"ids": ["200"], **instants, "page": 1})["boards"]
    assert [row["event"] for row in logs[0]["activity_logs"]] == ["update_column_value"]
    twin = box.data(found["Dup"], {"b": "200", "n": "Twin"})["duplicate_board"]
    assert twin["is_async"]
    made = box.data(found["Mk"], {"n": "Made", "t": "200"})["create_board"]["id"]
    invited = box.data(found["Invite"], {"e": ["new@client.example"]})["invite_users"]
    guest = invited["invited_users"][0]["id"]
    added = box.data(found["Sub"], {"b": made, "u": [guest]})
    assert added == {"add_users_to_board": [{"id": guest}]}
    told = box.data(found["Ping"], {"u": guest, "t": made, "x": "Welcome"})
    assert told == {"create_notification": {"text": "Welcome"}}
    assert box.data(found["Close"], {"b": made})["archive_board"]["state"] == "archived"
