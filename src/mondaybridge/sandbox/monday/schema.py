"""The executable schema: ``schemas/monday.graphql`` with resolvers, and documents parsed once.

Documents are validated by graphql-core against our slice of monday's schema, so whatever the slice
lacks is refused in GraphQL's own words.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import cast

import msgspec
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    ValueNode,
    build_schema,
    parse,
    validate,
    value_from_ast_untyped,
    visit,
)
from graphql.language import Visitor

from mondaybridge.sandbox.monday import (
    board_fields,
    file_fields,
    log_fields,
    people_fields,
    subitem_fields,
    update_fields,
)
from mondaybridge.sandbox.monday.errors import failure
from mondaybridge.sandbox.monday.multipart import Upload
from mondaybridge.sandbox.monday.reads import READS, ROOT_READS
from mondaybridge.sandbox.monday.resolving import Info
from mondaybridge.sandbox.monday.writes import ROOT_WRITES

Resolver = Callable[..., object]
_ROOTS = (
    ("Query", ROOT_READS),
    ("Query", file_fields.ROOT_READS),
    ("Query", people_fields.ROOT_READS),
    ("Query", update_fields.ROOT_READS),
    ("Mutation", ROOT_WRITES),
    ("Mutation", board_fields.ROOT_WRITES),
    ("Mutation", file_fields.ROOT_WRITES),
    ("Mutation", people_fields.ROOT_WRITES),
    ("Mutation", subitem_fields.ROOT_WRITES),
    ("Mutation", update_fields.ROOT_WRITES),
)
_FIELDS = (READS, file_fields.READS, log_fields.READS, subitem_fields.READS, update_fields.READS)
Fragments = Mapping[str, FragmentDefinitionNode]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a document: what it is called, what it asks for at the root."""

    kind: str
    name: str
    root_fields: Mapping[str, str]
    all_fields: tuple[str, ...]

    @property
    def boards_made(self) -> int:
        """Return how many boards it creates or duplicates."""
        return sum(
            name in ("create_board", "duplicate_board") for name in self.root_fields.values()
        )

    @property
    def label(self) -> str:
        """Return the text that a fault's ``match`` is looked for in."""
        return " ".join((self.kind, self.name, *self.root_fields.values(), *self.all_fields))


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document, or the reasons why it is none."""

    node: DocumentNode | None
    errors: tuple[GraphQLError, ...]
    operations: Mapping[str, Operation]

    def operation(self, name: str | None) -> Operation | None:
        """Choose an operation the way GraphQL does: by name, or the only one."""
        if name:
            return self.operations.get(name)
        return next(iter(self.operations.values())) if len(self.operations) == 1 else None


@lru_cache(maxsize=256)
def document(text: str, *, candidate: bool = False) -> Document:
    """Parse and validate a document; the same text is looked at once."""
    try:
        node = parse(text)
    except GraphQLError as error:
        return Document(None, (error,), {})
    errors = tuple(validate(schema(candidate=candidate), node))
    if errors:
        return Document(None, errors, {})
    fields = _Fields()
    visit(node, fields)
    names = tuple(dict.fromkeys(fields.names))
    definitions = [one for one in node.definitions if isinstance(one, OperationDefinitionNode)]
    fragments = {
        one.name.value: one for one in node.definitions if isinstance(one, FragmentDefinitionNode)
    }
    operations = {
        (one.name.value if one.name else ""): _operation(one, fragments, names)
        for one in definitions
    }
    return Document(node, errors, operations)


@cache
def schema(*, candidate: bool = False) -> GraphQLSchema:
    """Build the schema with scalars and resolvers; done once per process and variation."""
    built = build_schema(schema_text(candidate=candidate))
    _scalars(built)
    tables = (*_FIELDS, log_fields.CANDIDATE_READS) if candidate else _FIELDS
    for type_name, fields in chain.from_iterable(table.items() for table in tables):
        for field_name, resolver in fields.items():
            _object(built, type_name).fields[field_name].resolve = resolver
    for possible in built.get_implementations(_columns(built)).objects:
        for field_name, cell_field in possible.fields.items():
            cell_field.resolve = _key(field_name)
    for type_name, roots in _ROOTS:
        for field_name, resolver in roots.items():
            _object(built, type_name).fields[field_name].resolve = _guarded(resolver)
    return built


@cache
def schema_text(*, candidate: bool = False) -> str:
    """Return the slice as 2026-10 has it, or as the release candidate does (monday.md §2)."""
    text = _slice()
    if not candidate:
        return text
    changed, count = _LOGS.subn(_CANDIDATE_LOGS, text)
    assert count == 1, "the slice has no activity_logs"  # noqa: S101 - our own file
    return f"{changed}\n{_CANDIDATE_TYPES}"


_LOGS = re.compile(r"  activity_logs\([^)]*\): \[ActivityLogType\]\n")
_CANDIDATE_LOGS = """\
  activity_logs(
    column_ids: [ID!]
    correlation_ids: [ID!]
    cursor: String
    event_types: [String!]
    from: String
    group_ids: [ID!]
    item_ids: [ID!]
    limit: Int = 25
    search: String
    to: String
    user_ids: [ID!]
  ): BoardActivityLogsPage
