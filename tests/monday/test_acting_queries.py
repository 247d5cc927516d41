"""Every document by which the bridge acts is valid at monday, and in the sandbox's slice."""

from functools import cache
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema, validate

from mondaybridge.monday import acting_queries
from mondaybridge.monday.queries import Document
from mondaybridge.sandbox.monday.schema import schema_text
from shared import shared_file

SLICE = Path(__file__).parents[2] / "schemas" / "monday.graphql"
DOCUMENTS = [*acting_queries.FIXED]


@cache
def schema(path: Path) -> GraphQLSchema:
    return build_schema(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.name)
def test_monday_takes_it(document: Document) -> None:
    official = schema(shared_file("vendors", "monday-2026-10.graphql"))
    assert validate(official, document.parsed.document) == []
    assert validate(schema(SLICE), document.parsed.document) == []


@pytest.mark.parametrize("document", acting_queries.CANDIDATES, ids=lambda one: one.name)
def test_the_next_version_takes_it(document: Document) -> None:
    assert validate(build_schema(schema_text(candidate=True)), document.parsed.document) == []


def test_each_document_is_in_the_list() -> None:
    made = {one for one in vars(acting_queries).values() if isinstance(one, Document)}
    assert made == {*acting_queries.FIXED, *acting_queries.CANDIDATES}