"""
_CANDIDATE_TYPES = """\
type BoardActivityLogsPage {
  cursor: String
  logs: [ActivityLogType!]
}
"""


@cache
def _slice() -> str:
    """Read the slice, from an installed package or from the checkout."""
    packaged = files("mondaybridge") / "schemas" / "monday.graphql"
    if packaged.is_file():
        return packaged.read_text(encoding="utf-8")
    checkout = Path(__file__).resolve().parents[4] / "schemas" / "monday.graphql"
    return checkout.read_text(encoding="utf-8")


def _operation(
    node: OperationDefinitionNode, fragments: Fragments, all_fields: tuple[str, ...]
) -> Operation:
    named = {
        (one.alias or one.name).value: one.name.value
        for one in _roots(node.selection_set, fragments)
    }
    name = node.name.value if node.name else ""
    return Operation(node.operation.value, name, named, all_fields)


def _roots(selections: SelectionSetNode, fragments: Fragments) -> Iterator[FieldNode]:
    for one in selections.selections:
        if isinstance(one, FieldNode):
            yield one
        elif isinstance(one, FragmentSpreadNode):
            yield from _roots(fragments[one.name.value].selection_set, fragments)
        elif isinstance(one, InlineFragmentNode):
            yield from _roots(one.selection_set, fragments)


def _guarded(resolver: Resolver) -> Resolver:
    def resolve(root: object, info: Info, **arguments: object) -> object:
        if info.path.key in info.context.failing:
            raise failure("INTERNAL_SERVER_ERROR", "Internal server error", status=500)
        return resolver(root, info, **arguments)

    return resolve


def _columns(built: GraphQLSchema) -> GraphQLInterfaceType:
    return cast("GraphQLInterfaceType", built.type_map["ColumnValue"])


def _key(name: str) -> Resolver:
    """Read a column value's field: thousands per page, so nothing more general than this."""

    def resolve(source: dict[str, object], _: Info) -> object:
        value = source[name]
        return value() if callable(value) else value

    return resolve


def _object(built: GraphQLSchema, name: str) -> GraphQLObjectType:
    return cast("GraphQLObjectType", built.type_map[name])


def _scalars(built: GraphQLSchema) -> None:
    json = cast("GraphQLScalarType", built.type_map["JSON"])
    json.coerce_input_value = _json_text  # how a built schema gets its scalars
    json.coerce_input_literal = _json_literal
    file = cast("GraphQLScalarType", built.type_map["File"])
    file.coerce_input_value = _upload
    compare = cast("GraphQLScalarType", built.type_map["CompareValue"])
    compare.coerce_input_literal = value_from_ast_untyped


def _upload(value: object) -> object:
    """Take what a multipart request put in a variable; a file has no other form."""
    if not isinstance(value, Upload):
        raise GraphQLError("files are sent as parts of a multipart request")
    return value


def _json_text(value: object) -> object:
    """Read a JSON argument: monday wants a string that holds JSON (monday.md §5)."""
    if not isinstance(value, str):
        raise GraphQLError("JSON values are strings that hold JSON")
    try:
        return msgspec.json.decode(value)
    except msgspec.DecodeError as error:
        raise GraphQLError(f"invalid JSON: {error}") from error


def _json_literal(node: ValueNode, _variables: object = None) -> object:
    if not isinstance(node, StringValueNode):
        raise GraphQLError("JSON values are strings that hold JSON", node)
    return _json_text(node.value)


class _Fields(Visitor):
    """Collects the names of all fields of a document."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def enter_field(self, node: FieldNode, *_: object) -> None:
        self.names.append(node.name.value)
